//! Assignments: who may track time on which task, and who said so (P1, P2, P5).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{PersonId, TaskId};

/// A person on a task. What gives this its meaning is the set it stands in: automatic, manual or suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Who.
    pub person: PersonId,
    /// On what, and so on everything below it (P1).
    pub task: TaskId,
}

/// How one person stands to one task of their own, inherited access aside (P2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Assigned by the integration.
    pub automatic: bool,
    /// Assigned by a person.
    pub manual: bool,
    /// An automatic assignment was taken away here and stays away (P5).
    pub suppressed: bool,
}

impl Standing {
    /// Whether either kind gives access (P2).
    #[must_use]
    pub fn gives_access(self) -> bool {
        self.automatic || self.manual
    }

    /// The kinds of assignment that stand, the automatic one first: for each whether it is automatic (P2).
    pub fn kinds(self) -> impl Iterator<Item = bool> {
        [self.automatic.then_some(true), self.manual.then_some(false)].into_iter().flatten()
    }

    /// After somebody assigned the person: a manual assignment, and no suppression any more (P2, P5).
    #[must_use]
    pub fn assigned(self) -> Self {
        Self { manual: true, suppressed: false, ..self }
    }

    /// After somebody unassigned the person: neither kind, and an automatic one does not come back (P5).
    ///
    /// # Errors
    /// There was nothing to take away on this very task; `inherited` is the task above that gives access, if one does.
    pub fn unassigned(self, inherited: Option<TaskId>) -> Result<Self, NothingToUnassign> {
        if self.gives_access() {
            Ok(Self { automatic: false, manual: false, suppressed: self.suppressed || self.automatic })
        } else {
            Err(inherited.map_or(NothingToUnassign::NotAssigned, NothingToUnassign::Inherited))
        }
    }
}

/// The person has no assignment on that very task (P5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NothingToUnassign {
    /// Access comes from this task above.
    Inherited(TaskId),
    /// There is no access at all.
    NotAssigned,
}

/// What matching changes in the set of automatic assignments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rematch {
    /// To be made.
    pub assign: BTreeSet<Grant>,
    /// To be ended.
    pub withdraw: BTreeSet<Grant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // P2, P5
    fn a_removed_automatic_assignment_stays_removed_until_somebody_assigns_again() {
        let automatic = Standing { automatic: true, ..Standing::default() };
        let removed = automatic.assigned().unassigned(None).unwrap();
        assert_eq!(removed, Standing { suppressed: true, ..Standing::default() });
        assert_eq!(removed.assigned(), Standing { manual: true, ..Standing::default() });
    }

    #[test] // P2
    fn either_kind_gives_access() {
        assert!(Standing { automatic: true, ..Standing::default() }.gives_access());
        assert!(Standing { manual: true, ..Standing::default() }.gives_access());
        assert!(!Standing { suppressed: true, ..Standing::default() }.gives_access());
    }

    #[test] // P5
    fn what_is_inherited_is_not_removed_here() {
        let nothing = Standing::default();
        assert_eq!(nothing.unassigned(Some(TaskId(4))), Err(NothingToUnassign::Inherited(TaskId(4))));
        assert_eq!(nothing.unassigned(None), Err(NothingToUnassign::NotAssigned));
    }
}
