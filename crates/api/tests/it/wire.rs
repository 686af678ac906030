//! What answers look like: the fields that people's scripts rely on.

use http::{Method, header};
use serde_json::{Value, json};

use crate::bench::{Bench, Who};

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn people_are_answered_as_they_were_asked_for() {
    let bench = Bench::new().await;
    let me = bench.get(Who::Member, "/me").await.json();
    assert_eq!(
        me,
        json!({
            "id": 3, "email": "lukasz.wisniewski@nordlicht.example", "name": "Łukasz", "role": "member", "active": true,
            "account": {"id": 1, "name": "Nordlicht"},
            "timezone": "UTC", "own_timezone": false, "week_start": "monday", "own_week_start": false,
        })
    );
    let one = bench.post(Who::Administrator, "/people", &json!({"email": "a@x.example", "name": "A"})).await;
    assert_eq!((one.status, one.json()["id"].as_i64()), (201, Some(5)));
    let many = bench.post(Who::Administrator, "/people", &json!([{"email": "b@x.example", "name": "B"}])).await;
    assert_eq!((many.status, many.json()[0]["id"].as_i64()), (201, Some(6)));
    let changed = bench.send(Who::Administrator, &Method::PATCH, "/people/5", Some(json!({"role": "manager"}).to_string())).await;
    assert_eq!(changed.json()["role"], "manager");
    let gone = bench.send(Who::Administrator, &Method::POST, "/people/5/deactivate", None).await;
    assert_eq!(gone.json()["active"], false);
    assert_eq!(bench.get(Who::Administrator, "/people").await.json().as_array().unwrap().len(), 6);
}

#[tokio::test] // T1, T4
async fn the_tree_is_an_array_in_display_order() {
    let bench = Bench::imported().await;
    let answered = bench.get(Who::Administrator, "/tasks").await;
    assert_eq!(answered.headers[header::CONTENT_TYPE], "application/json");
    let tree = answered.json();
    assert_eq!(
        tree[0],
        json!({
            "id": 1, "parent_id": null, "name": "Toggl", "level": 1, "path": ["Toggl"], "color": null, "archived": false,
            "archived_reason": null, "archived_at": null, "read_only": true, "trackable": true,
            "origin": {"integration": "toggl", "kind": "root", "external_id": null},
        })
    );
    let labs = &tree[1];
    assert_eq!((&labs["path"], &labs["origin"]["kind"]), (&json!(["Toggl", "Labs"]), &json!("workspace")));
    assert!(labs["origin"]["external_id"].is_string());
    let native = bench.native("Native").await;
    let native = bench.get(Who::Administrator, &format!("/tasks/{native}")).await.json();
    assert_eq!((&native["origin"], &native["read_only"]), (&Value::Null, &json!(false)));

    let archived = bench.send(Who::Manager, &Method::POST, &format!("/tasks/{}/archive", native["id"]), None).await.json();
    assert_eq!((&archived["archived"], &archived["archived_reason"]), (&json!(true), &json!("archived_here")));
    assert!(archived["archived_at"].as_str().unwrap().ends_with('Z'));
    let list = bench.get(Who::Administrator, "/tasks?state=archived").await.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    let found = bench.get(Who::Administrator, "/tasks?q=website%20design&limit=1").await.json();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["name"]), (1, &json!("Design")));
    assert_eq!(bench.get(Who::Administrator, "/tasks?state=all&limit=2").await.json().as_array().unwrap().len(), 2);
}

#[tokio::test] // I1, I2
async fn the_status_has_its_fields_for_administrators_and_three_for_others() {
    let bench = Bench::new().await;
    let status = bench.get(Who::Administrator, "/integrations/toggl").await.json();
    assert_eq!((&status["state"], &status["selection"]), (&json!("disabled"), &Value::Null));
    let token = bench.server.simulator().owner_token().unwrap();
    let enabled = bench.put(Who::Administrator, "/integrations/toggl", &json!({"api_token": token})).await.json();
    assert_eq!(keys(&enabled["workspaces"][0]), ["external_id", "name", "selected", "visible"],);
    assert_eq!(enabled["toggl_user"], json!({"name": "Ana Nováková", "email": "ana.novakova@nordlicht.example"}));

    let labs = enabled["workspaces"][0]["external_id"].clone();
    let run = bench.put(Who::Administrator, "/integrations/toggl/selection", &json!({"workspaces": [labs]})).await;
    bench.ended(&run).await;
    let status = bench.get(Who::Administrator, "/integrations/toggl").await.json();
    assert_eq!(status["selection"], json!({"all": false, "workspaces": [labs], "names": ["Labs"]}));
    assert_eq!(status["settings"], json!({"private_projects": "keep", "schedule": null}));
    assert_eq!(status["last_run"]["outcome"], "succeeded");
    assert!(status["quota"]["remaining"].is_i64() && status["last_synced_at"].is_string(), "{status}");

    let status = bench.get(Who::Member, "/integrations/toggl").await.json();
    let told: Vec<&str> = keys(&status).into_iter().filter(|key| !status[key].is_null()).collect();
    assert_eq!(told, ["last_synced_at", "state"]);
}

#[tokio::test] // I14, I20
async fn a_run_has_its_counts_its_proof_and_what_it_changed() {
    let bench = Bench::imported().await;
    let run = bench.get(Who::Administrator, "/integrations/toggl/runs/1").await.json();
    for field in ["created", "renamed", "moved", "archived", "restored", "unchanged", "assigned", "withdrawn", "requests"] {
        assert!(run[field].is_u64(), "{field}: {run}");
    }
    assert_eq!(run["started_by"]["name"], "Ana");
    assert!(run["proof"].as_array().unwrap().len() > 3);
    assert!(run.get("error").is_none());
    let changes = bench.get(Who::Administrator, "/integrations/toggl/runs/1/changes").await.json();
    assert_eq!(run["changes"], changes);
    let of = |kind: &str| changes.as_array().unwrap().iter().filter(|change| change["change"] == kind).count() as u64;
    assert_eq!((of("created"), of("assigned")), (run["created"].as_u64().unwrap(), run["assigned"].as_u64().unwrap()));
    let assigned = changes.as_array().unwrap().iter().find(|change| change["change"] == "assigned").unwrap();
    assert_eq!(keys(&assigned["person"]), ["email", "id", "name"]);
    assert_eq!(bench.get(Who::Administrator, "/integrations/toggl/runs").await.json().as_array().unwrap().len(), 1);
}

#[tokio::test] // I3
async fn events_tell_the_progress_until_the_end() {
    let bench = Bench::imported().await;
    let run = bench.send(Who::Administrator, &Method::POST, "/integrations/toggl/runs", None).await;
    let id = run.json()["id"].as_i64().unwrap();
    let events = bench.get(Who::Administrator, &format!("/integrations/toggl/runs/{id}/events")).await;
    assert_eq!(events.headers[header::CONTENT_TYPE], "text/event-stream");
    let data: Vec<Value> = events
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect();
    assert_eq!(data.last().unwrap()["phase"], "ended");
    assert!(data.iter().filter(|progress| progress["phase"] == "ended").count() == 1);
    assert_eq!(events.text.matches("event: progress").count(), data.len());
}

#[tokio::test] // I13
async fn a_preview_has_a_list_for_each_kind_of_change() {
    let bench = Bench::imported().await;
    let simulator = bench.server.simulator();
    simulator.change(|world| world.finish_task(world.find_task("Moodboard").unwrap())).unwrap();
    let preview = bench.send(Who::Administrator, &Method::POST, "/integrations/toggl/preview", None).await.json();
    assert_eq!(
        keys(&preview),
        [
            "archived",
            "archived_hours",
            "assigned",
            "created",
            "moved",
            "private_projects",
            "renamed",
            "requests",
            "restored",
            "running_timers",
            "warnings",
            "withdrawn"
        ]
    );
    assert_eq!(preview["archived"][0]["name"], "Moodboard");
    assert_eq!(preview["archived"][0]["reason"], "done_in_toggl");
    assert_eq!(preview["archived"][0]["kind"], "task");
    let none = bench.post(Who::Administrator, "/integrations/toggl/preview", &json!({"workspaces": []})).await.json();
    assert!(none["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "confirmation_needed"), "{none}");
}

#[tokio::test] // P1, P2, P8
async fn assignments_and_access_name_task_and_person() {
    let bench = Bench::imported().await;
    let after = bench.send(Who::Manager, &Method::PUT, "/tasks/1/assignments/4", None).await.json();
    let by_hand = after.as_array().unwrap().iter().find(|one| one["automatic"] == false).unwrap();
    assert_eq!(
        by_hand,
        &json!({
            "person": {"id": 4, "email": "jurgen@elsewhere.example", "name": "Jürgen"},
            "task": {"id": 1, "path": ["Toggl"]},
            "automatic": false,
        })
    );
    let access = bench.get(Who::Manager, "/people/4/access").await.json();
    assert_eq!(access, json!([{"id": 1, "path": ["Toggl"], "via": [{"task_id": 1, "automatic": false}]}]));
    let effective = bench.get(Who::Manager, "/people/4/access?effective=true").await.json();
    assert!(effective.as_array().unwrap().len() > 30);
    let adopted = bench.send(Who::Administrator, &Method::POST, "/integrations/toggl/adopt-assignments", None).await.json();
    assert!(adopted["adopted"].as_u64().unwrap() > 0, "{adopted}");
    let members = bench.get(Who::Administrator, "/integrations/toggl/members").await.json();
    let lukasz = members.as_array().unwrap().iter().find(|member| member["person_id"] == 3).unwrap();
    assert_eq!(lukasz["workspaces"], json!(["Labs", "Nordlicht Studio", "Pro bono"]));
    assert!(members.as_array().unwrap().iter().any(|member| member["joined"] == false && member["person_id"].is_null()));
}
