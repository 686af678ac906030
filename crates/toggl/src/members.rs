//! The people of a workspace, by whichever way the token may read them (P4, P5).

use std::collections::{HashMap, HashSet};

use tallyport_domain::{ExternalId, ListProof, Member};

use crate::asker::{Asker, Trouble};
use crate::classify::Refusal;
use crate::lists::{self, Workspace};
use crate::pages;
use crate::resume::Kept;
use crate::wire::{OrganizationUser, WorkspaceMember};

/// What is known of the ways to members.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// Workspaces whose members are still to be read by organization.
    together: HashMap<i64, Vec<ExternalId>>,
    read: HashMap<ExternalId, Vec<WorkspaceMember>>,
    /// Ways that were refused to the token where it is no administrator: they are not tried in each workspace anew.
    closed: HashSet<(Option<i64>, usize)>,
}

impl Members {
    /// Nothing is known yet, but that the members of these workspaces are read by organization.
    pub(crate) fn together(workspaces: HashMap<i64, Vec<ExternalId>>) -> Self {
        Self { together: workspaces, ..Self::default() }
    }

    /// Reads them; nothing where the token may not (P5).
    pub(crate) async fn of(
        &mut self,
        asker: &Asker<'_>,
        kept: &Kept,
        workspace: Workspace<'_>,
        proofs: &mut Vec<ListProof>,
    ) -> Result<Option<Vec<Member>>, Trouble> {
        self.read_together(asker, kept, workspace, proofs).await?;
        if let Some(members) = self.read.remove(&workspace.seen.id()) {
            return Ok(readable(members, true));
        }
        let administered = workspace.seen.workspace.administered;
        for (way, list) in workspace.ways_to_members().iter().enumerate() {
            let closed = (workspace.seen.organization, way);
            if !administered && self.closed.contains(&closed) {
                continue;
            }
            match pages::read(asker, kept, list).await {
                Ok((members, proof)) => {
                    proofs.push(proof);
                    return Ok(readable(members, administered));
                }
                Err(trouble) if not_for_this_token(&trouble) => {
                    self.closed.insert(closed);
                }
                Err(trouble) => return Err(trouble),
            }
        }
        asker.tracker().expect(&lists::id(workspace.seen.id(), "members"), 0);
        Ok(None)
    }

    /// Reads the people of the workspace's organization, once, where that is worth it.
    async fn read_together(
        &mut self,
        asker: &Asker<'_>,
        kept: &Kept,
        workspace: Workspace<'_>,
        proofs: &mut Vec<ListProof>,
    ) -> Result<(), Trouble> {
        let Some(organization) = workspace.seen.organization else { return Ok(()) };
        let Some(workspaces) = self.together.remove(&organization) else { return Ok(()) };
        let list = lists::organization_users(organization, &workspaces, workspace.not_before);
        let users = match pages::read(asker, kept, &list).await {
            Ok((users, proof)) => {
                proofs.push(proof);
                users
            }
            // It is a short cut: whatever keeps it closed but for the token itself, the long way is open.
            Err(Trouble::Refused(Refusal { status: 400 | 402 | 403 | 404, login: false, .. })) => Vec::new(),
            Err(trouble) => return Err(trouble),
        };
        asker.tracker().expect(&list.id, 0);
        self.deal_out(users, &workspaces);
        for workspace in workspaces.iter().filter(|workspace| !self.read.contains_key(workspace)) {
            asker.tracker().expect(&lists::id(*workspace, "members"), 1);
        }
        Ok(())
    }

    /// Deals them out to their workspaces.
    ///
    /// Whether a row names the workspaces that somebody reaches through a group alone is not known: one that somebody in a
    /// group may be in although their row does not say so is left out, to be asked itself.
    fn deal_out(&mut self, users: Vec<OrganizationUser>, workspaces: &[ExternalId]) {
        let named = |user: &OrganizationUser, workspace| user.workspaces.iter().any(|(named, _)| *named == workspace);
        let certain = |workspace: &ExternalId| users.iter().all(|user| !user.grouped || named(user, *workspace));
        let certain: HashSet<ExternalId> = workspaces.iter().copied().filter(certain).collect();
        for (workspace, member) in users.into_iter().flat_map(|user| user.workspaces) {
            if certain.contains(&workspace) {
                self.read.entry(workspace).or_default().push(member);
            }
        }
    }
}

/// A refusal that is about the list and not about the token itself.
fn not_for_this_token(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Refused(Refusal { status: 403 | 404, login: false, .. }))
}

/// The members, unless addresses are hidden from the reader: who cannot be matched would lose their assignment.
fn readable(members: Vec<WorkspaceMember>, administered: bool) -> Option<Vec<Member>> {
    let hidden = members.iter().filter(|member| **member == WorkspaceMember::WithoutAddress).count();
    let known: Vec<Member> = members
        .into_iter()
        .filter_map(|member| match member {
            WorkspaceMember::Known(member) => Some(member),
            WorkspaceMember::WithoutAddress | WorkspaceMember::Deactivated => None,
        })
        .collect();
    let complete = hidden == 0 || (administered && !known.is_empty());
    complete.then_some(known)
}
