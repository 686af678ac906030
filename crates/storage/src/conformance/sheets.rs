//! How time falls on days and adds up (E5, I13).

use chrono::{DateTime, Utc};
use tallyport_domain::time::{Add, Command, Edit, Times, Tracked, What, When};
use tallyport_domain::{TaskId, Zone};

use super::commands::{add, by, cem, days, edit, id, instant, on, seconds, start, tags, world};
use super::world::{Fresh, ever, picture};
use crate::{SheetRows, TimeOn};

// E2, E5
pub async fn an_entry_across_midnight_counts_on_both_days_of_its_zone(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let across = add(on(w.sink), "Europe/Berlin", "2026-11-24T22:30:00Z", "2026-11-25T00:15:30Z");
    let row = cem(&db, &across, 0).await.unwrap().row;
    let of = [w.cem];
    let sums = |from, to| s.sums(w.ours, &of, days(from, to));
    let each: Vec<_> =
        sums("2026-11-24", "2026-11-25").await.unwrap().iter().map(|sum| (sum.day.to_string(), sum.seconds)).collect();
    assert_eq!(each, [("2026-11-24".to_owned(), 30 * 60), ("2026-11-25".to_owned(), 75 * 60 + 30)]);
    // It is listed on either day, and begins on the first.
    for day in ["2026-11-24", "2026-11-25"] {
        assert_eq!(s.entries(w.ours, w.cem, days(day, day)).await.unwrap(), std::slice::from_ref(&row), "{day}");
    }
    assert!(s.entries(w.ours, w.cem, days("2026-11-26", "2026-11-26")).await.unwrap().is_empty());
    assert!(sums("2026-11-26", "2026-11-30").await.unwrap().is_empty());
}

// E3, E5
pub async fn an_edit_moves_what_is_added_up(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let entry = id(&cem(&db, &add(on(w.sink), "UTC", "2026-11-20T08:00:00Z", "2026-11-20T10:00:00Z"), 0).await.unwrap().row);
    let (from, to) = ("2026-11-21T08:00:00Z".parse().unwrap(), "2026-11-21T08:45:00Z".parse().unwrap());
    let times = Times::Both(instant(from), instant(to));
    let changed = Edit { task: Some(Some(w.kitchen)), tags: Some(tags(&["new"])), billable: Some(true), times, ..edit(entry) };
    let tracking = cem(&db, &Command::Edit(changed.clone()), 5).await.unwrap();
    assert!(tracking.step.is_some() && tracking.row.tracked.record().changed.at == instant(w.at(5)));
    let sums = s.sums(w.ours, &[], ever()).await.unwrap();
    assert_eq!(sums.len(), 1);
    let sum = sums[0];
    assert_eq!((sum.person, sum.day.to_string(), sum.task), (w.cem, "2026-11-21".to_owned(), Some(w.kitchen)));
    assert_eq!((sum.billable, sum.seconds), (true, 45 * 60));
    // Nothing else is no change, and nobody hears of it.
    let before = picture(s, w.ours).await;
    assert!(cem(&db, &Command::Edit(changed), 9).await.unwrap().step.is_none());
    assert_eq!(picture(s, w.ours).await, before);
}

// E5
pub async fn what_is_added_up_is_what_the_entries_say(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
    let first: DateTime<Utc> = "2026-03-25T00:00:00Z".parse().unwrap();
    let mut expected = 0;
    for (number, zone) in (0..60_i64).zip(zones.iter().cycle()) {
        let from = first + chrono::TimeDelta::minutes(number * 367);
        let to = from + chrono::TimeDelta::seconds(1 + number * 1_429);
        let what = if number % 7 == 0 { What::default() } else { on(if number % 2 == 0 { w.sink } else { w.house }) };
        let command = Command::Add(Add {
            what: What { billable: Some(number % 2 == 0), ..what },
            zone: Zone::parse(zone).unwrap(),
            when: When::Counted(instant(from), instant(to)),
            done: None,
        });
        let by = by(w.cem, "2026-12-01T00:00:00Z".parse().unwrap());
        expected += seconds(&s.track(w.ours, w.cem, &command, &by).await.unwrap().row);
    }
    let sums = s.sums(w.ours, &[], ever()).await.unwrap();
    assert_eq!(sums.iter().map(|sum| sum.seconds).sum::<i64>(), expected);
    let rows = s.entries(w.ours, w.cem, ever()).await.unwrap();
    let mut by_day: std::collections::BTreeMap<_, i64> = std::collections::BTreeMap::new();
    for row in &rows {
        let Tracked::Ended(entry) = &row.tracked else { panic!("{row:?}") };
        for (day, length) in entry.days() {
            *by_day.entry((day, entry.record.details.task, entry.record.details.billable)).or_default() += length.seconds();
        }
    }
    let told: std::collections::BTreeMap<_, _> =
        sums.iter().map(|sum| ((sum.day, sum.task, sum.billable), sum.seconds)).collect();
    assert_eq!(told, by_day);
}

// E5
pub async fn a_sheet_shows_a_persons_days_as_of_one_moment(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    cem(&db, &add(on(w.sink), "UTC", "2026-11-25T23:00:00Z", "2026-11-26T01:00:00Z"), 1).await.unwrap();
    cem(&db, &add(What::default(), "UTC", "2026-11-26T08:00:00Z", "2026-11-26T09:00:00Z"), 1).await.unwrap();
    cem(&db, &start(on(w.house)), 2).await.unwrap();
    let sheet = async |account, days| s.sheet(account, w.cem, days, &by(w.cem, w.at(3))).await.unwrap();
    let shown = sheet(w.ours, days("2026-11-26", "2026-11-26")).await;
    let sums: Vec<_> = shown.sums.iter().map(|sum| (sum.task, sum.seconds, sum.entries)).collect();
    assert_eq!(sums, [(None, 3600, 1), (Some(w.sink), 3600, 1)]);
    assert_eq!(shown.tasks.iter().map(|(task, is_open)| (task.id, *is_open)).collect::<Vec<_>>(), [(w.sink, true)]);
    assert_eq!(shown.spans.len(), 2, "the one that reaches into it too");
    assert!(shown.running.is_some());
    assert_eq!(sheet(w.theirs, ever()).await, SheetRows::default());
    s.unassign(w.ours, w.house, &[w.cem], w.ada, w.at(4)).await.unwrap();
    let lost = sheet(w.ours, days("2026-11-26", "2026-11-26")).await;
    assert!(!lost.tasks[0].1, "it is shown, and takes no more time");
}

// I13
pub async fn what_is_tracked_on_tasks_is_told_of_these_tasks_alone(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    cem(&db, &add(on(w.sink), "UTC", "2026-11-26T08:00:00Z", "2026-11-26T09:30:00Z"), 1).await.unwrap();
    cem(&db, &add(on(w.house), "UTC", "2026-11-26T10:00:00Z", "2026-11-26T11:00:00Z"), 1).await.unwrap();
    cem(&db, &start(on(w.sink)), 2).await.unwrap();
    let told = async |account, tasks: &[TaskId]| s.time_on(account, tasks).await.unwrap();
    assert_eq!(told(w.ours, &[w.sink]).await, TimeOn { running: 1, seconds: 5400 });
    assert_eq!(told(w.ours, &[w.sink, w.house]).await, TimeOn { running: 1, seconds: 9000 });
    assert_eq!(told(w.ours, &[]).await, TimeOn::default());
    assert_eq!(told(w.theirs, &[w.sink, w.house]).await, TimeOn::default());
}
