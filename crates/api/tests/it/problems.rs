//! Errors over the wire: problems, whatever went wrong.

use std::sync::Arc;

use http::{Method, Request, header};
use secrecy::SecretString;
use serde_json::json;
use tallyport_app::SourceFactory;
use tallyport_domain::{Source, SourceError};
use tallyport_simulator::{Server, Simulator, World};
use tower::ServiceExt as _;

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

#[tokio::test]
async fn the_part_of_the_router_for_a_path_answers_as_all_of_it() {
    let bench = Bench::new().await;
    let mut requests: Vec<_> = tallyport_api::routes().into_iter().map(|route| (route.method, route.path.to_owned())).collect();
    assert!(requests.len() > 80, "{}", requests.len());
    requests.extend(["/nothing", "", "/", "//timer", "/timer/", "/tasks/1/2/3"].map(|path| (Method::GET, path.to_owned())));
    requests.extend(["/timer", "/people", "/tasks/1"].map(|path| (Method::TRACE, path.to_owned())));
    for (method, path) in requests {
        let uri = format!("/api/v1{}", path.replace("{id}", "1"));
        // Nobody is signed in, so that each is told apart and none does anything.
        let request = || Request::builder().method(&method).uri(&uri).body(axum::body::Body::empty()).unwrap();
        let all = tallyport_api::router(bench.app.clone()).oneshot(request()).await.unwrap();
        let part = tallyport_api::router_for(bench.app.clone(), &uri).oneshot(request()).await.unwrap();
        assert_eq!(part.status(), all.status(), "{method} {uri}");
        assert_eq!(part.headers().get(header::ALLOW), all.headers().get(header::ALLOW), "{method} {uri}");
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
