//! Linking to Toggl: enabling, unlinking, and linking again (I2, I15, I16, I17).

use serde_json::json;
use tallyport_simulator::{Fault, How};

use crate::support::{Bench, in_every_mode, snapshot};

in_every_mode!(
    enabling_checks_the_token_and_lists_workspaces,
    a_token_comes_from_a_file_or_the_environment,
    unlinking_archives_or_keeps_and_re_enabling_finds_everything_again,
    enabling_after_unlinking_syncs_and_ends_as_the_sync_does,
    a_missing_key_is_said_and_a_token_brings_everything_back,
);

fn enabling_checks_the_token_and_lists_workspaces(bench: &Bench) {
    snapshot!(bench.account().run(&["toggl", "status", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"state":"disabled","owner":null,"toggl_user":null,"selection":null,"last_run":null,"last_synced_at":null,"settings":null,"quota":null,"message":"Enable it with the API token of your Toggl Track profile."}
    "#);
    let ran = bench.run_with(&["toggl", "enable", "--token-stdin"], &bench.token(), &[]);
    snapshot!(ran.told(), @r"
    exit 0
    --- stdout
    Toggl: enabled
    Not synced yet
    No workspace is selected yet: `tallyport toggl select --all`, or the ids of
    some.
    Owner               Olga <ana.novakova@nordlicht.example>
    Token of            Ana Nováková <ana.novakova@nordlicht.example>
    Workspaces          none
    Private projects    mirrored like others
    Schedule            off

         id  workspace  mirrored
    7230581  Studio     no

    --- stderr
    Next: `tallyport toggl select --all`, or `tallyport toggl select ID...`
    "); // I2
    let ran = bench.run_with(&["toggl", "enable", "--token-stdin", "--json"], &bench.token(), &[]);
    snapshot!(ran.told(), @r#"
    exit 5
    --- stderr
    {"error":{"code":"already_enabled","hint":"To use another token or owner, re-enable it: `tallyport toggl re-enable`.","message":"the Toggl integration is enabled already"}}
    "#);
    snapshot!(bench.run(&["toggl", "workspaces", "--json"]).told(), @r#"
    exit 0
    --- stdout
    [{"external_id":"7230581","name":"Studio","selected":false,"visible":true}]
    "#);
}

fn a_token_comes_from_a_file_or_the_environment(bench: &Bench) {
    let file = bench.account().folder().join("token");
    std::fs::write(&file, [&bench.token(), "\n"].concat()).unwrap();
    let ran = bench.run(&["toggl", "enable", "--json", "--token-file", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.stdout.contains(&bench.token()));
    bench.done(&["toggl", "unlink", "--keep"]);
    let ran = bench.run_with(&["toggl", "re-enable", "--json"], "", &[("TOGGL_API_TOKEN", &bench.token())]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for text in [ran.stdout, ran.stderr] {
        assert!(!text.contains(&bench.token()));
    }
}

fn unlinking_archives_or_keeps_and_re_enabling_finds_everything_again(bench: &Bench) {
    bench.imported();
    snapshot!(bench.run(&["toggl", "unlink"]).told(), @r"
    exit 2
    --- stderr
    error: it is not said what becomes of the imported tasks
    hint: Give --archive, or --keep to make them tasks of your own.
    ");
    snapshot!(bench.run(&["toggl", "unlink", "--archive"]).told(), @r"
    exit 0
    --- stdout
    Toggl: unlinked
    Synced just now · 5 requests
    The token is destroyed here; revoke it in Toggl too if backups of the database
    may hold it. Re-enabling links again and finds the earlier tasks: `tallyport
    toggl re-enable`.
    Owner               Olga <ana.novakova@nordlicht.example>
    Workspaces          all, those of later included
    Private projects    mirrored like others
    Schedule            off
    Last run            1, after saving (Olga), [clock], took [time]
    Changed             5 created · 1 assigned · 1 unchanged
    "); // I15
    assert_eq!(bench.json(&["tasks", "tree"]), json!([]));
    snapshot!(bench.run(&["toggl", "sync"]).told(), @r"
    exit 5
    --- stderr
    error: the Toggl integration is unlinked
    hint: An administrator re-enables it with a token of their own: `tallyport toggl re-enable`.
    ");
    snapshot!(bench.run(&["toggl", "re-enable"]).told(), @r"
    exit 2
    --- stderr
    error: a Toggl API token is needed
    hint: Give the API token of a Toggl Track profile: on standard input (--token-stdin), in a file (--token-file) or in TOGGL_API_TOKEN.
    "); // I16
    let ran = bench.run_with(&["toggl", "re-enable", "--token-stdin"], &bench.token(), &[]);
    snapshot!(ran.told(), @r"
    exit 0
    --- stdout
    Synced just now · 5 requests · 232 left until [clock]
    5 restored · 1 assigned · 1 unchanged
    ");
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 6);
    assert_eq!(bench.json(&["toggl", "unlink", "--keep"])["state"], "unlinked");
    bench.done(&["tasks", "rename", "Internal", "Ours"]);
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 6);
}

fn enabling_after_unlinking_syncs_and_ends_as_the_sync_does(bench: &Bench) {
    bench.imported().done(&["toggl", "unlink", "--archive"]);
    bench.simulator().inject(Fault::on("/projects", How::status(500)));
    let enable = |more: &[&str]| bench.run_with(&[&["toggl", "enable", "--token-stdin"], more].concat(), &bench.token(), &[]);
    let ran = enable(&[]);
    assert_eq!(ran.code, 8, "{ran:?}");
    assert!(ran.stdout.contains("Failed just now") && ran.stderr.starts_with("error: "), "{ran:?}");
    bench.simulator().clear_faults();

    bench.done(&["toggl", "unlink", "--keep"]);
    bench.done(&["tasks", "rename", "Internal", "Ours"]);
    let ran = enable(&[]);
    assert_eq!(ran.code, 5, "{ran:?}"); // I12, I16
    assert!(ran.stderr.contains("Renamed: Ours -> Internal (Toggl / Studio / Internal)"), "{ran:?}");
    bench.done(&["toggl", "unlink", "--keep"]);
    let ran = enable(&["--yes", "--json"]);
    let enabled: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, &enabled["last_run"]["outcome"], &enabled["workspaces"][0]["selected"]),
        (0, &json!("succeeded"), &json!(true))
    );
    assert_eq!(bench.json(&["tasks", "show", "Internal"])["read_only"], true);
    assert_eq!(ran.stderr, "");
}

fn a_missing_key_is_said_and_a_token_brings_everything_back(bench: &Bench) {
    bench.imported();
    std::fs::remove_file([&bench.database(), ".key"].concat()).unwrap();
    let ran = bench.run(&["toggl", "sync", "--json"]);
    assert_eq!((ran.code, ran.error()["code"].as_str().unwrap()), (1, "key_missing"), "{ran:?}");
    assert_eq!(bench.json(&["toggl", "status"])["state"], "key_missing");
    let ran = bench.run_with(&["toggl", "re-enable", "--token-stdin", "--json"], &bench.token(), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(bench.json(&["toggl", "status"])["state"], "enabled");
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 6);
}
