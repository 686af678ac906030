//! Errors over the wire: problems, whatever went wrong.

use std::sync::Arc;

use http::{Method, Request, header};
use secrecy::SecretString;
use serde_json::json;
use tallyport_app::SourceFactory;
use tallyport_domain::{Source, SourceError};
use tallyport_simulator::{Server, Simulator, World};

use crate::bench::{Bench, Who};

#[tokio::test]
async fn a_problem_has_its_type_code_status_and_hint() {
    let bench = Bench::imported().await;
    let answered = bench.send(Who::Manager, &Method::DELETE, "/tasks/2", None).await;
    assert_eq!(answered.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(answered.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(
        answered.json(),
        json!({
            "type": "urn:tallyport:problem:imported_read_only",
            "code": "imported_read_only",
            "title": answered.json()["title"],
            "status": 403,
            "hint": "Ask an administrator to change it in Toggl and to sync.",
        })
    );
    assert_eq!(answered.status, 403);
}

#[tokio::test]
async fn paths_and_methods_that_are_none_are_problems_too() {
    let bench = Bench::new().await;
    for path in ["/nothing", "/tasks/", "/tasks/1/2/3", "/integrations/other"] {
        let answered = bench.get(Who::Administrator, path).await;
        assert_eq!((answered.status, answered.outcome().as_str()), (404, "no_such_route"), "{path}");
    }
    let outside = bench.request(Who::Administrator, Request::get("/").body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(outside.outcome(), "no_such_route");
    for (method, path) in [(Method::DELETE, "/people"), (Method::PUT, "/me"), (Method::POST, "/tasks/1")] {
        let answered = bench.send(Who::Administrator, &method, path, None).await;
        assert_eq!((answered.status, answered.outcome().as_str()), (405, "method_not_allowed"), "{method} {path}");
        assert_eq!(answered.headers[header::CONTENT_TYPE], "application/problem+json");
        assert!(answered.headers.contains_key(header::ALLOW), "{method} {path}");
    }
}

#[tokio::test] // I3
async fn what_needs_a_yes_says_what_it_would_do() {
    let bench = Bench::imported().await;
    let answered = bench.put(Who::Administrator, "/integrations/toggl/selection", &json!({"workspaces": []})).await;
    assert_eq!((answered.status, answered.outcome().as_str()), (409, "confirmation_needed"));
    let details = answered.json()["details"].as_array().unwrap().clone();
    assert!(details.iter().any(|line| line == "  Toggl / Labs"), "{details:?}");
}

struct Panicking;

impl SourceFactory for Panicking {
    fn source(&self, _: &SecretString) -> Result<Arc<dyn Source>, SourceError> {
        panic!("the secret reason")
    }
}

#[tokio::test]
async fn a_panic_is_an_answer_that_tells_nothing_of_it() {
    let server = Server::start(Simulator::new(World::nordlicht())).unwrap();
    let bench = Bench::over(server, Arc::new(Panicking)).await;
    let answered = bench.put(Who::Administrator, "/integrations/toggl", &json!({"api_token": "sesame"})).await;
    assert_eq!((answered.status, answered.outcome().as_str()), (500, "internal"));
    assert!(!answered.text.contains("secret reason"));
    assert_eq!(answered.json()["request"], answered.headers["x-request-id"].to_str().unwrap(), "under which the log says more");
    assert_eq!(bench.get(Who::Administrator, "/me").await.status, 200);
}
