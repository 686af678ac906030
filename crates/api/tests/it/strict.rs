//! Requests that cannot be understood are refused, each with what is wrong with it.

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::bench::{Bench, Who};

/// Every route, with `id` where its ids go.
fn routes(id: &str) -> Vec<(Method, String, bool)> {
    let routes = tallyport_api::routes().into_iter();
    routes
        .map(|route| {
            let path = route.path.replace("{id}", id).replace("{person_id}", id);
            (route.method, path, route.path.contains('{'))
        })
        .collect()
}

/// A body that each route would take, so that only the path is wrong.
fn body_of(method: &Method, path: &str) -> Value {
    match (method.as_str(), path.rsplit('/').next().unwrap_or_default()) {
        ("PATCH", _) if path.starts_with("/people") => json!({"role": "member"}),
        ("PATCH", _) if path.starts_with("/entries") => json!({"note": "New"}),
        ("PATCH", _) => json!({"name": "New"}),
        ("POST", "merge") => json!({"into": 1}),
        ("POST", "assignments") => json!({"assign": ["zoe.lefevre@nordlicht.example"]}),
        _ => json!({}),
    }
}

#[tokio::test]
async fn what_is_no_id_is_an_invalid_request_and_what_nobody_has_is_not_found() {
    let bench = Bench::imported().await;
    for (nonsense, expected) in [
        ("one", "invalid_request"),
        ("-1", "invalid_request"),
        ("1.0", "invalid_request"),
        ("%00", "invalid_request"),
        ("%FF", "invalid_request"),
        ("1%20", "invalid_request"),
        ("0", "not_found"),
        ("987654", "not_found"),
        ("99999999999999999999999999", "not_found"),
    ] {
        for (method, path, has_id) in routes(nonsense) {
            if has_id {
                let body = body_of(&method, &path).to_string();
                let answered = bench.send(Who::Administrator, &method, &path, Some(body)).await;
                assert_eq!(answered.outcome(), expected, "{method} {path}: {}", answered.text);
            }
        }
    }
}

#[tokio::test] // A1
async fn what_is_another_accounts_reads_as_what_nobody_has() {
    let bench = Bench::imported().await;
    for (method, path, has_id) in routes("2") {
        if !has_id {
            continue;
        }
        let body = body_of(&method, &path).to_string();
        let foreign = bench.send(Who::Stranger, &method, &path, Some(body.clone())).await;
        let absent = bench.send(Who::Stranger, &method, &path.replace('2', "987654"), Some(body)).await;
        assert_eq!((foreign.status, &foreign.text), (404, &absent.text), "{method} {path}");
        assert_eq!(foreign.but_its_number(), absent.but_its_number());
    }
    let tree = bench.get(Who::Stranger, "/tasks?state=all").await;
    assert_eq!(tree.text, "[]");
}

#[tokio::test]
async fn fields_that_nobody_knows_are_refused() {
    let bench = Bench::imported().await;
    for (method, path) in [
        (Method::POST, "/people"),
        (Method::PATCH, "/people/3"),
        (Method::POST, "/people/3/deactivate"),
        (Method::POST, "/tasks"),
        (Method::PATCH, "/tasks/2"),
        (Method::POST, "/tasks/2/assignments"),
        (Method::PUT, "/integrations/toggl"),
        (Method::POST, "/integrations/toggl/re-enable"),
        (Method::PUT, "/integrations/toggl/selection"),
        (Method::POST, "/integrations/toggl/preview"),
        (Method::PUT, "/integrations/toggl/settings"),
        (Method::POST, "/integrations/toggl/runs"),
        (Method::POST, "/integrations/toggl/runs/1/confirm"),
        (Method::PUT, "/timer"),
        (Method::POST, "/entries"),
        (Method::POST, "/entries/edit"),
        (Method::POST, "/entries/delete"),
        (Method::POST, "/entries/undo"),
        (Method::PUT, "/timesheet/cell"),
    ] {
        for body in [r#"{"role":"member","surprise":true}"#, r#"{"surprise":true}"#, "[]", "7", "\"x\"", "{", "\u{1}", "[[[["] {
            let answered = bench.send(Who::Administrator, &method, path, Some(body.to_owned())).await;
            assert_eq!(answered.outcome(), "invalid_request", "{method} {path} {body}: {}", answered.text);
        }
    }
    for path in
        ["/tasks?surprise=1", "/tasks?state=gone", "/tasks?limit=-1", "/tasks?limit=0", "/integrations/toggl/runs?limit=0"]
    {
        assert_eq!(bench.get(Who::Administrator, path).await.outcome(), "invalid_request", "{path}");
    }
    for path in ["/integrations/toggl", "/integrations/toggl?imported=sell", "/integrations/toggl?imported=keep&imported=archive"]
    {
        let answered = bench.send(Who::Administrator, &Method::DELETE, path, None).await;
        assert_eq!(answered.outcome(), "invalid_request", "{path}");
    }
}

#[tokio::test]
async fn a_change_says_one_thing() {
    let bench = Bench::imported().await;
    let native = bench.native("Native").await;
    let send = async |method: Method, path: String, body: Value| {
        bench.send(Who::Administrator, &method, &path, Some(body.to_string())).await.outcome()
    };
    for body in [json!({}), json!({"name": "New", "parent": {"id": null}})] {
        assert_eq!(send(Method::PATCH, format!("/tasks/{native}"), body).await, "invalid_request");
    }
    for body in [json!({}), json!({"role": "member", "email": "x@x.example"})] {
        assert_eq!(send(Method::PATCH, "/people/3".to_owned(), body).await, "invalid_request");
    }
    for body in [json!({}), json!({"assign": ["a@x.example"], "unassign": ["b@x.example"]}), json!({"assign": []})] {
        assert_eq!(send(Method::POST, format!("/tasks/{native}/assignments"), body).await, "invalid_request");
    }
    for body in [json!({}), json!({"all": true, "workspaces": ["1"]}), json!({"all": false})] {
        assert_eq!(send(Method::PUT, "/integrations/toggl/selection".to_owned(), body).await, "invalid_request");
    }
}

#[tokio::test]
async fn a_body_is_json_and_not_too_large() {
    let bench = Bench::new().await;
    let post = async |kind: Option<&str>, body: String| {
        let mut request = Request::post("/api/v1/tasks").body(Body::from(body)).unwrap();
        if let Some(kind) = kind {
            request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        }
        bench.request(Who::Administrator, request).await.outcome()
    };
    let body = || json!({"name": "New"}).to_string();
    assert_eq!(post(Some("application/json; charset=utf-8"), body()).await, "201");
    for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonx")] {
        assert_eq!(post(kind, body()).await, "invalid_request", "{kind:?}");
    }
    let large = json!({"name": "x".repeat(1 << 20)}).to_string();
    assert_eq!(post(Some("application/json"), large).await, "body_too_large");
    let long = json!({"name": "x".repeat(5000)}).to_string();
    assert_eq!(post(Some("application/json"), long).await, "invalid_name");
}
