use serde_json::Value;
use tallyport_simulator::{Role, Simulator};

use crate::support::{Little, get, json, little, rows, text};

struct People {
    little: Little,
    grouped: i64,
    invited: i64,
    deactivated: i64,
}

fn people() -> People {
    let little = little();
    let workspace = little.workspace;
    let (grouped, invited, deactivated) = little.simulator.change(|world| {
        let grouped = world.add_user("Tom Baker", "tom@nordlicht.example");
        world.add_group(workspace, "Freelancers", &[grouped]).unwrap();
        let invited = world.add_user("Siobhán O’Connell", "siobhan@nordlicht.example");
        world.invite_member(workspace, invited, Role::Member).unwrap();
        let deactivated = world.add_user("عمر السيد", "omar@nordlicht.example");
        world.add_member(workspace, deactivated, Role::Member).unwrap();
        world.deactivate_member(workspace, deactivated, true).unwrap();
        (grouped, invited, deactivated)
    });
    People { little, grouped, invited, deactivated }
}

fn people_in(list: &Value, key: &str) -> Vec<i64> {
    rows(list).iter().map(|row| row[key].as_i64().unwrap()).collect()
}

fn row(list: &Value, key: &str, user: i64) -> Value {
    rows(list).into_iter().find(|row| row[key] == user).unwrap()
}

#[test]
fn users_of_a_workspace_have_the_persons_id_and_no_group_members() {
    let people = people();
    let users = people.little.list("/users");
    assert_eq!(people_in(&users, "id"), [people.little.owner, people.little.member, people.invited, people.deactivated]);
    let invited = row(&users, "id", people.invited);
    assert_eq!((&invited["is_active"], &invited["inactive"]), (&false.into(), &false.into()));
    assert_eq!(row(&users, "id", people.deactivated)["inactive"], true);
    assert_eq!(row(&users, "id", people.little.member)["email"], "Zoe.Lefevre@Nordlicht.example");
    assert!(!people_in(&people.little.list("/users?exclude_deleted=true"), "id").contains(&people.deactivated));
    people.little.simulator.switch(|switches| switches.users_hold_group_members = true);
    assert!(people_in(&people.little.list("/users"), "id").contains(&people.grouped));
}

#[test]
fn workspace_users_have_the_memberships_id_and_group_members_only_on_request() {
    let people = people();
    let direct = people.little.list("/workspace_users");
    assert!(!people_in(&direct, "uid").contains(&people.grouped));
    let all = people.little.list("/workspace_users?includeIndirect=true");
    let grouped = row(&all, "uid", people.grouped);
    assert_eq!(grouped["is_direct"], false);
    assert_eq!(grouped["group_ids"].as_array().unwrap().len(), 1);
    assert_ne!(grouped["id"], people.grouped);
    assert!(grouped["id"].as_i64().unwrap() > i64::from(i32::MAX));
    assert!(grouped.get("user_id").is_none());
    assert_eq!(row(&all, "uid", people.little.owner)["group_ids"], Value::Null);
    assert_eq!(row(&all, "uid", people.invited)["active"], false);
}

#[test]
fn workspace_users_of_an_organization_are_all_there_in_pages() {
    let people = people();
    let base = format!("/organizations/{}/workspaces/{}/workspace_users", people.little.organization, people.little.workspace);
    let all = json(&people.little.get(&base));
    assert_eq!(rows(&all).len(), 5);
    let grouped = row(&all, "user_id", people.grouped);
    assert_eq!(grouped["workspace_id"], people.little.workspace);
    assert!(grouped.get("uid").is_none());
    let owner = row(&all, "user_id", people.little.owner);
    assert_eq!((&owner["organization_admin"], &owner["workspace_admin"]), (&true.into(), &true.into()));
    assert_eq!(rows(&json(&people.little.get(&format!("{base}?per_page=2&page=3")))).len(), 1);
    assert_eq!(json(&people.little.get(&format!("{base}?per_page=2&page=4"))), Value::Null);
    let wrong = format!("/organizations/{}/workspaces/1/workspace_users", people.little.organization);
    assert_eq!(people.little.get(&wrong).status, 403);
}

#[test]
fn organization_users_come_with_their_workspaces_and_paging_headers() {
    let people = people();
    let base = format!("/organizations/{}/users", people.little.organization);
    let answer = people.little.get(&format!("{base}?per_page=2&page=2"));
    let header = |name| answer.header(name).unwrap();
    assert_eq!(
        [header("X-Page"), header("X-Page-Size"), header("X-Pages"), header("X-Records"), header("X-Sort-Order")],
        ["2", "2", "3", "5", "asc"]
    );
    let all = json(&people.little.get(&base));
    let grouped = row(&all, "user_id", people.grouped);
    assert_eq!(grouped["groups"][0]["name"], "Freelancers");
    assert_eq!(grouped["workspaces"][0]["workspace_id"], people.little.workspace);
    let invited = row(&all, "user_id", people.invited);
    assert_eq!(invited["joined"], false);
    assert!(invited["invitation_id"].is_i64());
    assert_eq!(row(&all, "user_id", people.deactivated)["inactive"], true);
    assert_eq!(row(&all, "user_id", people.little.owner)["groups"], Value::Null);
    let elsewhere = json(&people.little.get(&format!("{base}?workspaces=1")));
    assert_eq!(elsewhere, Value::Null);
}

#[test]
fn members_are_refused_to_a_plain_token_or_shown_without_emails_by_switch() {
    let people = people();
    let (workspace, organization) = (people.little.workspace, people.little.organization);
    let targets = [
        format!("/workspaces/{workspace}/users"),
        format!("/workspaces/{workspace}/workspace_users"),
        format!("/organizations/{organization}/workspaces/{workspace}/workspace_users"),
        format!("/organizations/{organization}/users"),
        format!("/workspaces/{workspace}/groups"),
    ];
    let simulator: &Simulator = &people.little.simulator;
    for target in &targets {
        assert_eq!(get(simulator, target, &people.little.member_token).status, 403, "{target}");
    }
    simulator.switch(|switches| switches.members_need_administrator = false);
    let users = get(simulator, &targets[0], &people.little.member_token);
    assert!(!text(&users).contains('@'));
    simulator.switch(|switches| switches.emails_hidden = false);
    assert!(text(&get(simulator, &targets[0], &people.little.member_token)).contains("omar@nordlicht.example"));
}

#[test]
fn an_email_can_be_missing_or_empty() {
    let people = people();
    let change = |email: Option<&str>| {
        let email = email.map(str::to_owned);
        people.little.simulator.change(|world| world.change_email(people.little.member, email)).unwrap();
        row(&people.little.list("/users"), "id", people.little.member)
    };
    assert!(change(None).get("email").is_none());
    assert_eq!(change(Some(""))["email"], "");
}

#[test]
fn project_users_tell_who_belongs_to_a_private_project() {
    let people = people();
    let little = &people.little;
    little.simulator.change(|world| world.make_private(little.private_project, &[little.owner, little.member])).unwrap();
    let all = little.list("/project_users");
    assert_eq!(people_in(&all, "user_id"), [little.owner, little.member]);
    assert_eq!(rows(&little.list(&format!("/project_users?user_id={}", little.member))).len(), 1);
    assert_eq!(little.list(&format!("/project_users?project_ids={}", little.project)), Value::Null);
}
