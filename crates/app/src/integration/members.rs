//! The people of the mirrored workspaces, and their assignments (N1, P8).

use std::collections::BTreeSet;

use tallyport_domain::{Email, Person, PersonId, SortKey};
use tallyport_storage::KnownMember;

use super::Integration;
use crate::{Actor, Result};

/// Somebody of the mirrored workspaces, or whom none of them knows (N1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their address.
    pub email: Email,
    /// Their name in Toggl, else here.
    pub name: String,
    /// The names of the mirrored workspaces they are in, in display order.
    pub workspaces: Vec<String>,
    /// Whether they joined at least one of them.
    pub joined: bool,
    /// Who they are here.
    pub person: Option<PersonId>,
    /// Whether they have an invitation that they can accept, or that is on its way.
    pub invited: bool,
}

impl Member {
    /// What they are listed by: those of the workspaces by address, then those who are only here by name as people expect.
    #[must_use]
    pub fn key(&self) -> (bool, Vec<u8>, Option<PersonId>) {
        if self.workspaces.is_empty() {
            (true, SortKey::of(&self.name).as_bytes().to_owned(), self.person)
        } else {
            (false, self.email.key().as_bytes().to_owned(), None)
        }
    }
}

impl Integration {
    /// The people seen in the selected workspaces at the last sync, whether they are here or not; then the active people here
    /// whom none of those workspaces knows, each with whether they are invited (N1). Nobody while nothing was synced.
    ///
    /// # Errors
    /// Administrators only (I1).
    pub async fn members(&self, actor: &Actor) -> Result<Vec<Member>> {
        actor.administrator("see the members of the workspaces")?;
        let known = self.0.store.members(actor.account()).await?;
        let now = self.0.clock.now();
        let invitations = self.0.store.invitations(actor.account()).await?;
        let open = invitations.into_iter().filter(|one| one.word(now) == "open");
        let invited: BTreeSet<String> = open.map(|one| one.email.key().to_owned()).collect();
        let member = |one: KnownMember| Member {
            invited: one.person.is_none() && invited.contains(one.email.key()),
            email: one.email,
            name: one.name,
            workspaces: one.workspaces,
            joined: one.joined,
            person: one.person,
        };
        let mut members: Vec<Member> = known.into_iter().map(member).collect();
        let link = self.0.store.integration(actor.account()).await?;
        if !link.is_some_and(|link| link.linked && link.last_synced_at.is_some()) {
            return Ok(members);
        }
        let seen: BTreeSet<PersonId> = members.iter().filter_map(|member| member.person).collect();
        let people = self.0.store.people(actor.account()).await?;
        let only_here = people.into_iter().filter(|person| person.active && !seen.contains(&person.id));
        members.extend(only_here.map(|Person { id, email, name, .. }| Member {
            email,
            name,
            workspaces: Vec::new(),
            joined: false,
            person: Some(id),
            invited: false,
        }));
        Ok(members)
    }

    /// Turns automatic assignments into manual ones in the actor's name; answers how many (P8).
    ///
    /// # Errors
    /// Administrators only.
    pub async fn adopt_assignments(&self, actor: &Actor) -> Result<u32> {
        actor.administrator("adopt assignments")?;
        Ok(self.0.store.adopt_assignments(actor.account(), actor.person().id, self.0.clock.now()).await?)
    }
}
