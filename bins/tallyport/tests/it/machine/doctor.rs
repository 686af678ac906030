//! `doctor` as people and scripts meet it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::bench;
use crate::support::{Bench, Mode, snapshot};

#[test]
fn a_sound_database_is_told_check_by_check() {
    let bench = Bench::new(Mode::Local);
    bench.imported();
    let told = bench.done(&["doctor"]);
    let checks: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("ok    ")).collect();
    assert_eq!(checks.len(), 15, "{told}");
    assert!(told.ends_with("All is well\n"), "{told}");
    let examined = bench.json(&["doctor"]);
    assert_eq!(examined["healthy"], true);
    let checks = examined["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 15);
    for check in checks {
        assert_eq!(check["state"], "ok", "{check}");
        assert!(check["check"].is_string() && check["message"].is_string() && check["hint"].is_null(), "{check}");
    }
}

#[test]
fn what_is_wrong_is_told_with_what_to_do_and_exits_1() {
    let bench = Bench::new(Mode::Local);
    bench.enabled();
    let key = bench.folder().join("tallyport.db.key");
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let ran = bench.run(&["doctor"]);
    assert_eq!(ran.code, 1);
    let end = ran.stdout.split_once("keys").unwrap().1.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        end,
        "the key file [folder]/tallyport.db.key can be read by others Let nobody but its owner read that file; \
         and think about who read it. Something is wrong"
    );
    fs::remove_file(&key).unwrap();
    let ran = bench.run(&["doctor", "--json"]);
    let examined: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, examined["healthy"].as_bool()), (1, Some(false)));
    let keys = examined["checks"].as_array().unwrap().iter().find(|check| check["check"] == "keys").unwrap();
    assert_eq!(keys["state"], "bad");
    assert_eq!(keys["message"], "the key that opens the Toggl token of Studio is missing");
    assert!(keys["hint"].as_str().unwrap().contains("re-enable"));
    let given = [("TALLYPORT_SECRET_KEY", "nonsense")];
    assert!(bench.run_with(&["doctor"], "", &given).stdout.contains("does not hold a key"));
}

#[test]
fn a_warning_alone_exits_0() {
    let bench = bench();
    fs::set_permissions(bench.database(), Permissions::from_mode(0o644)).unwrap();
    let ran = bench.run(&["doctor", "--json"]);
    let examined: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, examined["healthy"].as_bool()), (0, Some(true)));
    assert!(examined["checks"].as_array().unwrap().iter().any(|check| check["state"] == "warn"));
}

#[test]
fn a_database_that_is_not_there_is_said_and_not_made() {
    let bench = Bench::new(Mode::Local);
    let told = bench.run(&["doctor"]).told();
    let told = told.lines().filter(|line| !line.contains("engine")).collect::<Vec<_>>().join("\n");
    snapshot!(told, @r"
    exit 1
    --- stdout
    bad   file    [folder]/tallyport.db does not exist
                  Create an account (`tallyport account create`), restore a backup,
                  or give another path with --database.
    ok    keys    none is needed yet
    Something is wrong
    ");
    assert_eq!(fs::read_dir(bench.folder()).unwrap().count(), 0);
}
