use tallyport_simulator::{Plan, Role};

use crate::support::{get, ids, json, keys, little, names, rows};

#[test]
fn a_plain_member_sees_public_projects_and_their_own_private_ones() {
    let little = little();
    assert_eq!(names(&little.list("/projects")), ["Attic", "Tender", "Website"]);
    assert_eq!(names(&json(&little.member_list("/projects"))), ["Attic", "Website"]);
    assert_eq!(names(&json(&little.member_list("/tasks"))), ["Design"]);
    assert_eq!(little.member_list(&format!("/projects/{}", little.private_project)).status, 404);

    little.simulator.change(|world| world.make_private(little.private_project, &[little.member])).unwrap();
    assert_eq!(names(&json(&little.member_list("/projects"))), ["Attic", "Tender", "Website"]);
    assert_eq!(names(&json(&little.member_list("/tasks"))), ["Calculation", "Design"]);
}

#[test]
fn a_plain_member_does_not_see_a_client_all_of_whose_projects_are_hidden() {
    let little = little();
    assert_eq!(names(&little.list("/clients")), ["Müller & Söhne", "Secret client"]);
    assert_eq!(names(&json(&little.member_list("/clients"))), ["Müller & Söhne"]);
    little.simulator.switch(|switches| switches.clients_limited = false);
    assert_eq!(names(&json(&little.member_list("/clients"))).len(), 2);
}

#[test]
fn the_lists_of_me_hold_what_the_person_takes_part_in() {
    let little = little();
    assert_eq!(names(&json(&little.get("/me/projects"))), ["Website"]);
    assert_eq!(names(&json(&little.get("/me/projects?include_archived=true"))), ["Website", "Attic"]);
    assert_eq!(little.get("/me/projects?include_archived=perhaps").status, 400);
    assert_eq!(names(&json(&little.get("/me/tasks"))), ["Design", "Calculation"]);
    assert_eq!(names(&json(&little.get("/me/tasks?include_not_active=true&offset=1&per_page=1"))), ["Brief"]);
    assert_eq!(names(&json(&little.get("/me/clients"))), ["Müller & Söhne", "Secret client"]);
}

#[test]
fn basic_tasks_hide_everything_by_default() {
    let little = little();
    assert_eq!(little.list("/tasks/basic"), serde_json::Value::Null);
    assert_eq!(names(&little.list("/tasks/basic?only_me=false")), ["Design", "Calculation"]);
    assert_eq!(names(&little.list("/tasks/basic?only_me=false&active=both")).len(), 3);
}

#[test]
fn archived_clients_and_done_tasks_are_hidden_by_default_and_archived_projects_are_not() {
    let little = little();
    assert_eq!(ids(&little.list("/clients")).len(), 2);
    assert_eq!(ids(&little.list("/clients?status=archived")), [little.archived_client]);
    assert_eq!(ids(&little.list("/clients?status=both")).len(), 3);
    // The wrong name for it is ignored without a word.
    assert_eq!(ids(&little.list("/clients?active=both")).len(), 2);
    assert_eq!(ids(&little.list("/projects")).len(), 3);
    assert_eq!(ids(&little.list("/projects?active=true")).len(), 2);
    assert_eq!(ids(&little.list("/projects?active=false")), [little.archived_project]);
    assert_eq!(ids(&little.list("/tasks")).len(), 2);
    assert_eq!(ids(&little.list("/tasks?active=false")), [little.done_task]);
    assert_eq!(ids(&little.list("/tasks?active=both")).len(), 3);
    assert_eq!(ids(&little.list(&format!("/projects/{}/tasks", little.project))).len(), 2);
    assert_eq!(ids(&little.list(&format!("/projects/{}/tasks?active=true", little.project))), [little.task]);
}

#[test]
fn filters_narrow_projects_and_tasks() {
    let little = little();
    assert_eq!(ids(&little.list(&format!("/projects?client_ids={}", little.client))), [little.project]);
    assert_eq!(ids(&little.list("/projects?name=tend")), [little.private_project]);
    assert_eq!(ids(&little.list("/projects?statuses=archived")), [little.archived_project]);
    assert_eq!(ids(&little.list(&format!("/tasks?pid={}&active=both", little.project))).len(), 2);
    assert_eq!(ids(&little.list("/tasks?search=des")), [little.task]);
}

#[test]
fn a_workspace_that_is_not_ones_own_is_refused() {
    let little = little();
    let elsewhere = little
        .simulator
        .change(|world| {
            let stranger = world.add_user("Tom Baker", "tom@elsewhere.example");
            let organization = world.add_organization("Elsewhere", Plan::Free, stranger)?;
            world.add_workspace(organization, "Elsewhere")
        })
        .unwrap();
    assert_eq!(ids(&json(&little.get("/me/workspaces"))), [little.workspace]);
    assert_eq!(little.get(&format!("/workspaces/{elsewhere}/projects")).status, 403);
    assert_eq!(little.get("/workspaces/1/projects").status, 403);
    assert_eq!(little.get("/workspaces/abc/projects").status, 400);
    little.simulator.switch(|switches| switches.hidden_workspace_status = 404);
    assert_eq!(little.get(&format!("/workspaces/{elsewhere}/projects")).status, 404);
    let organization = little.simulator.read(|world| world.workspace(elsewhere).unwrap().organization);
    assert_eq!(little.get(&format!("/organizations/{organization}")).status, 403);
}

#[test]
fn a_person_removed_deactivated_or_only_invited_loses_the_workspace() {
    let little = little();
    let see = || (get(&little.simulator, "/me/workspaces", &little.member_token), little.member_list("/projects"));
    assert_eq!(rows(&json(&see().0)).len(), 1);

    little.simulator.change(|world| world.deactivate_member(little.workspace, little.member, true)).unwrap();
    assert_eq!((rows(&json(&see().0)).len(), see().1.status), (0, 403));
    little.simulator.change(|world| world.deactivate_member(little.workspace, little.member, false)).unwrap();
    assert_eq!(see().1.status, 200);

    little.simulator.change(|world| world.remove_member(little.workspace, little.member)).unwrap();
    assert_eq!((rows(&json(&see().0)).len(), see().1.status), (0, 403));

    little.simulator.change(|world| world.invite_member(little.workspace, little.member, Role::Member)).unwrap();
    assert_eq!(see().1.status, 403);
    little.simulator.change(|world| world.accept_invitation(little.workspace, little.member)).unwrap();
    assert_eq!(see().1.status, 200);
}

#[test]
fn a_demoted_owner_sees_less_without_an_error() {
    let little = little();
    little.simulator.change(|world| world.change_role(little.workspace, little.owner, Role::Member)).unwrap();
    let workspace = &json(&little.get("/me/workspaces"))[0];
    assert_eq!((&workspace["admin"], &workspace["role"]), (&false.into(), &"user".into()));
    assert_eq!(names(&little.list("/projects")), ["Attic", "Website"]);
}

#[test]
fn a_deleted_workspace_is_gone_and_a_suspended_one_is_listed_and_refuses_its_lists() {
    let little = little();
    little.simulator.change(|world| world.suspend_workspace(little.workspace, true)).unwrap();
    assert_eq!(json(&little.get("/me/workspaces"))[0]["suspended_at"], "2026-11-26T14:06:00+00:00");
    assert_eq!(little.get(&format!("/workspaces/{}/clients", little.workspace)).status, 403);
    little.simulator.change(|world| world.suspend_workspace(little.workspace, false)).unwrap();
    assert_eq!(little.get(&format!("/workspaces/{}/clients", little.workspace)).status, 200);

    little.simulator.change(|world| world.delete_workspace(little.workspace)).unwrap();
    assert_eq!(json(&little.get("/me/workspaces")), serde_json::Value::Null);
    assert_eq!(little.get(&format!("/workspaces/{}/clients", little.workspace)).status, 403);
    let since = little.simulator.clock().now().timestamp();
    assert_eq!(ids(&json(&little.get(&format!("/me/workspaces?since={since}")))), [little.workspace]);
}

#[test]
fn a_new_workspace_can_be_listed_late() {
    let little = little();
    little.simulator.switch(|switches| switches.new_workspaces_hidden_for = 5);
    little.simulator.clock().advance(chrono::TimeDelta::seconds(60));
    little.simulator.change(|world| world.add_workspace(little.organization, "Labs")).unwrap();
    assert_eq!(names(&json(&little.get("/me/workspaces"))), ["Studio"]);
    little.simulator.clock().advance(chrono::TimeDelta::seconds(5));
    assert_eq!(names(&json(&little.get("/me/workspaces"))), ["Studio", "Labs"]);
}

#[test]
fn related_data_leaves_empty_collections_out() {
    let little = little();
    let with = json(&little.get("/me?with_related_data=true"));
    for key in ["clients", "projects", "tasks", "tags", "workspaces"] {
        assert!(with[key].is_array(), "{key}");
    }
    assert!(with.get("time_entries").is_none());
    little.simulator.change(|world| world.change_plan(little.organization, Plan::Free)).unwrap();
    assert!(!keys(&json(&little.get("/me?with_related_data=true"))).contains(&"tasks".to_owned()));
    assert!(!keys(&json(&little.get("/me"))).contains(&"projects".to_owned()));
}
