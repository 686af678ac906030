//! What is done to several entries at once, taken back at once, or done only while it is what somebody saw (E2, E3).

use tallyport_domain::time::{Add, Cell, Command, Day, Edit, Field, Length, Note, Refusal, Typed, What, When};
use tallyport_domain::{EntryId, TaskId};

use super::commands::{add, berlin, by, cem, edit, id, on, seconds, tags, world};
use super::world::{Fresh, ever, picture};
use crate::{EntryRow, Still, StoreError};

fn cell(task: TaskId, day: &str, text: &str) -> Cell {
    let typed = Typed::read(text, Field::Cell).unwrap();
    Cell { task: Some(task), zone: berlin(), day: Day::parse(day).unwrap(), typed }
}

// E2
pub async fn a_duration_goes_where_there_is_room(db: Fresh) {
    let w = world(&db).await;
    let day = Day::parse("2026-11-26").unwrap();
    let hour = Length::from_seconds(3600).unwrap();
    let on_day = Add { what: on(w.sink), zone: berlin(), when: When::OnDay(day, hour), done: None };
    let begins = async |minutes| {
        let added = cem(&db, &Command::Add(on_day.clone()), minutes).await.unwrap();
        added.row.tracked.start().utc().to_rfc3339()
    };
    assert_eq!(begins(1).await, "2026-11-26T08:00:00+00:00");
    assert_eq!(begins(2).await, "2026-11-26T09:00:00+00:00");
}

// E3, E9
pub async fn a_cell_holds_what_was_typed_and_is_taken_back_in_one_step(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let by = |minutes| by(w.cem, w.at(minutes));
    for (from, to) in [("2026-11-26T08:00:00Z", "2026-11-26T09:00:00Z"), ("2026-11-26T10:00:00Z", "2026-11-26T11:00:00Z")] {
        cem(&db, &add(What { tags: tags(&["ui"]), ..on(w.sink) }, "Europe/Berlin", from, to), 1).await.unwrap();
    }
    cem(&db, &add(on(w.house), "Europe/Berlin", "2026-11-26T12:00:00Z", "2026-11-26T13:00:00Z"), 1).await.unwrap();
    let all = async || s.entries(w.ours, w.cem, ever()).await.unwrap();
    let before = all().await;
    let fill = async |text: &str, minutes| {
        let filled = s.fill_once(w.ours, w.cem, &cell(w.sink, "2026-11-26", text), &by(minutes), None).await.unwrap();
        filled.now()
    };
    let less = fill("0:30", 2).await;
    assert_eq!((less.cell.seconds(), less.day.seconds(), less.step.rows.len()), (1800, 5400, 2));
    assert_eq!(s.sums(w.ours, &[w.cem], ever()).await.unwrap().iter().map(|sum| sum.seconds).sum::<i64>(), 5400);
    let same = fill("0:30", 3).await;
    assert_eq!((same.step.number, same.cell.seconds()), (None, 1800));

    let step = less.step.number.unwrap();
    assert!(matches!(s.undo(w.ours, step, &self::by(w.ada, w.at(4))).await, Err(StoreError::Refused(Refusal::NoStep))));
    assert!(matches!(s.undo(w.theirs, step, &by(4)).await, Err(StoreError::Refused(Refusal::NoStep))));
    let back = s.undo(w.ours, step, &by(4)).await.unwrap();
    assert_eq!(back.rows.len(), 2);
    let details = |rows: &[EntryRow]| -> Vec<_> {
        rows.iter().map(|row| (id(row), row.tracked.start(), seconds(row), row.tracked.record().details.clone())).collect()
    };
    assert_eq!(details(&all().await), details(&before));
    assert!(matches!(s.undo(w.ours, step, &by(5)).await, Err(StoreError::Refused(Refusal::ChangedSince))));
    // Taking back is a step as well.
    s.undo(w.ours, back.number.unwrap(), &by(6)).await.unwrap();
    assert_eq!(fill("", 7).await.cell.seconds(), 0);
    assert_eq!(all().await.len(), 1);
}

// E3
pub async fn several_are_changed_all_or_none(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let mut made = Vec::new();
    for hour in [8, 9] {
        let times = [format!("2026-11-26T{hour:02}:00:00Z"), format!("2026-11-26T{:02}:00:00Z", hour + 1)];
        made.push(id(&cem(&db, &add(on(w.sink), "UTC", &times[0], &times[1]), 1).await.unwrap().row));
    }
    let before = picture(s, w.ours).await;
    let noted = |entry| Command::Edit(Edit { note: Some(Note::typed("x").unwrap()), ..edit(entry) });
    let by = by(w.cem, w.at(2));
    let some = [(w.cem, noted(made[0])), (w.cem, noted(EntryId(99)))];
    let refused = s.track_all(w.ours, &some, &by).await;
    assert!(matches!(refused, Err(StoreError::RefusedOne { entry: EntryId(99), refusal: Refusal::NoEntry })), "{refused:?}");
    assert_eq!(picture(s, w.ours).await, before);
    let done = s.track_all(w.ours, &made.iter().map(|entry| (w.cem, noted(*entry))).collect::<Vec<_>>(), &by).await.unwrap();
    assert!(done.rows.iter().all(|row| row.tracked.record().details.note.as_str() == "x"));
    s.undo(w.ours, done.number.unwrap(), &by).await.unwrap();
    let rows = s.entries(w.ours, w.cem, ever()).await.unwrap();
    assert!(rows.iter().all(|row| row.tracked.record().details.note.as_str().is_empty()));
}

// E3
pub async fn an_entry_changes_only_while_it_is_what_was_seen(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let made = cem(&db, &add(on(w.sink), "UTC", "2026-11-26T08:00:00Z", "2026-11-26T09:00:00Z"), 1).await.unwrap().row;
    let seen = made.clone();
    let still = Still::new(move |there: &EntryRow| *there == seen);
    let change = |text: &str| Command::Edit(Edit { note: Some(Note::typed(text).unwrap()), ..edit(id(&made)) });
    let by = by(w.cem, w.at(2));
    s.track_if(w.ours, w.cem, &change("one"), &by, Some(still.clone())).await.unwrap();
    assert!(matches!(s.track_if(w.ours, w.cem, &change("two"), &by, Some(still.clone())).await, Err(StoreError::Changed)));
    let delete = Command::Delete(id(&made));
    assert!(matches!(s.track_if(w.ours, w.cem, &delete, &by, Some(still)).await, Err(StoreError::Changed)));
    assert_eq!(s.last_entry(w.ours, w.cem).await.unwrap().unwrap().tracked.record().details.note.as_str(), "one");
}
