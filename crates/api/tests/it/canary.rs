//! The token is in no answer, in no shape.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::json;

use crate::bench::{Bench, Who};

#[tokio::test] // I2
async fn the_token_and_passwords_are_in_no_answer() {
    let bench = Bench::new().await;
    let token = bench.server.simulator().owner_token().unwrap();
    let password = "canary with a password";
    let mut answers = Vec::new();
    let mut send = async |method: Method, path: &str, body: String| {
        let answered = bench.send(Who::Administrator, &method, path, Some(body)).await;
        answers.push((format!("{method} {path}"), format!("{:?} {}", answered.headers, answered.text)));
    };
    let person = json!({"email": "n@x.example", "name": "N", "password": password}).to_string();
    send(Method::POST, "/people", person.clone()).await;
    send(Method::POST, "/people", person.replace("\"name\"", "\"nome\"")).await;
    send(Method::POST, "/people", json!({"email": "n@x.example", "name": "N", "password": [password]}).to_string()).await;
    let body = json!({"api_token": token}).to_string();
    for body in
        [format!("\"{token}\""), format!("{{\"{token}\":1}}"), json!({"api_token": [token]}).to_string(), body.clone(), body]
    {
        send(Method::PUT, "/integrations/toggl", body.clone()).await;
        send(Method::POST, "/integrations/toggl/re-enable", body).await;
    }
    send(Method::PUT, "/integrations/toggl/selection", json!({"all": true}).to_string()).await;
    for path in ["", "/workspaces", "/members", "/runs", "/runs/1", "/runs/2", "/runs/3/events", "/runs/3/changes"] {
        send(Method::GET, &format!("/integrations/toggl{path}"), String::new()).await;
    }
    send(Method::POST, "/integrations/toggl/preview", String::new()).await;
    for path in ["/tasks?state=all", "/people", "/people/1/access?effective=true", "/tasks/1/why"] {
        send(Method::GET, path, String::new()).await;
    }
    bench.server.simulator().change(|world| world.revoke_token(&token));
    send(Method::POST, "/integrations/toggl/runs", String::new()).await;
    send(Method::GET, "/integrations/toggl/runs/4/events", String::new()).await;
    send(Method::GET, "/integrations/toggl", String::new()).await;
    send(Method::POST, "/integrations/toggl/re-enable", json!({"api_token": token}).to_string()).await;

    let half: String = token.chars().take(20).collect();
    let basic = STANDARD.encode(format!("{token}:api_token"));
    assert!(answers.iter().any(|(_, answer)| answer.contains("token_rejected")), "the revoked token was tried");
    for (request, answer) in &answers {
        for canary in [half.as_str(), &STANDARD.encode(&token), &basic[..24], password] {
            assert!(!answer.contains(canary), "{request}: {answer}");
        }
    }
}
