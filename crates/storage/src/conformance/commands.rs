//! What the cases of time have people do, and the world they do it in.

use chrono::{DateTime, Utc};
use tallyport_domain::time::{Add, Command, Day, DayRange, Edit, Instant, Start, Stop, Tag, Tags, Times, Tracked, What, When};
use tallyport_domain::{EntryId, PersonId, TaskId, Zone};

use super::world::{Fresh, World};
use crate::{By, EntryRow, Result, Tracking};

pub(super) fn by(person: PersonId, now: DateTime<Utc>) -> By {
    By { person, sees_all: false, now }
}

pub(super) fn on(task: TaskId) -> What {
    What { task: Some(task), ..What::default() }
}

pub(super) fn start(what: What) -> Command {
    Command::Start(Start { what, zone: berlin(), at: None, done: None })
}

pub(super) fn started_before(what: What, done: DateTime<Utc>) -> Command {
    Command::Start(Start { what, zone: berlin(), at: None, done: Some(instant(done)) })
}

pub(super) fn stop(entry: EntryId) -> Command {
    Command::Stop(Stop { entry, at: None })
}

pub(super) fn add(what: What, zone: &str, from: &str, to: &str) -> Command {
    let read = |text: &str| instant(text.parse().unwrap());
    let zone = Zone::parse(zone).unwrap();
    Command::Add(Add { what, zone, when: When::Typed(read(from), read(to)), done: None })
}

pub(super) fn edit(entry: EntryId) -> Edit {
    Edit { entry, task: None, note: None, tags: None, billable: None, times: Times::Stay }
}

pub(super) fn berlin() -> Zone {
    Zone::parse("Europe/Berlin").unwrap()
}

pub(super) fn instant(at: DateTime<Utc>) -> Instant {
    Instant::of(at).unwrap()
}

pub(super) fn days(from: &str, to: &str) -> DayRange {
    DayRange::new(Day::parse(from).unwrap(), Day::parse(to).unwrap()).unwrap()
}

pub(super) fn tags(words: &[&str]) -> Tags {
    Tags::new(words.iter().map(|word| Tag::typed(word).unwrap())).unwrap()
}

/// Cem has the house and all below it.
pub(super) async fn world(db: &Fresh) -> World {
    let w = db.world;
    for account in [w.ours, w.theirs] {
        db.store.assign(account, w.house, &[w.cem], w.ada, w.noon).await.unwrap();
    }
    w
}

pub(super) async fn cem(db: &Fresh, command: &Command, minutes: i64) -> Result<Tracking> {
    let w = db.world;
    db.store.track(w.ours, w.cem, command, &by(w.cem, w.at(minutes))).await
}

pub(super) fn id(row: &EntryRow) -> EntryId {
    row.tracked.record().id
}

pub(super) fn seconds(row: &EntryRow) -> i64 {
    match &row.tracked {
        Tracked::Ended(entry) => entry.span.length().seconds(),
        Tracked::Running(_) => panic!("{row:?} is running"),
    }
}
