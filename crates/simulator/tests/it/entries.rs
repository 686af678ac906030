use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tallyport_simulator::{Simulator, Size, TimeEntry, World, start};

use crate::support::{get, json, keys, little, rows, text};

fn busy(entries: usize) -> (Simulator, String) {
    let world = World::generate(1, &Size { entries, ..Size::default() });
    let token = world.owner_token().unwrap().to_owned();
    (Simulator::new(world), token)
}

#[test]
fn without_parameters_the_last_days_come_newest_first() {
    let (simulator, token) = busy(2_000);
    let list = json(&get(&simulator, "/me/time_entries", &token));
    assert_eq!(rows(&list).len(), 9 * 24);
    let starts: Vec<DateTime<Utc>> = rows(&list).iter().map(|row| row["start"].as_str().unwrap().parse().unwrap()).collect();
    assert!(starts.is_sorted_by(|newer, older| newer >= older));
    assert!(starts[0] > start() - TimeDelta::hours(2));
}

#[test]
fn never_more_than_a_thousand_come_and_one_goes_on_before_the_oldest() {
    let (simulator, token) = busy(1_500);
    let range = "/me/time_entries?start_date=2026-09-01&end_date=2026-11-27";
    let list = rows(&json(&get(&simulator, range, &token)));
    assert_eq!(list.len(), 1_000);
    let oldest = list[999]["start"].as_str().unwrap().replace("+00:00", "Z");
    let rest = rows(&json(&get(&simulator, &format!("/me/time_entries?before={oldest}"), &token)));
    assert_eq!(rest.len(), 500);
}

#[test]
fn the_refusals_of_time_entries_are_those_of_the_api() {
    let (simulator, token) = busy(1);
    let refused = |query: &str| {
        let answer = get(&simulator, &format!("/me/time_entries?{query}"), &token);
        (answer.status, text(&answer))
    };
    let now = start().timestamp();
    let both = format!("since={now}&before=2026-11-26");
    assert_eq!(refused(&both), (400, "\"'since' and 'before' can not be present simultaneously\"".to_owned()));
    let early = refused("start_date=2026-01-01&end_date=2026-11-26");
    assert_eq!(early, (400, "\"start_date must not be earlier than 2026-08-28\"".to_owned()));
    assert_eq!(refused("start_date=2026-11-20").0, 400);
    assert_eq!(refused("start_date=soon&end_date=later").0, 400);
}

#[test]
fn an_entry_without_project_has_no_pid_and_a_running_one_has_a_negative_duration() {
    let little = little();
    let start = little.simulator.clock().now() - TimeDelta::minutes(5);
    let entry = TimeEntry {
        id: 0,
        user: little.owner,
        workspace: little.workspace,
        project: None,
        task: None,
        description: None,
        start,
        stop: None,
        at: start,
        deleted_at: None,
    };
    assert_eq!(json(&little.get("/me/time_entries/current")), Value::Null);
    let id = little.simulator.change(|world| world.add_entry(entry));
    assert!(id > i64::from(i32::MAX));
    let running = json(&little.get("/me/time_entries/current"));
    assert_eq!(running["duration"], -start.timestamp());
    assert!(running["stop"].is_null() && running["project_id"].is_null());
    assert!(!keys(&running).contains(&"pid".to_owned()));
    assert_eq!(json(&little.get(&format!("/me/time_entries/{id}")))["id"], id);

    let since = little.simulator.clock().now().timestamp();
    little.simulator.change(|world| world.delete_entry(id)).unwrap();
    assert_eq!(json(&little.get("/me/time_entries")), Value::Null);
    let deleted = json(&little.get(&format!("/me/time_entries?since={since}")));
    assert_eq!(rows(&deleted)[0]["server_deleted_at"], "2026-11-26T14:06:00+00:00");
}

#[test]
fn meta_adds_names() {
    let (simulator, token) = busy(30);
    let list = rows(&json(&get(&simulator, "/me/time_entries?meta=true", &token)));
    assert!(list.iter().all(|row| row["user_name"] == "Ana Nováková"));
    let on_project = list.iter().find(|row| row["pid"].is_i64()).unwrap();
    assert!(on_project["project_name"].is_string() && on_project["project_color"].is_string());
}
