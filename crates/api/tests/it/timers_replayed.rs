//! Starts, stops and entries that are asked for again count once, at once and later, here and on another server (E7; M22).

use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};

use crate::door::{Ask, Door};

/// The routes that are asked again here.
pub(crate) const ALL: [&str; 3] = ["PUT /timer", "DELETE /timer", "POST /entries"];

/// How often each of them is.
const ROUNDS: usize = 60;

/// A request with a key, to be made again and again.
struct Keyed<'a> {
    token: &'a str,
    key: String,
    method: Method,
    path: String,
    body: Option<Value>,
}

impl Keyed<'_> {
    fn ask(&self) -> Ask {
        let ask = Ask::new(&self.method, &self.path).bearer(self.token).header("idempotency-key", &self.key);
        match &self.body {
            Some(body) => ask.body(body.clone()),
            None => ask,
        }
    }
}

/// How many timers and entries there are.
async fn count(door: &Door, token: &str) -> usize {
    let listed = door.ask(Ask::get("/entries?from=2026-01-01&to=2026-12-31").bearer(token)).await;
    listed.json().as_array().unwrap().len()
}

/// How often something was done to one.
async fn steps(door: &Door, token: &str, entry: &Value) -> usize {
    door.ask(Ask::get(&format!("/entries/{entry}/history")).bearer(token)).await.json().as_array().unwrap().len()
}

/// Asks `copies` times at once, and then once more of each server: one effect, and always the same answer. Gives it, and how
/// often it was given again.
async fn again(door: &Door, keyed: &Keyed<'_>, copies: usize) -> (Value, usize) {
    let beside = door.beside();
    let routers = [&door.router, &beside];
    let at_once = (0..copies).map(|copy| Door::ask_of(routers[copy % 2], keyed.ask()));
    let mut answers = futures_util::future::join_all(at_once).await;
    door.clock.advance(TimeDelta::seconds(7));
    for router in [&beside, &door.router] {
        answers.push(Door::ask_of(router, keyed.ask()).await);
    }
    for answered in &answers {
        assert!((200..300).contains(&answered.status), "{} {}: {}", keyed.method, keyed.path, answered.text);
        assert_eq!((answered.status, &answered.text), (answers[0].status, &answers[0].text), "{} {}", keyed.method, keyed.path);
    }
    let replayed = answers.iter().filter(|it| it.headers.get("idempotent-replayed").is_some_and(|it| it == "true")).count();
    assert_eq!(replayed, answers.len() - 1, "{} {}", keyed.method, keyed.path);
    (answers[0].json(), replayed)
}

#[tokio::test] // E7, M22
async fn what_is_tracked_counts_once_however_often_and_wherever_it_is_asked_for() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "track").await;
    let token = token.as_str();
    let mut replays = 0;
    for round in 0..ROUNDS {
        let copies = 1 + round % 3;
        let keyed = |what: &str, method: Method, path: String, body: Option<Value>| Keyed {
            token,
            key: format!("{what}-{round}"),
            method,
            path,
            body,
        };
        let before = count(&door, token).await;
        let start = keyed("start", Method::PUT, "/timer".to_owned(), Some(json!({"note": "Call", "tags": ["desk"]})));
        let (started, again_started) = again(&door, &start, copies).await;
        let timer = &started["timer"]["id"];
        assert_eq!((count(&door, token).await, steps(&door, token, timer).await), (before + 1, 1));

        let stop = keyed("stop", Method::DELETE, format!("/timer?entry={timer}"), None);
        let (stopped, again_stopped) = again(&door, &stop, copies).await;
        assert_eq!((&stopped["entry"]["id"], &stopped["changed"]), (timer, &true.into()));
        assert_eq!((count(&door, token).await, steps(&door, token, timer).await), (before + 1, 2));

        let entry = json!({"start": "2026-11-20 9:00", "end": "10:00", "note": "Call"});
        let add = keyed("add", Method::POST, "/entries".to_owned(), Some(entry));
        let (added, again_added) = again(&door, &add, copies).await;
        assert_eq!((count(&door, token).await, steps(&door, token, &added["id"]).await), (before + 2, 1));
        replays += again_started + again_stopped + again_added;
    }
    assert!(replays >= 500, "{replays} replays");
}
