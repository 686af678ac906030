//! `report` and `export` (E8, S8).

use std::fmt::Write as _;
use std::fs;

use calamine::{Data, Reader as _, Xlsx};
use serde_json::Value;

use crate::support::{Bench, in_every_mode};

in_every_mode!(
    a_report_adds_up_the_tree,
    a_report_is_told_apart_and_narrowed,
    entries_are_exported_as_csv_json_and_xlsx,
    a_report_is_exported,
    a_file_is_written_whole_or_not_at_all,
    what_cannot_be_asked_for_is_refused,
);

/// Compares with a snapshot: a case says the same in every mode, and whenever it runs.
macro_rules! shown {
    ($told:expr, @$expected:literal) => {
        insta::allow_duplicates! { insta::assert_snapshot!($told, @$expected); }
    };
}

/// Three entries: 1:30 on the design, 0:45:30 on the site over midnight, and 0:15 on nothing.
fn tracked(bench: &Bench) {
    bench.account();
    bench.done(&["tasks", "add", "Site"]);
    bench.done(&["tasks", "add", "Design", "--under", "Site"]);
    bench.done(&["assign", "Site", &bench.owner()]);
    bench.done(&["add", "Design", "--start", "2020-11-24 9:00", "--end", "10:30", "-m", "=1+1", "--tag", "ui"]);
    bench.done(&["add", "Site", "--start", "2020-11-23 23:30", "--end", "2020-11-24 0:15:30"]);
    bench.done(&["edit", "1", "--billable"]);
    bench.done(&["add", "Site", "--start", "2020-11-25 9:00", "--end", "9:15"]);
    bench.done(&["edit", "3", "--no-task"]);
}

const DAYS: [&str; 4] = ["--from", "2020-11-23", "--to", "2020-11-25"];

fn with<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.iter().copied().chain(DAYS).collect()
}

fn a_report_adds_up_the_tree(bench: &Bench) {
    tracked(bench);
    shown!(bench.run(&with(&["report"])).told(), @r#"
    exit 0
    --- stdout
    23 – 25 November 2020
    2:30:30 · 59.8 % billable · 1 person · on 3 days

    task         time    share
    Site      2:15:30   90.0 %  ██████████████████
      Design  1:30:00   59.8 %  ███████████▉
    No task   0:15:00   10.0 %  ██
    Total     2:30:30
    "#);
    let coloured = bench.done(&with(&["report", "--color", "always"]));
    assert!(coloured.contains("\u{1b}[1m") && coloured.contains("Design"), "{coloured:?}");
    let json = bench.json(&with(&["report"]));
    assert_eq!((&json["seconds"], &json["billable_seconds"]), (&9030.into(), &5400.into()));
    assert_eq!(json["groups"][0]["own_seconds"], 2730);
    let week = bench.json(&["report", "--week", "2020-11-24"]);
    assert_eq!((&week["from"], &week["to"], &week["seconds"]), (&"2020-11-23".into(), &"2020-11-29".into(), &9030.into()));
    let month = bench.json(&["report", "--month", "2020-11-01"]);
    assert_eq!((&month["from"], &month["to"], &month["seconds"]), (&"2020-11-01".into(), &"2020-11-30".into(), &9030.into()));
    shown!(bench.run(&["report", "--from", "2019-01-01", "--to", "2019-01-31"]).told(), @r#"
    exit 0
    --- stdout
    1 – 31 January 2019
    No time on these days
    "#);
}

fn a_report_is_told_apart_and_narrowed(bench: &Bench) {
    tracked(bench);
    shown!(bench.run(&with(&["report", "--by", "day,task"])).told(), @r#"
    exit 0
    --- stdout
    23 – 25 November 2020
    2:30:30 · 59.8 % billable · 1 person · on 3 days

    day, task           time    share
    Mon 23 Nov 2020  0:30:00   19.9 %  ███▉
      Site           0:30:00   19.9 %  ███▉
    Tue 24 Nov 2020  1:45:30   70.1 %  ██████████████
      Site           1:45:30   70.1 %  ██████████████
        Design       1:30:00   59.8 %  ███████████▉
    Wed 25 Nov 2020  0:15:00   10.0 %  ██
      No task        0:15:00   10.0 %  ██
    Total            2:30:30
    "#);
    shown!(bench.run(&with(&["report", "--by", "tag"])).told(), @r#"
    exit 0
    --- stdout
    23 – 25 November 2020
    2:30:30 · 59.8 % billable · 1 person · on 3 days

    tag        time    share
    ui      1:30:00   59.8 %  ███████████▉
    No tag  1:00:30   40.2 %  ████████
    Total   2:30:30
    "#);
    let seconds = |words: &[&str]| bench.json(&with(words))["seconds"].clone();
    for (words, expected) in [
        (&["report", "--task", "Site"][..], 8130),
        (&["report", "--task", "Design"], 5400),
        (&["report", "--no-task"], 900),
        (&["report", "--no-task", "--task", "Design"], 6300),
        (&["report", "--tag", "UI"], 5400),
        (&["report", "--billable"], 5400),
        (&["report", "--no-billable"], 3630),
        (&["report", "--person", "1"], 9030),
    ] {
        assert_eq!(seconds(words), expected, "{words:?}");
    }
}

fn entries_are_exported_as_csv_json_and_xlsx(bench: &Bench) {
    tracked(bench);
    let csv = bench.done(&with(&["export"]));
    assert!(csv.starts_with("\u{feff}id,person,email,task,path,") && csv.contains(",'=1+1,ui\r\n"), "{csv}");
    assert_eq!(csv.lines().count(), 4);
    let json = bench.json(&with(&["export"]));
    let counted: i64 = json.as_array().unwrap().iter().map(|row| row["counted_seconds"].as_i64().unwrap()).sum();
    assert_eq!(counted, 9030);
    let path = bench.folder().join("week.xlsx");
    let file = path.display().to_string();
    let ran = bench.run(&with(&["export", "-o", &file]));
    assert!(ran.stdout.is_empty() && ran.stderr.starts_with("Wrote [folder]/week.xlsx, "), "{ran:?}");
    let mut book: Xlsx<_> = calamine::open_workbook(&path).unwrap();
    assert_eq!(book.sheet_names(), ["Entries"]);
    let sheet = book.worksheet_range("Entries").unwrap();
    let notes = sheet.headers().unwrap().iter().position(|title| title == "note").unwrap();
    assert!(sheet.rows().any(|row| row[notes] == Data::String("=1+1".to_owned())));
    assert_eq!(sheet.height(), 4);
    let written = bench.json(&with(&["export", "-o", &file]));
    assert_eq!(written["bytes"], fs::metadata(&path).unwrap().len());
}

fn a_report_is_exported(bench: &Bench) {
    tracked(bench);
    assert_eq!(
        bench.done(&with(&["export", "--what", "report", "--by", "billable"])),
        "\u{feff}billable,level,duration,own_seconds,seconds,billable_seconds,share_percent\r\n\
         Billable,1,1:30:00,5400,5400,5400,59.8\r\nNot billable,1,1:00:30,3630,3630,0,40.2\r\n"
    );
    let exported: Value = serde_json::from_str(&bench.done(&with(&["export", "--what", "report", "--format", "json"]))).unwrap();
    assert_eq!(exported, bench.json(&with(&["report"])));
}

fn a_file_is_written_whole_or_not_at_all(bench: &Bench) {
    tracked(bench);
    let path = bench.folder().join("kept.csv");
    fs::write(&path, "before").unwrap();
    let file = path.display().to_string();
    let refused = bench.run(&["export", "-o", &file, "--from", "soon"]);
    assert_eq!((refused.code, fs::read_to_string(&path).unwrap()), (2, "before".to_owned()), "{refused:?}");
    let nowhere = bench.folder().join("nowhere").join("x.csv").display().to_string();
    let refused = bench.run(&with(&["export", "-o", &nowhere]));
    assert!(refused.code == 2 && refused.stderr.contains("cannot be written"), "{refused:?}");
    bench.done(&with(&["export", "-o", &file]));
    assert!(fs::read_to_string(&path).unwrap().contains("Design"));
    let parts = fs::read_dir(bench.folder()).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().ends_with(".part")
    });
    assert_eq!(parts.count(), 0);
}

fn what_cannot_be_asked_for_is_refused(bench: &Bench) {
    tracked(bench);
    let mut told = String::new();
    for words in [
        &["report", "--by", "colour"][..],
        &["report", "--by", "task,task"],
        &["report", "--from", "2020-11-25", "--to", "2020-11-20"],
        &["report", "--week", "soon"],
        &["report", "--week", "--month"],
        &["report", "--tag", ""],
        &["report", "--person", "nobody@nordlicht.example"],
        &["export", "--by", "task"],
        &["export", "--format", "xlsx", "--json"],
        &["export", "--format", "pdf"],
    ] {
        writeln!(told, "{}\n{}", words.join(" ").trim_end(), bench.run(words).told().trim_end()).unwrap();
    }
    shown!(told, @r#"
    report --by colour
    exit 2
    --- stderr
    error: "colour" is nothing to group by: write one or two of task, person, client, project, day, week, month, tag, billable
    hint: Check the spelling: `tallyport help` lists commands and options.
    report --by task,task
    exit 2
    --- stderr
    error: group by one or two different things
    hint: Check the spelling: `tallyport help` lists commands and options.
    report --from 2020-11-25 --to 2020-11-20
    exit 2
    --- stderr
    error: 2020-11-20 is before 2020-11-25
    hint: Write a day as 2026-11-26, a time as 9:30, and an instant as 2026-11-26T08:30:00Z.
    report --week soon
    exit 2
    --- stderr
    error: "soon" is not a day: write 2026-11-26, today or yesterday
    hint: Write a day as 2026-11-26, a time as 9:30, and an instant as 2026-11-26T08:30:00Z.
    report --week --month
    exit 2
    --- stderr
    error: the argument '--week [<DAY>]' cannot be used with '--month [<DAY>]'
    hint: `tallyport report --help` says what it takes.
    report --tag
    exit 2
    --- stderr
    error: a tag cannot be empty
    hint: Give a word or a few, of at most 128 bytes; an entry has 50 tags at most.
    report --person nobody@nordlicht.example
    exit 4
    --- stderr
    error: nobody in this account has the email nobody@nordlicht.example
    hint: Look at who there is, or add them: `tallyport people list`, `tallyport people add`.
    export --by task
    exit 2
    --- stderr
    error: entries are not grouped
    hint: Ask for `--what report`, or leave --by out.
    export --format xlsx --json
    exit 2
    --- stderr
    {"error":{"code":"invalid_request","hint":"Name a file with -o FILE, or leave --json out.","message":"with --json standard output is JSON and not xlsx"}}
    export --format pdf
    exit 2
    --- stderr
    error: --format <FORMAT> takes one of csv, xlsx, json
    hint: `tallyport export --help` says what it takes.
    "#);
}
