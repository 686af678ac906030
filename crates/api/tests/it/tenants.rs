//! Nothing of one account is seen, told apart or changed from another (A1): every route, every place where an id may stand.

use http::{Method, header};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tallyport_domain::{AccountId, Clock as _, PersonId, Secret, SecretKind};
use tallyport_storage::NewSession;
use tallyport_sync::system::{SystemClock, SystemRandom};

use crate::bench::{Answered, Bench, Who};
use crate::paging::{LISTS, next, with};

/// What stands in the places of a path, of a task or person of one's own and an id of another account.
type Placed = fn(i64, i64) -> (i64, i64);

/// Nobody has this one.
const ABSENT: i64 = 987_654;

/// An account full of things, beside the stranger's, who has one task of their own.
struct Scene {
    bench: Bench,
    own_task: i64,
    /// Numbers that only things of the other account have.
    foreign: Vec<i64>,
}

impl Scene {
    async fn new() -> Self {
        let bench = Bench::imported().await;
        for n in 0..3 {
            bench.native(&format!("Native {n}")).await;
            let token = json!({"name": "x", "scope": "read"});
            assert_eq!(bench.post(Who::Administrator, "/tokens", &token).await.status, 201);
            let hash = Secret::generate(SecretKind::Session, &SystemRandom).hash();
            let session = NewSession { hash, client: "theirs".to_owned(), ends: None, now: SystemClock.now() };
            bench.store.begin_session(AccountId(1), PersonId(1), &session).await.unwrap();
            let invite = json!({"emails": [format!("new{n}@elsewhere.example")]});
            assert_eq!(bench.post(Who::Administrator, "/invitations", &invite).await.status, 201);
            for who in [Who::Administrator, Who::Member] {
                let times = json!({"start": "2026-11-20T08:00:00Z", "end": "2026-11-20T09:00:00Z", "tags": ["theirs"]});
                assert_eq!(bench.post(who, "/entries", &times).await.status, 201);
            }
            let run = bench.post(Who::Administrator, "/integrations/toggl/runs", &json!({})).await;
            bench.ended(&run).await;
        }
        let own = bench.post(Who::Stranger, "/tasks", &json!({"name": "Own"})).await;
        Self { bench, own_task: own.json()["id"].as_i64().unwrap(), foreign: vec![2, 3, 4, 5] }
    }

    /// Every row of every table.
    fn rows(&self) -> Vec<String> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let db = Connection::open_with_flags(self.bench.folder.path().join("tallyport.db"), flags).unwrap();
        let mut tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL").unwrap();
        let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        let mut rows = Vec::new();
        for table in tables {
            let mut select = db.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
            let columns = select.column_count();
            let mut found = select.query([]).unwrap();
            while let Some(row) = found.next().unwrap() {
                let values: Vec<String> = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect();
                rows.push(format!("{table}: {}", values.join(", ")));
            }
        }
        rows
    }

    async fn ask(&self, method: &Method, path: &str, body: &Value) -> Answered {
        let body = (!body.is_null()).then(|| body.to_string());
        self.bench.send(Who::Stranger, method, path, body).await
    }
}

/// A body that each route would take.
fn body_of(method: &Method, path: &str) -> Value {
    match (method.as_str(), path) {
        ("PATCH", path) if path.starts_with("/people") => json!({"role": "member"}),
        ("PATCH", path) if path.starts_with("/entries") => json!({"note": "New"}),
        ("PATCH", _) => json!({"name": "New"}),
        ("POST", path) if path.ends_with("/merge") => json!({"into": 1}),
        ("POST", path) if path.ends_with("/assignments") => json!({"assign": ["ada@werft.example"]}),
        _ => Value::Null,
    }
}

#[tokio::test] // A1
async fn every_number_of_another_account_reads_as_one_that_nobody_has_and_changes_nothing() {
    let scene = Scene::new().await;
    let before = scene.rows();
    assert!(before.len() > 100, "there is something to change");
    let mut asked = 0;
    for route in tallyport_api::routes() {
        let body = body_of(&route.method, route.path);
        let ids =
            |task: i64, person: i64| route.path.replace("{id}", &task.to_string()).replace("{person_id}", &person.to_string());
        let places: &[Placed] = match (route.path.contains("{id}"), route.path.contains("{person_id}")) {
            (false, false) => continue,
            (_, false) => &[|_, id| (id, id)],
            // The task, the person, and both: what is one's own stands in the other place.
            (_, true) => &[|_, id| (id, 1), |own, id| (own, id), |_, id| (id, id)],
        };
        for place in places {
            let path = |id: i64| {
                let (task, person) = place(scene.own_task, id);
                ids(task, person)
            };
            let absent = scene.ask(&route.method, &path(ABSENT), &body).await;
            assert_eq!(absent.status, 404, "{} {}: {}", route.method, path(ABSENT), absent.text);
            for id in &scene.foreign {
                let foreign = scene.ask(&route.method, &path(*id), &body).await;
                assert_eq!(foreign.but_its_number(), absent.but_its_number(), "{} {}", route.method, path(*id));
                asked += 1;
            }
        }
    }
    assert!(asked > 60, "{asked}");
    assert_eq!(scene.rows(), before);
}

#[tokio::test] // A1
async fn so_it_is_with_numbers_and_addresses_in_bodies() {
    let scene = Scene::new().await;
    let before = scene.rows();
    let own = scene.own_task;
    for (method, path, body) in [
        (Method::POST, "/tasks".to_owned(), (|id| json!({"name": "New", "parent_id": id})) as fn(i64) -> Value),
        (Method::PATCH, format!("/tasks/{own}"), |id| json!({"parent": {"id": id}})),
        (Method::PUT, "/timer".to_owned(), |id| json!({"task_id": id})),
        (Method::POST, "/entries".to_owned(), |id| json!({"task_id": id, "date": "2026-11-20", "duration": "1h"})),
        (Method::POST, "/entries".to_owned(), |id| json!({"person_id": id, "date": "2026-11-20", "duration": "1h"})),
        (Method::POST, "/entries/edit".to_owned(), |id| json!({"entries": [id], "change": {"note": "New"}})),
        (Method::POST, "/entries/delete".to_owned(), |id| json!({"entries": [id]})),
        (Method::POST, "/entries/undo".to_owned(), |id| json!({"step": id})),
        (Method::PUT, "/timesheet/cell".to_owned(), |id| json!({"task_id": id, "date": "2026-11-20", "text": "1"})),
        (Method::PUT, "/timesheet/cell".to_owned(), |id| json!({"person_id": id, "date": "2026-11-20", "text": "1"})),
    ] {
        let absent = scene.ask(&method, &path, &body(ABSENT)).await;
        assert_eq!(absent.status, 404, "{method} {path}: {}", absent.text);
        for id in &scene.foreign {
            let foreign = scene.ask(&method, &path, &body(*id)).await;
            assert_eq!(foreign.but_the_entry(*id), absent.but_the_entry(ABSENT), "{method} {path} {id}");
        }
    }
    for (method, path) in [
        (Method::GET, "/timer?person="),
        (Method::DELETE, "/timer?entry="),
        (Method::GET, "/entries?person="),
        (Method::GET, "/timesheet?person="),
    ] {
        let absent = scene.ask(&method, &format!("{path}{ABSENT}"), &Value::Null).await;
        assert_eq!(absent.status, 404, "{method} {path}: {}", absent.text);
        for id in &scene.foreign {
            let foreign = scene.ask(&method, &format!("{path}{id}"), &Value::Null).await;
            assert_eq!(foreign.but_its_number(), absent.but_its_number(), "{method} {path}{id}");
        }
    }
    for word in ["assign", "unassign"] {
        let ask =
            async |email: &str| scene.ask(&Method::POST, &format!("/tasks/{own}/assignments"), &json!({word: [email]})).await;
        let (foreign, absent) = (ask("zoe.lefevre@nordlicht.example").await, ask("eoz.lefevre@nordlicht.example").await);
        assert_eq!((foreign.status, foreign.text.replace("zoe", "eoz")), (404, absent.text));
        assert_eq!(foreign.headers[header::CONTENT_LENGTH], absent.headers[header::CONTENT_LENGTH]);
    }
    assert_eq!(scene.rows(), before);
}

#[tokio::test] // A1
async fn no_list_search_or_status_has_anything_of_another_account() {
    let scene = Scene::new().await;
    let mut lists = 0;
    for route in tallyport_api::routes() {
        if route.method != Method::GET || route.path.contains('{') || route.path == "/events" {
            continue;
        }
        for query in [
            "",
            "?state=all",
            "?state=archived",
            "?q=Design",
            "?q=Native&state=all",
            "?limit=1000",
            "?limit=1",
            "?from=2026-11-01&to=2026-11-30",
            "?by=tag&what=report",
        ] {
            let answered = scene.ask(&Method::GET, &format!("{}{query}", route.path), &Value::Null).await;
            for theirs in ["ordlicht", "Design", "Native", "Studio", "Labs", "elsewhere", "theirs"] {
                // An address that cannot be understood is told back.
                let told = answered.status < 400 && answered.text.contains(theirs);
                assert!(!told, "{}{query}: {}", route.path, answered.text);
            }
            lists += usize::from(answered.status == 200);
        }
    }
    assert!(lists > 20, "{lists}");
    let tasks = scene.ask(&Method::GET, "/tasks?state=all", &Value::Null).await.json();
    assert_eq!((tasks.as_array().unwrap().len(), &tasks[0]["name"]), (1, &json!("Own")));
}

#[tokio::test] // A1
async fn a_cursor_of_another_account_reads_as_one_that_is_damaged_and_changes_nothing() {
    let scene = Scene::new().await;
    let before = scene.rows();
    let own = scene.own_task.to_string();
    let mut asked = 0;
    for (route, theirs) in LISTS {
        let page = scene.bench.get(Who::Administrator, &with(theirs, "limit=1")).await;
        let Some(cursor) = next(&page) else { continue };
        let query = theirs.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
        let query = query.replace("parent=1", &format!("parent={own}"));
        let id = if route.starts_with("/tasks") { &own } else { "1" };
        let ours = format!("{}{query}", route.replace("{id}", id));
        let ask =
            async |cursor: &str| scene.ask(&Method::GET, &with(&ours, &format!("limit=1&cursor={cursor}")), &Value::Null).await;
        let foreign = ask(&cursor).await;
        let expected = if route.contains("runs/") { "not_found" } else { "invalid_cursor" };
        assert_eq!(foreign.outcome(), expected, "{ours}: {}", foreign.text);
        for damaged in [&cursor[1..], &cursor.to_lowercase(), "x"] {
            assert_eq!(foreign.but_its_number(), ask(damaged).await.but_its_number(), "{ours}");
        }
        asked += 1;
    }
    assert!(asked > 12, "{asked}");
    assert_eq!(scene.rows(), before);
}

#[tokio::test] // A1, E7
async fn a_key_of_another_account_is_not_known() {
    let scene = Scene::new().await;
    let ask = async |who: Who, name: &str| {
        let request = http::Request::post("/api/v1/tasks").header(header::CONTENT_TYPE, "application/json");
        let request = request.header("idempotency-key", "k").body(json!({"name": name}).to_string().into()).unwrap();
        scene.bench.request(who, request).await
    };
    assert_eq!(ask(Who::Administrator, "Theirs").await.status, 201);
    let own = ask(Who::Stranger, "Ours").await;
    assert_eq!((own.status, &own.json()["name"]), (201, &json!("Ours")), "neither a replay nor another request's");
    assert!(!own.headers.contains_key("idempotent-replayed"));
}
