//! How the account mirrors, and when (I4, I21).

use serde_json::json;

use crate::support::{Bench, in_every_mode, snapshot};

in_every_mode!(settings_are_saved_and_synced,);

fn settings_are_saved_and_synced(bench: &Bench) {
    bench.imported();
    let saved = bench.json(&["toggl", "settings", "--private-projects", "leave-out", "--schedule", "6h"]);
    assert_eq!(saved["settings"], json!({ "private_projects": "leave-out", "schedule": "6h" })); // I4, I21
    assert_eq!((&saved["last_run"]["trigger"], &saved["last_run"]["outcome"]), (&json!("saved"), &json!("succeeded")));
    assert_eq!(bench.json(&["toggl", "settings", "--schedule", "off"])["settings"]["schedule"], json!(null));
    assert_eq!(bench.json(&["toggl", "settings"])["settings"]["private_projects"], "leave-out");
    snapshot!(bench.run(&["toggl", "settings", "--schedule", "sometimes"]).told(), @r#"
    exit 2
    --- stderr
    error: "sometimes" is not a schedule: give minutes, hours or days from 15m to 7d, such as 30m or 6h, or off
    hint: Check the spelling: `tallyport help` lists commands and options.
    "#);
    snapshot!(bench.run(&["toggl", "settings", "--private-projects", "maybe"]).told(), @r"
    exit 2
    --- stderr
    error: --private-projects <PRIVATE_PROJECTS> takes one of keep, leave-out
    hint: `tallyport toggl settings --help` says what it takes.
    ");
}
