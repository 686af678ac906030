//! What a sync would change, before it does (I13).

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use tallyport_domain::access::climb;
use tallyport_domain::plan::{Hold, Item, ItemChange, Place, Warning};
use tallyport_domain::{ExternalId, Identity, Name, PersonId, Selection, TaskId};
use tallyport_storage::TimeOn;
use tallyport_sync::{Patience, Preview};

use super::runs::Change;
use super::{Integration, Picked, Ready, RunOptions, selection};
use crate::wording::hold;
use crate::{Actor, Result};

/// What a sync would change.
#[derive(Debug, Clone)]
pub struct AsPreviewed {
    /// The changes, item by item.
    pub changes: Vec<Change>,
    /// Private projects that would become visible here.
    pub private_projects: Vec<PrivateProject>,
    /// What is tracked on what would go to the archive.
    pub time: TimeOn,
    /// What the preview cost, and so about what the sync will.
    pub requests: u32,
    /// What an administrator should know.
    pub warnings: Vec<Warning>,
    /// Why the sync would need a yes, if it would (I12).
    pub hold: Option<Hold>,
}

impl AsPreviewed {
    /// Why the sync would need a yes, in words.
    #[must_use]
    pub fn hold_text(&self) -> Option<String> {
        self.hold.as_ref().map(|held| format!("The sync will ask for a yes: {}.", hold(held)))
    }
}

/// A private project that would become visible here (I13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateProject {
    /// Its id in Toggl.
    pub id: ExternalId,
    /// The names down to it.
    pub path: Vec<Name>,
    /// How many active people would have it by an assignment.
    pub people: u32,
}

impl Integration {
    /// Reads Toggl and says what a sync would change; `what_if` is a selection that is not saved (I13).
    ///
    /// # Errors
    /// Administrators only; `UnknownWorkspace`; what keeps the integration from syncing (I17), and errors of Toggl.
    pub async fn preview(&self, actor: &Actor, what_if: Option<&Picked>, options: RunOptions) -> Result<AsPreviewed> {
        actor.administrator("preview a sync")?;
        let what_if = what_if.map(Picked::read).transpose()?;
        let Ready { link, source } = self.ready(actor.account()).await?;
        // Toggl is asked for the workspaces only where a pick is none of those seen before.
        if let Some(Selection::Only(picked)) = &what_if
            && picked.iter().any(|id| link.workspaces.iter().all(|(known, _)| known != id))
        {
            let visible = self.heeded(actor, &link, source.workspaces().await).await?;
            selection::refuse_unknown(&Selection::Only(picked.clone()), &link, &visible)?;
        }
        let patience = options.patience.map_or(Patience::Forever, Patience::AtMost);
        let preview = self.0.engine.preview(actor.account(), source.as_ref(), what_if.as_ref(), patience).await;
        let preview = self.heeded(actor, &link, preview).await?;
        let private_projects = self.private_projects(actor, &preview).await?;
        let archived: Vec<TaskId> =
            preview.items.iter().filter(|item| item.change == ItemChange::Archived).filter_map(|item| item.task).collect();
        let time = self.0.store.time_on(actor.account(), &archived).await?;
        let people = self.people(actor).await?;
        let change = |item: Item| {
            let person = item.person.and_then(|id| people.get(&id).cloned());
            Change { item, person }
        };
        Ok(AsPreviewed {
            changes: preview.items.into_iter().map(change).collect(),
            private_projects,
            time,
            requests: preview.requests,
            warnings: preview.plan.warnings,
            hold: preview.hold,
        })
    }

    /// Counts for each private project the active people whose assignments would give it, of either kind (P1, P2).
    async fn private_projects(&self, actor: &Actor, preview: &Preview) -> Result<Vec<PrivateProject>> {
        let after = After::of(preview);
        let active: HashSet<PersonId> = preview.state.roster.people.iter().filter(|one| one.active).map(|one| one.id).collect();
        let mut by_hand: HashMap<TaskId, Vec<PersonId>> = HashMap::new();
        let mut counted = Vec::with_capacity(preview.private.len());
        for project in &preview.private {
            let mut people: BTreeSet<PersonId> = BTreeSet::new();
            for node in after.upwards(Identity::Project(project.project)) {
                people.extend(after.automatic(node));
                let Node::Existing(task) = node else { continue };
                let assigned = match by_hand.entry(task) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => {
                        let assigned = self.0.store.assigned_to(actor.account(), task).await?;
                        unknown.insert(assigned.iter().filter(|one| !one.automatic).map(|one| one.person).collect())
                    }
                };
                people.extend(assigned.iter());
            }
            people.retain(|person| active.contains(person));
            let people = u32::try_from(people.len()).unwrap_or(u32::MAX);
            counted.push(PrivateProject { id: project.project, path: project.path.clone(), people });
        }
        Ok(counted)
    }
}

/// A task after the plan: one that exists, or one that the plan creates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Existing(TaskId),
    Created(u32),
}

/// Tree and automatic assignments as they would stand after the plan.
struct After {
    by_identity: HashMap<Identity, Node>,
    above: HashMap<Node, Node>,
    automatic: HashMap<Node, BTreeSet<PersonId>>,
}

impl After {
    fn of(preview: &Preview) -> Self {
        let (current, plan) = (&preview.state.current, &preview.plan);
        let mut by_identity = HashMap::new();
        let mut above = HashMap::new();
        for task in &current.tasks {
            by_identity.extend(task.origin.identity().map(|identity| (identity, Node::Existing(task.id))));
            above.extend(task.parent.map(|parent| (Node::Existing(task.id), Node::Existing(parent))));
        }
        let mut put = |node, place| match place {
            Place::Top => drop(above.remove(&node)),
            Place::Under(task) => drop(above.insert(node, Node::Existing(task))),
            Place::UnderCreated(index) => drop(above.insert(node, Node::Created(index))),
        };
        for (index, task) in (0_u32..).zip(&plan.created) {
            by_identity.insert(task.identity, Node::Created(index));
            put(Node::Created(index), task.place);
        }
        for change in &plan.changed {
            if let Some(place) = change.place {
                put(Node::Existing(change.task), place);
            }
        }
        let mut automatic: HashMap<Node, BTreeSet<PersonId>> = HashMap::new();
        let standing = current.automatic.difference(&plan.withdraw).chain(&plan.assign);
        for grant in standing {
            automatic.entry(Node::Existing(grant.task)).or_default().insert(grant.person);
        }
        for (person, index) in &plan.assign_created {
            automatic.entry(Node::Created(*index)).or_default().insert(*person);
        }
        Self { by_identity, above, automatic }
    }

    /// The item and what it hangs under, up to the root.
    fn upwards(&self, item: Identity) -> impl Iterator<Item = Node> {
        climb(self.by_identity.get(&item).copied(), |node| self.above.get(&node).copied())
    }

    fn automatic(&self, node: Node) -> impl Iterator<Item = PersonId> {
        self.automatic.get(&node).into_iter().flatten().copied()
    }
}
