//! `start`, `continue`, `stop`, `status`, `add`, `entries`, `edit`, `delete`, `undo`, `tags` (E1–E4, E7, E9).

use serde_json::Value;

use crate::support::{Bench, in_every_mode};

in_every_mode!(
    a_timer_is_started_shown_and_stopped,
    a_start_ends_the_timer_that_runs,
    one_goes_on_with_what_one_did_last,
    time_is_added_listed_and_changed,
    what_was_deleted_comes_back,
    a_day_shows_what_lies_between_and_what_is_counted_twice,
    what_cannot_be_is_refused,
    a_member_tracks_on_what_they_have,
    tags_are_put_in_order,
);

/// As a snapshot has it in every mode, with every time as it is; in another year the days have theirs.
macro_rules! shown {
    ($told:expr, @$expected:literal) => {
        insta::with_settings!({ filters => vec![(" Nov 2026", " Nov")] }, {
            insta::allow_duplicates! { insta::assert_snapshot!($told, @$expected); }
        })
    };
}

/// An account whose administrator may track on the site and all below it.
fn prepared(bench: &Bench) {
    bench.account();
    bench.done(&["tasks", "add", "Site"]);
    bench.done(&["tasks", "add", "Design", "--under", "Site"]);
    bench.done(&["tasks", "add", "Garden"]);
    bench.done(&["assign", "Site", "ana.novakova@nordlicht.example"]);
}

fn added(bench: &Bench, task: &str, from: &str, to: &str) {
    bench.done(&["add", task, "--start", from, "--end", to]);
}

fn a_timer_is_started_shown_and_stopped(bench: &Bench) {
    prepared(bench);
    shown!(bench.run(&["status"]).told(), @r"
    exit 0
    --- stdout
    No timer is running
    ");
    assert_eq!(bench.run(&["status", "--short"]).told(), "exit 0");
    shown!(bench.run(&["stop"]).told(), @r"
    exit 0
    --- stdout
    No timer is running
    ");
    let started = bench.json(&["start", "design", "-m", "Sketch", "--tag", "ui"]);
    let timer = &started["timer"];
    assert_eq!(
        (&timer["task"]["path"], &timer["note"], &timer["tags"]),
        (&vec!["Site", "Design"].into(), &"Sketch".into(), &vec!["ui"].into())
    );
    assert_eq!((&timer["end"], &started["stopped"]), (&Value::Null, &Value::Null));
    assert_eq!(bench.json(&["status"])["timer"]["id"], timer["id"]);
    assert!(bench.run(&["status", "--short"]).told().ends_with(" Design\n"));
    let stopped = bench.json(&["stop"]);
    assert_eq!((&stopped["entry"]["id"], &stopped["changed"]), (&timer["id"], &true.into()));
    assert_eq!(bench.json(&["stop"])["timer"], Value::Null);
}

fn a_start_ends_the_timer_that_runs(bench: &Bench) {
    prepared(bench);
    let first = bench.json(&["start", "Design"]);
    let second = bench.json(&["start"]);
    assert_eq!(second["stopped"]["id"], first["timer"]["id"]); // E1
    assert_eq!((&second["timer"]["task"], &second["stopped"]["end"]), (&Value::Null, &second["timer"]["start"]));
    let early = bench.run(&["start", "Design", "--at", "2020-01-01 9:00"]);
    assert!(early.told().contains("error: another timer runs since"), "{}", early.told());
}

fn one_goes_on_with_what_one_did_last(bench: &Bench) {
    prepared(bench);
    shown!(bench.run(&["continue"]).told(), @r"
    exit 4
    --- stderr
    error: there is nothing to continue
    hint: `tallyport start TASK` starts a timer.
    ");
    bench.done(&["start", "Design", "-m", "Sketch", "--tag", "ui"]);
    let first = bench.json(&["stop"])["entry"].clone();
    let again = bench.json(&["continue"])["timer"].clone();
    assert_ne!(again["id"], first["id"]);
    for field in ["task", "note", "tags", "billable"] {
        assert_eq!(again[field], first[field], "{field}");
    }
}

fn time_is_added_listed_and_changed(bench: &Bench) {
    prepared(bench);
    // E2, E9
    let words = ["add", "Design", "--start", "2026-11-24 9", "--end", "10:30", "-m", "Call", "--tag", "ui"];
    shown!(bench.run(&words).told(), @r"
    exit 0
    --- stdout
    1  Design · Site  = 1 h 30 min
    2026-11-24 9:00–10:30
    ");
    shown!(bench.run(&["add", "Site", "--date", "2026-11-24", "--duration", "1h15m"]).told(), @r"
    exit 0
    --- stdout
    2  Site  = 1 h 15 min
    2026-11-24 10:30–11:45
    ");
    added(bench, "Site", "2026-11-23 23:30", "2026-11-24 0:15");
    // E3, E5
    shown!(bench.run(&["entries", "--from", "2026-11-23", "--to", "2026-11-24"]).told(), @r"
    exit 0
    --- stdout
    Mon 23 Nov  0:30
    id  from        time          task  note
     3  23:30–0:15  0:30 of 0:45  Site
    Tue 24 Nov  3:00
    id  from         time          task           note
     3  23:30–0:15   0:15 of 0:45  Site
        0:15–9:00    8:45          ·
     1  9:00–10:30   1:30          Design · Site  Call #ui
     2  10:30–11:45  1:15          Site
    3:30  in all  UTC
    ");
    shown!(bench.run(&["edit", "1", "--duration", "+15", "--task", "Site", "--billable"]).told(), @r"
    exit 0
    --- stdout
    1  Site  = 1 h 45 min
    2026-11-24 9:00–10:45
    ");
    let edited = bench.json(&["edit", "1", "--start", "9:15", "--no-task", "-m", ""]);
    assert_eq!((&edited["start"], &edited["end"]), (&"2026-11-24T09:15:00.000Z".into(), &"2026-11-24T10:45:00.000Z".into()));
    assert_eq!((&edited["task"], &edited["note"], &edited["billable"]), (&Value::Null, &"".into(), &true.into()));
}

fn what_was_deleted_comes_back(bench: &Bench) {
    prepared(bench);
    added(bench, "Design", "2026-11-24 9:00", "10:30");
    added(bench, "Site", "2026-11-24 11:00", "12:00");
    let all = ["entries", "--from", "2026-11-23", "--to", "2026-11-24"];
    let before = bench.json(&all);
    let deleted = bench.json(&["delete", "1", "2"]);
    shown!(bench.run(&all).told(), @r"
    exit 0
    --- stdout
    No time on these days
    ");
    bench.done(&["undo", &deleted["step"].to_string()]);
    assert_eq!(bench.json(&all), before);
    let told = bench.run(&["delete", "1"]).told();
    assert!(told.contains("Deleted 1  Design · Site  1:30") && told.contains("brings it back"), "{told}");
    shown!(bench.run(&["undo", "1"]).told(), @r"
    exit 4
    --- stderr
    error: there is nothing of yours to be taken back under this number
    hint: Check the id; it may be in another account, or gone.
    ");
}

fn a_day_shows_what_lies_between_and_what_is_counted_twice(bench: &Bench) {
    prepared(bench);
    added(bench, "Design", "2026-11-24 9:00", "10:30");
    added(bench, "Site", "2026-11-24 10:15", "11:00");
    added(bench, "Site", "2026-11-24 13:00", "14:00");
    shown!(bench.run(&["entries", "--to", "2026-11-24"]).told(), @r"
    exit 0
    --- stdout
    Tue 24 Nov  3:15
    id  from         time  task           note
     1  9:00–10:30   1:30  Design · Site  ! overlaps 2
     2  10:15–11:00  0:45  Site           ! overlaps 1
        11:00–13:00  2:00  ·
     3  13:00–14:00  1:00  Site
    ");
}

fn what_cannot_be_is_refused(bench: &Bench) {
    prepared(bench);
    bench.done(&["add", "Design", "--start", "2026-11-24 9:00", "--end", "10:00"]);
    bench.done(&["tasks", "archive", "Design"]);
    let mut told = String::new();
    for words in [
        &["add", "Site", "--start", "2026-11-24 10:00", "--end", "9:00"][..],
        &["add", "Site", "--start", "2026-11-24 10:00", "--end", "2026-11-25 11:00"],
        &["add", "Site", "--start", "soon", "--end", "9:00"],
        &["add", "Site", "--start", "9999-11-24 10:00", "--end", "11:00"],
        &["start", "2"],
        &["start", "Garden"],
        &["edit", "1", "--duration", "2"],
        &["edit", "1", "--duration", "0"],
        &["edit", "1", "--end", "8:00"],
        &["add", "Site", "--duration", "0"],
        &["add", "Site", "--duration", "25h"],
        &["add", "Site", "--duration", "1h", "--end", "10:00"],
        &["start", "Site", "--tag", ""],
        &["undo", "99999"],
        &["edit", "99", "-m", "x"],
        &["delete", "99"],
        &["entries", "--from", "2026-11-24", "--to", "2026-11-20"],
    ] {
        let ran = bench.run(words).told();
        told.push_str(&[&words.join(" "), "\n", ran.trim_end(), "\n"].concat());
    }
    shown!(told, @r#"
    add Site --start 2026-11-24 10:00 --end 9:00
    exit 2
    --- stderr
    error: the end is not after the start
    hint: Give a later end or an earlier start.
    add Site --start 2026-11-24 10:00 --end 2026-11-25 11:00
    exit 2
    --- stderr
    error: an entry made by hand has 24 hours at most
    hint: Make one entry for each day.
    add Site --start soon --end 9:00
    exit 2
    --- stderr
    error: "soon" is not a time of day: write 9, 930, 9:30, 9:30pm or 21.30
    hint: Write a day as 2026-11-26, a time as 9:30, and an instant as 2026-11-26T08:30:00Z.
    add Site --start 9999-11-24 10:00 --end 11:00
    exit 2
    --- stderr
    error: "9999-11-24" is not a day: write 2026-11-26, today or yesterday
    hint: Write a day as 2026-11-26, a time as 9:30, and an instant as 2026-11-26T08:30:00Z.
    start 2
    exit 5
    --- stderr
    error: the task is archived
    hint: Choose another task, or none.
    start Garden
    exit 4
    --- stderr
    error: no task matches "Garden"
    hint: `tallyport tasks search TEXT` finds tasks by any words of their paths.
    edit 1 --duration 2
    exit 2
    --- stderr
    error: 2h or 2m? write which
    hint: Write 1:30, 1h30m, 90m or 1.5h.
    edit 1 --duration 0
    exit 2
    --- stderr
    error: an entry has a second at least: delete it instead
    hint: Write 1:30, 1h30m, 90m or 1.5h.
    edit 1 --end 8:00
    exit 2
    --- stderr
    error: the end is not after the start
    hint: Give a later end or an earlier start.
    add Site --duration 0
    exit 2
    --- stderr
    error: a new entry takes a duration such as 1:30
    hint: Write 1:30, 1h30m, 90m or 1.5h.
    add Site --duration 25h
    exit 2
    --- stderr
    error: 25h is more than a day: write 2:00, 2h or 1.5
    hint: Write 1:30, 1h30m, 90m or 1.5h.
    add Site --duration 1h --end 10:00
    exit 2
    --- stderr
    error: the argument '--duration <DURATION>' cannot be used with '--end <TIME>'
    hint: `tallyport add --help` says what it takes.
    start Site --tag 
    exit 2
    --- stderr
    error: a tag cannot be empty
    hint: Give a word or a few, of at most 128 bytes; an entry has 50 tags at most.
    undo 99999
    exit 4
    --- stderr
    error: there is nothing of yours to be taken back under this number
    hint: Check the id; it may be in another account, or gone.
    edit 99 -m x
    exit 4
    --- stderr
    error: there is no such entry
    hint: Check the id; it may be in another account, or gone.
    delete 99
    exit 4
    --- stderr
    error: there is no such entry
    hint: Check the id; it may be in another account, or gone.
      entry 99
    entries --from 2026-11-24 --to 2026-11-20
    exit 2
    --- stderr
    error: 2026-11-20 is before 2026-11-24
    hint: Write a day as 2026-11-26, a time as 9:30, and an instant as 2026-11-26T08:30:00Z.
    "#);
    assert_eq!(bench.json(&["entries", "--from", "2026-11-01", "--to", "2026-11-30"]).as_array().unwrap().len(), 1);
}

fn a_member_tracks_on_what_they_have(bench: &Bench) {
    prepared(bench);
    bench.done(&["people", "add", "cem@nordlicht.example", "--name", "Cem"]);
    let words = ["add", "Site", "--person", "cem@nordlicht.example", "--start", "2026-11-24 9:00", "--end", "10:00"];
    shown!(bench.run(&words).told(), @r"
    exit 3
    --- stderr
    error: they are not assigned to this task
    hint: Have them assigned to it, or choose another task.
    "); // E3
    bench.done(&["assign", "Site", "cem@nordlicht.example"]);
    bench.done(&words);
    let days = ["entries", "--person", "cem@nordlicht.example", "--to", "2026-11-24"];
    assert_eq!(bench.json(&days).as_array().unwrap().len(), 1);
    assert!(bench.json(&["entries", "--to", "2026-11-24"]).as_array().unwrap().is_empty());
}

fn tags_are_put_in_order(bench: &Bench) {
    prepared(bench);
    shown!(bench.run(&["tags", "list"]).told(), @r"
    exit 0
    --- stdout
    There are no tags
    ");
    for tags in [&["--tag", "ui", "--tag", "draft"][..], &["--tag", "Interface"]] {
        let words = ["add", "Site", "--date", "2026-11-24", "--duration", "1h"];
        bench.done(&[&words, tags].concat());
    }
    shown!(bench.run(&["tags", "rename", "UI", "interface"]).told(), @r"
    exit 5
    --- stderr
    error: there is another tag of this name
    hint: Choose another name, or make one tag of the two.
    ");
    bench.done(&["tags", "merge", "ui", "interface"]);
    bench.done(&["tags", "rename", "interface", "Web"]);
    bench.done(&["tags", "remove", "draft"]);
    shown!(bench.run(&["tags", "list"]).told(), @r"
    exit 0
    --- stdout
    id  name  entries
     3  Web         2
    ");
    let entries = bench.json(&["entries", "--to", "2026-11-24"]);
    assert!(entries.as_array().unwrap().iter().all(|entry| entry["tags"] == serde_json::json!(["Web"])), "{entries}");
}
