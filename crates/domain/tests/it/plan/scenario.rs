//! Histories: a source is built and mirrored, then things happen on both sides, with a sync now and then.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestRunner};
use tallyport_domain::plan::{Current, Plan, Terms, plan};
use tallyport_domain::{
    Archived, Origin, PersonId, PrivateProjects, Reason, Roster, RosterPerson, Selection, Settings, Snapshot, Task, TaskId,
};

use super::world::{Event, World};
use crate::support::Account;

/// What can happen on this side. Each takes two numbers, which say to what.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Select,
    LeaveOut,
    ChangeOwner,
    Deactivate,
    Suppress,
    UnlinkAndKeep,
    UnlinkAndArchive,
    AddNative,
    RenameNative,
    MoveNative,
    ArchiveNative,
    RestoreNative,
    DeleteNative,
}

impl Deed {
    const ALL: [Self; 13] = [
        Self::Select,
        Self::LeaveOut,
        Self::ChangeOwner,
        Self::Deactivate,
        Self::Suppress,
        Self::UnlinkAndKeep,
        Self::UnlinkAndArchive,
        Self::AddNative,
        Self::RenameNative,
        Self::MoveNative,
        Self::ArchiveNative,
        Self::RestoreNative,
        Self::DeleteNative,
    ];

    /// What people do to tasks that they kept.
    const AT_HOME: [Self; 6] =
        [Self::AddNative, Self::RenameNative, Self::MoveNative, Self::MoveNative, Self::ArchiveNative, Self::DeleteNative];
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Source(Event, u16, u16),
    Here(Deed, u16, u16),
    Sync,
}

/// One sync of a history: what it was given, what it planned and what came of it.
pub(super) struct Sync<'a> {
    pub(super) before: &'a Current,
    pub(super) snapshot: &'a Snapshot,
    pub(super) terms: Terms<'a>,
    pub(super) plan: &'a Plan,
    pub(super) next_id: i64,
    pub(super) after: &'a Current,
}

impl Sync<'_> {
    /// Plans anew on another tree or another order of the same.
    pub(super) fn again(&self, current: &Current, snapshot: &Snapshot) -> Plan {
        plan(current, snapshot, self.terms)
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let number = any::<u16>;
    let source = |events: &'static [Event]| (select(events), number(), number()).prop_map(|(e, a, b)| Step::Source(e, a, b));
    let here = |deeds: &'static [Deed]| (select(deeds), number(), number()).prop_map(|(d, a, b)| Step::Here(d, a, b));
    let built = vec(source(&Event::BUILDING), 5..30);
    let any_step = prop_oneof![6 => source(&Event::ALL), 2 => here(&Deed::ALL), 2 => Just(Step::Sync)];
    // Half of the histories keep the tasks once and change them before the next sync.
    let kept = prop_oneof![
        Just(Vec::new()),
        (number(), vec(here(&Deed::AT_HOME), 0..8))
            .prop_map(|(a, deeds)| { [vec![Step::Here(Deed::UnlinkAndKeep, a, 0)], deeds].concat() })
    ];
    let happened = (vec(any_step.clone(), 0..10), kept, vec(any_step, 0..10));
    (built, happened)
        .prop_map(|(built, (early, kept, late))| [built, vec![Step::Sync], early, kept, late, vec![Step::Sync]].concat())
}

/// Checks something after every sync of many histories, the same ones each time.
///
/// `PROPTEST_CASES` (times eight) and `PROPTEST_RNG_SEED` try more and others.
pub(super) fn always(check: impl Fn(&Sync<'_>) -> TestCaseResult) {
    let defaults = Config::default();
    let rng_seed = if defaults.rng_seed == RngSeed::Random { RngSeed::Fixed(2026) } else { defaults.rng_seed };
    let config = Config { cases: defaults.cases.saturating_mul(8), rng_seed, failure_persistence: None, ..defaults };
    let outcome = TestRunner::new(config).run(&steps(), |steps| History::new().run(&steps, &check));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

struct History {
    world: World,
    account: Account,
}

impl History {
    fn new() -> Self {
        let person = |id: i64| RosterPerson { id: PersonId(id), email_key: format!("p{id}@x.test"), active: true };
        let roster = Roster { people: (0..4).map(person).collect(), owner: PersonId(0) };
        Self { world: World::new(), account: Account { roster, ..Account::new() } }
    }

    fn run(&mut self, steps: &[Step], check: &impl Fn(&Sync<'_>) -> TestCaseResult) -> TestCaseResult {
        for step in steps {
            match *step {
                Step::Source(event, a, b) => self.world.apply(event, a, b),
                Step::Here(deed, a, b) => self.here(deed, usize::from(a), usize::from(b)),
                Step::Sync => self.sync(check)?,
            }
        }
        Ok(())
    }

    fn sync(&mut self, check: &impl Fn(&Sync<'_>) -> TestCaseResult) -> TestCaseResult {
        self.account.now += TimeDelta::hours(1);
        let Account { current: before, selection, settings, roster, now } = &self.account;
        let snapshot = self.world.snapshot(selection);
        let terms = Terms { selection, settings, roster, at: *now };
        let plan = plan(before, &snapshot, terms);
        let next_id = self.account.next_id();
        let after = plan.apply_to(before, next_id);
        check(&Sync { before, snapshot: &snapshot, terms, plan: &plan, next_id, after: &after })?;
        self.account.current = after;
        Ok(())
    }

    fn here(&mut self, deed: Deed, a: usize, b: usize) {
        let name = self.world.fresh_name();
        let native = self.native(a);
        match deed {
            Deed::Select if a.is_multiple_of(3) => self.account.selection = Selection::All,
            Deed::Select => {
                let picked = self.world.spaces().into_iter().enumerate().filter(|(bit, _)| b >> bit & 1 == 1);
                self.account.selection = Selection::Only(picked.map(|(_, space)| space).collect());
            }
            Deed::LeaveOut => {
                let private_projects = if a.is_multiple_of(2) { PrivateProjects::LeaveOut } else { PrivateProjects::Keep };
                self.account.settings = Settings { private_projects, ..self.account.settings };
            }
            Deed::ChangeOwner => self.account.roster.owner = self.account.roster.people[a % 4].id,
            Deed::Deactivate => self.account.roster.people[a % 4].active ^= true,
            Deed::Suppress => {
                let standing = &mut self.account.current.automatic;
                if let Some(grant) = standing.iter().nth(a % standing.len().max(1)).copied() {
                    standing.remove(&grant);
                    self.account.current.suppressions.insert(grant);
                }
            }
            Deed::UnlinkAndKeep => {
                self.account.unlink_and_keep();
                for task in &mut self.account.current.tasks {
                    task.archived = task.archived.filter(|archived| archived.reason != Reason::Unlinked);
                }
            }
            Deed::UnlinkAndArchive => {
                let archived = Archived { reason: Reason::Unlinked, at: self.account.now };
                for task in self.account.current.tasks.iter_mut().filter(|task| task.origin.imported().is_some()) {
                    task.archived.get_or_insert(archived);
                }
                self.account.current.automatic.clear();
            }
            Deed::AddNative => {
                let within = native.filter(|task| !b.is_multiple_of(4) && self.is_active(*task));
                self.account.add(name.as_str(), within);
            }
            Deed::RenameNative => self.change(native, |task| task.name = name),
            Deed::MoveNative => {
                let to = self.native(b).filter(|task| !b.is_multiple_of(5) && self.is_active(*task));
                let below = native.map(|task| self.subtree(task)).unwrap_or_default();
                if to.is_none_or(|to| !below.contains(&to)) {
                    self.change(native, |task| task.parent = to);
                }
            }
            Deed::ArchiveNative => self.archive(native),
            Deed::RestoreNative => self.restore(native),
            Deed::DeleteNative => {
                let gone = native.map(|task| self.subtree(task)).unwrap_or_default();
                let current = &mut self.account.current;
                current.tasks.retain(|task| !gone.contains(&task.id));
                current.automatic.retain(|grant| !gone.contains(&grant.task));
                current.suppressions.retain(|grant| !gone.contains(&grant.task));
            }
        }
    }

    /// One of the tasks that people may change: native and kept ones (T3).
    fn native(&self, number: usize) -> Option<TaskId> {
        let tasks = self.account.current.tasks.iter().filter(|task| task.origin.imported().is_none());
        let ids: Vec<_> = tasks.map(|task| task.id).collect();
        ids.get(number % ids.len().max(1)).copied()
    }

    fn is_active(&self, id: TaskId) -> bool {
        self.account.current.tasks.iter().any(|task| task.id == id && task.archived.is_none())
    }

    fn change(&mut self, id: Option<TaskId>, change: impl FnOnce(&mut Task)) {
        if let Some(task) = self.account.current.tasks.iter_mut().find(|task| Some(task.id) == id) {
            change(task);
        }
    }

    fn archive(&mut self, id: Option<TaskId>) {
        let Some(id) = id else { return };
        let (below, at) = (self.subtree(id), self.account.now);
        for task in self.account.current.tasks.iter_mut().filter(|task| below.contains(&task.id)) {
            let reason = if task.id == id { Reason::ArchivedHere } else { Reason::ParentArchived };
            task.archived.get_or_insert(Archived { reason, at });
        }
    }

    /// Brings back the subtree and what is above it (T2).
    fn restore(&mut self, id: Option<TaskId>) {
        let Some(id) = id else { return };
        let mut back = self.subtree(id);
        let mut at = Some(id);
        while let Some(up) = at {
            back.insert(up);
            at = self.account.current.tasks.iter().find(|task| task.id == up).and_then(|task| task.parent);
        }
        for task in self.account.current.tasks.iter_mut().filter(|task| back.contains(&task.id)) {
            task.archived = None;
        }
    }

    fn subtree(&self, top: TaskId) -> BTreeSet<TaskId> {
        let mut found = BTreeSet::from([top]);
        loop {
            let below = self.account.current.tasks.iter().filter(|task| task.parent.is_some_and(|up| found.contains(&up)));
            let more: Vec<_> = below.map(|task| task.id).filter(|id| !found.contains(id)).collect();
            if more.is_empty() {
                return found;
            }
            found.extend(more);
        }
    }
}

/// Whether people made it theirs: native tasks, and kept ones.
pub(super) fn is_native(task: &Task) -> bool {
    !matches!(task.origin, Origin::Imported(_))
}
