//! What people decide for themselves (A6, E5).

use chrono::TimeDelta;
use http::Method;
use serde_json::json;
use tallyport_domain::MailKind;

use crate::door::{ANA, Ask, Door, LUKASZ, PASSWORD, ZOE};

#[tokio::test] // E5
async fn name_zone_and_week_are_ones_own_and_else_the_accounts() {
    let door = Door::new().await;
    let cookie = door.cookie(LUKASZ).await;
    let me = door.ask(Ask::get("/me").cookie(&cookie)).await.json();
    assert_eq!(
        me,
        json!({
            "id": 3, "email": LUKASZ, "name": "Łukasz", "role": "member", "active": true,
            "account": {"id": 1, "name": "Nordlicht"},
            "timezone": "Europe/Berlin", "own_timezone": false, "week_start": "monday", "own_week_start": false,
        })
    );
    let change = async |body| door.ask(Ask::patch("/me", body).by(&cookie)).await;
    let changed = change(json!({"name": "Łukasz W.", "timezone": "asia/tokyo", "week_start": "Sunday"})).await.json();
    assert_eq!(
        (&changed["name"], &changed["timezone"], &changed["week_start"]),
        (&json!("Łukasz W."), &json!("Asia/Tokyo"), &json!("sunday"))
    );
    assert_eq!((&changed["own_timezone"], &changed["own_week_start"]), (&json!(true), &json!(true)));
    assert_eq!(change(json!({})).await.json(), changed);
    let back = change(json!({"timezone": "", "week_start": " "})).await.json();
    assert_eq!(
        (&back["timezone"], &back["own_timezone"], &back["week_start"]),
        (&json!("Europe/Berlin"), &json!(false), &json!("monday"))
    );
    assert_eq!(back["name"], "Łukasz W.");
    for (body, code) in [
        (json!({"name": ""}), "invalid_name"),
        (json!({"timezone": "Mars/Olympus"}), "invalid_zone"),
        (json!({"week_start": "someday"}), "invalid_request"),
        (json!({"role": "administrator"}), "invalid_request"),
        (json!({"email": "x@x.example"}), "invalid_request"),
        (json!({"active": false}), "invalid_request"),
    ] {
        assert_eq!(change(body.clone()).await.outcome(), code, "{body}");
    }
    assert_eq!(door.ask(Ask::get("/me").cookie(&cookie)).await.json(), back);
}

#[tokio::test] // A6
async fn another_address_is_proven_by_a_link_that_is_sent_there() {
    let door = Door::mailing().await;
    let (cookie, zoes) = (door.cookie(LUKASZ).await, door.cookie(ZOE).await);
    let new = "lukasz@home.example";
    let ask = Ask::post("/me/email", json!({"email": new})).by(&cookie);
    assert_eq!(door.ask(ask).await.status, 202);
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, LUKASZ, "nothing changes before it is proven");
    let (kind, to, secret) = door.letter().await.unwrap();
    assert_eq!((kind, to.as_str()), (MailKind::Email, new));
    let confirm = |cookie: &str, secret: &str| Ask::post("/me/email/confirm", json!({"secret": secret})).by(cookie);
    assert_eq!(door.ask(confirm(&zoes, secret.reveal())).await.outcome(), "link_dead", "it is not Zoë's");
    assert_eq!(door.ask(confirm(&cookie, "tpr_x")).await.outcome(), "invalid_secret");
    assert_eq!(door.ask(confirm(&cookie, secret.reveal())).await.json()["email"], new);
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, new);
    assert_eq!(door.ask(confirm(&cookie, secret.reveal())).await.outcome(), "link_dead");
    assert_eq!(door.sign_in(new).await.status, 200);

    assert_eq!(door.ask(Ask::post("/me/email", json!({"email": "l@late.example"})).by(&cookie)).await.status, 202);
    let (_, _, secret) = door.letter().await.unwrap();
    door.clock.advance(TimeDelta::hours(24));
    assert_eq!(door.ask(confirm(&cookie, secret.reveal())).await.outcome(), "link_dead");
}

#[tokio::test] // A4, A6
async fn whether_somebody_has_the_address_already_is_not_told() {
    let door = Door::mailing().await;
    let cookie = door.cookie(LUKASZ).await;
    let ask = async |email: &str| door.ask(Ask::post("/me/email", json!({"email": email})).by(&cookie)).await;
    let (taken, free) = (ask(ANA).await, ask("free@home.example").await);
    assert_eq!((taken.status, &taken.text), (free.status, &free.text));
    let (_, to, secret) = door.letter().await.unwrap();
    assert_eq!(to, "free@home.example", "no mail goes to who has the address");
    assert!(door.letter().await.is_none());
    assert_eq!(door.vouched(1, &Method::PATCH, "/people/2", Some(json!({"email": "free@home.example"}))).await.status, 200);
    let late = Ask::post("/me/email/confirm", json!({"secret": secret.reveal()})).by(&cookie);
    assert_eq!(door.ask(late).await.outcome(), "email_taken", "who has proven the address may know");
}

#[tokio::test] // A6
async fn without_a_mail_server_an_administrator_sets_the_address() {
    let door = Door::new().await;
    let cookie = door.cookie(LUKASZ).await;
    let refused = door.ask(Ask::post("/me/email", json!({"email": "l@home.example"})).by(&cookie)).await;
    assert_eq!((refused.status, refused.outcome().as_str()), (409, "no_mail"));
    assert!(refused.json()["hint"].as_str().unwrap().contains("administrator"));
    assert_eq!(door.vouched(1, &Method::PATCH, "/people/3", Some(json!({"email": "l@home.example"}))).await.status, 200);
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, "l@home.example");
    let signed = door.ask(Ask::post("/session", json!({"email": "l@home.example", "password": PASSWORD}))).await;
    assert_eq!(signed.status, 200);
}
