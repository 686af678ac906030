//! The people of a workspace, by each way that there is to them (P4, P5).

use serde_json::json as value;
use tallyport_domain::{Content, Member, Reading, Source, SourceError};
use tallyport_simulator::{Fault, How, Plan, Role, World};

use crate::support::{Account, Canned, Listener, Simulated, TestClock, content, json, read, reply, request, serve, toggl};

fn people(members: Option<&Vec<Member>>) -> Option<Vec<(String, bool)>> {
    let mut people: Vec<_> = members?.iter().map(|member| (member.email.as_str().to_owned(), member.joined)).collect();
    people.sort();
    Some(people)
}

fn people_of(reading: &Reading) -> Option<Vec<(String, bool)>> {
    people(content(reading).members.as_ref())
}

/// Ada owns it; Bea joined, Cyd was invited, Dan is deactivated, Eve comes through a group, Fay has no address.
fn studio() -> (World, i64, String) {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let bea = world.add_user("Bea", "Bea@Example.test ");
    world.add_member(workspace, bea, Role::Member).unwrap();
    let cyd = world.add_user("Cyd", "cyd@example.test");
    world.invite_member(workspace, cyd, Role::Member).unwrap();
    let dan = world.add_user("Dan", "dan@example.test");
    world.add_member(workspace, dan, Role::Member).unwrap();
    world.deactivate_member(workspace, dan, true).unwrap();
    let eve = world.add_user("Eve", "eve@example.test");
    world.add_group(workspace, "Friends", &[eve]).unwrap();
    let fay = world.add_user("Fay", "fay@example.test");
    world.add_member(workspace, fay, Role::Member).unwrap();
    world.change_email(fay, None).unwrap();
    let token = world.issue_token(bea).unwrap();
    (world, workspace, token)
}

fn expected() -> Vec<(String, bool)> {
    let people = [
        ("Bea@Example.test", true),
        ("ana.novakova@nordlicht.example", true),
        ("cyd@example.test", false),
        ("eve@example.test", true),
    ];
    people.map(|(email, joined)| (email.to_owned(), joined)).to_vec()
}

#[tokio::test] // P4
async fn everybody_but_the_deactivated_comes_with_whether_they_joined() {
    let simulated = Simulated::of(studio().0);
    assert_eq!(people_of(&simulated.read().await.unwrap()), Some(expected()));
}

#[tokio::test] // P4, P5
async fn where_the_first_way_is_refused_the_second_brings_those_of_groups_too() {
    for status in [403, 404] {
        let simulated = Simulated::of(studio().0);
        simulated.simulator().inject(Fault::on("/organizations/", How::status(status)));
        assert_eq!(people_of(&simulated.read().await.unwrap()), Some(expected()));
        assert!(simulated.targets().last().unwrap().ends_with("/workspace_users?includeIndirect=true"));
    }
}

#[tokio::test] // P5
async fn the_third_way_is_the_last_resort() {
    let simulated = Simulated::of(studio().0);
    simulated.simulator().switch(|switches| switches.users_hold_group_members = true);
    simulated.simulator().inject(Fault::on("workspace_users", How::status(403)));
    assert_eq!(people_of(&simulated.read().await.unwrap()), Some(expected()));
    assert!(simulated.targets().last().unwrap().ends_with("/users"));
}

#[tokio::test] // P5
async fn where_no_way_is_open_the_members_are_unknown_and_the_rest_is_read() {
    let (world, _, plain) = studio();
    let simulated = Simulated::of(world);
    let toggl = simulated.toggl_of(&plain);
    let listener = Listener::patient(&simulated.clock);
    let reading = toggl.read(request(), &listener).await.unwrap();
    assert_eq!(people_of(&reading), None);
    assert_eq!(simulated.count("/me"), 0, "a refusal of members says nothing about the token");
    assert_eq!(listener.last().requests, listener.last().requests_expected);
}

#[tokio::test] // P5
async fn addresses_hidden_from_a_plain_member_are_not_people_who_left() {
    let (world, _, plain) = studio();
    let simulated = Simulated::of(world);
    simulated.simulator().switch(|switches| (switches.members_need_administrator, switches.emails_hidden) = (false, true));
    let toggl = simulated.toggl_of(&plain);
    let reading = toggl.read(request(), &Listener::patient(&simulated.clock)).await.unwrap();
    assert_eq!(people_of(&reading), None);
    // One's own address alone is not everybody's either.
    let mut account = Account::new();
    (account.workspaces[0]["admin"], account.workspaces[0]["role"]) = (false.into(), "member".into());
    account.members.push(value!({"id": 62, "workspace_id": 11, "name": "Somebody", "email": "", "active": true}));
    assert_eq!(people_of(&read(&serve(account, |_, _| None).await).await.unwrap()), None);
}

#[tokio::test] // P5
async fn whatever_else_is_wrong_with_members_fails_the_reading() {
    for answer in
        [reply(500, &[], ""), reply(400, &[], "\"no\""), reply(402, &[], "\"not in your plan\""), json("{}"), json("null")]
    {
        let server =
            serve(Account::new(), move |request, _| request.path().ends_with("/workspace_users").then(|| answer.clone())).await;
        read(&server).await.unwrap_err();
    }
}

#[tokio::test] // I17
async fn members_refused_because_of_the_token_are_a_refused_token() {
    let (world, _, _) = studio();
    let simulated = Simulated::of(world);
    let token = simulated.simulator().owner_token().unwrap();
    let revoke = How::Change(vec![tallyport_simulator::Change::RevokeToken { token }]);
    simulated.simulator().inject(Fault::on("/workspace_users", revoke));
    assert!(matches!(simulated.read().await, Err(SourceError::TokenRejected { .. })));
}

#[tokio::test] // P4, I20
async fn members_by_pages_are_all_read() {
    for (people, requests) in [(50, 2), (199, 1), (200, 2), (433, 3)] {
        let mut account = Account::new();
        account.members = (1..=people)
            .map(|n| value!({"id": n, "user_id": n + 1, "workspace_id": 11, "email": format!("p{n}@x.test"), "name": "P", "active": true}))
            .collect();
        let server = serve(account, |_, _| None).await;
        let reading = read(&server).await.unwrap();
        assert_eq!(content(&reading).members.as_ref().unwrap().len(), people);
        let asked = server.requests().iter().filter(|request| request.path().ends_with("/workspace_users")).count();
        assert_eq!(asked, requests, "{people} people");
    }
}

/// One organization with so many workspaces of Ada's; Bea is in the first, Eve in the second through a group.
fn organization(workspaces: usize, group: bool) -> (World, Vec<i64>) {
    let mut world = World::empty();
    let ada = world.add_user("Ada", "ada@example.test");
    world.issue_token(ada).unwrap();
    let organization = world.add_organization("Acme", Plan::Free, ada).unwrap();
    let ids: Vec<i64> = (0..workspaces).map(|n| world.add_workspace(organization, format!("W{n}")).unwrap()).collect();
    let bea = world.add_user("Bea", "bea@example.test");
    world.add_member(ids[0], bea, Role::Member).unwrap();
    let gus = world.add_user("Gus", "gus@example.test");
    world.add_member(ids[0], gus, Role::Member).unwrap();
    world.deactivate_member(ids[0], gus, true).unwrap();
    if group {
        let eve = world.add_user("Eve", "eve@example.test");
        world.add_group(ids[1], "Friends", &[eve]).unwrap();
    }
    (world, ids)
}

fn all_people(reading: &Reading) -> Vec<Vec<(String, bool)>> {
    let of = |content: &Content| match content {
        Content::Read(content) => people(content.members.as_ref()).unwrap(),
        other => panic!("{other:?}"),
    };
    reading.snapshot.workspaces.iter().map(|there| of(&there.content)).collect()
}

fn joined(emails: &[&str]) -> Vec<(String, bool)> {
    emails.iter().map(|email| ((*email).to_owned(), true)).collect()
}

#[tokio::test] // I19, P4
async fn three_workspaces_of_an_organization_are_asked_for_their_people_at_once() {
    let simulated = Simulated::of(organization(3, false).0);
    let reading = simulated.read().await.unwrap();
    let ada = joined(&["ada@example.test"]);
    assert_eq!(all_people(&reading), [joined(&["ada@example.test", "bea@example.test"]), ada.clone(), ada]);
    assert_eq!(simulated.count("/workspace_users"), 0);
    assert_eq!(simulated.count("/users"), 1);
    let proof = reading.proof.lists.iter().find(|list| list.list == "organization members").unwrap();
    assert_eq!((proof.rows, proof.total, proof.workspace), (3, Some(3), None));
    // Two are asked one by one.
    let simulated = Simulated::of(organization(2, false).0);
    simulated.read().await.unwrap();
    assert_eq!((simulated.count("/workspace_users"), simulated.count("/users")), (2, 0));
}

#[tokio::test] // P4
async fn whoever_may_come_through_a_group_is_looked_for_in_each_workspace() {
    let simulated = Simulated::of(organization(3, true).0);
    let reading = simulated.read().await.unwrap();
    let ada = joined(&["ada@example.test"]);
    let (first, second) = (joined(&["ada@example.test", "bea@example.test"]), joined(&["ada@example.test", "eve@example.test"]));
    assert_eq!(all_people(&reading), [first, second, ada]);
    assert_eq!(simulated.count("/workspace_users"), 2, "where her row does not name her already");
}

#[tokio::test] // P5
async fn an_organization_that_does_not_tell_is_asked_by_workspace() {
    for status in [400, 402, 403, 404] {
        let (world, _) = organization(3, false);
        let simulated = Simulated::of(world);
        simulated.simulator().inject(Fault::on("/users?", How::status(status)));
        let listener = Listener::patient(&simulated.clock);
        let reading = simulated.toggl.read(request(), &listener).await.unwrap();
        assert_eq!(all_people(&reading)[0].len(), 2);
        assert_eq!(simulated.count("/workspace_users"), 3);
        assert_eq!(listener.last().requests, listener.last().requests_expected);
    }
}

#[tokio::test] // I19, P5
async fn ways_that_are_closed_to_a_plain_member_are_not_tried_in_every_workspace() {
    let (mut world, ids) = organization(3, false);
    let bea = world.find_user("bea@example.test").unwrap();
    for workspace in &ids[1..] {
        world.add_member(*workspace, bea, Role::Member).unwrap();
    }
    let token = world.issue_token(bea).unwrap();
    let simulated = Simulated::of(world);
    let reading = simulated.toggl_of(&token).read(request(), &Listener::patient(&simulated.clock)).await.unwrap();
    assert!(reading.snapshot.workspaces.iter().all(|there| matches!(&there.content, Content::Read(c) if c.members.is_none())));
    assert_eq!(simulated.simulator().requests().iter().filter(|request| request.status == 403).count(), 3);
}

#[tokio::test] // P4
async fn the_demonstrations_world_has_its_people_where_they_belong() {
    let simulated = Simulated::of(World::nordlicht());
    let people = all_people(&simulated.read().await.unwrap());
    let studio = people.iter().find(|people| people.len() > 6).unwrap();
    assert!(studio.contains(&("siobhan.oconnell@nordlicht.example".to_owned(), false)), "invited");
    assert!(people.iter().flatten().any(|(email, joined)| email == "tom@nordlicht.example" && *joined), "through a group");
    assert!(!people.iter().flatten().any(|(email, _)| email == "omar.elsayed@nordlicht.example"), "deactivated");
}

#[tokio::test] // P4
async fn without_the_number_of_the_organization_there_are_two_ways_left() {
    let mut account = Account::new();
    account.workspaces[0]["organization_id"] = value!(null);
    let server: Canned = serve(account, |request, _| {
        let row = value!([{"id": 61, "uid": 9, "wid": 11, "email": "ada@example.test", "name": "Ada", "active": true, "group_ids": null}]);
        (request.target == "/workspaces/11/workspace_users?includeIndirect=true").then(|| json(row.to_string()))
    })
    .await;
    let clock = TestClock::new();
    let reading = toggl(&server.url, &clock).read(request(), &Listener::patient(&clock)).await.unwrap();
    assert_eq!(people_of(&reading), Some(joined(&["ada@example.test"])));
}
