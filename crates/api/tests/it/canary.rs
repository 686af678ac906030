//! The token is in no answer, in no shape.

use chrono::TimeDelta;
use http::Method;
use serde_json::json;
use tallyport_canaries::Search;

use crate::bench::{Bench, Who};
use crate::door::{ANA, Ask, Door, PASSWORD};

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

    assert!(answers.iter().any(|(_, answer)| answer.contains("token_rejected")), "the revoked token was tried");
    let mut search = Search::of([("the token", token.as_str()), ("the password", password)]);
    for (request, answer) in &answers {
        search.look(&format!("the answer to {request}: {answer}"), answer.as_bytes());
    }
    search.must_have_found_nothing();
}

#[tokio::test] // A3, A4, A7
async fn what_lets_somebody_in_is_in_no_answer_but_the_one_that_hands_it_out() {
    let door = Door::mailing().await;
    let new = "canary in a new cage";
    let cookie = door.cookie(ANA).await;
    let session = cookie.split_once('=').unwrap().1.to_owned();
    let (token, id) = door.token(1, "admin").await;
    assert_eq!(door.vouched(1, &Method::POST, "/people/2/reset-password", None).await.status, 200);
    let reset = door.letter().await.unwrap().2.reveal().to_owned();
    assert_eq!(door.ask(Ask::post("/me/email", json!({"email": "a@new.example"})).by(&cookie)).await.status, 202);
    let email = door.letter().await.unwrap().2.reveal().to_owned();

    let mut answers = Vec::new();
    let mut ask = async |ask: Ask| {
        let answered = door.ask(ask).await;
        answers.push(format!("{} {:?} {}", answered.status, answered.headers, answered.text));
    };
    // What is refused because it is the wrong thing in the wrong place, and what is listed.
    for secret in [&session, &token, &reset, &email] {
        for cut in [secret.as_str(), &secret[..38], &format!("{secret}x")] {
            ask(Ask::post("/password-reset/confirm", json!({"secret": cut, "password": "short"}))).await;
            ask(Ask::post("/me/email/confirm", json!({"secret": cut})).bearer(&token)).await;
            ask(Ask::post("/invitations/look", json!({"secret": cut})).from("192.0.2.3")).await;
            ask(Ask::post("/setup", json!({"code": cut, "account": "A", "email": ANA, "name": "A", "password": new}))).await;
            if cut != token {
                ask(Ask::get("/me").bearer(cut)).await;
            }
            ask(Ask::get("/me").cookie(&format!("__Host-tallyport={cut}"))).await;
            ask(Ask::delete("/me").cookie(&format!("__Host-tallyport={cut}"))).await;
            ask(Ask::post("/session", json!(cut))).await;
            ask(Ask::post("/session", json!({cut: 1}))).await;
            door.clock.advance(TimeDelta::minutes(10));
        }
    }
    for body in [
        json!({"email": ANA, "password": new}),
        json!({"email": ANA, "password": [new]}),
        json!({"email": ANA, "password": new, "token": {"name": "x", "scope": "none"}}),
        json!({new: ANA}),
    ] {
        ask(Ask::post("/session", body)).await;
    }
    for (current, next) in [(new, "short"), ("short", new), (PASSWORD, PASSWORD)] {
        ask(Ask::post("/me/password", json!({"current": current, "new": next})).by(&cookie)).await;
    }
    for path in ["/me", "/session", "/me/sessions", "/tokens", "/people", "/invitations", "/outbox", "/people/1", "/nothing"] {
        ask(Ask::get(path).bearer(&token)).await;
    }
    ask(Ask::delete(&format!("/tokens/{id}")).bearer(&token)).await;
    ask(Ask::get("/me").bearer(&token)).await;

    assert!(answers.iter().any(|answer| answer.starts_with("200")) && answers.iter().any(|answer| answer.starts_with("401")));
    let secrets = [("session", session.as_str()), ("token", &token), ("reset link", &reset), ("link for an email", &email)];
    let mut search = Search::of(secrets.into_iter().chain([("new password", new), ("password", PASSWORD)]));
    for answer in &answers {
        search.look(answer, answer.as_bytes());
    }
    search.must_have_found_nothing();
}
