//! Sheets, cells, many entries at once, and what is taken back (E2–E5, E7, E9).

use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};
use tallyport_domain::Clock as _;

use crate::bench::{Answered, Bench, Who};
use crate::door::{Ask, Door};

/// The route whose replay is tried here.
pub(crate) const FILL: &str = "PUT /timesheet/cell";

async fn ask(door: &Door, method: Method, path: &str, body: Value) -> Answered {
    door.vouched(1, &method, path, (!body.is_null()).then_some(body)).await
}

fn cells(sheet: &Value) -> Vec<Vec<i64>> {
    let row = |row: &Value| row["cells"].as_array().unwrap().iter().map(|cell| cell["seconds"].as_i64().unwrap()).collect();
    sheet["rows"].as_array().unwrap().iter().map(row).collect()
}

#[tokio::test] // E2, E5, E9
async fn a_week_is_filled_cell_by_cell_and_its_totals_agree() {
    let door = Door::new().await;
    let task = ask(&door, Method::POST, "/tasks", json!({"name": "Site"})).await.json()["id"].as_i64().unwrap();
    let own = format!("/tasks/{task}/assignments/1");
    assert_eq!(ask(&door, Method::PUT, &own, Value::Null).await.status, 200);
    let fill = async |date: &str, task: Option<i64>, text: &str| {
        let cell = json!({"date": date, "task_id": task, "text": text});
        let filled = ask(&door, Method::PUT, "/timesheet/cell", cell).await;
        assert_eq!(filled.status, 200, "{}", filled.text);
        filled.json()
    };
    assert_eq!(fill("2026-11-23", Some(task), "1:30").await["reading"], "1 h 30 min");
    assert_eq!(fill("2026-11-23", None, "=8").await["seconds"], 6 * 3600 + 1800);
    assert_eq!(fill("2026-11-24", Some(task), "90").await["seconds"], 5400, "minutes above 24");
    assert_eq!(fill("2026-11-24", Some(task), "+15").await["day_seconds"], 6300);
    let late = json!({"start": "2026-11-29 23:00", "end": "2026-11-30 1:00", "task_id": task});
    assert_eq!(ask(&door, Method::POST, "/entries", late).await.status, 201);

    let sheet = ask(&door, Method::GET, "/timesheet?date=2026-11-26", Value::Null).await.json();
    assert_eq!((&sheet["week_start"], &sheet["timezone"]), (&"monday".into(), &"Europe/Berlin".into()));
    let dates: Vec<&str> = sheet["days"].as_array().unwrap().iter().map(|day| day["date"].as_str().unwrap()).collect();
    assert_eq!((dates[0], dates[6], dates.len()), ("2026-11-23", "2026-11-29", 7));
    assert_eq!(cells(&sheet), [[23_400, 0, 0, 0, 0, 0, 0], [5400, 6300, 0, 0, 0, 0, 3600]]);
    let days: Vec<i64> = sheet["days"].as_array().unwrap().iter().map(|day| day["seconds"].as_i64().unwrap()).collect();
    assert_eq!(days, [28_800, 6300, 0, 0, 0, 0, 3600]);
    assert_eq!(sheet["seconds"], 38_700);
    assert_eq!(sheet["rows"].as_array().unwrap().iter().map(|row| row["seconds"].as_i64().unwrap()).sum::<i64>(), 38_700);
    let next = ask(&door, Method::GET, "/timesheet?date=2026-11-30&span=day", Value::Null).await.json();
    assert_eq!((&next["seconds"], next["days"].as_array().unwrap().len()), (&3600.into(), 1));

    let cut = ask(&door, Method::PUT, "/timesheet/cell", json!({"date": "2026-11-30", "task_id": task, "text": "0"})).await;
    assert_eq!(cut.outcome(), "across_midnight");
    for text in ["25h", "-9:00", "soon", "1:75"] {
        let cell = json!({"date": "2026-11-24", "task_id": task, "text": text});
        let refused = ask(&door, Method::PUT, "/timesheet/cell", cell).await;
        assert_eq!(refused.outcome(), "invalid_duration", "{text}: {}", refused.text);
    }
}

#[tokio::test] // E4
async fn what_is_counted_twice_or_was_left_running_is_pointed_out() {
    let door = Door::new().await;
    let now = door.clock.now();
    let at = |hours: i64| (now - TimeDelta::hours(hours)).to_rfc3339();
    for (start, end) in [(40, 38), (39, 37)] {
        let times = json!({"start": at(start), "end": at(end)});
        assert_eq!(ask(&door, Method::POST, "/entries", times).await.status, 201);
    }
    let long = json!({"start": at(14), "end": at(1), "counted": true});
    assert_eq!(ask(&door, Method::POST, "/entries", long).await.status, 201);
    let from = (now - TimeDelta::days(3)).date_naive();
    let sheet = ask(&door, Method::GET, &format!("/timesheet?from={from}"), Value::Null).await.json();
    assert_eq!(
        sheet["notices"],
        json!([
            {"kind": "overlap", "entry_id": 1, "other_id": 2, "seconds": 3600},
            {"kind": "overlong", "entry_id": 3, "other_id": null, "seconds": 13 * 3600},
        ])
    );
}

#[tokio::test] // E7
async fn a_cell_that_is_filled_twice_under_one_key_is_filled_once() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "track").await;
    let fill = || {
        let cell = json!({"date": "2026-11-24", "text": "+1:00"});
        Ask::new(&Method::PUT, "/timesheet/cell").bearer(&token).header("idempotency-key", "k").body(cell)
    };
    let beside = door.beside();
    let (one, two) = tokio::join!(door.ask(fill()), Door::ask_of(&beside, fill()));
    let three = door.ask(fill()).await;
    assert_eq!((one.status, &one.text, &one.text), (200, &two.text, &three.text));
    assert_eq!(one.json()["seconds"], 3600);
    let sheet = ask(&door, Method::GET, "/timesheet?date=2026-11-24&span=day", Value::Null).await.json();
    assert_eq!(sheet["seconds"], 3600);
}

#[tokio::test] // E3
async fn many_are_changed_or_deleted_at_once_and_brought_back_at_once() {
    let door = Door::new().await;
    for hour in 8..11 {
        let times = json!({"start": format!("2026-11-24 {hour}:00"), "end": format!("{}:00", hour + 1), "note": "as it was"});
        assert_eq!(ask(&door, Method::POST, "/entries", times).await.status, 201);
    }
    let all = async || ask(&door, Method::GET, "/entries?to=2026-11-24", Value::Null).await.json();
    let before = all().await;
    let change = json!({"entries": [1, 2, 3], "change": {"note": "new", "billable": true}});
    let changed = ask(&door, Method::POST, "/entries/edit", change).await.json();
    assert!(all().await.as_array().unwrap().iter().all(|entry| entry["note"] == "new" && entry["billable"] == true));
    let missing = ask(&door, Method::POST, "/entries/delete", json!({"entries": [1, 99]})).await;
    assert_eq!((missing.outcome().as_str(), all().await.as_array().unwrap().len()), ("not_found", 3));
    assert_eq!(missing.json()["details"], json!(["entry 99"]), "it says which one");
    let task = ask(&door, Method::POST, "/tasks", json!({"name": "Site"})).await.json()["id"].clone();
    assert_eq!(ask(&door, Method::POST, &format!("/tasks/{task}/archive"), Value::Null).await.status, 200);
    let moved = json!({"entries": [2, 3], "change": {"task": {"id": task}}});
    let refused = ask(&door, Method::POST, "/entries/edit", moved).await;
    assert_eq!((refused.status / 100, &refused.json()["details"]), (4, &json!(["entry 2"])), "{}", refused.text);
    let times = ask(&door, Method::POST, "/entries/edit", json!({"entries": [1], "change": {"start": "9:00"}})).await;
    assert_eq!(times.outcome(), "invalid_request");

    let deleted = ask(&door, Method::POST, "/entries/delete", json!({"entries": [1, 3]})).await.json();
    assert_eq!(all().await.as_array().unwrap().len(), 1);
    let undo = async |step: &Value| ask(&door, Method::POST, "/entries/undo", json!({"step": step})).await;
    assert_eq!(undo(&changed["step"]).await.outcome(), "changed_meanwhile", "two of them are gone since");
    assert_eq!(undo(&deleted["step"]).await.json()["entries"].as_array().unwrap().len(), 2);
    let edited = ask(&door, Method::PATCH, "/entries/2", json!({"note": "as it was", "billable": false})).await;
    assert_eq!(edited.status, 200, "{}", edited.text);
    for entry in [1, 3] {
        let back = json!({"note": "as it was", "billable": false});
        assert_eq!(ask(&door, Method::PATCH, &format!("/entries/{entry}"), back).await.status, 200);
    }
    assert_eq!(all().await, before);
}

#[tokio::test] // E3
async fn of_two_who_saw_the_same_entry_one_changes_it() {
    let bench = Bench::new().await;
    let times = json!({"start": "2026-11-24 9:00", "end": "10:00"});
    assert_eq!(bench.post(Who::Administrator, "/entries", &times).await.status, 201);
    let seen = bench.get(Who::Administrator, "/entries/1").await;
    let tag = seen.headers["etag"].to_str().unwrap().to_owned();
    let change = async |note: &str| {
        let mut request = http::Request::patch("/api/v1/entries/1").body(json!({"note": note}).to_string().into()).unwrap();
        request.headers_mut().insert("content-type", "application/json".parse().unwrap());
        request.headers_mut().insert("if-match", tag.parse().unwrap());
        bench.request(Who::Administrator, request).await.outcome()
    };
    assert_eq!(change("one").await, "200");
    assert_eq!(change("two").await, "changed_meanwhile");
}
