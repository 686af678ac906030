//! What the histories of all seeds reached, so that a model which reaches nothing does not pass.

use std::collections::BTreeMap;

use tallyport_domain::plan::{Consent, ItemChange};
use tallyport_domain::{Content, Reason};

use super::history::{Sync, is_native};

/// How often each thing happened.
#[derive(Debug, Default)]
pub(super) struct Census(BTreeMap<&'static str, usize>);

impl Census {
    /// Counts what a sync met and did.
    pub(super) fn look(&mut self, sync: &Sync<'_>) {
        self.count("syncs", 1);
        for space in &sync.snapshot.workspaces {
            match &space.content {
                Content::Read(content) => {
                    self.count("lists without tasks", usize::from(content.tasks.is_none()));
                    self.count("lists without members", usize::from(content.members.is_none()));
                }
                Content::Refused(_) => self.count("refused lists", 1),
                Content::NotSelected => {}
            }
        }
        for item in sync.plan.items(sync.before) {
            self.count("changes", 1);
            self.count(word(item.change, item.identity.is_none()), 1);
        }
        for archived in sync.after.tasks.iter().filter_map(|task| task.archived) {
            self.count(archived.reason.as_str(), 1);
        }
        let kept = sync.after.tasks.iter().filter(|task| is_native(task) && task.origin.identity().is_some());
        self.count("stays kept", kept.count());
        let hold = sync.plan.hold(sync.before, &Consent::None);
        self.count("held for its archives", usize::from(hold.as_ref().is_some_and(|hold| hold.overwrites == 0)));
        self.count("held for overwriting", usize::from(hold.is_some_and(|hold| hold.overwrites > 0)));
        self.count("nothing to do", usize::from(sync.plan.is_empty()));
        self.count("no workspace", usize::from(sync.snapshot.workspaces.is_empty()));
    }

    fn count(&mut self, what: &'static str, times: usize) {
        *self.0.entry(what).or_default() += times;
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (what, times) in &other.0 {
            self.count(what, *times);
        }
    }

    pub(super) fn of(&self, what: &str) -> u64 {
        self.0.get(what).map_or(0, |times| u64::try_from(*times).unwrap())
    }

    /// All of it on one line.
    pub(super) fn line(&self) -> String {
        self.0.iter().map(|(what, times)| format!("{what} {times}")).collect::<Vec<_>>().join(", ")
    }

    /// Every kind of change, every reason and every way of reading in part is there.
    pub(super) fn is_wide(&self) {
        for what in REACHED.into_iter().chain(Reason::ALL.iter().map(|reason| reason.as_str())) {
            assert!(self.of(what) >= 5, "{what:?} is hardly reached: {}", self.line());
        }
    }
}

fn word(change: ItemChange, native: bool) -> &'static str {
    match change {
        ItemChange::Created => "created",
        ItemChange::Renamed => "renamed",
        ItemChange::Moved if native => "native moved",
        ItemChange::Moved => "moved",
        ItemChange::Archived => "archived",
        ItemChange::Restored => "restored",
        ItemChange::ReasonChanged => "reason changed",
        ItemChange::Recolored => "recolored",
        ItemChange::Adopted => "adopted",
        ItemChange::Assigned => "assigned",
        ItemChange::Withdrawn => "withdrawn",
    }
}

/// What a thousand histories come to, the reasons aside.
const REACHED: [&str; 20] = [
    "syncs",
    "changes",
    "refused lists",
    "lists without tasks",
    "lists without members",
    "no workspace",
    "nothing to do",
    "created",
    "renamed",
    "moved",
    "native moved",
    "archived",
    "restored",
    "reason changed",
    "recolored",
    "adopted",
    "stays kept",
    "assigned",
    "withdrawn",
    "held for its archives",
];
