use chrono::{Days, TimeDelta};
use tallyport_simulator::{Change, NewProject, Outcome, UnknownId};

use crate::support::{ids, json, little, rows};

#[test]
fn archiving_a_client_archives_its_projects_and_restoring_leaves_them_unless_told() {
    let little = little();
    let project = || json(&little.get(&format!("/workspaces/{}/projects/{}", little.workspace, little.project)));
    little.simulator.change(|world| world.archive_client(little.client)).unwrap();
    assert_eq!((&project()["active"], &project()["status"]), (&false.into(), &"archived".into()));
    little.simulator.change(|world| world.restore_project(little.project)).unwrap();
    assert_eq!(project()["active"], true);
    assert!(ids(&little.list("/clients?status=archived")).contains(&little.client));

    little.simulator.change(|world| world.archive_client(little.client)).unwrap();
    little.simulator.change(|world| world.restore_client(little.client, false)).unwrap();
    assert_eq!(project()["active"], false);
    little.simulator.change(|world| world.restore_client(little.client, true)).unwrap();
    assert_eq!(project()["active"], true);
}

#[test]
fn deleting_a_client_leaves_its_projects_without_client() {
    let little = little();
    little.simulator.change(|world| world.delete_client(little.client)).unwrap();
    let project = json(&little.get(&format!("/workspaces/{}/projects/{}", little.workspace, little.project)));
    assert!(project["client_id"].is_null() && project["cid"].is_null());
    assert!(!ids(&little.list("/clients?status=both")).contains(&little.client));
    let answer = little.get(&format!("/workspaces/{}/clients/{}", little.workspace, little.client));
    assert_eq!(answer.status, 404);
    assert_eq!(crate::support::text(&answer), format!("\"No client with ID {} was found\"", little.client));
}

#[test]
fn deleting_a_project_deletes_its_tasks_and_both_show_up_only_since() {
    let little = little();
    let before = little.simulator.clock().now().timestamp();
    little.simulator.clock().advance(TimeDelta::seconds(90));
    little.simulator.change(|world| world.delete_project(little.project)).unwrap();
    assert!(!ids(&little.list("/projects")).contains(&little.project));
    assert!(!ids(&little.list("/tasks?active=both")).contains(&little.task));

    let changed = little.list(&format!("/projects?since={}", before + 1));
    assert_eq!(ids(&changed), [little.project]);
    assert_eq!(rows(&changed)[0]["server_deleted_at"], "2026-11-26T14:07:30+00:00");
    assert_eq!(rows(&changed)[0]["status"], "deleted");
    assert!(ids(&little.list(&format!("/tasks?active=both&since={}", before + 1))).contains(&little.task));
}

#[test]
fn since_reaches_back_ninety_days_and_no_further() {
    let little = little();
    let now = little.simulator.clock().now();
    let since = |days| format!("/workspaces/{}/projects?since={}", little.workspace, (now - Days::new(days)).timestamp());
    assert_eq!(little.get(&since(90)).status, 200);
    assert_eq!(little.get(&since(91)).status, 400);
    assert_eq!(little.get("/me/clients?since=yesterday").status, 400);
}

#[test]
fn renaming_and_moving_keep_the_id() {
    let little = little();
    little
        .simulator
        .change(|world| {
            world.rename_project(little.project, "Website 2027")?;
            world.move_project(little.project, None)?;
            world.rename_task(little.task, "")?;
            world.move_task(little.task, little.archived_project)
        })
        .unwrap();
    let project = json(&little.get(&format!("/workspaces/{}/projects/{}", little.workspace, little.project)));
    assert_eq!((&project["name"], project["client_id"].is_null()), (&"Website 2027".into(), true));
    let target = format!("/workspaces/{}/projects/{}/tasks/{}", little.workspace, little.archived_project, little.task);
    assert_eq!(json(&little.get(&target))["name"], "");
}

#[test]
fn a_project_past_its_last_day_is_ended_and_still_active() {
    let little = little();
    let today = little.simulator.clock().now().date_naive();
    let (ended, coming) = little
        .simulator
        .change(|world| {
            let past = NewProject::named("Past").lasting(today - Days::new(9), Some(today - Days::new(1)));
            let future = NewProject::named("Future").lasting(today + Days::new(1), None);
            Ok::<_, UnknownId>((world.add_project(little.workspace, past)?, world.add_project(little.workspace, future)?))
        })
        .unwrap();
    let rows = rows(&little.list("/projects"));
    let row = |id| rows.iter().find(|row| row["id"] == id).unwrap();
    assert_eq!((&row(ended)["status"], &row(ended)["active"]), (&"ended".into(), &true.into()));
    assert_eq!(row(coming)["status"], "upcoming");
    assert!(row(coming).get("end_date").is_none());
}

#[test]
fn templates_are_in_the_list_unless_switched_off_and_have_one_of_their_own() {
    let little = little();
    let template = NewProject::named("Standard").template();
    let template = little.simulator.change(|world| world.add_project(little.workspace, template)).unwrap();
    assert!(ids(&little.list("/projects")).contains(&template));
    assert_eq!(ids(&little.list("/projects/templates")), [template]);
    assert_eq!(ids(&little.list("/projects?only_templates=true")), [template]);
    little.simulator.switch(|switches| switches.templates_in_projects = false);
    assert!(!ids(&little.list("/projects")).contains(&template));
}

#[test]
fn changes_as_data_do_the_same_and_name_what_is_unknown() {
    let little = little();
    let apply = |change: &Change| little.simulator.change(|world| world.apply(change));
    let added = apply(&Change::AddTask { project: little.project, name: "New".to_owned() }).unwrap();
    let Outcome::Added(task) = added else { panic!("{added:?}") };
    assert!(ids(&little.list("/tasks")).contains(&task));
    let unknown = apply(&Change::MoveProject { id: little.project, client: Some(1) }).unwrap_err();
    assert_eq!(unknown.to_string(), "no client with id 1");
    let project = json(&little.get(&format!("/workspaces/{}/projects/{}", little.workspace, little.project)));
    assert_eq!(project["client_id"], little.client);
}

#[test]
fn a_group_with_somebody_unknown_makes_nobody_a_member() {
    let little = little();
    little.simulator.change(|world| {
        let known = world.add_user("Tom Baker", "tom@nordlicht.example");
        let before = world.workspace(little.workspace).unwrap().members.len();
        let group = Change::AddGroup { workspace: little.workspace, name: "Friends".to_owned(), users: vec![known, 1] };
        assert_eq!(world.apply(&group).unwrap_err().to_string(), "no user with id 1");
        assert_eq!(world.workspace(little.workspace).unwrap().members.len(), before);
    });
}
