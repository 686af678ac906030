//! The brake: when a plan needs a yes before it is applied (I12, I16).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::tree::ById;
use super::{Current, Plan};
use crate::TaskId;

/// The yes that came along with the order to sync.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Consent {
    /// None: the brake holds what goes beyond it.
    #[default]
    None,
    /// To everything that the plan says.
    Everything,
    /// A save of the selection said yes to archiving these; the brake looks at what comes on top (I3).
    Selection(BTreeSet<TaskId>),
    /// To just what a held run showed; anything beyond it holds anew (I12).
    Shown(ShownChanges),
}

/// What a held run showed to whoever says yes to it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShownChanges {
    /// The tasks that it would archive.
    pub archived: BTreeSet<TaskId>,
    /// The kept tasks whose changes it would overwrite (I16).
    pub overwritten: BTreeSet<TaskId>,
}

/// Why a plan needs a yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// How many active imported tasks it would archive.
    pub archives: u32,
    /// How many active imported tasks there are.
    pub active: u32,
    /// How many kept tasks it would overwrite (I16).
    pub overwrites: u32,
}

/// Up to so many archived tasks need no yes, however few there are.
const NEVER_MANY: u64 = 10;

/// More than one in so many need one.
const ONE_IN: u64 = 5;

impl Plan {
    /// What the plan would do that people have to be shown: imported tasks it archives, and kept ones it overwrites (I12, I16).
    #[must_use]
    pub fn shown(&self, current: &Current) -> ShownChanges {
        let tasks = ById::of(current);
        let mut shown = ShownChanges::default();
        for change in &self.changed {
            let Some(task) = tasks.get(change.task) else { continue };
            let archives = task.archived.is_none() && change.archived.flatten().is_some();
            if archives && task.origin.imported().is_some() {
                shown.archived.insert(change.task);
            }
            let overwrites = change.name.is_some() || change.place.is_some() || change.archived.is_some();
            if overwrites && change.adopted.is_some() {
                shown.overwritten.insert(change.task);
            }
        }
        shown
    }

    /// Why the plan needs a yes that `consent` does not give; nothing where it can be applied (I12, I16).
    ///
    /// It needs one when it archives more than ten active imported tasks and more than a fifth of them, or when it
    /// overwrites kept tasks. A yes to what was shown covers just that, however little comes on top.
    #[must_use]
    pub fn hold(&self, current: &Current, consent: &Consent) -> Option<Hold> {
        let shown = self.shown(current);
        let active = current.tasks.iter().filter(|task| task.origin.imported().is_some() && task.archived.is_none()).count();
        let many = |archives: usize| {
            let archives = archives as u64;
            archives > NEVER_MANY && archives * ONE_IN > active as u64
        };
        let held = match consent {
            Consent::Everything => false,
            Consent::None => many(shown.archived.len()) || !shown.overwritten.is_empty(),
            Consent::Selection(agreed) => many(shown.archived.difference(agreed).count()) || !shown.overwritten.is_empty(),
            Consent::Shown(agreed) => {
                !shown.archived.is_subset(&agreed.archived) || !shown.overwritten.is_subset(&agreed.overwritten)
            }
        };
        held.then(|| Hold {
            archives: super::count(shown.archived.len()),
            active: super::count(active),
            overwrites: super::count(shown.overwritten.len()),
        })
    }
}
