//! Passwords that were forgotten or are changed (A4, A7).

use chrono::TimeDelta;
use http::Method;
use serde_json::json;
use tallyport_domain::MailKind;

use crate::door::{ANA, Ask, Door, JURGEN, PASSWORD, ZOE};

const NEW: &str = "another ship at sea";

fn confirm(secret: &str, password: &str) -> Ask {
    Ask::post("/password-reset/confirm", json!({"secret": secret, "password": password}))
}

async fn signs_in(door: &Door, email: &str, password: &str) -> bool {
    door.clock.advance(TimeDelta::minutes(2));
    door.ask(Ask::post("/session", json!({"email": email, "password": password}))).await.status == 200
}

/// The secret of the link that an administrator is given for this person.
async fn handed(door: &Door, person: i64) -> String {
    let made = door.vouched(1, &Method::POST, &format!("/people/{person}/reset-password"), None).await;
    assert_eq!((made.status, &made.json()["mailed"]), (200, &json!(false)), "{}", made.text);
    let link = made.json()["link"].as_str().unwrap().to_owned();
    link.strip_prefix("https://time.example.com/reset/").unwrap().to_owned()
}

#[tokio::test] // A7, N3
async fn without_a_mail_server_an_administrator_hands_the_link_over_and_it_works_once() {
    let door = Door::new().await;
    let cookie = door.cookie(ZOE).await;
    let secret = handed(&door, 2).await;
    assert!(secret.starts_with("tpr_"));
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, ZOE, "the link alone ends nothing");
    assert_eq!(door.ask(confirm(&secret, NEW)).await.status, 204);
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, "sign_in_required");
    assert!(!signs_in(&door, ZOE, PASSWORD).await);
    assert!(signs_in(&door, ZOE, NEW).await);
    assert_eq!(door.ask(confirm(&secret, "a third ship somewhere")).await.outcome(), "link_dead");
    assert!(signs_in(&door, ZOE, NEW).await);
}

#[tokio::test] // A7
async fn with_a_mail_server_the_link_is_mailed_and_exists_only_once_it_leaves() {
    let door = Door::mailing().await;
    let made = door.vouched(1, &Method::POST, "/people/2/reset-password", None).await;
    assert_eq!(made.json(), json!({"link": null, "mailed": true}));
    let (kind, to, secret) = door.letter().await.unwrap();
    assert_eq!((kind, to.as_str()), (MailKind::Reset, ZOE));
    assert_eq!(door.ask(confirm(secret.reveal(), NEW)).await.status, 204);
    assert!(signs_in(&door, ZOE, NEW).await);

    assert_eq!(door.ask(Ask::post("/password-reset", json!({"email": ZOE}))).await.status, 202);
    door.app.idle().await;
    let (_, to, secret) = door.letter().await.unwrap();
    assert_eq!(to, ZOE);
    assert_eq!(door.ask(confirm(secret.reveal(), PASSWORD)).await.status, 204);
    assert!(signs_in(&door, ZOE, PASSWORD).await);
}

#[tokio::test] // A7
async fn a_link_works_for_an_hour_until_another_takes_its_place_and_for_what_it_is_for() {
    let door = Door::new().await;
    let late = handed(&door, 2).await;
    door.clock.advance(TimeDelta::minutes(60));
    assert_eq!(door.ask(confirm(&late, NEW)).await.outcome(), "link_dead");
    let (first, second) = (handed(&door, 2).await, handed(&door, 2).await);
    assert_eq!(door.ask(confirm(&first, NEW)).await.outcome(), "link_dead");
    for wrong in ["", "tpr_", &second[..40], &second.replace("tpr_", "tpi_"), "https://time.example.com/reset/x"] {
        assert_eq!(door.ask(confirm(wrong, NEW)).await.outcome(), "invalid_secret", "{wrong}");
    }
    assert_eq!(door.ask(confirm(&second, "short")).await.outcome(), "invalid_password");
    assert_eq!(door.ask(confirm(&second, "Password123")).await.outcome(), "invalid_password");
    door.clock.advance(TimeDelta::minutes(59));
    assert_eq!(door.ask(confirm(&second, NEW)).await.status, 204, "what was refused used nothing up");
}

#[tokio::test] // A7
async fn of_two_who_use_a_link_at_once_one_succeeds() {
    let door = Door::new().await;
    let secret = handed(&door, 2).await;
    let (one, other) = tokio::join!(door.ask(confirm(&secret, NEW)), door.ask(confirm(&secret, "a third ship somewhere")));
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["204", "link_dead"]);
}

#[tokio::test] // A5, A7
async fn no_link_outlives_its_persons_deactivation_or_a_changed_password() {
    let door = Door::new().await;
    let secret = handed(&door, 2).await;
    assert_eq!(door.vouched(1, &Method::POST, "/people/2/deactivate", None).await.status, 200);
    assert_eq!(door.ask(confirm(&secret, NEW)).await.outcome(), "link_dead");
    assert_eq!(door.vouched(1, &Method::POST, "/people/2/reset-password", None).await.outcome(), "person_inactive");
    assert_eq!(door.vouched(1, &Method::POST, "/people/2/reactivate", None).await.status, 200);
    assert_eq!(door.ask(confirm(&secret, NEW)).await.outcome(), "link_dead");

    let secret = handed(&door, 2).await;
    let cookie = door.cookie(ZOE).await;
    let change = Ask::post("/me/password", json!({"current": PASSWORD, "new": NEW})).by(&cookie);
    assert_eq!(door.ask(change).await.status, 204);
    assert_eq!(door.ask(confirm(&secret, PASSWORD)).await.outcome(), "link_dead");
    assert_eq!(door.ask(Ask::post("/password-reset", json!({"email": JURGEN}))).await.status, 202);
}

#[tokio::test] // A4
async fn changing_ones_password_needs_the_current_one_and_ends_the_other_sessions() {
    let door = Door::new().await;
    let (desk, phone, zoes) = (door.cookie(ANA).await, door.cookie(ANA).await, door.cookie(ZOE).await);
    let (token, _) = door.token(1, "read").await;
    let change = |current: &str, new: &str| Ask::post("/me/password", json!({"current": current, "new": new})).by(&desk);
    assert_eq!(door.ask(change("not the password", NEW)).await.outcome(), "wrong_password");
    assert_eq!(door.ask(change(PASSWORD, "short")).await.outcome(), "invalid_password");
    assert_eq!(door.ask(change(PASSWORD, "iloveyou")).await.outcome(), "invalid_password");
    assert_eq!(door.who(|ask| ask.cookie(&phone)).await, ANA);
    assert_eq!(door.ask(change(PASSWORD, NEW)).await.status, 204);
    assert_eq!(door.who(|ask| ask.cookie(&phone)).await, "sign_in_required");
    assert_eq!(door.who(|ask| ask.cookie(&desk)).await, ANA);
    assert_eq!(door.who(|ask| ask.cookie(&zoes)).await, ZOE);
    assert_eq!(door.who(|ask| ask.bearer(&token)).await, ANA, "tokens are revoked one by one");
    assert!(signs_in(&door, ANA, NEW).await && !signs_in(&door, ANA, PASSWORD).await);
}

#[tokio::test] // A4
async fn who_has_a_session_cannot_guess_the_password_behind_it_fast() {
    let door = Door::new().await;
    let cookie = door.cookie(ANA).await;
    let mut outcomes = Vec::new();
    for _ in 0..6 {
        let change = Ask::post("/me/password", json!({"current": "not the password", "new": NEW})).by(&cookie);
        outcomes.push(door.ask(change).await.outcome());
    }
    assert_eq!(outcomes[3..], ["wrong_password", "too_many_tries", "too_many_tries"], "one try was the sign-in");
}
