//! The demonstration.

use serde_json::Value;

use crate::support::{Bench, ask};

#[test]
fn a_demonstration_says_how_to_sign_in_and_has_everything_imported() {
    let bench = Bench::new();
    let arguments = ["--demo", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--log-format", "json"];
    let mut command = bench.command(&arguments);
    command.env_remove("TALLYPORT_DATABASE");
    let server = bench.running(command);
    let told = server.seen().join("\n");
    let password = told.lines().find_map(|line| line.strip_prefix("and the password ")).unwrap().trim_end_matches(':').to_owned();
    let people: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("    ")?.split("  ").next()).collect();
    assert_eq!(people.len(), 4, "{told}");
    assert!(told.contains(&format!("Open http://{}", server.address)));
    assert!(!told.contains("tps_"), "it is set up already");
    let mut trees = people.iter().map(|person| {
        let token = server.sign_in((person, &password));
        let tree = ask(server.address, "GET /api/v1/tasks", &[&format!("Authorization: Bearer {token}")], "");
        assert_eq!(tree.status, 200);
        tree.body.matches("\"trackable\"").count()
    });
    let owner = trees.next().unwrap();
    assert!(owner > 20, "{owner}");
    assert!(trees.all(|tree| tree > 0), "everybody has something");
    server.stop();
    let left: Vec<_> = std::fs::read_dir(bench.path("")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_demonstration_in_a_database_of_its_own_is_there_again_and_touches_no_other() {
    let bench = Bench::new();
    bench.start_with(&["--demo"]).stop();
    let again = bench.start_with(&["--demo"]);
    let token = again.sign_in(("ana.novakova@nordlicht.example", "nordlicht-demo"));
    let status = ask(again.address, "GET /api/v1/integrations/toggl", &[&format!("Authorization: Bearer {token}")], "");
    let status: Value = status.json();
    assert_eq!(status["state"], "enabled", "{status}");
    again.stop();

    let real = Bench::new();
    let server = real.start();
    server.set_up();
    server.stop();
    let ran = real.run(&["--demo", "--listen", "127.0.0.1:0"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("no demonstration's"), "{}", ran.stderr);
}
