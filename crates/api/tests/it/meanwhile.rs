//! Two people who change the same thing (`ETag`, `If-Match`).

use http::{Method, header};
use serde_json::{Value, json};

use crate::bench::{Bench, Who};
use crate::door::{Ask, Door};

#[tokio::test]
async fn of_two_who_saw_the_same_task_or_person_the_second_is_told() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    assert_eq!(door.vouched(1, &Method::POST, "/tasks", Some(json!({"name": "Old"}))).await.status, 201);
    for (path, one, other) in [
        ("/tasks/1", json!({"name": "One"}), json!({"name": "Other"})),
        ("/people/3", json!({"role": "manager"}), json!({"role": "administrator"})),
    ] {
        let seen = door.ask(Ask::get(path).bearer(&token)).await;
        let tag = seen.headers[header::ETAG].to_str().unwrap().to_owned();
        let change = |body: &Value, tag: &str| Ask::patch(path, body.clone()).bearer(&token).header("if-match", tag);
        let (first, second) = tokio::join!(door.ask(change(&one, &tag)), door.ask(change(&other, &tag)));
        let mut outcomes = [first.outcome(), second.outcome()];
        outcomes.sort();
        assert_eq!(outcomes, ["200", "changed_meanwhile"], "{path}");
        let (done, refused) = if first.status == 200 { (first, second) } else { (second, first) };
        assert_eq!(refused.status, 412);
        let now = door.ask(Ask::get(path).bearer(&token)).await;
        assert_eq!((&now.text, &now.headers[header::ETAG]), (&done.text, &done.headers[header::ETAG]), "{path}");
        let tag = now.headers[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(door.ask(change(&other, &format!("\"x\", {tag}"))).await.status, 200, "{path}");
        assert_eq!(door.ask(change(&one, "*")).await.status, 200, "{path}");
        assert_eq!(door.ask(Ask::patch(path, other.clone()).bearer(&token)).await.status, 200, "who says nothing changes it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_is_where_they_ask_two_processes() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    assert_eq!(door.vouched(1, &Method::POST, "/tasks", Some(json!({"name": "Old"}))).await.status, 201);
    let other = door.apart();
    let mut told = 0;
    for round in 0..20 {
        let email = |who: &str| json!({"email": format!("{who}{round}@nordlicht.example")});
        for (path, bodies) in [
            ("/tasks/1", [json!({"name": format!("One {round}")}), json!({"name": format!("Other {round}")})]),
            ("/people/3", [email("one"), email("other")]),
        ] {
            let seen = Door::ask_of(&other, Ask::get(path).bearer(&token)).await;
            let tag = seen.headers[header::ETAG].to_str().unwrap().to_owned();
            let change = |body: &Value| Ask::patch(path, body.clone()).bearer(&token).header("if-match", &tag);
            let asking = [&door.router, &other].into_iter().cloned().zip(&bodies);
            let asking = asking.map(|(router, body)| {
                let ask = change(body);
                tokio::spawn(async move { Door::ask_of(&router, ask).await.outcome() })
            });
            let mut outcomes = Vec::new();
            for asked in asking.collect::<Vec<_>>() {
                outcomes.push(asked.await.unwrap());
            }
            outcomes.sort();
            assert_eq!(outcomes, ["200", "changed_meanwhile"], "{path}, round {round}");
            told += 1;
        }
    }
    assert_eq!(told, 40);
}

#[tokio::test] // P6
async fn what_one_does_not_see_is_not_found_whatever_one_says_to_have_seen() {
    let door = Door::new().await;
    assert_eq!(door.vouched(1, &Method::POST, "/tasks", Some(json!({"name": "Old"}))).await.status, 201);
    let (token, _) = door.token(3, "admin").await;
    let ask = |path: &str| Ask::patch(path, json!({"name": "New"})).bearer(&token).header("if-match", "\"x\"");
    assert_eq!(door.ask(ask("/tasks/1")).await.text, door.ask(ask("/tasks/99")).await.text);
}

#[tokio::test] // I4
async fn settings_and_selection_have_a_tag_that_runs_leave_alone() {
    let bench = Bench::imported().await;
    let status = async || bench.get(Who::Administrator, "/integrations/toggl").await;
    let tag = async || status().await.headers[header::ETAG].to_str().unwrap().to_owned();
    let seen = tag().await;
    let run = bench.post(Who::Administrator, "/integrations/toggl/runs", &json!({})).await;
    bench.ended(&run).await;
    assert_eq!(tag().await, seen);
    let put = async |path: &str, body: Value, tag: &str| {
        let request = http::Request::put(format!("/api/v1/integrations/toggl{path}"));
        let request = request.header(header::CONTENT_TYPE, "application/json").header(header::IF_MATCH, tag);
        bench.request(Who::Administrator, request.body(body.to_string().into()).unwrap()).await
    };
    let saved = put("/settings", json!({"schedule": "6h"}), &seen).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert_eq!(saved.headers[header::ETAG].to_str().unwrap(), tag().await);
    assert_eq!(put("/settings", json!({"schedule": "12h"}), &seen).await.outcome(), "changed_meanwhile");
    assert_eq!(put("/selection", json!({"all": true}), &seen).await.outcome(), "changed_meanwhile");
    assert_eq!(status().await.json()["settings"]["schedule"], "6h");
}
