//! The JSON of commands that other files only look into, whole, as scripts see it.

use crate::support::{Bench, FILTERS, in_every_mode};

in_every_mode!(every_command_prints_one_document_of_its_shape);

fn every_command_prints_one_document_of_its_shape(bench: &Bench) {
    bench.account();
    let mut told = String::new();
    let mut run = |arguments: &[&str]| {
        let json = [arguments, &["--json"]].concat();
        let ran = bench.run_with(&json, "", &[("TOGGL_API_TOKEN", &bench.token())]);
        told.push_str(&["$ ", &arguments.join(" "), "\n", &ran.told(), "\n"].concat());
    };
    run(&["toggl", "enable"]);
    run(&["toggl", "select", "--all"]);
    run(&["toggl", "settings", "--private-projects", "leave-out", "--schedule", "6h"]);
    run(&["toggl", "history"]);
    run(&["toggl", "history", "1"]);
    run(&["toggl", "members"]);
    run(&["people", "add", "bo@example.com", "--name", "Bo"]);
    run(&["people", "role", "bo@example.com", "manager"]);
    run(&["people", "email", "bo@example.com", "bea@example.com"]);
    run(&["people", "deactivate", "bea@example.com"]);
    run(&["people", "reactivate", "bea@example.com"]);
    run(&["people", "reset-password", "bea@example.com"]);
    run(&["whoami"]);
    run(&["me", "set", "--timezone", "Europe/Berlin", "--week-start", "sunday"]);
    run(&["tasks", "add", "Own"]);
    run(&["tasks", "rename", "Own", "Ours"]);
    run(&["tasks", "archive", "Ours"]);
    run(&["tasks", "restore", "Ours"]);
    run(&["tasks", "delete", "Ours"]);
    run(&["toggl", "confirm", "1"]);
    run(&["toggl", "reject", "1"]);
    run(&["toggl", "cancel"]);
    run(&["toggl", "adopt-assignments"]);
    run(&["toggl", "unlink", "--keep", "--yes"]);
    run(&["toggl", "re-enable"]);
    insta::with_settings!({ filters => FILTERS.to_vec() }, {
        insta::assert_snapshot!("json", told);
    });
}
