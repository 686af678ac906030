//! Every route and whoever may ask (A2, A4, A5, I1): a route without a row fails.

use std::collections::BTreeSet;

use axum::body::Body;
use chrono::TimeDelta;
use http::{Method, Request, header};
use serde_json::{Value, json};
use tallyport_domain::{AccountId, Clock as _, PersonId, Scope, Secret, SecretKind};
use tallyport_storage::NewSession;
use tallyport_sync::system::{SystemClock, SystemRandom};

use crate::bench::{Answered, Bench, Who};

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
    /// The administrator of another account.
    stranger: &'static str,
}

const ADMINS: [&str; 2] = ["administrator_required"; 2];
const MANAGERS: &str = "manager_required";

fn row(
    (method, route): (Method, &'static str),
    path: &'static str,
    body: Value,
    administrator: &'static str,
    [manager, member]: [&'static str; 2],
    stranger: &'static str,
) -> Row {
    Row { method, route, path, body, administrator, manager, member, stranger }
}

/// The same for everybody who may ask.
fn all(route: (Method, &'static str), path: &'static str, body: Value, outcome: &'static str) -> Row {
    row(route, path, body, outcome, [outcome; 2], outcome)
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
    let password = "a ship in the harbour";
    vec![
        // Nobody has to be signed in for these.
        all(get("/setup"), "/setup", none(), "200"),
        all(post("/setup"), "/setup", json!({"code": "x", "account": "A", "email": "a@x.example", "name": "A", "password": password}), "already_set_up"),
        all(post("/session"), "/session", json!({"email": "a@x.example", "password": password}), "account_needed"),
        all(post("/session"), "/session", json!({"email": "a@x.example", "password": password, "account": "1"}), "sign_in_refused"),
        all(post("/password-reset"), "/password-reset", json!({"email": "a@x.example"}), "account_needed"),
        all(post("/password-reset"), "/password-reset", json!({"email": "a@x.example", "account": "1"}), "202"),
        all(post("/password-reset/confirm"), "/password-reset/confirm", json!({"secret": "x", "password": password}), "invalid_secret"),
        all(post("/invitations/look"), "/invitations/look", json!({"secret": "x"}), "invalid_secret"),
        all(post("/invitations/accept"), "/invitations/accept", json!({"secret": "x", "name": "A", "password": password}), "invalid_secret"),

        // Everybody about themselves.
        all(get("/session"), "/session", none(), "200"),
        all(delete("/session"), "/session", none(), "204"),
        all(get("/me"), "/me", none(), "200"),
        all(patch("/me"), "/me", json!({"name": "New"}), "200"),
        all(post("/me/password"), "/me/password", json!({"current": "nothing", "new": password}), "wrong_password"),
        all(post("/me/email"), "/me/email", json!({"email": "a@x.example"}), "no_mail"),
        all(post("/me/email/confirm"), "/me/email/confirm", json!({"secret": "x"}), "invalid_secret"),
        all(get("/me/sessions"), "/me/sessions", none(), "200"),
        all(delete("/me/sessions/{id}"), "/me/sessions/999", none(), "not_found"),
        all(get("/tokens"), "/tokens", none(), "200"),
        all(post("/tokens"), "/tokens", json!({"name": "x", "scope": "admin"}), "201"),
        all(delete("/tokens/{id}"), "/tokens/999", none(), "not_found"),
        all(get("/events"), "/events", none(), "200"),

        row(get("/people"), "/people", none(), "200", ["200", MANAGERS], "200"),
        row(post("/people"), "/people", json!({"email": "n@x.example", "name": "N"}), "201", ADMINS, "201"),
        row(get("/people/{id}"), "/people/OTHER", none(), "200", ["200", MANAGERS], "not_found"),
        row(get("/people/{id}"), "/people/SELF", none(), "200", ["200", "200"], "200"),
        row(patch("/people/{id}"), "/people/OTHER", json!({"role": "manager"}), "200", ADMINS, "not_found"),
        row(post("/people/{id}/deactivate"), "/people/OTHER/deactivate", none(), "200", ADMINS, "not_found"),
        row(post("/people/{id}/reactivate"), "/people/OTHER/reactivate", none(), "200", ADMINS, "not_found"),
        row(post("/people/{id}/reset-password"), "/people/OTHER/reset-password", none(), "200", ADMINS, "not_found"),
        row(get("/people/{id}/access"), "/people/OTHER/access", none(), "200", ["200", MANAGERS], "not_found"),
        row(get("/people/{id}/access"), "/people/SELF/access", none(), "200", ["200", "200"], "200"),

        row(get("/invitations"), "/invitations", none(), "200", ADMINS, "200"),
        row(post("/invitations"), "/invitations", json!({"emails": ["n@x.example"]}), "201", ADMINS, "201"),
        row(delete("/invitations/{id}"), "/invitations/INVITATION", none(), "200", ADMINS, "not_found"),
        row(post("/invitations/{id}/resend"), "/invitations/INVITATION/resend", none(), "200", ADMINS, "not_found"),
        row(get("/outbox"), "/outbox", none(), "200", ADMINS, "200"),

        row(get("/tasks"), "/tasks", none(), "200", ["200", "200"], "200"),
        row(post("/tasks"), "/tasks", json!({"name": "New"}), "201", ["201", MANAGERS], "201"),
        row(get("/tasks/{id}"), "/tasks/NATIVE", none(), "200", ["200", "200"], "not_found"),
        row(patch("/tasks/{id}"), "/tasks/NATIVE", json!({"name": "New"}), "200", ["200", MANAGERS], "not_found"),
        row(patch("/tasks/{id}"), "/tasks/NATIVE", json!({"parent": {"id": null}}), "200", ["200", MANAGERS], "not_found"),
        row(delete("/tasks/{id}"), "/tasks/NATIVE", none(), "204", ["204", MANAGERS], "not_found"),
        row(post("/tasks/{id}/archive"), "/tasks/NATIVE/archive", none(), "200", ["200", MANAGERS], "not_found"),
        row(post("/tasks/{id}/restore"), "/tasks/NATIVE/restore", none(), "200", ["200", MANAGERS], "not_found"),
        row(get("/tasks/{id}/why"), "/tasks/NATIVE/why", none(), "200", ["200", "200"], "not_found"),

        // T3: whoever asks. P6: what is not to be seen is not found before anything else is said of it.
        row(post("/tasks"), "/tasks", json!({"name": "New", "parent_id": 2}), "imported_read_only", ["imported_read_only"; 2], "not_found"),
        row(patch("/tasks/{id}"), "/tasks/IMPORTED", json!({"name": "New"}), "imported_read_only", ["imported_read_only"; 2], "not_found"),
        row(delete("/tasks/{id}"), "/tasks/IMPORTED", none(), "imported_read_only", ["imported_read_only"; 2], "not_found"),
        row(get("/tasks/{id}"), "/tasks/HIDDEN", none(), "200", ["200", "not_found"], "not_found"),
        row(patch("/tasks/{id}"), "/tasks/HIDDEN", json!({"name": "New"}), "200", ["200", "not_found"], "not_found"),
        row(delete("/tasks/{id}"), "/tasks/HIDDEN", none(), "204", ["204", "not_found"], "not_found"),
        row(get("/tasks/{id}/why"), "/tasks/HIDDEN/why", none(), "200", ["200", "not_found"], "not_found"),
        row(get("/tasks/{id}/assignments"), "/tasks/HIDDEN/assignments", none(), "200", ["200", "not_found"], "not_found"),

        row(get("/tasks/{id}/assignments"), "/tasks/NATIVE/assignments", none(), "200", ["200", MANAGERS], "not_found"),
        row(post("/tasks/{id}/assignments"), "/tasks/NATIVE/assignments",
            json!({"assign": ["jurgen@elsewhere.example"]}), "200", ["200", MANAGERS], "not_found"),
        row(put("/tasks/{id}/assignments/{person_id}"), "/tasks/NATIVE/assignments/OTHER", none(), "200", ["200", MANAGERS], "not_found"),
        row(delete("/tasks/{id}/assignments/{person_id}"), "/tasks/NATIVE/assignments/MEMBER", none(), "200", ["200", MANAGERS], "not_found"),

        // E3: everybody their own, who manages everybody's.
        all(get("/timer"), "/timer", none(), "200"),
        row(get("/timer"), "/timer?person=OTHER", none(), "200", ["200", MANAGERS], "not_found"),
        all(put("/timer"), "/timer", json!({}), "201"),
        row(delete("/timer"), "/timer?entry=ENTRY", none(), "200", ["200", "200"], "not_found"),
        row(delete("/timer"), "/timer?entry=ELSES", none(), "200", ["200", "not_found"], "not_found"),
        all(get("/entries"), "/entries", none(), "200"),
        row(get("/entries"), "/entries?person=OTHER", none(), "200", ["200", MANAGERS], "not_found"),
        all(post("/entries"), "/entries", json!({"start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00Z"}), "201"),
        row(post("/entries"), "/entries", json!({"person_id": 4, "start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00Z"}),
            "201", ["201", MANAGERS], "not_found"),
        row(get("/entries/{id}"), "/entries/ENTRY", none(), "200", ["200", "200"], "not_found"),
        row(get("/entries/{id}"), "/entries/ELSES", none(), "200", ["200", "not_found"], "not_found"),
        row(patch("/entries/{id}"), "/entries/ENTRY", json!({"note": "x"}), "200", ["200", "200"], "not_found"),
        row(patch("/entries/{id}"), "/entries/ELSES", json!({"note": "x"}), "200", ["200", "not_found"], "not_found"),
        row(delete("/entries/{id}"), "/entries/ENTRY", none(), "200", ["200", "200"], "not_found"),
        row(delete("/entries/{id}"), "/entries/ELSES", none(), "200", ["200", "not_found"], "not_found"),
        row(get("/entries/{id}/history"), "/entries/ENTRY/history", none(), "200", ["200", "200"], "not_found"),
        row(get("/entries/{id}/history"), "/entries/ELSES/history", none(), "200", ["200", "not_found"], "not_found"),
        all(get("/timer/last"), "/timer/last", none(), "200"),
        row(post("/entries/edit"), "/entries/edit", json!({"entries": [1], "change": {"note": "x"}}), "200", ["200", "200"], "not_found"),
        row(post("/entries/edit"), "/entries/edit", json!({"entries": [1, 2], "change": {"note": "x"}}), "200", ["200", "not_found"], "not_found"),
        row(post("/entries/delete"), "/entries/delete", json!({"entries": [1]}), "200", ["200", "200"], "not_found"),
        row(post("/entries/delete"), "/entries/delete", json!({"entries": [1, 2]}), "200", ["200", "not_found"], "not_found"),
        all(post("/entries/undo"), "/entries/undo", json!({"step": 999_999}), "not_found"),
        all(get("/timesheet"), "/timesheet", none(), "200"),
        row(get("/timesheet"), "/timesheet?person=OTHER", none(), "200", ["200", MANAGERS], "not_found"),
        all(put("/timesheet/cell"), "/timesheet/cell", json!({"date": "2026-11-20", "text": "1"}), "200"),
        row(put("/timesheet/cell"), "/timesheet/cell", json!({"person_id": 4, "date": "2026-11-20", "text": "1"}),
            "200", ["200", MANAGERS], "not_found"),
        all(get("/tags"), "/tags", none(), "200"),
        row(patch("/tags/{id}"), "/tags/1", json!({"name": "New"}), "200", ["200", MANAGERS], "not_found"),
        row(post("/tags/{id}/merge"), "/tags/1/merge", json!({"into": 1}), "200", ["200", MANAGERS], "not_found"),
        row(delete("/tags/{id}"), "/tags/1", none(), "204", ["204", MANAGERS], "not_found"),

        // E8: everybody their own, who manages everybody's.
        all(get("/reports"), "/reports", none(), "200"),
        row(get("/reports"), "/reports?person=OTHER", none(), "200", ["200", MANAGERS], "not_found"),
        row(get("/reports"), "/reports?person=SELF&by=person,day", none(), "200", ["200", "200"], "200"),
        all(get("/export"), "/export", none(), "200"),
        row(get("/export"), "/export?person=OTHER&format=json", none(), "200", ["200", MANAGERS], "not_found"),
        row(get("/export"), "/export?what=report&person=OTHER", none(), "200", ["200", MANAGERS], "not_found"),

        row(get(toggl), toggl, none(), "200", ["200", "200"], "200"),
        row(put(toggl), toggl, json!({"api_token": "0123456789abcdef0123456789abcdef"}), "already_enabled", ADMINS, "token_rejected"),
        row(delete(toggl), "/integrations/toggl?imported=keep", none(), "200", ADMINS, "not_enabled"),
        row(post("/integrations/toggl/re-enable"), "/integrations/toggl/re-enable", json!({}), "202", ADMINS, "not_enabled"),
        row(get("/integrations/toggl/workspaces"), "/integrations/toggl/workspaces", none(), "200", ADMINS, "not_enabled"),
        row(put("/integrations/toggl/selection"), "/integrations/toggl/selection", json!({"all": true}), "202", ADMINS, "not_enabled"),
        row(post("/integrations/toggl/preview"), "/integrations/toggl/preview", none(), "200", ADMINS, "not_enabled"),
        row(get("/integrations/toggl/members"), "/integrations/toggl/members", none(), "200", ADMINS, "200"),
        row(put("/integrations/toggl/settings"), "/integrations/toggl/settings", json!({"schedule": "6h"}), "200", ADMINS, "not_enabled"),
        row(post("/integrations/toggl/adopt-assignments"), "/integrations/toggl/adopt-assignments", none(), "200", ADMINS, "200"),
        row(post("/integrations/toggl/cancel"), "/integrations/toggl/cancel", none(), "204", ADMINS, "204"),
        row(get("/integrations/toggl/runs"), "/integrations/toggl/runs", none(), "200", ADMINS, "200"),
        row(post("/integrations/toggl/runs"), "/integrations/toggl/runs", none(), "202", ADMINS, "not_enabled"),
        row(get("/integrations/toggl/runs/{id}"), "/integrations/toggl/runs/1", none(), "200", ADMINS, "not_found"),
        row(get("/integrations/toggl/runs/{id}/changes"), "/integrations/toggl/runs/1/changes", none(), "200", ADMINS, "not_found"),
        row(get("/integrations/toggl/runs/{id}/events"), "/integrations/toggl/runs/1/events", none(), "200", ADMINS, "not_found"),
        row(post("/integrations/toggl/runs/{id}/confirm"), "/integrations/toggl/runs/1/confirm", none(), "run_not_held", ADMINS, "not_found"),
        row(post("/integrations/toggl/runs/{id}/reject"), "/integrations/toggl/runs/1/reject", none(), "run_not_held", ADMINS, "not_found"),
    ]
}

/// The scope that a row's route needs of a token; nothing where nobody has to be signed in.
fn needed(row: &Row) -> Option<Scope> {
    let routes = tallyport_api::routes();
    routes.iter().find(|route| (&route.method, route.path) == (&row.method, row.route)).unwrap().scope
}

#[test]
fn every_route_has_a_row() {
    let routed: BTreeSet<String> =
        tallyport_api::routes().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let rows: BTreeSet<String> = table().iter().map(|row| format!("{} {}", row.method, row.route)).collect();
    assert_eq!(routed, rows);
}

/// Who asks, and with what.
#[derive(Debug, Clone, Copy)]
enum Asking {
    /// Somebody for whom this process vouches, or nobody.
    Vouched(Who),
    /// An administrator, with a token.
    Token(Scope),
    /// An administrator, in a session.
    Session,
    /// An administrator, in a session that is over.
    Expired,
    /// Somebody who is deactivated, in a session from before.
    Deactivated,
    /// Somebody who is deactivated, with a token from before.
    DeactivatedToken,
    /// An administrator, with a token that was revoked.
    Revoked,
}

/// An account with a native task that the member has, one that they do not see, an entry of theirs and one of somebody else, an open
/// invitation, and somebody who asks.
struct Scene {
    bench: Bench,
    asking: Asking,
    native: i64,
    hidden: i64,
    invitation: i64,
    /// The member's, and the manager's.
    entries: [i64; 2],
    header: Option<(header::HeaderName, String)>,
}

impl Scene {
    async fn new(asking: Asking) -> Self {
        let bench = Bench::imported().await;
        let native = bench.native("Native").await;
        let hidden = bench.native("Hidden").await;
        assert_eq!(bench.send(Who::Manager, &Method::PUT, &format!("/tasks/{native}/assignments/3"), None).await.status, 200);
        let invited = bench.post(Who::Administrator, "/invitations", &json!({"emails": ["new@elsewhere.example"]})).await;
        let invitation = invited.json()[0]["id"].as_i64().unwrap();
        let entry = async |who: Who| {
            let times = json!({"start": "2026-11-20T08:00:00Z", "end": "2026-11-20T09:00:00Z", "tags": ["ui"]});
            bench.post(who, "/entries", &times).await.json()["id"].as_i64().unwrap()
        };
        let entries = [entry(Who::Member).await, entry(Who::Manager).await];
        let header = credential(&bench, asking).await;
        Self { bench, asking, native, hidden, invitation, entries, header }
    }

    async fn ask(&self, row: &Row) -> Answered {
        let itself = match self.asking {
            Asking::Vouched(Who::Manager) => "2",
            Asking::Vouched(Who::Member) => "3",
            _ => "1",
        };
        let path = row.path.replace("NATIVE", &self.native.to_string()).replace("HIDDEN", &self.hidden.to_string());
        let path = path.replace("INVITATION", &self.invitation.to_string());
        let path = path.replace("ENTRY", &self.entries[0].to_string()).replace("ELSES", &self.entries[1].to_string());
        let path = path.replace("IMPORTED", "2").replace("OTHER", "4").replace("MEMBER", "3").replace("SELF", itself);
        let mut request = Request::builder().method(&row.method).uri(format!("/api/v1{path}"));
        request = request.header("sec-fetch-site", "same-origin");
        if let Some((name, value)) = &self.header {
            request = request.header(name, value);
        }
        let request = if row.body.is_null() {
            request.body(Body::empty())
        } else {
            request.header(header::CONTENT_TYPE, "application/json").body(Body::from(row.body.to_string()))
        };
        let who = if let Asking::Vouched(who) = self.asking { who } else { Who::Anonymous };
        self.bench.request(who, request.unwrap()).await
    }
}

/// What the one who asks comes with.
async fn credential(bench: &Bench, asking: Asking) -> Option<(header::HeaderName, String)> {
    let token = async |who: Who, scope: Scope| {
        let made = bench.post(who, "/tokens", &json!({"name": "x", "scope": scope.as_str()})).await;
        (made.json()["id"].as_i64().unwrap(), format!("Bearer {}", made.json()["token"].as_str().unwrap()))
    };
    let session = async |person: i64, ago: TimeDelta| {
        let secret = Secret::generate(SecretKind::Session, &SystemRandom);
        let new = NewSession { hash: secret.hash(), client: "a test".to_owned(), ends: None, now: SystemClock.now() - ago };
        bench.store.begin_session(AccountId(1), PersonId(person), &new).await.unwrap();
        (header::COOKIE, format!("__Host-tallyport={}", secret.reveal()))
    };
    let deactivate = async |person: i64| {
        let gone = bench.send(Who::Administrator, &Method::POST, &format!("/people/{person}/deactivate"), None).await;
        assert_eq!(gone.status, 200);
    };
    match asking {
        Asking::Vouched(_) => None,
        Asking::Token(scope) => Some((header::AUTHORIZATION, token(Who::Administrator, scope).await.1)),
        Asking::Session => Some(session(1, TimeDelta::zero()).await),
        Asking::Expired => Some(session(1, TimeDelta::days(15)).await),
        Asking::Deactivated => {
            let session = session(3, TimeDelta::zero()).await;
            deactivate(3).await;
            Some(session)
        }
        Asking::DeactivatedToken => {
            let (_, token) = token(Who::Member, Scope::Admin).await;
            deactivate(3).await;
            Some((header::AUTHORIZATION, token))
        }
        Asking::Revoked => {
            let (id, token) = token(Who::Administrator, Scope::Admin).await;
            assert_eq!(bench.send(Who::Administrator, &Method::DELETE, &format!("/tokens/{id}"), None).await.status, 200);
            Some((header::AUTHORIZATION, token))
        }
    }
}

/// Sends each row's request; after one that may have changed something the next goes to another account.
async fn check(asking: Asking, expected: impl Fn(&Row) -> &'static str) {
    let mut wrong = Vec::new();
    let mut scene = Scene::new(asking).await;
    for row in table() {
        let (outcome, expected) = (scene.ask(&row).await.outcome(), expected(&row));
        if outcome != expected {
            wrong.push(format!("{} {}: {outcome} instead of {expected}", row.method, row.path));
        }
        if outcome.starts_with('2') && row.method != Method::GET {
            scene = Scene::new(asking).await;
        }
    }
    assert!(wrong.is_empty(), "{asking:?}: {wrong:#?}");
}

/// What somebody gets who comes with nothing that works.
fn to_nobody(row: &Row) -> &'static str {
    if needed(row).is_none() { row.administrator } else { "sign_in_required" }
}

/// What an administrator gets with a token of this scope.
fn to_token(row: &Row, scope: Scope) -> &'static str {
    if needed(row).is_some_and(|needed| scope < needed) { "scope_required" } else { row.administrator }
}

#[tokio::test] // A2, I1
async fn administrators() {
    check(Asking::Vouched(Who::Administrator), |row| row.administrator).await;
}

#[tokio::test] // A2, A4
async fn administrators_in_a_session() {
    check(Asking::Session, |row| row.administrator).await;
}

#[tokio::test] // A2, I1, T2
async fn managers() {
    check(Asking::Vouched(Who::Manager), |row| row.manager).await;
}

#[tokio::test] // A2, I1, P6
async fn members() {
    check(Asking::Vouched(Who::Member), |row| row.member).await;
}

#[tokio::test] // A1
async fn administrators_of_another_account() {
    check(Asking::Vouched(Who::Stranger), |row| row.stranger).await;
}

#[tokio::test] // A4
async fn nobody() {
    check(Asking::Vouched(Who::Anonymous), to_nobody).await;
}

#[tokio::test] // A4
async fn whose_session_is_over_or_whose_token_was_revoked() {
    check(Asking::Expired, to_nobody).await;
    check(Asking::Revoked, to_nobody).await;
}

#[tokio::test] // A5
async fn who_is_deactivated() {
    check(Asking::Deactivated, to_nobody).await;
    check(Asking::DeactivatedToken, to_nobody).await;
}

#[tokio::test] // A4
async fn tokens_that_read() {
    check(Asking::Token(Scope::Read), |row| to_token(row, Scope::Read)).await;
}

#[tokio::test] // A4
async fn tokens_that_track() {
    check(Asking::Token(Scope::Track), |row| to_token(row, Scope::Track)).await;
}

#[tokio::test] // A4
async fn tokens_that_manage() {
    check(Asking::Token(Scope::Manage), |row| to_token(row, Scope::Manage)).await;
}

#[tokio::test] // A4
async fn tokens_of_administrators() {
    check(Asking::Token(Scope::Admin), |row| to_token(row, Scope::Admin)).await;
}
