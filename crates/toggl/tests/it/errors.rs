//! What each refusal means, in words an administrator can act on, and without a secret (I2, I8, I17).

use tallyport_domain::{Content, Source, SourceError};
use tallyport_simulator::{Fault, How, Plan, Role, World};

use crate::support::{
    Account, Listener, Simulated, TOKEN, TestClock, config, content, read, reply, request, serve, toggl, toggl_with,
};

fn status(status: u16, body: &str) -> How {
    How::Status { status, body: body.to_owned(), headers: vec![("X-Toggl-Request-Id".to_owned(), "r-1".to_owned())] }
}

#[tokio::test] // I2, I17
async fn a_wrong_token_is_refused_under_either_status_and_asked_about_once() {
    for wrong in [401, 403] {
        let (world, _) = World::with_workspace(Plan::Free, "Studio").unwrap();
        let simulated = Simulated::of(world);
        simulated.simulator().switch(|switches| switches.wrong_token_status = wrong);
        let toggl = simulated.toggl_of("ffffffffffffffffffffffffffffffff");
        let detail = format!("status {wrong}: Incorrect username and/or password; login attempts left: 9");
        for error in [
            toggl.identify().await.unwrap_err(),
            toggl.workspaces().await.unwrap_err(),
            toggl.read(request(), &Listener::patient(&simulated.clock)).await.unwrap_err(),
        ] {
            let SourceError::TokenRejected { detail: found } = &error else { panic!("{error:?}") };
            assert!(found.starts_with(&detail), "{found}");
        }
        assert_eq!(simulated.simulator().requests().len(), 3, "a refused login is never repeated");
    }
}

#[tokio::test] // I2
async fn an_empty_401_says_that_the_token_was_refused() {
    let server = serve(Account::new(), |_, _| Some(reply(401, &[("x-authorization-missing", "true")], ""))).await;
    let error = toggl(&server.url, &TestClock::new()).identify().await.unwrap_err();
    assert_eq!(error, SourceError::TokenRejected { detail: "status 401: it gives no reason".to_owned() });
}

#[tokio::test] // I2
async fn a_token_of_focus_is_recognised_once_toggl_refused_it_and_not_before() {
    let focus = format!("toggl_sk_{}", "a1B2".repeat(12));
    let server = serve(Account::new(), |_, _| Some(reply(403, &[], "Incorrect username and/or password"))).await;
    let clock = TestClock::new();
    let error = toggl_with(config(&server.url), &focus, &clock).identify().await.unwrap_err();
    assert_eq!(error, SourceError::OtherProduct);
    assert!(matches!(toggl(&server.url, &clock).identify().await, Err(SourceError::TokenRejected { .. })));
    let server = serve(Account::new(), |_, _| None).await;
    toggl_with(config(&server.url), &focus, &clock).identify().await.unwrap();
}

#[tokio::test] // I17
async fn a_token_revoked_halfway_is_a_refused_token_and_not_a_refused_workspace() {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    world.add_project(workspace, "Site").unwrap();
    let simulated = Simulated::of(world);
    simulated.simulator().switch(|switches| switches.login_attempts = None);
    let token = simulated.simulator().owner_token().unwrap();
    let revoke = How::Change(vec![tallyport_simulator::Change::RevokeToken { token }]);
    simulated.simulator().inject(Fault::on("/clients", revoke));
    let error = simulated.read().await.unwrap_err();
    assert!(matches!(error, SourceError::TokenRejected { .. }), "{error:?}");
    assert_eq!(simulated.targets().last().unwrap(), "/me");
}

#[tokio::test] // I8
async fn a_workspace_that_refuses_its_lists_stays_and_the_others_go_on() {
    for refused in [403, 404] {
        for list in ["clients", "projects", "tasks"] {
            let (mut world, first) = World::with_workspace(Plan::Starter, "First").unwrap();
            let organization = world.workspace(first).unwrap().organization;
            let second = world.add_workspace(organization, "Second").unwrap();
            world.add_project(second, "Site").unwrap();
            let simulated = Simulated::of(world);
            let fault = Fault::on(format!("/workspaces/{first}/{list}"), status(refused, "\"User does not have access\""));
            simulated.simulator().inject(fault);
            let listener = Listener::patient(&simulated.clock);
            let reading = simulated.toggl.read(request(), &listener).await.unwrap();
            let Content::Refused(why) = &reading.snapshot.workspaces[0].content else { panic!() };
            let page = if list == "clients" { "" } else { ", page 1" };
            let expected = format!(
                "Toggl refused GET /workspaces/{first}/{list}{page} with status {refused}: User does not have access (request r-1)"
            );
            assert_eq!(why, &expected);
            assert!(matches!(&reading.snapshot.workspaces[1].content, Content::Read(content) if content.projects.len() == 1));
            assert_eq!(listener.last().requests_expected, listener.last().requests);
            // 403 can mean the token, so it is asked about, once.
            assert_eq!(simulated.count("/me"), usize::from(refused == 403));
        }
    }
}

#[tokio::test] // I8, I19
async fn many_refused_workspaces_cost_one_look_at_the_token() {
    let (mut world, first) = World::with_workspace(Plan::Starter, "First").unwrap();
    let organization = world.workspace(first).unwrap().organization;
    for n in 0..5 {
        world.add_workspace(organization, format!("Workspace {n}")).unwrap();
    }
    let simulated = Simulated::of(world);
    simulated.simulator().inject(Fault::on("/clients", status(403, "")));
    let listener = Listener::patient(&simulated.clock);
    let reading = simulated.toggl.read(request(), &listener).await.unwrap();
    assert!(reading.snapshot.workspaces.iter().all(|there| matches!(there.content, Content::Refused(_))));
    assert_eq!((listener.last().requests, listener.last().requests_expected), (8, 8));
    assert_eq!(simulated.targets().len(), 1 + 6 + 1);
}

#[tokio::test] // I8
async fn a_workspace_that_is_gone_is_simply_not_there() {
    let (mut world, first) = World::with_workspace(Plan::Starter, "First").unwrap();
    let organization = world.workspace(first).unwrap().organization;
    world.add_workspace(organization, "Second").unwrap();
    let simulated = Simulated::of(world);
    assert_eq!(simulated.read().await.unwrap().snapshot.workspaces.len(), 2);
    simulated.simulator().change(|world| world.delete_workspace(first)).unwrap();
    let reading = simulated.read().await.unwrap();
    let names: Vec<_> = reading.snapshot.workspaces.iter().map(|there| there.workspace.name.as_str()).collect();
    assert_eq!(names, ["Second"]);
}

#[tokio::test] // I10
async fn other_refusals_fail_the_reading_and_say_why() {
    let endpoint = || "GET /workspaces/11/clients".to_owned();
    let refused = |status, detail: &str| SourceError::Refused { endpoint: endpoint(), status, detail: detail.to_owned() };
    for (status, body, expected) in [
        (400, "\"Invalid status\"", refused(400, "Invalid status")),
        (401, "", refused(401, "it gives no reason")),
        (402, "\"Payment Required\"", refused(402, "Payment Required")),
        (405, "", refused(405, "it gives no reason")),
        (505, "<html>", refused(505, "it gives no reason")),
        (410, "\"gone\"", SourceError::Retired { endpoint: endpoint() }),
        (418, "", SourceError::Retired { endpoint: endpoint() }),
    ] {
        let server =
            serve(Account::new(), move |request, _| request.path().ends_with("/clients").then(|| reply(status, &[], body))).await;
        assert_eq!(read(&server).await.unwrap_err(), expected);
        let asked = server.requests().iter().filter(|request| request.path().ends_with("/clients")).count();
        assert_eq!(asked, 1, "refusals are not repeated: {status}");
    }
}

#[tokio::test] // I2
async fn no_error_shows_the_token_though_toggl_repeats_it() {
    let echo = format!("\"no access for {TOKEN}\\u0007\"");
    let server = serve(Account::new(), move |_, _| Some(reply(400, &[], &echo))).await;
    let error = toggl(&server.url, &TestClock::new()).identify().await.unwrap_err();
    assert_eq!(error.to_string(), "Toggl refused GET /me with status 400: no access for …");
    assert!(!format!("{error:?} {:?}", toggl(&server.url, &TestClock::new())).contains(TOKEN));
}

#[tokio::test] // I2
async fn nobody_listening_is_said_plainly() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = toggl(&url, &TestClock::new()).identify().await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("Toggl could not be reached at GET /me: "), "{text}");
    assert!(text.contains("refused") && !text.contains("127.0.0.1"), "{text}");
}

#[tokio::test] // I6
async fn a_demoted_owner_is_no_administrator_any_more() {
    let (world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let owner = world.users().next().unwrap().id;
    let simulated = Simulated::of(world);
    assert!(simulated.toggl.workspaces().await.unwrap()[0].administered);
    simulated.simulator().change(|world| world.change_role(workspace, owner, Role::Member)).unwrap();
    assert!(!simulated.toggl.workspaces().await.unwrap()[0].administered);
}

#[tokio::test] // I8
async fn a_suspended_workspace_is_a_refused_one() {
    let (world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let simulated = Simulated::of(world);
    simulated.simulator().change(|world| world.suspend_workspace(workspace, true)).unwrap();
    let reading = simulated.read().await.unwrap();
    assert!(matches!(&reading.snapshot.workspaces[0].content, Content::Refused(why) if why.contains("suspended")));
}

#[tokio::test] // I10
async fn a_refusal_on_a_later_page_is_one_of_the_workspace() {
    let account = Account::new().with_projects(250);
    let server = serve(account, |request, _| (request.page() == 2).then(|| reply(403, &[], "\"no\""))).await;
    let reading = read(&server).await.unwrap();
    assert!(matches!(&reading.snapshot.workspaces[0].content, Content::Refused(why) if why.contains("page 2")));
}

#[tokio::test] // I10
async fn a_page_with_status_400_is_an_overload() {
    let server = serve(Account::new(), |request, before| {
        (request.path().ends_with("/clients") && before == 0).then(|| reply(400, &[], "<html>400 Bad Request</html>"))
    })
    .await;
    assert_eq!(content(&read(&server).await.unwrap()).clients.len(), 1);
}
