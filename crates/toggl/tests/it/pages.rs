//! That a list is complete is shown, not assumed (I20).

use tallyport_domain::{ExternalId, Kind, ReadRequest, Reading, Source, SourceError};
use tallyport_simulator::{AboveCap, Change, Fault, How, Plan, Simulator, World};

use crate::support::{
    Account, Canned, Listener, Request, Simulated, TestClock, content, json, project, read, request, serve, task, toggl,
};

fn project_pages(server: &Canned) -> usize {
    server.requests().iter().filter(|request| request.path().ends_with("/projects")).count()
}

fn is_projects(request: &Request) -> bool {
    request.path().ends_with("/projects")
}

#[tokio::test] // I20
async fn a_page_that_could_be_cut_costs_one_more_request_and_any_other_none() {
    for (projects, requests) in [
        (0, 1),
        (1, 1),
        (49, 1),
        (50, 2),
        (51, 1),
        (100, 2),
        (150, 2),
        (151, 2),
        (152, 1),
        (199, 1),
        (200, 2),
        (201, 2),
        (400, 3),
    ] {
        let server = serve(Account::new().with_projects(projects), |_, _| None).await;
        let reading = read(&server).await.unwrap();
        assert_eq!(content(&reading).projects.len(), usize::try_from(projects).unwrap());
        assert_eq!(project_pages(&server), requests, "{projects} projects");
    }
}

#[tokio::test] // I20
async fn a_server_that_caps_pages_in_silence_loses_nothing() {
    for cap in [50, 100, 150, 151] {
        let account = Account { cap, ..Account::new().with_projects(437).with_tasks(437) };
        let reading = read(&serve(account, |_, _| None).await).await.unwrap();
        assert_eq!(content(&reading).projects.len(), 437, "cap {cap}");
        assert_eq!(content(&reading).tasks.as_ref().unwrap().len(), 437, "cap {cap}");
        let tasks = reading.proof.lists.iter().find(|list| list.list == "tasks").unwrap();
        assert_eq!((tasks.rows, tasks.total), (437, Some(437)));
    }
}

#[tokio::test] // I20
async fn a_size_of_page_that_is_refused_is_not_insisted_on() {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let mut last = 0;
    for n in 0..170 {
        last = world.add_project(workspace, format!("Project {n}").as_str()).unwrap();
    }
    for n in 0..120 {
        world.add_task(last, format!("Task {n}")).unwrap();
    }
    let simulated = Simulated::of(world);
    simulated.simulator().switch(|switches| {
        (switches.above_cap, switches.projects_cap, switches.tasks_cap) = (AboveCap::Refuse, 151, 50);
    });
    let reading = simulated.read().await.unwrap();
    assert_eq!(content(&reading).projects.len(), 170);
    assert_eq!(content(&reading).tasks.as_ref().unwrap().len(), 120);
}

#[tokio::test] // I20
async fn totals_are_believed_before_the_length_of_a_page() {
    // Each row of a project says how many there are; the pages are shorter than they should be.
    let mut account = Account { cap: 7, ..Account::new().with_projects(20) };
    for project in &mut account.projects {
        project["total_count"] = 20.into();
    }
    let server = serve(account, |_, _| None).await;
    let reading = read(&server).await.unwrap();
    assert_eq!(content(&reading).projects.len(), 20);
    assert_eq!(project_pages(&server), 3);
    let proof = reading.proof.lists.iter().find(|list| list.list == "projects").unwrap();
    assert_eq!((proof.pages, proof.rows, proof.total), (3, 20, Some(20)));
}

#[tokio::test] // I20
async fn a_total_of_full_pages_needs_no_further_request() {
    let server = serve(Account::new().with_tasks(400), |_, _| None).await;
    read(&server).await.unwrap();
    assert_eq!(server.requests().iter().filter(|request| request.path().ends_with("/tasks")).count(), 2);
}

#[tokio::test] // I20
async fn rows_that_do_not_add_up_to_the_total_are_no_list() {
    for total in [2, 0, 400] {
        let server = serve(Account::new(), move |request, _| {
            let row = task(51, "Build");
            let data = if request.page() == 1 { serde_json::json!([row]) } else { serde_json::Value::Null };
            let body = serde_json::json!({"total_count": total, "per_page": 200, "data": data});
            request.path().ends_with("/tasks").then(|| json(body.to_string()))
        })
        .await;
        let error = read(&server).await.unwrap_err();
        assert_eq!(error, SourceError::Changed { list: "the list of tasks of \"Acme\"".to_owned() }, "total {total}");
    }
}

#[tokio::test] // I20
async fn a_list_that_changes_once_is_read_again_and_one_that_never_holds_still_fails() {
    let account = Account::new().with_projects(250);
    let mut shifted = account.clone();
    shifted.projects.insert(0, project(999, "New"));
    for holds_still in [true, false] {
        let (account, shifted) = (account.clone(), shifted.clone());
        let server = serve(account.clone(), move |request, before| {
            let moved = is_projects(request) && request.page() == 2 && (before == 0 || !holds_still);
            let still = if before == 0 || !holds_still { &account } else { &shifted };
            is_projects(request).then(|| if moved { shifted.answer(request) } else { still.answer(request) })
        })
        .await;
        match read(&server).await {
            Ok(reading) => {
                assert!(holds_still);
                assert_eq!(content(&reading).projects.len(), 251);
                assert_eq!(project_pages(&server), 4);
            }
            Err(error) => {
                assert!(!holds_still);
                assert_eq!(error, SourceError::Changed { list: "the list of projects of \"Acme\"".to_owned() });
                assert_eq!(
                    error.to_string(),
                    "Toggl's data changed while the list of projects of \"Acme\" was read, twice in a row"
                );
            }
        }
    }
}

#[tokio::test] // I20
async fn an_id_that_comes_twice_in_one_list_is_not_counted_twice() {
    let mut account = Account::new();
    account.clients.push(account.clients[0].clone());
    let server = serve(account, |_, _| None).await;
    assert!(matches!(read(&server).await, Err(SourceError::Changed { .. })));
    assert_eq!(server.requests().iter().filter(|request| request.path().ends_with("/clients")).count(), 2);
}

#[tokio::test] // I20
async fn the_same_page_for_ever_is_no_list() {
    let account = Account::new().with_projects(200);
    let server = serve(account.clone(), move |request, _| {
        is_projects(request)
            .then(|| account.answer(&Request { target: request.target.replace("&page=", "&was="), ..request.clone() }))
    })
    .await;
    let Err(SourceError::Nonsense { endpoint, detail }) = read(&server).await else { panic!() };
    assert_eq!((endpoint.as_str(), detail.as_str()), ("GET /workspaces/11/projects, page 2", "it is the page before once more"));
}

#[tokio::test] // I20
async fn a_list_without_end_is_given_up() {
    let server = serve(Account::new(), move |request, _| {
        let first = i64::try_from(request.page()).unwrap() * 1000;
        let rows: Vec<_> = (0..200).map(|n| serde_json::json!({"id": first + n, "name": "x"})).collect();
        is_projects(request).then(|| json(serde_json::json!(rows).to_string()))
    })
    .await;
    let Err(SourceError::Nonsense { detail, .. }) = read(&server).await else { panic!() };
    assert!(detail.contains("does not end after"), "{detail}");
    assert!(project_pages(&server) <= 1001);
}

#[tokio::test] // I20
async fn pages_that_grow_without_end_are_given_up() {
    let server = serve(Account::new(), move |request, _| {
        let rows = request.page() * 2000;
        let first = i64::try_from(request.page()).unwrap() * 1_000_000;
        let rows: Vec<_> = (first..).take(rows).map(|id| format!(r#"{{"id":{id},"name":"x"}}"#)).collect();
        is_projects(request).then(|| json(format!("[{}]", rows.join(","))))
    })
    .await;
    let Err(SourceError::Nonsense { detail, .. }) = read(&server).await else { panic!() };
    assert!(detail.contains("does not end after 200000 rows"), "{detail}");
    assert!(project_pages(&server) < 20);
}

/// Reads while knowing of these projects.
async fn read_knowing(server: &Canned, known: &[i64]) -> Result<Reading, SourceError> {
    let clock = TestClock::new();
    let mut request = ReadRequest::default();
    for id in known {
        request.known.insert(ExternalId(11), Kind::Project, ExternalId(*id));
    }
    toggl(&server.url, &clock).read(request, &Listener::patient(&clock)).await
}

fn without(account: &Account, id: i64) -> Account {
    let mut account = account.clone();
    account.projects.retain(|project| project["id"] != id);
    account
}

#[tokio::test] // I20
async fn what_only_one_of_two_readings_lacks_is_not_missing() {
    let account = Account::new().with_projects(250);
    let (first, second) = (without(&account, 1100), without(&account, 1201));
    let server = serve(account, move |request, before| {
        is_projects(request).then(|| if before == 0 { first.answer(request) } else { second.answer(request) })
    })
    .await;
    let reading = read_knowing(&server, &[1001, 1100, 1250]).await.unwrap();
    assert_eq!(content(&reading).projects.len(), 250, "the union of both");
    assert_eq!(project_pages(&server), 4);
    let proof = reading.proof.lists.iter().find(|list| list.list == "projects").unwrap();
    assert!(proof.read_twice);
    assert_eq!((proof.rows, proof.pages), (250, 2));
}

#[tokio::test] // I20
async fn what_both_readings_lack_is_missing() {
    let account = without(&Account::new().with_projects(250), 1100);
    let server = serve(account, |_, _| None).await;
    let reading = read_knowing(&server, &[1001, 1100]).await.unwrap();
    assert_eq!(content(&reading).projects.len(), 249);
    assert!(reading.proof.lists.iter().any(|list| list.read_twice && list.list == "projects"));
}

#[tokio::test] // I19, I20
async fn no_list_is_read_twice_without_need() {
    // Everything known is there; or the list is one page long and so complete; or its total proves it.
    let server = serve(Account::new().with_projects(250), |_, _| None).await;
    let reading = read_knowing(&server, &[1001, 1250]).await.unwrap();
    assert!(reading.proof.lists.iter().all(|list| !list.read_twice));
    let server = serve(Account::new().with_projects(20), |_, _| None).await;
    let reading = read_knowing(&server, &[999]).await.unwrap();
    assert!(reading.proof.lists.iter().all(|list| !list.read_twice));
    let mut account = Account::new().with_projects(250);
    for project in &mut account.projects {
        project["total_count"] = 250.into();
    }
    let server = serve(account, |_, _| None).await;
    let reading = read_knowing(&server, &[999]).await.unwrap();
    assert!(reading.proof.lists.iter().all(|list| !list.read_twice));
}

fn simulated(projects: usize) -> (Simulated, i64, Vec<i64>) {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let projects: Vec<i64> =
        (0..projects).map(|n| world.add_project(workspace, format!("Project {n:04}").as_str()).unwrap()).collect();
    for n in 0..450 {
        world.add_task(projects[0], format!("Task {n}")).unwrap();
    }
    (Simulated::of(world), workspace, projects)
}

fn projects_of(simulator: &Simulator, workspace: i64) -> usize {
    simulator
        .read(|world| world.workspace(workspace).unwrap().projects.iter().filter(|project| project.deleted_at.is_none()).count())
}

#[tokio::test] // I20
async fn a_change_between_two_pages_is_noticed_or_repaired_by_the_second_reading() {
    let before_page_two = |change: Vec<Change>| Fault::on("/projects?*&page=2$", How::Change(change)).first(1);
    // Inserted, deleted and renamed on the first page: rows move over the seam between the pages.
    for number in 0..3 {
        let (simulated, workspace, projects) = simulated(250);
        let change = match number {
            0 => {
                Change::AddProject { workspace, name: "A first one".to_owned(), client: None, private_to: None, template: false }
            }
            1 => Change::DeleteProject { id: projects[0] },
            _ => Change::RenameProject { id: projects[3], name: "Zzz".to_owned() },
        };
        simulated.simulator().inject(before_page_two(vec![change]));
        let mut request = request();
        for project in &projects {
            request.known.insert(ExternalId(workspace), Kind::Project, ExternalId(*project));
        }
        let reading = simulated.toggl.read(request, &Listener::patient(&simulated.clock)).await.unwrap();
        assert_eq!(simulated.simulator().faults_injected(), 1);
        let found = content(&reading).projects.len();
        let there = projects_of(simulated.simulator(), workspace);
        // What was deleted during the reading may still be in it; nothing that is there may be missing.
        assert!(found == there || (number == 1 && found == there + 1), "{number}: {found} of {there}");
        assert!(content(&reading).projects.iter().any(|project| project.id.0 == projects[200]), "{number}");
    }
}

#[tokio::test] // I20
async fn tasks_that_change_between_two_pages_are_read_again() {
    let (simulated, _, projects) = simulated(1);
    let change = Change::AddTask { project: projects[0], name: "One more".to_owned() };
    simulated.simulator().inject(Fault::on("/tasks?*&page=2$", How::Change(vec![change])).first(1));
    let reading = simulated.read().await.unwrap();
    assert_eq!(content(&reading).tasks.as_ref().unwrap().len(), 451);
    assert_eq!(simulated.count("/tasks"), 2 + 3);
}

#[tokio::test] // I20
async fn an_empty_list_is_null_or_brackets_alike() {
    for empty in ["null", "[]"] {
        let account = Account { clients: vec![], projects: vec![], tasks: vec![], ..Account::new() };
        let server = serve(account, move |request, _| is_projects(request).then(|| json(empty))).await;
        assert!(content(&read(&server).await.unwrap()).projects.is_empty());
    }
}
