//! What is logged, and what never is.

use crate::support::{Bench, JSON, OLGA, ask};

#[test] // S4
fn a_request_is_logged_by_its_route_and_nothing_that_opens_anything() {
    let bench = Bench::new();
    let mut server = bench.start_with(&["--log-level", "debug"]);
    let token = server.set_up();
    let bearer = format!("Authorization: Bearer {token}");
    ask(server.address, "GET /api/v1/tasks/4711?token=canary-query", &[&bearer], "");
    ask(server.address, "GET /canary-path/tpi_canary", &[&bearer, "Cookie: canary=cookie"], "");
    ask(server.address, "POST /api/v1/session", &[JSON], r#"{"email":"canary@example.com","password":"canary-password"}"#);
    let answered = |server: &mut crate::support::Running| server.event("answered");
    let mut routes = Vec::new();
    while routes.last().map(String::as_str) != Some("none 404") {
        let event = answered(&mut server);
        assert!(event["span"]["id"].is_string() && event["milliseconds"].is_u64(), "{event}");
        routes.push(format!("{} {}", event["route"].as_str().unwrap(), event["status"]));
    }
    assert!(
        routes.contains(&"/api/v1/tasks/{id} 400".to_owned()) || routes.contains(&"/api/v1/tasks/{id} 404".to_owned()),
        "{routes:?}"
    );
    let lines = server.stop();
    let log = lines.iter().filter(|line| line.starts_with('{')).cloned().collect::<String>();
    for canary in ["canary", OLGA.0, OLGA.1, &token, "tps_"] {
        assert!(!log.contains(canary), "{canary} is in the log");
    }
}

#[test]
fn logs_are_lines_for_people_or_objects_for_programs() {
    let server = Bench::new().start();
    server.get("/api/v1/setup");
    let lines = server.stop();
    let events: Vec<serde_json::Value> = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(events.len() >= 4, "{lines:#?}");
    assert!(events.iter().all(|event| event["timestamp"].is_string() && event["level"].is_string()), "{events:#?}");
}
