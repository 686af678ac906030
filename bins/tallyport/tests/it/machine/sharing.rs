//! Several programs on one file (M26): no write is lost, and one sync is at work at a time.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{assert_healthy, code, told};
use crate::support::{Bench, Mode};

const EACH: usize = 70;

#[test] // I11, L8
fn programs_that_write_at_once_lose_nothing() {
    let bench = Bench::new(Mode::Local);
    bench.imported();
    let (operations, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for writer in ["a", "b"] {
            let (bench, operations) = (&bench, &operations);
            scope.spawn(move || {
                for number in 0..EACH {
                    let added = bench.json(&["tasks", "add", &format!("{writer}-{number}-new")]);
                    let id = added["id"].to_string();
                    bench.done(&["tasks", "rename", &id, &format!("{writer}-{number}")]);
                    operations.fetch_add(2, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..EACH / 5 {
                    let ran = bench.run(&["toggl", "sync", "--json"]);
                    operations.fetch_add(1, Ordering::Relaxed);
                    if ran.code != 0 {
                        assert_eq!(code(&ran), "run_under_way", "{ran:?}");
                        refused.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let tree = bench.json(&["tasks", "tree"]);
    let mut native: Vec<&str> = tree.as_array().unwrap().iter().filter_map(|task| task["name"].as_str()).collect();
    native.retain(|name| name.starts_with("a-") || name.starts_with("b-"));
    native.sort_unstable();
    let mut expected: Vec<String> =
        ["a", "b"].iter().flat_map(|it| (0..EACH).map(move |number| format!("{it}-{number}"))).collect();
    expected.sort_unstable();
    assert_eq!(native, expected);
    let runs = bench.json(&["toggl", "history"]);
    let runs = runs.as_array().unwrap();
    assert!(runs.iter().all(|run| run["outcome"] == "succeeded"), "{runs:?}");
    // Each sync that was not refused is on record, and the one of the selection.
    let syncs = 2 * (EACH / 5) - refused.load(Ordering::Relaxed);
    assert!(runs.len() == syncs + 1 || runs.len() >= 50, "{} runs for {syncs} syncs", runs.len());
    assert_healthy(&bench, bench.database().as_ref());
    told("programs on one file, operations at once", operations.load(Ordering::Relaxed));
}
