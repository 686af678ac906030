//! Lists page by page: whole for who asks for no page, and each cursor good for its own list alone.

use std::cell::Cell;
use std::collections::BTreeMap;

use http::Method;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::bench::{Answered, Bench, Who};
use crate::door::Door;

/// Every list that comes in pages, with a filter where it has one: a route of the document, and an address of it.
pub(crate) const LISTS: [(&str, &str); 19] = [
    ("/people", "/people"),
    ("/people/{id}/access", "/people/3/access"),
    ("/people/{id}/access", "/people/3/access?effective=true"),
    ("/people/{id}/access", "/people/4/access?effective=true"),
    ("/tasks", "/tasks"),
    ("/tasks", "/tasks?state=all"),
    ("/tasks", "/tasks?parent=1"),
    ("/tasks", "/tasks?q=e"),
    ("/tasks", "/tasks?q=s"),
    ("/tasks/{id}/assignments", "/tasks/1/assignments"),
    ("/integrations/toggl/members", "/integrations/toggl/members"),
    ("/integrations/toggl/runs", "/integrations/toggl/runs"),
    ("/integrations/toggl/runs/{id}/changes", "/integrations/toggl/runs/1/changes"),
    ("/invitations", "/invitations"),
    ("/tokens", "/tokens"),
    ("/entries", "/entries?from=2026-11-01&to=2026-11-30"),
    ("/entries/{id}/history", "/entries/1/history"),
    ("/tags", "/tags"),
    ("/outbox", "/outbox"),
];

/// An account with several rows in each of its lists.
async fn scene() -> Bench {
    let bench = Bench::imported().await;
    for person in [3, 4] {
        assert_eq!(
            bench.send(Who::Administrator, &Method::PUT, &format!("/tasks/1/assignments/{person}"), None).await.status,
            200
        );
    }
    for n in 0..4 {
        bench.native(&format!("Native {n}")).await;
        let entry = json!({"date": "2026-11-20", "duration": "1h", "tags": [format!("tag {n}")]});
        assert_eq!(bench.post(Who::Administrator, "/entries", &entry).await.status, 201);
        let note = Some(json!({"note": format!("{n}")}).to_string());
        assert_eq!(bench.send(Who::Administrator, &Method::PATCH, "/entries/1", note).await.status, 200);
        let token = json!({"name": "x", "scope": "read"});
        assert_eq!(bench.post(Who::Administrator, "/tokens", &token).await.status, 201);
        let invite = json!({"emails": [format!("new{n}@elsewhere.example")]});
        assert_eq!(bench.post(Who::Administrator, "/invitations", &invite).await.status, 201);
        let run = bench.post(Who::Administrator, "/integrations/toggl/runs", &json!({})).await;
        bench.ended(&run).await;
    }
    bench
}

fn rows(answered: &Answered) -> Vec<Value> {
    assert_eq!(answered.status, 200, "{}", answered.text);
    answered.json().as_array().unwrap().clone()
}

pub(crate) fn next(answered: &Answered) -> Option<String> {
    answered.headers.get("next-cursor").map(|next| next.to_str().unwrap().to_owned())
}

/// An address with more of a query.
pub(crate) fn with(path: &str, more: &str) -> String {
    format!("{path}{}{more}", if path.contains('?') { '&' } else { '?' })
}

async fn get(bench: &Bench, path: &str) -> Answered {
    bench.get(Who::Administrator, path).await
}

#[test]
fn every_list_of_the_document_that_comes_in_pages_is_tried_here() {
    let document = tallyport_api::openapi();
    let mut paged: Vec<&str> = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let answer = &operations["get"]["responses"]["200"];
        let is_list = answer["content"]["application/json"]["schema"]["type"] == "array";
        let parameters = operations["get"]["parameters"].as_array().into_iter().flatten();
        let heard = parameters.filter(|parameter| ["limit", "cursor"].contains(&parameter["name"].as_str().unwrap())).count();
        let is_paged = answer["headers"]["Next-Cursor"].is_object();
        assert_eq!(heard, if is_paged { 2 } else { 0 }, "{path}");
        // These two are short whatever happens: where one is signed in, and what Toggl has of workspaces.
        let is_short = ["/me/sessions", "/integrations/toggl/workspaces"].contains(&path.as_str());
        assert!(!is_list || is_paged != is_short, "{path}: a list that can grow comes in pages");
        paged.extend(is_paged.then_some(path.as_str()));
    }
    let mut tried = LISTS.map(|(route, _)| route).to_vec();
    tried.dedup();
    tried.sort_unstable();
    assert_eq!(tried, paged);
}

#[tokio::test]
async fn the_pages_of_a_list_are_the_list() {
    let bench = scene().await;
    for (_, path) in LISTS {
        let whole = get(&bench, path).await;
        assert_eq!(next(&whole), None, "{path} is whole where nothing is said");
        let whole = rows(&whole);
        // No mail leaves here, so none is in trouble.
        assert!(whole.len() > 2 || path == "/outbox", "{path}: {}", whole.len());
        for limit in [1, 3, 1000] {
            let (mut read, mut cursor, mut pages) = (Vec::new(), None, 0);
            loop {
                let more = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
                let page = get(&bench, &with(path, &format!("limit={limit}{more}"))).await;
                read.extend(rows(&page));
                pages += 1;
                cursor = next(&page);
                if cursor.is_none() {
                    break;
                }
                assert_eq!(rows(&page).len(), limit, "{path}");
            }
            assert_eq!(read, whole, "{path}, {limit} at a time");
            assert_eq!(pages, whole.len().div_ceil(limit).max(1), "{path}: no page is empty");
        }
    }
    let found = rows(&get(&bench, "/tasks?q=e&limit=2").await);
    assert_eq!(found[..], rows(&get(&bench, "/tasks?q=e").await)[..2]);
}

#[tokio::test]
async fn a_cursor_alone_asks_for_a_hundred_more() {
    let door = Door::new().await;
    let people: Vec<Value> = (0..250).map(|n| json!({"email": format!("p{n}@x.example"), "name": format!("P {n}")})).collect();
    assert_eq!(door.vouched(1, &Method::POST, "/people", Some(people.into())).await.status, 201);
    let ask = async |path: &str| door.vouched(1, &Method::GET, path, None).await;
    assert_eq!(rows(&ask("/people").await).len(), 255);
    let first = ask("/people?limit=1").await;
    let second = ask(&format!("/people?cursor={}", next(&first).unwrap())).await;
    assert_eq!((rows(&second).len(), next(&second).is_some()), (100, true));
}

#[tokio::test] // A1
async fn a_cursor_of_another_list_filter_or_person_and_one_that_is_damaged_are_refused_alike() {
    let bench = scene().await;
    let mut cursors = BTreeMap::new();
    for (_, path) in LISTS {
        let page = get(&bench, &with(path, "limit=1")).await;
        cursors.extend(next(&page).map(|cursor| (path, cursor)));
    }
    assert_eq!(cursors.len(), LISTS.len() - 1, "the outbox is empty");
    let mut refused = 0;
    for (_, path) in LISTS {
        let ask = async |who: Who, cursor: &str| bench.get(who, &with(path, &format!("limit=1&cursor={cursor}"))).await;
        let nonsense = ask(Who::Administrator, "x").await;
        assert_eq!((nonsense.status, nonsense.outcome().as_str()), (400, "invalid_cursor"), "{}", nonsense.text);
        assert!(nonsense.json()["hint"].as_str().unwrap().contains("from its beginning"));
        for (of, cursor) in &cursors {
            let answered = ask(Who::Administrator, cursor).await;
            if *of == path {
                assert_eq!(answered.status, 200, "{path}: {}", answered.text);
                let (half, more) = (&cursor[..cursor.len() / 2], format!("{cursor}A"));
                let changed = format!("{}{}", if cursor.starts_with('A') { 'B' } else { 'A' }, &cursor[1..]);
                for damaged in [half, &more, &changed, "", "%00", "-", "AAAA"] {
                    let answered = ask(Who::Administrator, damaged).await;
                    assert_eq!(answered.but_its_number(), nonsense.but_its_number(), "{path}: {damaged}");
                }
            } else {
                assert_eq!(answered.but_its_number(), nonsense.but_its_number(), "{of} at {path}");
                refused += 1;
            }
        }
        // A manager sees most of these, and goes through them with cursors of their own.
        if let Some(cursor) = cursors.get(path) {
            let (theirs, own) = (ask(Who::Manager, cursor).await, bench.get(Who::Manager, path).await);
            assert!(theirs.text == nonsense.text || (own.status == 403 && theirs.text == own.text), "{path}: {}", theirs.text);
        }
    }
    assert!(refused > 200, "{refused}");
}

#[tokio::test]
async fn what_is_no_page_is_refused() {
    let bench = Bench::imported().await;
    for (_, path) in LISTS {
        for wrong in ["limit=0", "limit=-1", "limit=x", "limit=4294967296", "limit=1&limit=2", "before=1", "page=2"] {
            assert_eq!(get(&bench, &with(path, wrong)).await.outcome(), "invalid_request", "{path} {wrong}");
        }
    }
}

#[tokio::test] // I14
async fn a_page_of_runs_or_changes_is_never_larger_than_what_is_read_at_once() {
    let bench = scene().await;
    for path in ["/integrations/toggl/runs", "/integrations/toggl/runs/1/changes"] {
        let page = get(&bench, &with(path, "limit=4294967295")).await;
        assert!(!rows(&page).is_empty() && next(&page).is_none(), "{path}");
    }
}

#[tokio::test] // P6
async fn what_hangs_under_a_task_is_for_who_sees_the_task() {
    let bench = Bench::imported().await;
    let (above, hidden) = (bench.native("Above").await, bench.native("Hidden").await);
    let below = json!({"name": "Below", "parent_id": above});
    assert_eq!(bench.post(Who::Manager, "/tasks", &below).await.status, 201);
    assert_eq!(bench.send(Who::Manager, &Method::PUT, &format!("/tasks/{above}/assignments/3"), None).await.status, 200);
    let children = async |who, id: i64| bench.get(who, &format!("/tasks?parent={id}")).await;
    let listed = rows(&children(Who::Member, above).await);
    assert_eq!((listed.len(), &listed[0]["name"], &listed[0]["path"]), (1, &json!("Below"), &json!(["Above", "Below"])));
    let absent = children(Who::Member, 987_654).await;
    assert_eq!(absent.outcome(), "not_found");
    assert_eq!(children(Who::Member, hidden).await.but_its_number(), absent.but_its_number());
    assert_eq!(children(Who::Stranger, above).await.but_its_number(), absent.but_its_number());
}

/// What somebody else does while a list is read.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Add(u8),
    Rename(u8, u8),
    Away(u8),
}

fn deeds() -> impl Strategy<Value = (u32, Vec<Deed>)> {
    let deed = prop_oneof![
        any::<u8>().prop_map(Deed::Add),
        (any::<u8>(), any::<u8>()).prop_map(|(which, name)| Deed::Rename(which, name)),
        any::<u8>().prop_map(Deed::Away),
    ];
    (1_u32..5, prop::collection::vec(deed, 1..30))
}

/// A request that does it, if it can be done.
type Change = Option<(Method, String, Value)>;

/// A list that others change: where it is, and how.
struct Changing {
    path: &'static str,
    add: fn(u8) -> Change,
    rename: fn(i64, u8) -> Change,
    away: fn(i64) -> Change,
}

const CHANGING: [Changing; 5] = [
    Changing {
        path: "/people",
        add: |n| Some((Method::POST, "/people".to_owned(), json!({"email": format!("n{n}@x.example"), "name": format!("{n}")}))),
        // Everybody names themselves.
        rename: |person, n| Some((Method::PATCH, format!("/me?{person}"), json!({"name": format!("{n}")}))),
        away: |_| None,
    },
    Changing {
        path: "/tokens",
        add: |n| Some((Method::POST, "/tokens".to_owned(), json!({"name": format!("{n}"), "scope": "read"}))),
        rename: |_, _| None,
        away: |token| Some((Method::DELETE, format!("/tokens/{token}"), Value::Null)),
    },
    Changing {
        path: "/invitations",
        add: |n| Some((Method::POST, "/invitations".to_owned(), json!({"emails": [format!("i{n}@x.example")]}))),
        rename: |_, _| None,
        away: |invitation| Some((Method::DELETE, format!("/invitations/{invitation}"), Value::Null)),
    },
    Changing {
        path: "/tasks",
        add: |n| Some((Method::POST, "/tasks".to_owned(), json!({"name": format!("{n}")}))),
        rename: |task, n| Some((Method::PATCH, format!("/tasks/{task}"), json!({"name": format!("{n}")}))),
        away: |task| Some((Method::DELETE, format!("/tasks/{task}"), Value::Null)),
    },
    Changing {
        path: "/tasks?q=1",
        add: |n| Some((Method::POST, "/tasks".to_owned(), json!({"name": format!("1 {n}")}))),
        rename: |task, n| Some((Method::PATCH, format!("/tasks/{task}"), json!({"name": format!("1 {n}")}))),
        away: |task| Some((Method::POST, format!("/tasks/{task}/archive"), Value::Null)),
    },
];

/// Reads a list page by page with a deed after each, and holds it against what was there before and after.
async fn read_while_others_change(door: &Door, list: &Changing, limit: u32, deeds: &[Deed]) -> Result<usize, TestCaseError> {
    let id = |row: &Value| row["id"].as_i64().unwrap();
    let ask = async |path: &str| door.vouched(1, &Method::GET, path, None).await;
    let before = rows(&ask(list.path).await);
    let mut deeds = deeds.iter();
    let mut touched = Vec::new();
    let (mut read, mut path) = (Vec::new(), with(list.path, &format!("limit={limit}")));
    loop {
        let page = ask(&path).await;
        read.extend(rows(&page).iter().map(id));
        let Some(cursor) = next(&page) else { break };
        path = with(list.path, &format!("limit={limit}&cursor={cursor}"));
        // What is done to nobody changes nothing, and is refused.
        let one_of = |which: u8| before.get(usize::from(which) % before.len().max(1)).map(id);
        let done = match deeds.next() {
            Some(Deed::Add(n)) => (list.add)(*n),
            Some(Deed::Rename(which, n)) => one_of(*which).and_then(|id| (list.rename)(id, *n)),
            Some(Deed::Away(which)) => one_of(*which).and_then(|id| (list.away)(id)),
            None => None,
        };
        if let Some((method, path, body)) = done {
            let (person, path) = match path.split_once('?') {
                Some((path, person)) => (person.parse().unwrap(), path.to_owned()),
                None => (1, path),
            };
            touched.extend(path.split('/').nth(2).and_then(|id| id.parse().ok()).or(Some(person).filter(|_| path == "/me")));
            door.vouched(person, &method, &path, (!body.is_null()).then_some(body)).await;
        }
    }
    // What stays in a list of tokens or invitations does so however it is called from then on.
    let stays = |row: &&Value| !touched.contains(&id(row));
    for row in before.iter().filter(stays) {
        let came = read.iter().filter(|read| **read == id(row)).count();
        prop_assert_eq!(came, 1, "{} stayed in {} and came {} times", row, list.path, came);
    }
    Ok(before.iter().filter(stays).count())
}

#[test] // T4
fn nothing_that_stays_in_a_list_is_missed_or_comes_twice_while_others_change_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for list in &CHANGING {
        let door = runtime.block_on(Door::new());
        // Before each reading there are a dozen, however many were taken away.
        let added = Cell::new(0);
        let fill = async || {
            while rows(&door.vouched(1, &Method::GET, list.path, None).await).len() < 12 {
                let Some((method, path, body)) = (list.add)(added.get()) else { break };
                door.vouched(1, &method, &path, Some(body)).await;
                added.set(added.get().wrapping_add(1));
            }
        };
        let stayed = Cell::new(0);
        let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&deeds(), |(limit, deeds)| {
                runtime.block_on(fill());
                stayed.set(stayed.get() + runtime.block_on(read_while_others_change(&door, list, limit, &deeds))?);
                Ok(())
            })
            .unwrap();
        assert!(stayed.get() > 100, "{}: {}", list.path, stayed.get());
    }
}
