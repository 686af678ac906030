//! Personal API tokens (A4).

use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::door::{ANA, Ask, Door, LUKASZ, ZOE};

#[tokio::test] // A4
async fn a_token_is_shown_once_listed_without_its_secret_and_revoked() {
    let door = Door::new().await;
    let cookie = door.cookie(ZOE).await;
    let made = door.ask(Ask::post("/tokens", json!({"name": "Phone", "scope": "track"})).by(&cookie)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let token = made.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(door.who(|ask| ask.bearer(&token)).await, ZOE);
    let listed = door.ask(Ask::get("/tokens").cookie(&cookie)).await;
    assert!(!listed.text.contains(&token[..12]), "{}", listed.text);
    let row = &listed.json()[0];
    assert_eq!(
        (&row["name"], &row["scope"], &row["expires_at"], &row["revoked_at"]),
        (&json!("Phone"), &json!("track"), &json!(null), &json!(null))
    );

    let id = made.json()["id"].as_i64().unwrap();
    let lukasz = door.cookie(LUKASZ).await;
    let revoke = |cookie: &str| Ask::delete(&format!("/tokens/{id}")).by(cookie);
    assert_eq!(door.ask(revoke(&lukasz)).await.outcome(), "not_found", "it is not his");
    assert_eq!(door.ask(revoke(&door.cookie(ANA).await)).await.outcome(), "not_found", "nor an administrator's");
    let revoked = door.ask(revoke(&cookie)).await;
    assert_eq!((revoked.status, revoked.json()["revoked_at"].is_string()), (200, true));
    assert_eq!(door.who(|ask| ask.bearer(&token)).await, "sign_in_required");
    assert_eq!(door.ask(revoke(&cookie)).await.json(), revoked.json(), "once more changes nothing");
}

#[tokio::test] // A4
async fn a_token_ends_when_its_days_are_over() {
    let door = Door::new().await;
    let made = door.vouched(1, &Method::POST, "/tokens", Some(json!({"name": "x", "scope": "read", "days": 7}))).await;
    let token = made.json()["token"].as_str().unwrap().to_owned();
    door.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    assert_eq!(door.who(|ask| ask.bearer(&token)).await, ANA);
    door.clock.advance(TimeDelta::seconds(1));
    assert_eq!(door.who(|ask| ask.bearer(&token)).await, "sign_in_required");
    assert_eq!(door.ask(Ask::get("/tokens").by(&door.cookie(ANA).await)).await.json()[0]["name"], "x");
}

#[tokio::test] // A4
async fn a_token_does_what_its_scope_holds_and_never_more_than_its_person_may() {
    let door = Door::new().await;
    let add = async |token: &str| door.ask(Ask::post("/tasks", json!({"name": "New"})).bearer(token)).await.outcome();
    for (scope, expected) in [("read", "scope_required"), ("track", "scope_required"), ("manage", "201"), ("admin", "201")] {
        assert_eq!(add(&door.token(1, scope).await.0).await, expected, "{scope}");
    }
    assert_eq!(add(&door.token(3, "admin").await.0).await, "manager_required");
    let (read, _) = door.token(1, "read").await;
    let refused = door.ask(Ask::post("/tasks", json!({"name": "New"})).bearer(&read)).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["title"], "this token may read, and this needs one that may manage");
}

#[tokio::test] // A4
async fn no_token_makes_one_that_may_more() {
    let door = Door::new().await;
    for scope in ["read", "track", "manage"] {
        let (token, _) = door.token(1, scope).await;
        let made = door.ask(Ask::post("/tokens", json!({"name": "x", "scope": "read"})).bearer(&token)).await;
        assert_eq!(made.outcome(), "scope_required", "{scope}");
    }
    let (token, _) = door.token(1, "admin").await;
    assert_eq!(door.ask(Ask::post("/tokens", json!({"name": "x", "scope": "admin"})).bearer(&token)).await.status, 201);
}

#[tokio::test] // A4
async fn what_is_no_token_of_ours_is_told_by_what_is_wrong_with_it() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    let hint = async |given: &str| {
        let refused = door.ask(Ask::get("/me").header("authorization", given)).await;
        assert_eq!((refused.status, refused.outcome().as_str()), (401, "sign_in_required"), "{given}");
        let text = refused.text.clone();
        assert!(given.len() < 12 || !text.contains(&given[given.len() - 12..]), "{text}");
        refused.json()["hint"].as_str().unwrap().to_owned()
    };
    assert!(hint("Bearer 0123456789abcdef0123456789abcdef").await.contains("not a Tallyport API token"));
    assert!(hint("Basic MDEyMzQ1Njc4OWFiY2RlZjphcGlfdG9rZW4=").await.contains("no bearer token"));
    assert!(hint(&format!("Bearer {}", token.replace("tpt_", "tpi_"))).await.contains("invitation"));
    assert!(hint(&format!("Bearer {} {}", &token[..20], &token[20..])).await.contains("mistyped"));
    assert!(hint(&format!("Bearer {}", &token[..40])).await.contains("cut off"));
    assert!(hint("Bearer").await.contains("no bearer token"));
    assert!(hint("").await.contains("no bearer token"));
    assert_eq!(
        door.who(|ask| ask.header("authorization", &format!("bearer   {token} "))).await,
        ANA,
        "blanks around it do no harm"
    );
    let stranger = "tpt_000000000000000000000000000000_";
    assert!(hint(&format!("Bearer {stranger}000000")).await.contains("mistyped"));
    assert_eq!(door.ask(Ask::get("/me")).await.json()["hint"], "Sign in first.");
}

#[tokio::test] // A4
async fn what_is_no_token_to_make_is_refused() {
    let door = Door::new().await;
    for (body, code) in [
        (json!({"name": " ", "scope": "read"}), "invalid_name"),
        (json!({"name": "x", "scope": "Read"}), "invalid_request"),
        (json!({"name": "x", "scope": "root"}), "invalid_request"),
        (json!({"name": "x", "scope": "read", "days": 0}), "invalid_request"),
        (json!({"name": "x", "scope": "read", "days": 3651}), "invalid_request"),
        (json!({"name": "x", "scope": "read", "days": -1}), "invalid_request"),
        (json!({"name": "x"}), "invalid_request"),
    ] {
        let refused = door.vouched(1, &Method::POST, "/tokens", Some(body.clone())).await;
        assert_eq!(refused.outcome(), code, "{body}");
    }
    assert_eq!(door.vouched(1, &Method::GET, "/tokens", None).await.text, "[]");
}
