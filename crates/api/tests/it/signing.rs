//! Signing in and out, by cookie and by token.

use chrono::TimeDelta;
use http::{Method, header};
use serde_json::{Value, json};
use tallyport_domain::PersonId;

use crate::door::{ADA, ANA, Ask, Door, LUKASZ, PASSWORD, Standing, USUAL, ZOE, cookie_of};

#[tokio::test] // A4
async fn a_browser_signs_in_is_known_by_its_cookie_and_signs_out() {
    let door = Door::new().await;
    let signed = door.sign_in(" Ana@Nordlicht.example ").await;
    assert_eq!(signed.json()["account"], json!({"id": 1, "name": "Nordlicht"}));
    assert_eq!(signed.json()["person"]["email"], ANA);
    assert_eq!(signed.json().get("token"), None);
    let given = signed.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(given.starts_with("__Host-tallyport=tpc_"), "{given}");
    assert!(given.ends_with("; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure"), "{given}");
    let cookie = cookie_of(&signed);
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, ANA);
    assert_eq!(door.ask(Ask::get("/session").cookie(&cookie)).await.json()["person"]["email"], ANA);

    let out = door.ask(Ask::delete("/session").by(&cookie)).await;
    assert_eq!(out.status, 204);
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().starts_with("__Host-tallyport=; Path=/; Max-Age=0;"));
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, "sign_in_required");
    assert_eq!(door.ask(Ask::delete("/session").by(&cookie)).await.outcome(), "sign_in_required");
}

#[tokio::test] // A4
async fn on_this_machine_without_tls_the_cookie_has_another_name_and_is_not_bound_to_tls() {
    let door = Door::standing(Standing { site: "http://127.0.0.1:8080", ..USUAL }).await;
    let signed = door.sign_in(ANA).await;
    let given = signed.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(given.starts_with("tallyport=tpc_") && !given.contains("Secure"), "{given}");
    assert!(!signed.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    let cookie = cookie_of(&signed);
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, ANA);
    let other = cookie.replacen("tallyport", "__Host-tallyport", 1);
    assert_eq!(door.who(|ask| ask.cookie(&other)).await, "sign_in_required");
}

#[tokio::test] // A4
async fn signing_in_anew_ends_the_session_that_the_browser_had_whosever_it_was() {
    let door = Door::new().await;
    let first = door.cookie(ANA).await;
    let again = async |cookie: &str, email: &str| {
        let signed = door.ask(Ask::post("/session", json!({"email": email, "password": PASSWORD})).by(cookie)).await;
        assert_eq!(signed.status, 200, "{}", signed.text);
        cookie_of(&signed)
    };
    let second = again(&first, ANA).await;
    assert_ne!(first, second);
    assert_eq!(door.who(|ask| ask.cookie(&first)).await, "sign_in_required");
    let third = again(&second, ZOE).await;
    assert_eq!(door.who(|ask| ask.cookie(&second)).await, "sign_in_required");
    assert_eq!(door.who(|ask| ask.cookie(&third)).await, ZOE);
}

#[tokio::test] // A4
async fn one_sees_where_one_is_signed_in_and_ends_that_elsewhere() {
    let door = Door::new().await;
    let phone = Ask::post("/session", json!({"email": ANA, "password": PASSWORD})).header("user-agent", "Phone/1.0");
    let phone = cookie_of(&door.ask(phone).await);
    door.clock.advance(TimeDelta::minutes(1));
    let (desk, zoes) = (door.cookie(ANA).await, door.cookie(ZOE).await);
    let sessions = door.ask(Ask::get("/me/sessions").cookie(&desk)).await.json();
    let seen: Vec<(&str, bool)> = sessions
        .as_array()
        .unwrap()
        .iter()
        .map(|session| (session["client"].as_str().unwrap(), session["current"].as_bool().unwrap()))
        .collect();
    assert_eq!(seen, [("unknown", true), ("Phone/1.0", false)]);
    let id = &sessions[1]["id"];
    let end = |cookie: &str, id: &Value| Ask::delete(&format!("/me/sessions/{id}")).by(cookie);
    assert_eq!(door.ask(end(&zoes, id)).await.outcome(), "not_found", "it is not Zoë's");
    assert_eq!(door.who(|ask| ask.cookie(&phone)).await, ANA);
    assert_eq!(door.ask(end(&desk, id)).await.status, 204);
    assert_eq!(door.who(|ask| ask.cookie(&phone)).await, "sign_in_required");
    assert_eq!(door.who(|ask| ask.cookie(&desk)).await, ANA);
    assert_eq!(door.ask(end(&desk, id)).await.outcome(), "not_found");
}

#[tokio::test] // A4
async fn a_session_is_over_after_two_weeks_without_use_and_after_ninety_days_in_any_case() {
    let door = Door::new().await;
    let idle = door.cookie(ANA).await;
    door.clock.advance(TimeDelta::days(15));
    assert_eq!(door.who(|ask| ask.cookie(&idle)).await, "sign_in_required");
    let used = door.cookie(ANA).await;
    for _ in 0..9 {
        door.clock.advance(TimeDelta::days(10));
        // A use is noted after the answer, so the next one waits until it is.
        assert_eq!(door.who(|ask| ask.cookie(&used)).await, ANA);
        door.noted(&used).await;
    }
    door.clock.advance(TimeDelta::days(1));
    assert_eq!(door.who(|ask| ask.cookie(&used)).await, "sign_in_required");
}

#[tokio::test] // A4
async fn a_terminal_signs_in_for_a_token_which_signing_out_revokes() {
    let door = Door::new().await;
    let token = json!({"name": "laptop", "scope": "manage", "days": 30});
    let signed = door.ask(Ask::post("/session", json!({"email": ZOE, "password": PASSWORD, "token": token}))).await;
    assert_eq!(signed.status, 200, "{}", signed.text);
    assert!(!signed.headers.contains_key(header::SET_COOKIE));
    let token = signed.json()["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("tpt_"));
    assert_eq!(door.who(|ask| ask.bearer(&token)).await, ZOE);
    let listed = door.ask(Ask::get("/tokens").bearer(&token)).await.json();
    assert_eq!((&listed[0]["name"], &listed[0]["scope"]), (&json!("laptop"), &json!("manage")));
    assert_eq!(listed[0]["expires_at"], "2026-12-18T11:06:40.000Z");
    assert_eq!(door.ask(Ask::delete("/session").bearer(&token)).await.status, 204);
    assert_eq!(door.who(|ask| ask.bearer(&token)).await, "sign_in_required");

    for wrong in [
        json!({"name": "", "scope": "read"}),
        json!({"name": "x", "scope": "all"}),
        json!({"name": "x", "scope": "read", "days": 0}),
    ] {
        let refused = door.ask(Ask::post("/session", json!({"email": ZOE, "password": PASSWORD, "token": wrong}))).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
    }
}

#[tokio::test] // A4
async fn who_comes_with_a_token_is_not_looked_at_for_cookies() {
    let door = Door::new().await;
    let (cookie, (token, _)) = (door.cookie(ANA).await, door.token(2, "read").await);
    assert_eq!(door.who(|ask| ask.bearer(&token).cookie(&cookie)).await, ZOE);
    assert_eq!(door.who(|ask| ask.bearer("tpt_nonsense").cookie(&cookie)).await, "sign_in_required");
    assert_eq!(door.who(|ask| ask.header("authorization", "Basic eDp5").cookie(&cookie)).await, "sign_in_required");
    let session = cookie.split_once('=').unwrap().1;
    assert_eq!(door.who(|ask| ask.bearer(session)).await, "sign_in_required", "a session is no token");
    assert_eq!(
        door.who(|ask| ask.cookie(&format!("__Host-tallyport={token}"))).await,
        "sign_in_required",
        "nor the other way round"
    );
}

#[tokio::test] // A4
async fn where_there_are_several_accounts_one_is_named_whoever_asks() {
    let door = Door::standing(Standing { accounts: 2, ..USUAL }).await;
    let sign_in = async |email: &str, account: Option<&str>| {
        door.ask(Ask::post("/session", json!({"email": email, "password": PASSWORD, "account": account}))).await
    };
    for email in [ANA, ADA, "nobody@nordlicht.example"] {
        assert_eq!(sign_in(email, None).await.outcome(), "account_needed");
        assert_eq!(sign_in(email, Some(" ")).await.outcome(), "account_needed");
    }
    for named in ["Werft", " werft ", "2"] {
        let signed = sign_in(ADA, Some(named)).await;
        assert_eq!(signed.json()["account"], json!({"id": 2, "name": "Werft"}), "{named}");
    }
    door.clock.advance(TimeDelta::hours(1));
    for named in ["Nordlicht", "1", "Reederei", "3"] {
        assert_eq!(sign_in(ADA, Some(named)).await.outcome(), "sign_in_refused", "{named}");
    }
}

#[tokio::test] // A5
async fn who_is_deactivated_is_out_at_once_with_every_session_and_token() {
    let door = Door::new().await;
    let (cookie, (token, _)) = (door.cookie(LUKASZ).await, door.token(3, "admin").await);
    assert_eq!(door.vouched(1, &Method::POST, "/people/3/deactivate", None).await.status, 200);
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, "sign_in_required");
    assert_eq!(door.who(|ask| ask.bearer(&token)).await, "sign_in_required");
    assert_eq!(door.sign_in(LUKASZ).await.outcome(), "sign_in_refused");
    door.app
        .people
        .reactivate(&door.app.actor(tallyport_domain::AccountId(1), PersonId(1)).await.unwrap(), PersonId(3))
        .await
        .unwrap();
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, "sign_in_required", "what ended stays ended");
    assert_eq!(door.who(|ask| ask.bearer(&token)).await, "sign_in_required");
    assert_eq!(door.sign_in(LUKASZ).await.status, 200);
}

#[tokio::test] // A2
async fn a_role_counts_as_it_is_now_not_as_it_was_at_sign_in() {
    let door = Door::new().await;
    let cookie = door.cookie(ZOE).await;
    let people = async || door.ask(Ask::get("/people").cookie(&cookie)).await.outcome();
    assert_eq!(people().await, "200");
    assert_eq!(door.vouched(1, &Method::PATCH, "/people/2", Some(json!({"role": "member"}))).await.status, 200);
    assert_eq!(people().await, "manager_required");
}

#[tokio::test]
async fn every_answer_tells_browsers_to_keep_nothing_and_has_a_number() {
    let door = Door::new().await;
    for ask in [Ask::get("/setup"), Ask::get("/me"), Ask::get("/nothing"), Ask::new(&Method::PUT, "/me")] {
        let headers = door.ask(ask).await.headers;
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::REFERRER_POLICY], "same-origin");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000");
        assert_eq!(headers["x-request-id"].len(), 16);
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }
    assert_eq!(door.ask(Ask::get("/me")).await.headers[header::WWW_AUTHENTICATE], "Bearer realm=\"Tallyport\"");
}
