//! What is mirrored and active already, for the source to be told of (I20).

use super::Current;
use super::tree::ById;
use crate::{ExternalId, Identity, Known};

impl Current {
    /// The active items by workspace, which a source must not take for missing lightly (I20).
    ///
    /// Tasks that were kept as native ones count too: re-enabling would archive those that Toggl lacks (I16).
    #[must_use]
    pub fn known(&self) -> Known {
        let tasks = ById::of(self);
        // The workspace that each task is in, once it was looked for.
        let mut workspaces: Vec<Option<Option<ExternalId>>> = vec![None; tasks.all().len()];
        let mut passed = Vec::new();
        let mut known = Known::default();
        for (at, task) in tasks.all().iter().enumerate() {
            let Some(identity) = task.origin.identity().filter(|_| task.archived.is_none()) else { continue };
            let Some(item) = identity.external_id() else { continue };
            let mut next = Some(at);
            let workspace = loop {
                // A tree that cannot be must not hang us.
                let Some(at) = next.filter(|_| passed.len() <= workspaces.len()) else { break None };
                if let Some(found) = workspaces[at] {
                    break found;
                }
                passed.push(at);
                let above = tasks.all()[at];
                if let Some(Identity::Workspace(workspace)) = above.origin.identity() {
                    break Some(workspace);
                }
                next = above.parent.and_then(|parent| tasks.index(parent));
            };
            passed.drain(..).for_each(|at| workspaces[at] = Some(workspace));
            if let Some(workspace) = workspace {
                known.insert(workspace, identity.kind(), item);
            }
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{Archived, Kind, Name, Origin, Reason, Task, TaskId};

    fn task(id: i64, parent: Option<i64>, origin: Origin) -> Task {
        let (id, parent) = (TaskId(id), parent.map(TaskId));
        Task { id, parent, name: Name::from_source("x"), origin, color: None, billable: None, archived: None }
    }

    fn imported(id: i64, parent: i64, identity: Identity) -> Task {
        task(id, Some(parent), Origin::Imported(identity))
    }

    fn known_of(tasks: Vec<Task>) -> Known {
        Current { tasks, ..Current::default() }.known()
    }

    #[test] // I20
    fn what_is_known_is_told_by_workspace_and_kind() {
        let known = known_of(vec![
            task(1, None, Origin::Imported(Identity::Root)),
            imported(2, 1, Identity::Workspace(ExternalId(100))),
            imported(3, 1, Identity::Workspace(ExternalId(200))),
            imported(4, 2, Identity::Client(ExternalId(7))),
            imported(5, 4, Identity::Project(ExternalId(7))),
            imported(6, 5, Identity::Task(ExternalId(8))),
            imported(7, 5, Identity::Task(ExternalId(9))),
            imported(8, 3, Identity::Project(ExternalId(10))),
        ]);
        let north = ExternalId(100);
        assert_eq!(known.of(north, Kind::Workspace), [north]);
        assert_eq!(known.of(north, Kind::Client), [ExternalId(7)]);
        assert_eq!(known.of(north, Kind::Project), [ExternalId(7)]);
        assert_eq!(known.of(north, Kind::Task), [ExternalId(8), ExternalId(9)]);
        assert_eq!(known.of(ExternalId(200), Kind::Project), [ExternalId(10)]);
        assert_eq!(known.of(ExternalId(200), Kind::Task), []);
    }

    #[test] // I20
    fn what_is_archived_or_native_is_not_known() {
        let archived = Archived { reason: Reason::DoneInToggl, at: DateTime::UNIX_EPOCH };
        let known = known_of(vec![
            imported(2, 1, Identity::Workspace(ExternalId(100))),
            Task { archived: Some(archived), ..imported(3, 2, Identity::Project(ExternalId(7))) },
            task(4, Some(2), Origin::Native),
        ]);
        assert_eq!(known.of(ExternalId(100), Kind::Project), []);
    }

    #[test] // I16, I20
    fn what_was_kept_is_not_taken_for_missing_lightly_either() {
        let known = known_of(vec![
            task(2, Some(1), Origin::Kept(Identity::Workspace(ExternalId(100)))),
            task(3, Some(2), Origin::Kept(Identity::Project(ExternalId(8)))),
        ]);
        assert_eq!(known.of(ExternalId(100), Kind::Project), [ExternalId(8)]);
    }

    #[test]
    fn a_tree_that_cannot_be_does_not_hang_us() {
        let known = known_of(vec![
            imported(2, 3, Identity::Client(ExternalId(1))),
            imported(3, 2, Identity::Project(ExternalId(2))),
            imported(4, 99, Identity::Task(ExternalId(3))),
        ]);
        assert_eq!(known, Known::default());
    }
}
