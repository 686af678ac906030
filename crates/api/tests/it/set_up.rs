//! A fresh server and its first administrator (A3).

use serde_json::{Value, json};

use crate::door::{ANA, Ask, Door, PASSWORD, Standing, USUAL, cookie_of};

const FRESH: Standing = Standing { accounts: 0, ..USUAL };

fn new(code: &str) -> Value {
    json!({"code": code, "account": "Nordlicht", "email": ANA, "name": "Ana", "password": PASSWORD, "timezone": "Europe/Berlin"})
}

async fn code(door: &Door) -> String {
    door.app.set_ups.code().await.unwrap().unwrap().reveal().to_owned()
}

#[tokio::test] // A3
async fn the_printed_code_makes_the_first_administrator_and_then_the_door_is_shut() {
    let door = Door::standing(FRESH).await;
    assert_eq!(door.ask(Ask::get("/setup")).await.json(), json!({"needed": true}));
    let code = code(&door).await;
    assert!(code.starts_with("tps_"));
    assert_eq!(door.app.set_ups.code().await.unwrap().unwrap().reveal(), code, "one start prints one code");
    let made = door.ask(Ask::post("/setup", new(&code))).await;
    assert_eq!((made.status, &made.json()["person"]["role"]), (201, &json!("administrator")), "{}", made.text);
    let cookie = cookie_of(&made);
    assert_eq!(door.who(|ask| ask.cookie(&cookie)).await, ANA);
    assert_eq!(door.ask(Ask::get("/me").cookie(&cookie)).await.json()["timezone"], "Europe/Berlin");
    assert_eq!(door.ask(Ask::get("/setup")).await.json(), json!({"needed": false}));
    assert!(door.app.set_ups.code().await.unwrap().is_none());
    assert_eq!(door.ask(Ask::post("/setup", new(&code))).await.outcome(), "already_set_up");
    assert_eq!(door.sign_in(ANA).await.status, 200);
}

#[tokio::test] // A3
async fn another_code_or_what_is_none_makes_nobody_an_administrator() {
    let door = Door::standing(FRESH).await;
    let of_another_start = self::code(&Door::standing(FRESH).await).await;
    assert_eq!(
        door.ask(Ask::post("/setup", new(&of_another_start))).await.outcome(),
        "set_up_code_wrong",
        "none was printed here yet"
    );
    let code = code(&door).await;
    for (given, expected) in [
        (of_another_start.as_str(), "set_up_code_wrong"),
        ("", "invalid_secret"),
        (&code[..40], "invalid_secret"),
        (&code.replace("tps_", "tpt_"), "invalid_secret"),
    ] {
        assert_eq!(door.ask(Ask::post("/setup", new(given))).await.outcome(), expected, "{given}");
    }
    for (field, value, expected) in [
        ("account", "", "invalid_name"),
        ("email", "nobody", "invalid_email"),
        ("name", " ", "invalid_name"),
        ("password", "short", "invalid_password"),
        ("password", "password1", "invalid_password"),
    ] {
        let mut body = new(&code);
        body[field] = json!(value);
        assert_eq!(door.ask(Ask::post("/setup", body).from("192.0.2.2")).await.outcome(), expected, "{field}");
    }
    assert_eq!(door.ask(Ask::get("/setup")).await.json(), json!({"needed": true}));
    let blanks = format!("  {code}\n");
    assert_eq!(door.ask(Ask::post("/setup", new(&blanks)).from("192.0.2.2")).await.status, 201);
}

#[tokio::test] // A3
async fn of_two_who_set_up_at_once_one_succeeds() {
    let door = Door::standing(FRESH).await;
    let code = code(&door).await;
    let mut other = new(&code);
    other["email"] = json!("mallory@evil.example");
    let (one, other) = tokio::join!(door.ask(Ask::post("/setup", new(&code))), door.ask(Ask::post("/setup", other)));
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["201", "already_set_up"]);
    assert_eq!(door.store.accounts().await.unwrap().len(), 1);
}

#[tokio::test] // A3
async fn nobody_signs_in_to_a_server_that_is_not_set_up() {
    let door = Door::standing(FRESH).await;
    assert_eq!(door.sign_in(ANA).await.outcome(), "sign_in_refused");
    assert_eq!(door.ask(Ask::post("/password-reset", json!({"email": ANA}))).await.status, 202);
}
