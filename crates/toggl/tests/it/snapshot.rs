//! What a reading of a well-behaved account brings, and how few requests it takes (I3, I6, I10, I19).

use std::collections::BTreeMap;

use tallyport_domain::{Content, ExternalId, Source, WorkspaceContent};
use tallyport_simulator::{Fault, How, NewProject, Plan, Role, Size, World};

use crate::support::{Account, Listener, Simulated, TOKEN, TestClock, content, read, reply, request, selecting, serve, toggl};

#[tokio::test] // I2
async fn a_token_is_known_by_its_owner_and_sent_in_a_header_alone() {
    let server = serve(Account::new(), |_, _| None).await;
    let user = toggl(&server.url, &TestClock::new()).identify().await.unwrap();
    assert_eq!((user.id, user.name.as_str(), user.email.as_str()), (ExternalId(9), "Ada", "ada@example.test"));
    let sent = &server.requests()[0];
    assert!(sent.header("user-agent").unwrap().starts_with("Tallyport/"));
    assert!(sent.header("authorization").unwrap().starts_with("Basic "));
    assert!(!sent.target.contains(TOKEN));
}

#[tokio::test] // I3
async fn workspaces_are_listed_with_the_part_that_the_token_plays_in_them() {
    let mut account = Account::new();
    let mut plain = account.workspaces[0].clone();
    (plain["id"], plain["admin"], plain["role"]) = (12.into(), false.into(), "member".into());
    account.workspaces.push(plain);
    let server = serve(account, |_, _| None).await;
    let seen = toggl(&server.url, &TestClock::new()).workspaces().await.unwrap();
    let seen: Vec<_> = seen.iter().map(|seen| (seen.id.0, seen.name.as_str(), seen.administered)).collect();
    assert_eq!(seen, [(11, "Acme", true), (12, "Acme", false)]);
}

#[tokio::test] // I10, I19, I20
async fn a_small_account_takes_five_requests_and_comes_whole_with_its_proof() {
    let server = serve(Account::new(), |_, _| None).await;
    let clock = TestClock::new();
    let listener = Listener::patient(&clock);
    let reading = toggl(&server.url, &clock).read(request(), &listener).await.unwrap();

    assert_eq!(
        server.targets(),
        [
            "/me/workspaces",
            "/workspaces/11/clients?status=both",
            "/workspaces/11/projects?active=both&per_page=200&page=1",
            "/workspaces/11/tasks?active=both&sort_field=created_at&per_page=200&page=1",
            "/organizations/22/workspaces/11/workspace_users?per_page=200&page=1",
        ]
    );
    let content = content(&reading);
    assert_eq!(content.clients[0].name.as_str(), "Big Client");
    assert_eq!(content.projects[0].client, Some(ExternalId(31)));
    assert_eq!(content.tasks.as_ref().unwrap()[0].project, ExternalId(41));
    assert_eq!(content.members.as_ref().unwrap()[0].email.as_str(), "ada@example.test");
    let lists: Vec<_> = reading.proof.lists.iter().map(|list| (list.list.as_str(), list.pages, list.rows, list.total)).collect();
    assert_eq!(
        lists,
        [
            ("workspaces", 1, 1, None),
            ("clients", 1, 1, None),
            ("projects", 1, 1, None),
            ("tasks", 1, 1, Some(1)),
            ("members", 1, 1, None)
        ]
    );
    let last = listener.last();
    assert_eq!((last.requests, last.requests_expected, last.workspaces_done, last.pages, last.items), (5, 5, 1, 5, 5));
    assert_eq!(listener.told()[0].requests, 1);
    assert!(listener.told().windows(2).all(|pair| pair[0].requests <= pair[1].requests));
    assert!(listener.waited().is_empty());
}

#[tokio::test] // I3
async fn what_is_not_selected_is_listed_and_not_read() {
    let server = serve(Account::new(), |_, _| None).await;
    let clock = TestClock::new();
    let reading = toggl(&server.url, &clock).read(selecting(&[99]), &Listener::patient(&clock)).await.unwrap();
    assert_eq!(reading.snapshot.workspaces[0].content, Content::NotSelected);
    assert_eq!(server.targets(), ["/me/workspaces"]);
}

#[tokio::test] // I10
async fn what_was_deleted_and_templates_are_told_apart_from_what_is_there() {
    let mut account = Account::new();
    account.projects = ["gone", "template", "ended", "archived", "bare"]
        .iter()
        .zip(41..)
        .map(|(name, id)| crate::support::project(id, name))
        .collect();
    account.projects[0]["server_deleted_at"] = "2026-03-17T10:55:38+00:00".into();
    account.projects[1]["template"] = true.into();
    account.projects[2]["status"] = "ended".into();
    account.projects[3]["active"] = false.into();
    account.projects[4] =
        serde_json::json!({"id": 45, "name": "", "cid": 31, "color": "none", "billable": true, "is_private": null});
    let reading = read(&serve(account, |_, _| None).await).await.unwrap();
    let projects: Vec<_> = content(&reading).projects.iter().map(|p| (p.name.as_str(), p.active, p.template)).collect();
    assert_eq!(projects, [("template", true, true), ("ended", true, false), ("archived", false, false), ("", true, false)]);
    let bare = &content(&reading).projects[3];
    assert_eq!((bare.client, bare.color, bare.billable, bare.private), (Some(ExternalId(31)), None, Some(true), false));
}

#[tokio::test] // I10
async fn a_plan_without_tasks_is_not_asked_for_them_and_says_nothing_about_them() {
    let mut account = Account::new();
    account.workspaces[0]["premium"] = false.into();
    let server = serve(account, |_, _| None).await;
    let reading = read(&server).await.unwrap();
    assert_eq!(content(&reading).tasks, None);
    assert_eq!(server.requests().iter().filter(|request| request.path().ends_with("/tasks")).count(), 0);
}

#[tokio::test] // I10
async fn where_nothing_is_said_of_the_plan_the_tasks_themselves_tell() {
    for refused in [true, false] {
        let mut account = Account::new();
        account.workspaces[0]["premium"] = serde_json::Value::Null;
        let no = reply(402, &[("x-toggl-quota-remaining", "20"), ("x-toggl-quota-resets-in", "60")], "\"Upgrade your plan\"");
        let server = serve(account, move |request, _| (refused && request.path().ends_with("/tasks")).then(|| no.clone())).await;
        assert_eq!(content(&read(&server).await.unwrap()).tasks.is_none(), refused);
    }
}

/// The simulator's world as a reading should bring it to somebody who administers all of it.
fn expected(world: &World, workspace: i64) -> BTreeMap<i64, String> {
    let workspace = world.workspace(workspace).unwrap();
    let clients =
        workspace.clients.iter().filter(|c| c.deleted_at.is_none()).map(|c| (c.id, format!("{} {}", c.name, c.archived)));
    let projects = workspace.projects.iter().filter(|p| p.deleted_at.is_none());
    let projects = projects.map(|p| (p.id, format!("{} {:?} {} {} {}", p.name, p.client, p.active, p.private, p.color)));
    let tasks = workspace.tasks.iter().filter(|t| t.deleted_at.is_none());
    let tasks = tasks.map(|t| (t.id, format!("{} {} {}", t.name, t.project, t.active)));
    clients.chain(projects).chain(tasks).collect()
}

fn found(content: &WorkspaceContent) -> BTreeMap<i64, String> {
    let clients = content.clients.iter().map(|c| (c.id.0, format!("{} {}", c.name.as_str(), c.archived)));
    let projects = content.projects.iter().map(|p| {
        let client = p.client.map(|client| client.0);
        (p.id.0, format!("{} {client:?} {} {} {}", p.name.as_str(), p.active, p.private, p.color.unwrap()))
    });
    let tasks = content.tasks.iter().flatten().map(|t| (t.id.0, format!("{} {} {}", t.name.as_str(), t.project, t.active)));
    clients.chain(projects).chain(tasks).collect()
}

#[tokio::test] // I10, I20
async fn any_world_of_the_simulator_comes_as_it_is() {
    for (seed, projects, tasks) in [(1, 3, 0), (2, 200, 450), (3, 401, 1000), (4, 50, 200)] {
        let size =
            Size { organizations: 2, workspaces: 3, clients: 40, projects: projects * 3, tasks, members: 30, ..Size::default() };
        let simulated = Simulated::of(World::generate(seed, &size));
        let reading = simulated.read().await.unwrap();
        assert_eq!(reading.snapshot.workspaces.len(), 3);
        for there in &reading.snapshot.workspaces {
            let Content::Read(content) = &there.content else { panic!("{there:?}") };
            let expected = simulated.simulator().read(|world| expected(world, there.workspace.id.0));
            assert_eq!(found(content), expected, "seed {seed}");
        }
        assert_eq!(simulated.simulator().requests_that_write(), 0);
    }
}

#[tokio::test] // I19
async fn the_snapshot_costs_what_the_api_allows_and_not_more() {
    // 1 + clients 1 + projects 2 + tasks ⌈450 / 200⌉ + members 1, and three workspaces' members at once.
    let one = Size { workspaces: 1, projects: 250, tasks: 450, members: 0, ..Size::default() };
    let simulated = Simulated::of(World::generate(7, &one));
    simulated.read().await.unwrap();
    assert_eq!(simulated.simulator().requests().len(), 1 + 1 + 2 + 3 + 1);

    let mut world = World::empty();
    let owner = world.add_user("Ada", "ada@example.test");
    world.issue_token(owner).unwrap();
    let organization = world.add_organization("Acme", Plan::Free, owner).unwrap();
    for n in 0..9 {
        world.add_workspace(organization, format!("Workspace {n}")).unwrap();
    }
    let simulated = Simulated::of(world);
    simulated.read().await.unwrap();
    assert_eq!(simulated.simulator().requests().len(), 1 + 9 * 2 + 1, "{:#?}", simulated.targets());
}

#[tokio::test] // I19
async fn the_price_is_known_before_it_is_paid() {
    let size = Size { organizations: 1, workspaces: 2, projects: 900, tasks: 1300, members: 5, ..Size::default() };
    let simulated = Simulated::of(World::generate(5, &size));
    let listener = Listener::patient(&simulated.clock);
    simulated.toggl.read(request(), &listener).await.unwrap();
    let last = listener.last();
    assert_eq!(last.requests_expected, last.requests);
    assert_eq!(last.requests as usize, simulated.simulator().requests().len());
    assert!(listener.told().iter().skip(2).all(|told| told.requests_expected >= 9), "workspaces, and four lists of each");
    assert_eq!(last.quota.map(|quota| quota.remaining > 0), Some(true));
}

#[tokio::test] // I6
async fn only_what_the_tokens_owner_can_see_comes() {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let plain = world.add_user("Plain", "plain@example.test");
    world.add_member(workspace, plain, Role::Member).unwrap();
    let token = world.issue_token(plain).unwrap();
    world.add_project(workspace, "Open").unwrap();
    world.add_project(workspace, NewProject::named("Secret").private(&[])).unwrap();
    let mine = world.add_project(workspace, NewProject::named("Mine").private(&[plain])).unwrap();
    world.add_task(mine, "Do").unwrap();
    let simulated = Simulated::of(world);
    assert_eq!(content(&simulated.read().await.unwrap()).projects.len(), 3);

    let reading = simulated.toggl_of(&token).read(request(), &Listener::patient(&simulated.clock)).await.unwrap();
    assert!(!reading.snapshot.workspaces[0].workspace.administered);
    let names: Vec<_> = content(&reading).projects.iter().map(|project| project.name.as_str()).collect();
    assert_eq!(names, ["Mine", "Open"]);
}

#[tokio::test] // I10
async fn after_a_downgrade_tasks_are_unknown_and_not_gone() {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let project = world.add_project(workspace, "Site").unwrap();
    world.add_task(project, "Build").unwrap();
    let simulated = Simulated::of(world);
    assert_eq!(content(&simulated.read().await.unwrap()).tasks.as_ref().map(Vec::len), Some(1));
    // The list of workspaces still says premium: only the tasks themselves are refused.
    simulated
        .simulator()
        .inject(Fault::on("/tasks", How::Status { status: 402, body: "\"Payment Required\"".to_owned(), headers: vec![] }));
    assert_eq!(content(&simulated.read().await.unwrap()).tasks, None);
    simulated.simulator().clear_faults();
    simulated.simulator().change(|world| {
        let organization = world.workspace(workspace).unwrap().organization;
        world.change_plan(organization, Plan::Free).unwrap();
    });
    assert_eq!(content(&simulated.read().await.unwrap()).tasks, None);
}
