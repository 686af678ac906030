//! `demo`.

use crate::support::{Bench, Mode};

#[test]
fn the_demonstration_does_the_whole_job_and_leaves_nothing_behind() {
    let bench = Bench::new(Mode::Local);
    // Whatever is set, the demonstration is about none of it.
    let set =
        [("TALLYPORT_SERVER", "https://x.example"), ("TALLYPORT_USER", "nobody@x.example"), ("TALLYPORT_SECRET_KEY", "nonsense")];
    let ran = bench.run_with(&["demo"], "", &set);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    for told in [
        "$ tallyport toggl select --all",
        "├─ Nordlicht Studio",
        "Archived 6",
        "deleted in Toggl",
        "Synced just now",
        "株式会社みなと",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    let widest = ran.stdout.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap();
    assert!(widest <= 80, "{widest}: {}", ran.stdout);
    assert_eq!(std::fs::read_dir(bench.folder()).unwrap().count(), 0);
}

#[test]
fn the_demonstration_is_one_document_for_scripts() {
    let bench = Bench::new(Mode::Local);
    let steps = bench.json(&["demo"])["steps"].clone();
    let commands: Vec<&str> = steps.as_array().unwrap().iter().filter_map(|step| step["command"].as_str()).collect();
    assert!(commands.contains(&"tallyport toggl sync"), "{commands:?}");
    let answered = steps.as_array().unwrap().iter().filter(|step| step["command"].is_string());
    assert!(answered.clone().all(|step| !step["answer"].is_null()), "{steps}");
}

#[test]
fn a_reader_who_has_seen_enough_finds_nothing_left_behind() {
    let bench = Bench::new(Mode::Local);
    let mut child = bench.start(&["demo"]);
    drop(child.stdout.take());
    let ran = bench.finish(child);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert_eq!(std::fs::read_dir(bench.folder()).unwrap().count(), 0);
}
