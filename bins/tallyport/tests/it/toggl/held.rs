//! Syncs that need a yes (I12).

use serde_json::json;

use crate::support::{Bench, in_every_mode, snapshot};

in_every_mode!(
    a_sync_that_would_archive_much_is_held_and_says_what_it_would_do,
    a_held_sync_is_confirmed_or_rejected_or_had_its_yes_before,
    a_yes_for_overwriting_kept_tasks_is_asked_with_what_would_be_overwritten,
);

// I12
fn a_sync_that_would_archive_much_is_held_and_says_what_it_would_do(bench: &Bench) {
    let bench = Bench::with_much_to_archive(bench.mode());
    snapshot!(bench.run(&["toggl", "sync"]).told(), @r"
    exit 5
    --- stdout
    Held just now: it needs a yes · 5 requests · 232 left until [clock]
    It would change: 12 archived · 10 unchanged

    --- stderr
    error: the run is held: it would archive 12 of 22 active imported tasks
    hint: Look at it with `tallyport toggl history 2`; then `tallyport toggl confirm 2` or `reject 2`.
      Toggl / Studio / 1
      Toggl / Studio / 2
      Toggl / Studio / 3
      Toggl / Studio / 4
      Toggl / Studio / 5
      Toggl / Studio / 6
      Toggl / Studio / 7
      Toggl / Studio / 8
      Toggl / Studio / 9
      Toggl / Studio / 10
      Toggl / Studio / 11
      Toggl / Studio / 12
    ");
    let ran = bench.run(&["toggl", "sync", "--json"]);
    let run: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &run["outcome"], &run["archived"]), (5, &json!("held"), &json!(12)));
    assert_eq!(ran.error()["code"], "confirmation_needed");
    assert_eq!(ran.error()["details"].as_array().unwrap().len(), 12);
    assert_eq!(bench.json(&["tasks", "tree", "--archived"]), json!([]));
}

// I12
fn a_held_sync_is_confirmed_or_rejected_or_had_its_yes_before(bench: &Bench) {
    let bench = Bench::with_much_to_archive(bench.mode());
    assert_eq!(bench.run(&["toggl", "sync"]).code, 5);
    snapshot!(bench.run(&["toggl", "reject"]).told(), @r"
    exit 0
    --- stdout
    Rejected just now · 5 requests
    It would change: 12 archived · 10 unchanged
    ");
    snapshot!(bench.run(&["toggl", "confirm"]).told(), @r"
    exit 5
    --- stderr
    error: no sync is held
    hint: Look at what became of it: `tallyport toggl history`.
    ");
    snapshot!(bench.run(&["toggl", "confirm", "1"]).told(), @r"
    exit 5
    --- stderr
    error: run 1 is not held, it is succeeded
    hint: Look at what became of it: `tallyport toggl history`.
    ");
    assert_eq!(bench.run(&["toggl", "sync"]).code, 5);
    let run = bench.json(&["toggl", "confirm"]);
    assert_eq!((&run["outcome"], &run["trigger"], &run["archived"]), (&json!("succeeded"), &json!("confirmed"), &json!(12)));
    bench.simulator().change(|world| {
        for number in 1..=12 {
            world.restore_project(world.find_project(&number.to_string()).unwrap()).unwrap();
        }
    });
    bench.done(&["toggl", "sync"]);
    bench.simulator().change(|world| {
        for number in 1..=12 {
            world.delete_project(world.find_project(&number.to_string()).unwrap()).unwrap();
        }
    });
    assert_eq!(bench.json(&["toggl", "sync", "--yes"])["archived"], 12);
}

// I12, I16
fn a_yes_for_overwriting_kept_tasks_is_asked_with_what_would_be_overwritten(bench: &Bench) {
    bench.imported().done(&["toggl", "unlink", "--keep"]);
    bench.done(&["tasks", "rename", "Website", "Our site"]);
    bench.done(&["tasks", "move", "Internal", "--root"]);
    bench.done(&["tasks", "archive", "Design"]);
    let ran = bench.run_with(&["toggl", "re-enable", "--token-stdin", "--json"], &bench.token(), &[]);
    assert_eq!(ran.code, 5, "{ran:?}");
    let mut details: Vec<String> = serde_json::from_value(ran.error()["details"].clone()).unwrap();
    details.sort();
    let expected = [
        "Moved: Internal -> Toggl / Studio / Internal",
        "Renamed: Our site -> Website (Toggl / Studio / Café Ñandú / Website)",
        "Restored: Toggl / Studio / Café Ñandú / Website / Design",
    ];
    assert_eq!(details, expected);
}
