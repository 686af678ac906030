//! Nobody learns whether an address is known, and nobody guesses fast (A4).

use chrono::TimeDelta;
use http::header;
use serde_json::{Value, json};

use crate::bench::Answered;
use crate::door::{ANA, Ask, Door, JURGEN, KIM, PASSWORD, ZOE};

fn sign_in(email: &str, password: &str) -> Ask {
    Ask::post("/session", json!({"email": email, "password": password}))
}

#[tokio::test] // A4
async fn unknown_deactivated_and_wrong_are_answered_alike_with_the_same_work() {
    let door = Door::new().await;
    let mut answers = Vec::new();
    for (email, password) in [
        ("nobody@nordlicht.example", PASSWORD),
        (JURGEN, PASSWORD),
        (KIM, PASSWORD),
        (ANA, "not the password"),
        (JURGEN, "not the password"),
        (ANA, ""),
        ("nobody@nordlicht.example", ""),
        (ANA, &PASSWORD.to_uppercase()),
    ] {
        let before = door.app.passwords_hashed();
        let answered = door.ask(sign_in(email, password)).await;
        assert_eq!(door.app.passwords_hashed() - before, 1, "{email}: as much is hashed for one as for the other");
        answers.push(answered);
    }
    assert_eq!((answers[0].status, answers[0].outcome().as_str()), (401, "sign_in_refused"));
    for answer in &answers {
        assert_eq!(answer.but_its_number(), answers[0].but_its_number());
    }
    let before = door.app.passwords_hashed();
    assert_eq!(door.ask(sign_in(ANA, PASSWORD)).await.status, 200);
    assert_eq!(door.app.passwords_hashed() - before, 1);
}

#[tokio::test] // A4, A7
async fn whoever_asks_for_a_reset_hears_the_same_and_only_who_is_there_gets_a_mail() {
    for door in [Door::new().await, Door::mailing().await] {
        let mut answers = Vec::new();
        for email in [ANA, "nobody@nordlicht.example", JURGEN, KIM] {
            answers.push(door.ask(Ask::post("/password-reset", json!({"email": email}))).await);
        }
        assert_eq!(answers[0].status, 202);
        for answer in &answers {
            assert_eq!(answer.but_its_number(), answers[0].but_its_number());
        }
        door.app.idle().await;
        let mut mailed = Vec::new();
        while let Some((_, to, _)) = door.letter().await {
            mailed.push(to);
        }
        mailed.sort();
        let expected: &[&str] = if door.app.sends_mail() { &[ANA, KIM] } else { &[] };
        assert_eq!(mailed, expected);
    }
}

#[tokio::test] // A4
async fn guessing_is_slowed_down_and_whoever_waits_gets_in() {
    let door = Door::new().await;
    for _ in 0..5 {
        assert_eq!(door.ask(sign_in(ANA, "not the password")).await.outcome(), "sign_in_refused");
    }
    let before = door.app.passwords_hashed();
    let slowed = door.ask(sign_in("ANA@nordlicht.example", PASSWORD)).await;
    assert_eq!((slowed.status, slowed.outcome().as_str()), (429, "too_many_tries"));
    let wait: i64 = slowed.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    assert_eq!(door.app.passwords_hashed(), before, "what is refused costs no work");
    assert_eq!(door.ask(sign_in(ZOE, PASSWORD)).await.status, 200, "a colleague at the same address");
    assert_eq!(door.ask(sign_in(ANA, PASSWORD).from("198.51.100.7")).await.status, 200, "herself from elsewhere");
    door.clock.advance(TimeDelta::seconds(wait));
    assert_eq!(door.ask(sign_in(ANA, PASSWORD)).await.status, 200);
}

#[tokio::test] // A4
async fn an_address_that_is_not_known_is_slowed_down_like_one_that_is() {
    let door = Door::new().await;
    let tries = async |email: &str| {
        let mut outcomes = Vec::new();
        for _ in 0..8 {
            outcomes.push(door.ask(sign_in(email, "not the password")).await);
        }
        outcomes
    };
    let (known, unknown) = (tries(ANA).await, tries("nobody@nordlicht.example").await);
    for (one, other) in known.iter().zip(&unknown) {
        assert_eq!(one.but_its_number(), other.but_its_number());
    }
    assert_eq!(known[7].status, 429);
}

#[tokio::test] // A4
async fn headers_that_lie_about_the_address_change_nothing() {
    let door = Door::new().await;
    let lying = |n: u32| {
        let address = format!("198.51.100.{n}");
        let ask = sign_in(ANA, "not the password").header("x-forwarded-for", &address).header("x-real-ip", &address);
        ask.header("forwarded", &format!("for={address}")).header("host", "evil.example")
    };
    for n in 0..5 {
        assert_eq!(door.ask(lying(n)).await.outcome(), "sign_in_refused");
    }
    assert_eq!(door.ask(lying(5)).await.outcome(), "too_many_tries");
    // Behind a proxy that is believed it is the last address that counts, not what the client wrote before it.
    let behind = |n: u32, client: &str| {
        let line = format!("203.0.113.{n}, {client}");
        sign_in(ZOE, "not the password").from("127.0.0.1").through("127.0.0.1").header("x-forwarded-for", &line)
    };
    for n in 0..5 {
        assert_eq!(door.ask(behind(n, "198.51.100.1")).await.outcome(), "sign_in_refused");
    }
    assert_eq!(door.ask(behind(5, "198.51.100.1")).await.outcome(), "too_many_tries");
    assert_eq!(door.ask(behind(5, "198.51.100.2")).await.outcome(), "sign_in_refused");
}

#[tokio::test] // A4
async fn links_codes_and_tokens_are_slowed_down_too_and_who_has_one_that_works_is_not() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    let outcomes = async |ask: &dyn Fn() -> Ask, tries: usize| {
        let mut outcomes = Vec::new();
        for _ in 0..tries {
            outcomes.push(door.ask(ask()).await.outcome());
        }
        outcomes
    };
    let reset = || Ask::post("/password-reset/confirm", json!({"secret": "tpr_guess", "password": PASSWORD}));
    let tried = outcomes(&reset, 11).await;
    assert!(tried[..10].iter().all(|outcome| outcome == "invalid_secret") && tried[10] == "too_many_tries", "{tried:?}");
    let set_up = || Ask::post("/setup", json!({"code": "x", "account": "A", "email": ANA, "name": "A", "password": PASSWORD}));
    assert_eq!(outcomes(&set_up, 1).await, ["too_many_tries"]);
    let tried = outcomes(&|| Ask::get("/me").bearer("tpt_guess").from("192.0.2.9"), 61).await;
    assert!(tried[..60].iter().all(|outcome| outcome == "sign_in_required") && tried[60] == "too_many_tries", "{tried:?}");
    assert_eq!(outcomes(&|| Ask::get("/me").cookie("__Host-tallyport=tpc_guess").from("192.0.2.9"), 1).await, ["too_many_tries"]);
    assert_eq!(outcomes(&|| Ask::get("/me").bearer(&token).from("192.0.2.9"), 100).await, vec!["200"; 100]);
    let mail = || Ask::post("/password-reset", json!({"email": ANA})).from("192.0.2.10");
    assert_eq!(outcomes(&mail, 4).await, ["202", "202", "202", "too_many_tries"]);
}

#[tokio::test] // A4
async fn of_many_who_sign_in_at_once_some_wait_and_the_others_are_told_to_come_again() {
    let door = std::sync::Arc::new(Door::new().await);
    let mut all = tokio::task::JoinSet::new();
    for n in 0..200_u8 {
        let door = door.clone();
        all.spawn(async move {
            let ask = sign_in(&format!("p{n}@nordlicht.example"), PASSWORD).from(&format!("198.51.100.{n}"));
            door.ask(ask).await
        });
    }
    let answers = all.join_all().await;
    let refused = answers.iter().filter(|answered| answered.outcome() == "sign_in_refused").count();
    let shed: Vec<&Answered> = answers.iter().filter(|answered| answered.status == 503).collect();
    assert_eq!(refused + shed.len(), 200);
    assert!(refused >= 34, "{refused}");
    for answered in shed {
        assert_eq!((answered.outcome().as_str(), &answered.headers[header::RETRY_AFTER]), ("overloaded", &"1".parse().unwrap()));
    }
    assert_eq!(door.sign_in(ANA).await.status, 200);
}

#[tokio::test] // A4
async fn what_is_no_sign_in_is_told_without_what_was_sent() {
    let door = Door::new().await;
    for body in [
        json!({"email": "sesame", "password": "sesame open"}),
        json!({"email": ANA, "password": ["sesame"]}),
        json!({"email": ANA, "password": "x", "sesame": 1}),
        Value::from("sesame"),
    ] {
        let refused = door.ask(Ask::post("/session", body)).await;
        assert_eq!(refused.status, 400);
        assert!(!refused.text.contains("sesame open") && !refused.text.contains("[\"sesame"), "{}", refused.text);
    }
}
