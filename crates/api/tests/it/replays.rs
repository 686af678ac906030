//! Requests that come twice count once (E7).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};

use crate::bench::Answered;
use crate::door::{Ask, Door, PASSWORD};
use crate::{runs_replayed, sheets, timers_replayed};

/// What can be asked for with a key, and where it shows how often that was done.
fn changes() -> [(&'static str, Value, &'static str); 5] {
    [
        ("/people", json!({"email": "n@x.example", "name": "N", "password": PASSWORD}), "/people"),
        ("/people", json!([{"email": "n@x.example", "name": "N"}, {"email": "m@x.example", "name": "M"}]), "/people"),
        ("/tasks", json!({"name": "New"}), "/tasks"),
        ("/tokens", json!({"name": "Phone", "scope": "read"}), "/tokens"),
        ("/invitations", json!({"emails": ["i@x.example"]}), "/invitations"),
    ]
}

/// Every route that takes a key.
fn keyed_routes() -> BTreeSet<String> {
    let document = tallyport_api::openapi();
    let mut keyed = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let takes_key = |parameter: &Value| parameter["name"] == "Idempotency-Key";
            if operation["parameters"].as_array().into_iter().flatten().any(takes_key) {
                keyed.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    keyed
}

#[test] // E7
fn every_route_that_takes_a_key_is_asked_twice_in_some_test() {
    let runs = runs_replayed::ALL.map(|asking| asking.route().to_owned());
    let asked = changes().map(|(path, ..)| format!("POST {path}")).into_iter().chain(runs);
    let asked = asked.chain(timers_replayed::ALL.map(str::to_owned));
    let asked: BTreeSet<String> = asked.chain([sheets::FILL.to_owned()]).collect();
    assert_eq!(asked, keyed_routes());
}

/// Routes that change something and take no key, and why asking twice does no more than asking once.
const REPEATABLE: [(&str, &[&str]); 7] = [
    (
        "nobody is known yet whose key it could be: a link, a code or an empty server serves once, and a sign-in makes another session",
        &[
            "POST /setup",
            "POST /session",
            "POST /invitations/accept",
            "POST /invitations/look",
            "POST /password-reset",
            "POST /password-reset/confirm",
        ],
    ),
    ("a link serves once", &["POST /me/email/confirm"]),
    (
        "another link takes the place of the one before, so that one works",
        &["POST /me/email", "POST /people/{id}/reset-password", "POST /invitations/{id}/resend"],
    ),
    (
        "it stands already",
        &[
            "POST /me/password",
            "POST /people/{id}/deactivate",
            "POST /people/{id}/reactivate",
            "POST /tasks/{id}/archive",
            "POST /tasks/{id}/restore",
            "POST /tasks/{id}/assignments",
            "PUT /tasks/{id}/assignments/{person_id}",
            "POST /integrations/toggl/adopt-assignments",
            "POST /entries/edit",
            "POST /tags/{id}/merge",
        ],
    ),
    ("what is gone or taken back is not there to be so again", &["POST /entries/delete", "POST /entries/undo"]),
    ("it ends something, which ends once", &["POST /integrations/toggl/cancel", "POST /integrations/toggl/runs/{id}/reject"]),
    ("it changes nothing", &["POST /integrations/toggl/preview"]),
];

#[test] // E7
fn whatever_makes_something_takes_a_key() {
    let makes = |method: &Method| [Method::POST, Method::PUT].contains(method);
    let routes = tallyport_api::routes().into_iter().filter(|route| makes(&route.method));
    let routes: BTreeSet<String> = routes.map(|route| format!("{} {}", route.method, route.path)).collect();
    let repeatable: BTreeSet<String> =
        REPEATABLE.iter().flat_map(|(_, routes)| *routes).map(|route| (*route).to_owned()).collect();
    let keyed = keyed_routes();
    assert_eq!(keyed.intersection(&repeatable).collect::<Vec<_>>(), Vec::<&String>::new(), "it takes a key");
    // What stops a timer takes one too, and makes nothing.
    let known: BTreeSet<String> = keyed.union(&repeatable).filter(|route| !route.starts_with("DELETE")).cloned().collect();
    assert_eq!(routes, known, "a route that makes something takes an Idempotency-Key; say of another one why it need not");
}

fn keyed(token: &str, key: &str, path: &str, body: &Value) -> Ask {
    Ask::post(path, body.clone()).bearer(token).header("idempotency-key", key)
}

async fn count(door: &Door, path: &str) -> usize {
    door.vouched(1, &Method::GET, path, None).await.json().as_array().unwrap().len()
}

fn is_replayed(answered: &Answered) -> bool {
    answered.headers.get("idempotent-replayed").is_some_and(|value| value == "true")
}

#[tokio::test] // E7
async fn a_replay_gets_the_same_answer_and_changes_nothing_after_a_restart_too() {
    for (path, body, shown) in changes() {
        let door = Door::new().await;
        let (token, _) = door.token(1, "admin").await;
        let before = count(&door, shown).await;
        let first = door.ask(keyed(&token, "k", path, &body)).await;
        assert_eq!((first.status, is_replayed(&first)), (201, false), "{path}: {}", first.text);
        let after = count(&door, shown).await;
        assert!(after > before, "{path}");
        let beside = door.beside();
        for router in [&door.router, &beside] {
            let again = Door::ask_of(router, keyed(&token, "k", path, &body)).await;
            assert_eq!((again.status, is_replayed(&again)), (201, true), "{path}: {}", again.text);
            assert_eq!((&again.text, &again.headers["content-type"]), (&first.text, &first.headers["content-type"]));
        }
        assert_eq!(count(&door, shown).await, after, "{path}");
    }
}

#[tokio::test] // E7
async fn two_at_once_with_one_key_have_one_effect_and_one_answer() {
    for (path, body, shown) in changes() {
        let door = Door::new().await;
        let (token, _) = door.token(1, "admin").await;
        let before = count(&door, shown).await;
        let ask = || door.ask(keyed(&token, "k", path, &body));
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        let made = if body.is_array() { 2 } else { 1 };
        assert_eq!(count(&door, shown).await, before + made, "{path}");
        for answered in [&one, &two, &three] {
            assert_eq!((answered.status, &answered.text), (201, &one.text), "{path}");
        }
        assert_eq!([&one, &two, &three].into_iter().filter(|answered| !is_replayed(answered)).count(), 1, "{path}");
    }
}

#[tokio::test] // E7
async fn a_key_belongs_to_its_request_and_to_its_person() {
    let door = Door::new().await;
    let ((anas, _), (zoes, _)) = (door.token(1, "admin").await, door.token(2, "admin").await);
    let first = door.ask(keyed(&anas, "k", "/tasks", &json!({"name": "New"}))).await;
    for (path, body) in [
        ("/tasks", json!({"name": "Newer"})),
        ("/tokens", json!({"name": "New", "scope": "read"})),
        ("/people", json!({"email": "n@x.example", "name": "N"})),
    ] {
        let differs = door.ask(keyed(&anas, "k", path, &body)).await;
        assert_eq!((differs.status, differs.outcome().as_str()), (422, "replay_differs"), "{path}");
    }
    let zoes = door.ask(keyed(&zoes, "k", "/tasks", &json!({"name": "New"}))).await;
    assert_eq!((zoes.status, is_replayed(&zoes)), (201, false));
    assert_ne!(zoes.json()["id"], first.json()["id"]);
    let one = door.ask(keyed(&anas, "p", "/people", &json!({"email": "n@x.example", "name": "N"}))).await;
    assert_eq!(one.status, 201);
    let list = door.ask(keyed(&anas, "p", "/people", &json!([{"email": "n@x.example", "name": "N"}]))).await;
    assert_eq!(list.outcome(), "replay_differs", "a list is answered by a list");
}

#[tokio::test] // E7
async fn what_was_refused_may_be_tried_again_under_its_key() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    let body = json!({"name": "Below", "parent_id": 1});
    assert_eq!(door.ask(keyed(&token, "k", "/tasks", &body)).await.outcome(), "not_found");
    assert_eq!(door.ask(keyed(&token, "other", "/tasks", &json!({"name": "Above"}))).await.json()["id"], 1);
    let below = door.ask(keyed(&token, "k", "/tasks", &body)).await;
    assert_eq!((below.status, is_replayed(&below)), (201, false));
    assert_eq!(door.vouched(1, &Method::DELETE, "/tasks/1", None).await.status, 204);
    let again = door.ask(keyed(&token, "k", "/tasks", &body)).await;
    assert_eq!((again.status, &again.text), (201, &below.text), "what became of the parent changes nothing");
}

#[tokio::test] // E7
async fn an_answer_is_kept_for_thirty_days() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    let ask = || keyed(&token, "k", "/tasks", &json!({"name": "New"}));
    let first = door.ask(ask()).await;
    door.clock.advance(TimeDelta::days(30));
    assert_eq!(door.ask(ask()).await.text, first.text);
    door.clock.advance(TimeDelta::seconds(1));
    assert_ne!(door.ask(ask()).await.text, first.text);
}

#[tokio::test] // E7
async fn keys_that_are_none_are_refused() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    for key in ["", &"k".repeat(256), "ключ"] {
        let refused = door.ask(keyed(&token, key, "/tasks", &json!({"name": "New"}))).await;
        assert_eq!(refused.outcome(), "invalid_request", "{key}");
    }
    assert_eq!(door.ask(keyed(&token, &"k".repeat(255), "/tasks", &json!({"name": "New"}))).await.status, 201);
}

#[tokio::test] // A4, E7
async fn the_kept_answer_with_a_token_is_no_token_to_who_reads_the_file() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    let made = door.ask(keyed(&token, "k", "/tokens", &json!({"name": "Phone", "scope": "read"}))).await;
    let secret = made.json()["token"].as_str().unwrap().to_owned();
    let folder = door.folder.path().to_owned();
    let mut read = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        read += bytes.len();
        for canary in [secret.as_bytes(), &secret.as_bytes()[4..20], PASSWORD.as_bytes()] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary));
        }
    }
    assert!(read > 4096, "there is a file to look into");
}

#[tokio::test] // E7
async fn five_hundred_changes_replayed_in_every_way_count_once_each() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    let beside = door.beside();
    let (people, tasks, tokens) = (count(&door, "/people").await, count(&door, "/tasks").await, count(&door, "/tokens").await);
    let mut made = [0, 0, 0];
    let mut replayed = 0;
    for n in 0..500_usize {
        let (which, path, body) = match n % 3 {
            0 => (0, "/people", json!({"email": format!("p{n}@x.example"), "name": "N"})),
            1 => (1, "/tasks", json!({"name": format!("Task {n}")})),
            _ => (2, "/tokens", json!({"name": format!("Token {n}"), "scope": "read"})),
        };
        made[which] += 1;
        let ask = |router| Door::ask_of(router, keyed(&token, &format!("key {n}").replace(' ', "-"), path, &body));
        let answers = match n / 3 % 4 {
            0 => vec![ask(&door.router).await, ask(&door.router).await],
            1 => vec![ask(&door.router).await, ask(&beside).await, ask(&door.router).await],
            2 => <[_; 2]>::from(tokio::join!(ask(&door.router), ask(&beside))).into(),
            _ => {
                let (one, two) = tokio::join!(ask(&door.router), ask(&door.router));
                vec![one, two, ask(&beside).await, ask(&door.router).await]
            }
        };
        for answered in &answers {
            assert_eq!((answered.status, &answered.text), (201, &answers[0].text), "change {n}");
        }
        assert_eq!(answers.iter().filter(|answered| !is_replayed(answered)).count(), 1, "change {n}");
        replayed += answers.len() - 1;
    }
    assert!(replayed >= 500, "{replayed}");
    let now =
        [count(&door, "/people").await - people, count(&door, "/tasks").await - tasks, count(&door, "/tokens").await - tokens];
    assert_eq!(now, made);
}
