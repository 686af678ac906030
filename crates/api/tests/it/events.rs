//! Live events: who hears what, what is missed by nobody, and when a stream ends (E6, P6, A5).

use std::time::Duration;

use axum::body::Body;
use http::Method;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use crate::bench::{Bench, Who};

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long somebody is heard of no more who may not come in any more.
const ENDED_WITHIN: Duration = Duration::from_secs(2);

/// An open stream.
struct Stream {
    body: Body,
    text: String,
}

/// One event: its number, its name, what it says.
#[derive(Debug, Clone, PartialEq)]
struct Event {
    id: i64,
    name: String,
    data: Value,
}

impl Event {
    fn about(&self) -> (String, Option<i64>) {
        (self.data["subject"].as_str().unwrap_or(&self.name).to_owned(), self.data["id"].as_i64())
    }
}

impl Stream {
    async fn open(bench: &Bench, who: Who, last: Option<i64>) -> Self {
        let (status, body) = bench.open(who, "/events", last).await;
        assert_eq!(status, 200);
        let mut stream = Self { body, text: String::new() };
        if last.is_none() {
            assert_eq!(stream.next().await.unwrap().name, "ready");
        }
        stream
    }

    /// The next event; nothing once the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        tokio::time::timeout(PATIENCE, self.event()).await.expect("an event comes, or the end")
    }

    /// What the stream says until it ends, which it has to soon.
    async fn ends(mut self) -> Vec<Event> {
        let until_the_end = async {
            let mut told = Vec::new();
            while let Some(event) = self.event().await {
                told.push(event);
            }
            told
        };
        tokio::time::timeout(ENDED_WITHIN, until_the_end).await.expect("the stream ends within two seconds")
    }

    async fn event(&mut self) -> Option<Event> {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                if let (Some(id), Some(name), Some(data)) = (field("id:"), field("event:"), field("data:")) {
                    let (id, data) = (id.parse().unwrap(), serde_json::from_str(data).unwrap());
                    return Some(Event { id, name: name.to_owned(), data });
                }
            }
            let frame = self.body.frame().await?.unwrap();
            self.text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    }
}

#[tokio::test] // E6
async fn a_change_is_told_with_its_number_what_it_is_and_who_made_it() {
    let bench = Bench::new().await;
    let mut stream = Stream::open(&bench, Who::Administrator, None).await;
    let task = bench.native("Garden").await;
    let first = stream.next().await.unwrap();
    assert_eq!((first.name.as_str(), first.about()), ("change", ("task".to_owned(), Some(task))));
    assert_eq!(first.data["by"], 2);
    bench.post(Who::Manager, &format!("/tasks/{task}/archive"), &Value::Null).await;
    let second = stream.next().await.unwrap();
    assert_eq!((second.id, second.about()), (first.id + 1, ("task".to_owned(), Some(task))));
}

#[tokio::test] // E6
async fn who_was_away_misses_none_and_hears_none_twice() {
    let bench = Bench::new().await;
    let mut stream = Stream::open(&bench, Who::Manager, None).await;
    bench.native("One").await;
    let last = stream.next().await.unwrap().id;
    drop(stream);
    let missed = [bench.native("Two").await, bench.native("Three").await];
    let mut stream = Stream::open(&bench, Who::Manager, Some(last)).await;
    let now = bench.native("Four").await;
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(stream.next().await.unwrap());
    }
    assert_eq!(told.iter().filter_map(|event| event.data["id"].as_i64()).collect::<Vec<_>>(), [missed[0], missed[1], now]);
    assert_eq!(told.iter().map(|event| event.id - last).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test] // E6
async fn who_is_too_far_behind_or_ahead_reads_everything_again() {
    let bench = Bench::new().await;
    let mut slow = Stream::open(&bench, Who::Manager, None).await;
    let begun = bench.native("First").await;
    let last = slow.next().await.unwrap().id;
    let mut watching = Stream::open(&bench, Who::Administrator, None).await;
    for _ in 0..1001 {
        bench.native("Many").await;
    }
    while watching.next().await.unwrap().id < last + 1001 {}
    let mut behind = Stream::open(&bench, Who::Manager, Some(last)).await;
    let told = behind.next().await.unwrap();
    assert_eq!((told.name.as_str(), told.id), ("read_again", last + 1001));
    let mut ahead = Stream::open(&bench, Who::Manager, Some(told.id + 1)).await;
    assert_eq!(ahead.next().await.unwrap().name, "read_again");
    // One that did not read meanwhile is no further than one that was away, and goes on.
    assert_eq!(slow.next().await.unwrap().name, "read_again");
    bench.native("Last").await;
    for stream in [&mut slow, &mut behind, &mut ahead] {
        assert_eq!(stream.next().await.unwrap().about(), ("task".to_owned(), Some(begun + 1002)));
    }
}

#[tokio::test] // A5
async fn who_is_too_far_behind_and_may_not_come_in_any_more_is_not_told_to_read_again() {
    let bench = Bench::new().await;
    let slow = Stream::open(&bench, Who::Manager, None).await;
    let mut watching = Stream::open(&bench, Who::Administrator, None).await;
    let deactivated = bench.post(Who::Administrator, "/people/2/deactivate", &json!({})).await;
    assert_eq!(deactivated.status, 200, "{}", deactivated.text);
    let gone = watching.next().await.unwrap().id;
    for _ in 0..1001 {
        assert_eq!(bench.post(Who::Administrator, "/tasks", &json!({"name": "Many"})).await.status, 201);
    }
    while watching.next().await.unwrap().id < gone + 1001 {}
    assert_eq!(slow.ends().await, []);
}

#[tokio::test] // P6
async fn members_hear_of_what_they_have_and_of_nothing_else() {
    let bench = Bench::new().await;
    let (theirs, hidden) = (bench.native("Theirs").await, bench.native("Hidden").await);
    let below = bench.post(Who::Manager, "/tasks", &json!({"name": "Below", "parent_id": theirs})).await.json();
    let mut stream = Stream::open(&bench, Who::Member, None).await;
    let rename = async |task: i64| {
        let (path, name) = (format!("/tasks/{task}"), json!({"name": "New"}).to_string());
        assert_eq!(bench.send(Who::Manager, &Method::PATCH, &path, Some(name)).await.status, 200);
    };
    rename(hidden).await;
    assert_eq!(bench.send(Who::Manager, &Method::PUT, &format!("/tasks/{hidden}/assignments/4"), None).await.status, 200);
    assert_eq!(bench.send(Who::Manager, &Method::PUT, &format!("/tasks/{theirs}/assignments/3"), None).await.status, 200);
    let access = stream.next().await.unwrap();
    assert_eq!((access.about(), access.data["by"].clone()), (("access".to_owned(), None), Value::Null));
    rename(hidden).await;
    rename(theirs).await;
    assert_eq!(stream.next().await.unwrap().about(), ("task".to_owned(), Some(theirs)));
    // What moves away from them is told as what they have, without a word of where it is now.
    let away = json!({"parent": {"id": hidden}}).to_string();
    let moved = bench.send(Who::Manager, &Method::PATCH, &format!("/tasks/{}", below["id"]), Some(away)).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(stream.next().await.unwrap().about(), ("access".to_owned(), None));
    assert_eq!(bench.send(Who::Manager, &Method::DELETE, &format!("/tasks/{theirs}/assignments/3"), None).await.status, 200);
    assert_eq!(stream.next().await.unwrap().about(), ("access".to_owned(), None));
    rename(hidden).await;
    bench.enable().await;
    assert_eq!(stream.next().await.unwrap().about(), ("integration".to_owned(), None));
}

#[tokio::test] // A1
async fn nothing_is_told_across_accounts() {
    let bench = Bench::new().await;
    let mut theirs = Stream::open(&bench, Who::Stranger, None).await;
    bench.native("Ours").await;
    let added = bench.post(Who::Stranger, "/tasks", &json!({"name": "Theirs"})).await;
    assert_eq!(theirs.next().await.unwrap().about(), ("task".to_owned(), added.json()["id"].as_i64()));
}

#[tokio::test] // A5
async fn a_stream_ends_at_once_for_who_is_deactivated_and_goes_on_for_others() {
    let bench = Bench::new().await;
    let member = Stream::open(&bench, Who::Member, None).await;
    let mut manager = Stream::open(&bench, Who::Manager, None).await;
    let deactivated = bench.post(Who::Administrator, "/people/3/deactivate", &json!({})).await;
    assert_eq!(deactivated.status, 200, "{}", deactivated.text);
    bench.native("Afterwards").await;
    assert_eq!(member.ends().await, []);
    assert_eq!(manager.next().await.unwrap().about(), ("person".to_owned(), Some(3)));
    assert_eq!(manager.next().await.unwrap().about().0, "task");
}

#[tokio::test] // A5, P6
async fn a_stream_follows_its_persons_role() {
    let bench = Bench::new().await;
    let mine = bench.native("Mine").await;
    let mut stream = Stream::open(&bench, Who::Manager, None).await;
    let demoted = json!({"role": "member"}).to_string();
    assert_eq!(bench.send(Who::Administrator, &Method::PATCH, "/people/2", Some(demoted)).await.status, 200);
    assert_eq!(stream.next().await.unwrap().about(), ("person".to_owned(), Some(2)));
    assert_eq!(bench.post(Who::Administrator, "/tasks", &json!({"name": "Hidden from them"})).await.status, 201);
    assert_eq!(bench.send(Who::Administrator, &Method::PUT, &format!("/tasks/{mine}/assignments/2"), None).await.status, 200);
    assert_eq!(stream.next().await.unwrap().about(), ("access".to_owned(), None));
}

#[tokio::test]
async fn twenty_streams_of_one_person_are_enough_and_one_that_is_closed_makes_room() {
    let bench = Bench::new().await;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(Stream::open(&bench, Who::Member, None).await);
    }
    assert_eq!(bench.get(Who::Member, "/events").await.outcome(), "too_many_tries");
    let _others = Stream::open(&bench, Who::Manager, None).await;
    open.pop();
    Stream::open(&bench, Who::Member, None).await;
}

#[tokio::test]
async fn a_number_that_is_none_is_refused() {
    let bench = Bench::new().await;
    assert_eq!(bench.get(Who::Member, "/events?after=now").await.outcome(), "invalid_request");
    assert_eq!(bench.get(Who::Member, "/events?since=1").await.outcome(), "invalid_request");
}
