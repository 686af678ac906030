use serde_json::{Value, json};
use tallyport_simulator::Simulator;

use crate::support::{ask, ids, little, names, text};

fn order(simulator: &Simulator, orders: &Value) -> (u16, Value) {
    let answer = ask(simulator, "POST", "/control", &[], &orders.to_string());
    (answer.status, serde_json::from_str(&text(&answer)).unwrap())
}

#[test]
fn one_document_changes_the_world_moves_the_clock_and_orders_faults() {
    let little = little();
    let (status, answer) = order(
        &little.simulator,
        &json!({
            "advance_seconds": 60,
            "switches": { "empty_lists": "brackets", "projects_cap": 1 },
            "changes": [
                { "change": "rename_project", "id": little.project, "name": "Website 2027" },
                { "change": "add_client", "workspace": little.workspace, "name": "New" },
                { "change": "issue_token", "user": little.member },
            ],
            "faults": [
                { "on": "/tasks", "when": { "nth": 2 }, "how": { "status": { "status": 503 } } },
                { "on": "/users", "how": "null" },
            ],
            "consume": [{ "user": little.owner, "bucket": "user", "requests": 5 }],
        }),
    );
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["outcomes"][0], Value::Null);
    assert!(answer["outcomes"][1].is_i64() && answer["outcomes"][2].is_string());
    assert_eq!(answer["clock"], "2026-11-26T14:07:00Z");

    let projects = little.list("/projects?page=3");
    assert_eq!(names(&projects), ["Website 2027"]);
    assert_eq!(projects[0]["at"], "2026-11-26T14:07:00+00:00");
    assert!(ids(&little.list("/clients")).contains(&answer["outcomes"][1].as_i64().unwrap()));
    assert_eq!(little.list("/groups"), json!([]));
    assert_eq!(little.list("/users"), Value::Null);
    let tasks = format!("/workspaces/{}/tasks", little.workspace);
    assert_eq!([little.get(&tasks).status, little.get(&tasks).status, little.get(&tasks).status], [200, 503, 200]);
    assert_eq!(little.get("/me").header("X-Toggl-Quota-Remaining"), Some("24"));

    order(&little.simulator, &json!({ "clear_faults": true, "forget_requests": true }));
    assert!(little.list("/users").is_array());
    assert_eq!(little.simulator.requests().len(), 1);
}

#[test]
fn nonsense_is_refused_with_a_reason() {
    let little = little();
    for orders in [
        json!({ "chnages": [] }),
        json!({ "changes": [{ "change": "explode" }] }),
        json!({ "changes": [{ "change": "delete_task", "id": 1 }] }),
        json!({ "switches": { "no_such_switch": true } }),
        json!({ "faults": [{ "on": "/", "how": "magic" }] }),
    ] {
        let (status, answer) = order(&little.simulator, &orders);
        assert_eq!(status, 400, "{orders}");
        assert!(answer["error"].is_string());
    }
    assert_eq!(ask(&little.simulator, "DELETE", "/control", &[], "").status, 405);
    assert_eq!(ask(&little.simulator, "GET", "/control/elsewhere", &[], "").status, 404);
}

#[test]
fn the_log_and_the_state_can_be_read_and_are_no_requests_themselves() {
    let little = little();
    little.get("/me");
    let read = |path: &str| -> Value { serde_json::from_str(&text(&ask(&little.simulator, "GET", path, &[], ""))).unwrap() };
    let log = read("/control/requests");
    assert_eq!(log.as_array().unwrap().len(), 1);
    assert_eq!((&log[0]["path"], &log[0]["status"]), (&"/me".into(), &200.into()));
    let state = read("/control/state");
    assert_eq!((&state["requests"], &state["requests_that_write"]), (&1.into(), &0.into()));
    assert_eq!(state["workspaces"][0]["projects"].as_array().unwrap().len(), 3);
    assert!(!state.to_string().contains(&little.token));
}
