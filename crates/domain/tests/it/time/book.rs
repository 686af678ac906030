//! One person's time in memory, written as a store would write it.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use tallyport_domain::time::{
    Access, Add, Around, Change, Command, Edit, Entry, Footing, Instant, Refusal, Span, Start, State, Stop, Times, Tracked, Way,
    What, When, Write, decide,
};
use tallyport_domain::{EntryId, PersonId, TaskId, Zone};

use crate::support::name;

pub(super) const ADA: PersonId = PersonId(1);
pub(super) const MANAGER: PersonId = PersonId(2);
/// A task that the person has.
pub(super) const WEBSITE: TaskId = TaskId(10);
/// Another one, which is billable.
pub(super) const DESIGN: TaskId = TaskId(11);

/// So many minutes after a morning in November.
pub(super) fn at(minutes: i64) -> Instant {
    Instant::from_seconds(1_795_680_000 + minutes * 60).unwrap()
}

pub(super) fn berlin() -> Zone {
    Zone::parse("Europe/Berlin").unwrap()
}

pub(super) fn on(task: TaskId) -> What {
    What { task: Some(task), ..What::default() }
}

pub(super) fn footing(path: &[&str], billable: Option<bool>) -> Footing {
    let path = path.iter().map(|text| name(text)).collect();
    Footing { path, billable, archived: None, access: Access::Given, managed: false }
}

/// What a store holds of one person's time.
pub(super) struct Book {
    pub(super) records: BTreeMap<EntryId, Tracked>,
    pub(super) footings: BTreeMap<TaskId, Footing>,
    pub(super) now: Instant,
    pub(super) by: PersonId,
    last: i64,
}

impl Book {
    pub(super) fn new() -> Self {
        let footings = [
            (WEBSITE, footing(&["Toggl", "Acme", "Website"], None)),
            (DESIGN, footing(&["Toggl", "Acme", "Design"], Some(true))),
        ];
        Self { records: BTreeMap::new(), footings: footings.into(), now: at(0), by: ADA, last: 0 }
    }

    pub(super) fn task(&mut self, task: TaskId) -> &mut Footing {
        self.footings.get_mut(&task).unwrap()
    }

    /// Does it at that minute.
    pub(super) fn at(&mut self, minutes: i64, command: impl Borrow<Command>) -> Result<Change, Refusal> {
        self.now = at(minutes);
        self.does(command)
    }

    /// Decides and writes; holds what is written against what a store's indexes hold it against.
    pub(super) fn does(&mut self, command: impl Borrow<Command>) -> Result<Change, Refusal> {
        let command = command.borrow();
        let named = match command {
            Command::Stop(stop) => Some(stop.entry),
            Command::Edit(edit) => Some(edit.entry),
            Command::Delete(entry) => Some(*entry),
            Command::Start(_) | Command::Add(_) => None,
        };
        let begins = match command {
            Command::Start(start) => start.at.or(start.done).unwrap_or(self.now),
            _ => self.now,
        };
        let state = State {
            by: self.by,
            person: ADA,
            now: self.now,
            next: EntryId(self.last + 1),
            running: self.running(),
            named: named.and_then(|entry| self.records.get(&entry).cloned()),
            around: self.around(begins),
            taken: Vec::new(),
            footings: self.footings.clone(),
        };
        let change = decide(&state, command)?;
        assert_eq!(change, decide(&state, command).unwrap(), "the same input gave another answer");
        for write in &change.writes {
            match write {
                Write::Create(tracked) => {
                    assert_eq!(tracked.record().id, state.next);
                    self.last = state.next.0;
                    assert_eq!(self.records.insert(state.next, tracked.clone()), None);
                }
                Write::Replace(tracked) => assert!(self.records.insert(tracked.record().id, tracked.clone()).is_some()),
                Write::Delete(entry) => assert!(self.records.remove(entry).is_some()),
            }
            let running = self.records.values().filter(|tracked| matches!(tracked, Tracked::Running(_))).count();
            assert!(running <= 1, "E1: {running} timers run after {write:?}");
        }
        Ok(change)
    }

    pub(super) fn running(&self) -> Option<tallyport_domain::time::Timer> {
        self.records.values().find_map(|tracked| match tracked {
            Tracked::Running(timer) => Some(timer.clone()),
            Tracked::Ended(_) => None,
        })
    }

    pub(super) fn entry(&self, id: i64) -> &Entry {
        match &self.records[&EntryId(id)] {
            Tracked::Ended(entry) => entry,
            Tracked::Running(timer) => panic!("it runs: {timer:?}"),
        }
    }

    /// From which minute to which an entry goes.
    pub(super) fn minutes(&self, id: i64) -> (i64, i64) {
        let span = self.entry(id).span;
        let minute = |instant: Instant| (instant.seconds() - at(0).seconds()) / 60;
        (minute(span.start()), minute(span.end()))
    }

    fn around(&self, at: Instant) -> Around {
        let ended = |tracked| match tracked {
            Tracked::Ended(entry) => Some(entry),
            Tracked::Running(_) => None,
        };
        let entries: Vec<Entry> = self.records.values().cloned().filter_map(ended).collect();
        let goes_on = |span: Span| span.way() == Way::Switched && (span.start()..span.end()).contains(&at);
        let before = entries.iter().filter(|entry| goes_on(entry.span)).max_by_key(|entry| entry.span.start()).cloned();
        let starts = entries.iter().map(|entry| entry.span).filter(|span| span.way().was_started()).map(Span::start);
        Around { before, after: starts.filter(|start| *start > at).min() }
    }
}

pub(super) fn start(what: What) -> Command {
    Command::Start(Start { what, zone: berlin(), at: None, done: None })
}

/// A start that was made at that minute and is told now.
pub(super) fn started(minutes: i64, what: What) -> Command {
    Command::Start(Start { what, zone: berlin(), at: None, done: Some(at(minutes)) })
}

pub(super) fn stop(entry: i64) -> Command {
    Command::Stop(Stop { entry: EntryId(entry), at: None })
}

pub(super) fn stopped(entry: i64, minutes: i64) -> Command {
    Command::Stop(Stop { entry: EntryId(entry), at: Some(at(minutes)) })
}

pub(super) fn add(what: What, from: i64, to: i64) -> Command {
    Command::Add(Add { what, zone: berlin(), when: When::Typed(at(from), at(to)), done: None })
}

pub(super) fn edit(entry: i64) -> Edit {
    Edit { entry: EntryId(entry), task: None, note: None, tags: None, billable: None, times: Times::Stay }
}
