//! Every route and every role (A2, I1): a route without a row fails.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use crate::bench::{Bench, Who};

/// What each role gets from a route: a status, or the code of a problem.
struct Row {
    method: Method,
    /// As the router has it.
    route: &'static str,
    /// With names in place of ids.
    path: &'static str,
    body: Value,
    administrator: &'static str,
    manager: &'static str,
    member: &'static str,
}

const ADMINS: [&str; 2] = ["administrator_required"; 2];
const MANAGERS: &str = "manager_required";

fn row(
    (method, route): (Method, &'static str),
    path: &'static str,
    body: Value,
    administrator: &'static str,
    [manager, member]: [&'static str; 2],
) -> Row {
    Row { method, route, path, body, administrator, manager, member }
}

#[rustfmt::skip]
fn table() -> Vec<Row> {
    let get = |route| (Method::GET, route);
    let post = |route| (Method::POST, route);
    let put = |route| (Method::PUT, route);
    let patch = |route| (Method::PATCH, route);
    let delete = |route| (Method::DELETE, route);
    let none = || Value::Null;
    let toggl = "/integrations/toggl";
    vec![
        row(get("/me"), "/me", none(), "200", ["200", "200"]),
        row(get("/people"), "/people", none(), "200", ["200", MANAGERS]),
        row(post("/people"), "/people", json!({"email": "n@x.example", "name": "N"}), "201", ADMINS),
        row(patch("/people/{id}"), "/people/OTHER", json!({"role": "manager"}), "200", ADMINS),
        row(post("/people/{id}/deactivate"), "/people/OTHER/deactivate", none(), "200", ADMINS),
        row(post("/people/{id}/reactivate"), "/people/OTHER/reactivate", none(), "200", ADMINS),
        row(get("/people/{id}/access"), "/people/OTHER/access", none(), "200", ["200", MANAGERS]),
        row(get("/people/{id}/access"), "/people/SELF/access", none(), "200", ["200", "200"]),

        row(get("/tasks"), "/tasks", none(), "200", ["200", "200"]),
        row(post("/tasks"), "/tasks", json!({"name": "New"}), "201", ["201", MANAGERS]),
        row(get("/tasks/{id}"), "/tasks/NATIVE", none(), "200", ["200", "200"]),
        row(patch("/tasks/{id}"), "/tasks/NATIVE", json!({"name": "New"}), "200", ["200", MANAGERS]),
        row(patch("/tasks/{id}"), "/tasks/NATIVE", json!({"parent": {"id": null}}), "200", ["200", MANAGERS]),
        row(delete("/tasks/{id}"), "/tasks/NATIVE", none(), "204", ["204", MANAGERS]),
        row(post("/tasks/{id}/archive"), "/tasks/NATIVE/archive", none(), "200", ["200", MANAGERS]),
        row(post("/tasks/{id}/restore"), "/tasks/NATIVE/restore", none(), "200", ["200", MANAGERS]),
        row(get("/tasks/{id}/why"), "/tasks/NATIVE/why", none(), "200", ["200", "200"]),

        // T3: whoever asks. P6: what is not to be seen is not found before anything else is said of it.
        row(patch("/tasks/{id}"), "/tasks/IMPORTED", json!({"name": "New"}), "imported_read_only", ["imported_read_only"; 2]),
        row(delete("/tasks/{id}"), "/tasks/IMPORTED", none(), "imported_read_only", ["imported_read_only"; 2]),
        row(get("/tasks/{id}"), "/tasks/HIDDEN", none(), "200", ["200", "not_found"]),
        row(patch("/tasks/{id}"), "/tasks/HIDDEN", json!({"name": "New"}), "200", ["200", "not_found"]),
        row(delete("/tasks/{id}"), "/tasks/HIDDEN", none(), "204", ["204", "not_found"]),
        row(get("/tasks/{id}/why"), "/tasks/HIDDEN/why", none(), "200", ["200", "not_found"]),
        row(get("/tasks/{id}/assignments"), "/tasks/HIDDEN/assignments", none(), "200", ["200", "not_found"]),

        row(get("/tasks/{id}/assignments"), "/tasks/NATIVE/assignments", none(), "200", ["200", MANAGERS]),
        row(post("/tasks/{id}/assignments"), "/tasks/NATIVE/assignments",
            json!({"assign": ["jurgen@elsewhere.example"]}), "200", ["200", MANAGERS]),
        row(put("/tasks/{id}/assignments/{person_id}"), "/tasks/NATIVE/assignments/OTHER", none(), "200", ["200", MANAGERS]),
        row(delete("/tasks/{id}/assignments/{person_id}"), "/tasks/NATIVE/assignments/MEMBER", none(), "200", ["200", MANAGERS]),

        row(get("/events"), "/events", none(), "200", ["200", "200"]),

        row(get(toggl), toggl, none(), "200", ["200", "200"]),
        row(put(toggl), toggl, json!({"api_token": "0123456789abcdef0123456789abcdef"}), "already_enabled", ADMINS),
        row(delete(toggl), "/integrations/toggl?imported=keep", none(), "200", ADMINS),
        row(post("/integrations/toggl/re-enable"), "/integrations/toggl/re-enable", json!({}), "202", ADMINS),
        row(get("/integrations/toggl/workspaces"), "/integrations/toggl/workspaces", none(), "200", ADMINS),
        row(put("/integrations/toggl/selection"), "/integrations/toggl/selection", json!({"all": true}), "202", ADMINS),
        row(post("/integrations/toggl/preview"), "/integrations/toggl/preview", none(), "200", ADMINS),
        row(get("/integrations/toggl/members"), "/integrations/toggl/members", none(), "200", ADMINS),
        row(put("/integrations/toggl/settings"), "/integrations/toggl/settings", json!({"schedule": "6h"}), "200", ADMINS),
        row(post("/integrations/toggl/adopt-assignments"), "/integrations/toggl/adopt-assignments", none(), "200", ADMINS),
        row(post("/integrations/toggl/cancel"), "/integrations/toggl/cancel", none(), "204", ADMINS),
        row(get("/integrations/toggl/runs"), "/integrations/toggl/runs", none(), "200", ADMINS),
        row(post("/integrations/toggl/runs"), "/integrations/toggl/runs", none(), "202", ADMINS),
        row(get("/integrations/toggl/runs/{id}"), "/integrations/toggl/runs/1", none(), "200", ADMINS),
        row(get("/integrations/toggl/runs/{id}/changes"), "/integrations/toggl/runs/1/changes", none(), "200", ADMINS),
        row(get("/integrations/toggl/runs/{id}/events"), "/integrations/toggl/runs/1/events", none(), "200", ADMINS),
        row(post("/integrations/toggl/runs/{id}/confirm"), "/integrations/toggl/runs/1/confirm", none(), "run_not_held", ADMINS),
        row(post("/integrations/toggl/runs/{id}/reject"), "/integrations/toggl/runs/1/reject", none(), "run_not_held", ADMINS),
    ]
}

#[test]
fn every_route_has_a_row() {
    let routed: BTreeSet<String> =
        tallyport_api::routes().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let rows: BTreeSet<String> = table().iter().map(|row| format!("{} {}", row.method, row.route)).collect();
    assert_eq!(routed, rows);
}

/// Sends each row's request to a bench of its own, since many of them change it.
async fn check(who: Who, expected: impl Fn(&Row) -> &'static str) {
    let mut wrong = Vec::new();
    for row in table() {
        let bench = Bench::imported().await;
        let native = bench.native("Native").await;
        let hidden = bench.native("Hidden").await;
        assert_eq!(bench.send(Who::Manager, &Method::PUT, &format!("/tasks/{native}/assignments/3"), None).await.status, 200);
        let itself = match who {
            Who::Administrator => "1",
            Who::Manager => "2",
            _ => "3",
        };
        let path = row.path.replace("NATIVE", &native.to_string()).replace("HIDDEN", &hidden.to_string());
        let path = path.replace("IMPORTED", "2").replace("OTHER", "4").replace("MEMBER", "3").replace("SELF", itself);
        let body = (!row.body.is_null()).then(|| row.body.to_string());
        let answered = bench.send(who, &row.method, &path, body).await;
        let (outcome, expected) = (answered.outcome(), expected(&row));
        if outcome != expected {
            wrong.push(format!("{} {path}: {outcome} instead of {expected}", row.method));
        }
    }
    assert!(wrong.is_empty(), "{who:?}: {wrong:#?}");
}

#[tokio::test] // A2, I1
async fn administrators() {
    check(Who::Administrator, |row| row.administrator).await;
}

#[tokio::test] // A2, I1, T2
async fn managers() {
    check(Who::Manager, |row| row.manager).await;
}

#[tokio::test] // A2, I1, P6
async fn members() {
    check(Who::Member, |row| row.member).await;
}

#[tokio::test] // A4
async fn nobody() {
    check(Who::Anonymous, |_| "sign_in_required").await;
}
