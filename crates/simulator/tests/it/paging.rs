use serde_json::Value;
use tallyport_simulator::{AboveCap, EmptyList, Plan, Simulator, World};

use crate::support::{get, ids, json, rows, text};

/// One workspace with so many projects, and as many tasks on the first of them.
fn many(count: usize) -> (Simulator, i64, String) {
    let (mut world, workspace) = World::with_workspace(Plan::Premium, "Studio").unwrap();
    let mut first = None;
    for index in 0..count {
        let project = world.add_project(workspace, format!("Project {index:04}").as_str()).unwrap();
        let first = *first.get_or_insert(project);
        world.add_task(first, format!("Task {index:04}")).unwrap();
    }
    let token = world.owner_token().unwrap().to_owned();
    (Simulator::new(world), workspace, token)
}

fn page(of: &(Simulator, i64, String), target: &str) -> Value {
    json(&get(&of.0, &format!("/workspaces/{}{target}", of.1), &of.2))
}

#[test]
fn projects_come_151_a_page_and_at_most_200() {
    let of = many(205);
    assert_eq!(rows(&page(&of, "/projects")).len(), 151);
    assert_eq!(rows(&page(&of, "/projects?page=2")).len(), 54);
    assert_eq!(rows(&page(&of, "/projects?per_page=200")).len(), 200);
    assert_eq!(rows(&page(&of, "/projects?per_page=200&page=2")).len(), 5);
    assert_eq!(rows(&page(&of, "/projects?per_page=500")).len(), 200);
    of.0.switch(|switches| switches.above_cap = AboveCap::Refuse);
    assert_eq!(get(&of.0, &format!("/workspaces/{}/projects?per_page=201", of.1), &of.2).status, 400);
}

#[test]
fn a_page_past_the_end_is_null_or_brackets_by_switch() {
    let of = many(3);
    assert_eq!(page(&of, "/projects?page=2"), Value::Null);
    of.0.switch(|switches| switches.empty_lists = EmptyList::Brackets);
    assert_eq!(page(&of, "/projects?page=2"), serde_json::json!([]));
}

#[test]
fn the_pages_of_projects_hold_each_project_once() {
    let of = many(205);
    let mut seen: Vec<i64> =
        (1..=3).flat_map(|number| ids(&page(&of, &format!("/projects?per_page=100&page={number}")))).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 205);
}

#[test]
fn rows_of_projects_tell_the_total_only_by_switch() {
    let of = many(3);
    assert!(rows(&page(&of, "/projects"))[0].get("total_count").is_none());
    of.0.switch(|switches| switches.total_count_in_projects = true);
    assert_eq!(rows(&page(&of, "/projects?per_page=2"))[0]["total_count"], 3);
}

#[test]
fn tasks_come_in_an_envelope_of_50_that_echoes_what_was_asked() {
    let of = many(205);
    let first = page(&of, "/tasks");
    assert_eq!(rows(&first).len(), 50);
    assert_eq!((&first["total_count"], &first["page"], &first["per_page"]), (&205.into(), &1.into(), &50.into()));
    assert_eq!((&first["sort_field"], &first["sort_order"]), (&"name".into(), &"ASC".into()));
    let last = page(&of, "/tasks?per_page=200&page=2&sort_field=created_at&sort_order=desc");
    assert_eq!(rows(&last).len(), 5);
    assert_eq!((&last["sort_field"], &last["sort_order"]), (&"created_at".into(), &"DESC".into()));
    let past = page(&of, "/tasks?page=9");
    assert_eq!((&past["data"], &past["total_count"]), (&Value::Null, &205.into()));
}

#[test]
fn a_capped_page_of_tasks_says_so() {
    let of = many(205);
    of.0.switch(|switches| switches.tasks_cap = 100);
    let capped = page(&of, "/tasks?per_page=200");
    assert_eq!((rows(&capped).len(), &capped["per_page"]), (100, &100.into()));
}

#[test]
fn a_rename_moves_a_task_between_pages_by_name_and_not_by_creation() {
    let of = many(4);
    let last = ids(&page(&of, "/tasks"))[3];
    of.0.change(|world| world.rename_task(last, "A first one")).unwrap();
    assert_eq!(ids(&page(&of, "/tasks"))[0], last);
    assert_eq!(ids(&page(&of, "/tasks?sort_field=created_at"))[3], last);
}

#[test]
fn nonsense_in_the_query_is_400_with_a_json_string_and_unknown_parameters_are_ignored() {
    let of = many(1);
    for target in
        ["/projects?page=0", "/projects?per_page=many", "/tasks?page=-1", "/projects?active=maybe", "/clients?status=all"]
    {
        let answer = get(&of.0, &format!("/workspaces/{}{target}", of.1), &of.2);
        assert_eq!(answer.status, 400, "{target}");
        assert!(serde_json::from_str::<String>(&text(&answer)).is_ok(), "{target}");
    }
    assert_eq!(rows(&page(&of, "/projects?colour=blue")).len(), 1);
}

#[test]
fn my_projects_paginated_begins_at_an_id() {
    let of = many(5);
    let all = ids(&json(&get(&of.0, "/me/projects/paginated?per_page=3", &of.2)));
    assert_eq!(all.len(), 3);
    let rest = ids(&json(&get(&of.0, &format!("/me/projects/paginated?start_project_id={}", all[2] + 1), &of.2)));
    assert_eq!(rest.len(), 2);
    assert_eq!(get(&of.0, "/me/projects/paginated?start_project_id=x", &of.2).status, 400);
}
