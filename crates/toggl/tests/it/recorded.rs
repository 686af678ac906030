//! Real bodies of Toggl's go through the same door as all others (I10).
//!
//! They lie beside the repository, so these tests run only where that is.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tallyport_domain::{Clock as _, ExternalId, Reading, Source, SourceError, SourceUser, WorkspaceContent};

use crate::support::{Answer, Canned, Listener, Request, TestClock, content, json, read, reply, request, toggl};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/toggl-recorded")
}

fn body(name: &str) -> Vec<u8> {
    let path = folder().join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn parsed(name: &str) -> Value {
    serde_json::from_slice(&body(name)).unwrap()
}

fn number(value: &Value) -> ExternalId {
    ExternalId(value.as_i64().unwrap())
}

fn is(value: &Value) -> bool {
    value.as_bool().unwrap()
}

/// Serves the bodies for these paths, and Toggl's own 404 for all others.
async fn serving(answers: Vec<(&'static str, Vec<u8>)>) -> Canned {
    let not_found = body("errors/404-project.txt");
    Canned::serve(move |request: &Request, _| {
        let found = answers.iter().find(|(path, _)| *path == request.path());
        found.map_or_else(|| reply(404, &[], &not_found), |(_, body)| json(body))
    })
    .await
}

async fn identify(server: &Canned) -> Result<SourceUser, SourceError> {
    toggl(&server.url, &TestClock::new()).identify().await
}

/// Compares what was read with what the bodies say, field by field.
fn compare(content: &WorkspaceContent, clients: &Value, projects: &Value) {
    let clients = clients.as_array().unwrap();
    assert_eq!(content.clients.len(), clients.len());
    for (found, said) in content.clients.iter().zip(clients) {
        assert_eq!(found.id, number(&said["id"]));
        assert_eq!(found.name.as_str(), said["name"].as_str().unwrap());
        assert_eq!(found.archived, said["archived"].as_bool().unwrap_or(false));
    }
    let projects = projects.as_array().unwrap();
    assert_eq!(content.projects.len(), projects.len());
    for (found, said) in content.projects.iter().zip(projects) {
        assert_eq!(found.id, number(&said["id"]));
        assert_eq!(found.name.as_str(), said["name"].as_str().unwrap());
        assert_eq!(found.client, said["client_id"].as_i64().map(ExternalId));
        assert_eq!((found.active, found.private), (is(&said["active"]), is(&said["is_private"])));
        assert_eq!(found.color.unwrap().to_string(), said["color"].as_str().unwrap());
        assert_eq!(found.billable, said["billable"].as_bool());
        assert!(!found.template);
    }
}

#[tokio::test] // I2, I3, I10
#[ignore = "needs ../shared: cargo xtask test"]
async fn the_account_of_2024_comes_from_end_to_end_as_its_bodies_say() {
    let [me, workspaces, clients, projects] =
        ["me.json", "workspaces-from-related.json", "clients-from-related.json", "projects-from-related.json"]
            .map(|name| format!("v9-2024-12/{name}"));
    let server = serving(vec![
        ("/me", body(&me)),
        ("/me/workspaces", body(&workspaces)),
        ("/workspaces/2230580/clients", body(&clients)),
        ("/workspaces/2230580/projects", body(&projects)),
    ])
    .await;
    let user = identify(&server).await.unwrap();
    assert_eq!(user.id, number(&parsed(&me)["id"]));
    assert_eq!((user.name.as_str(), user.email.as_str()), ("Person One", "person1@example.test"));

    let clock = TestClock::new();
    let listener = Listener::patient(&clock);
    let reading = toggl(&server.url, &clock).read(request(), &listener).await.unwrap();
    assert_eq!(reading.snapshot.workspaces.len(), 1);
    let workspace = &reading.snapshot.workspaces[0].workspace;
    assert_eq!((workspace.id, workspace.name.as_str(), workspace.administered), (ExternalId(2_230_580), "Organization 01", true));
    let content = content(&reading);
    compare(content, &parsed(&clients), &parsed(&projects));
    assert_eq!((content.clients.len(), content.projects.len()), (4, 26));
    assert_eq!(content.projects.iter().filter(|project| !project.active).count(), 1);
    assert_eq!(content.projects.iter().filter(|project| project.client.is_none()).count(), 6);
    assert!(content.projects.iter().any(|project| !project.name.as_str().is_ascii()), "the emoji survived");
    assert_eq!(content.projects[0].name.as_str(), "Project 01 (&)");
    assert_eq!(content.tasks, None, "a free plan");
    assert_eq!(content.members, None, "all three ways answer 404");
    assert_eq!(listener.last().requests, 1 + 1 + 1 + 3);
}

/// The author of the bodies of 2022 replaced the ids, and not everywhere by the same: here they agree.
fn of_one_workspace(name: &str) -> Vec<u8> {
    let text = String::from_utf8(body(name)).unwrap();
    let text = ["\"wid\": 2345678", "\"workspace_id\": 3456789"].iter().fold(text, |text, other| {
        let (key, _) = other.split_once(' ').unwrap();
        text.replace(other, &format!("{key} 1234567"))
    });
    text.into_bytes()
}

async fn of_2022(members: (&'static str, Vec<u8>)) -> (Canned, Reading) {
    let workspaces = [b"[", &body("v9-2022/workspace.json")[..], b"]"].concat();
    let server = serving(vec![
        ("/me", body("v9-2022/me.json")),
        ("/me/workspaces", workspaces),
        ("/workspaces/1234567/clients", of_one_workspace("v9-2022/workspace-clients.json")),
        ("/workspaces/1234567/projects", of_one_workspace("v9-2022/workspace-projects.json")),
        members,
    ])
    .await;
    let reading = read(&server).await.unwrap();
    (server, reading)
}

#[tokio::test] // I2, I3, I10, P4
#[ignore = "needs ../shared: cargo xtask test"]
async fn the_account_of_2022_comes_from_end_to_end_as_its_bodies_say() {
    let path = "/organizations/2345678/workspaces/1234567/workspace_users";
    let (server, reading) = of_2022((path, of_one_workspace("v9-2022/workspace-users.json"))).await;
    let user = identify(&server).await.unwrap();
    assert_eq!((user.id.0, user.name.as_str(), user.email.as_str()), (1_234_567, "Example Toggl", "example@toggl.com"));
    assert!(reading.snapshot.workspaces[0].workspace.administered, "by admin alone: there was no role yet");
    let content = content(&reading);
    compare(content, &parsed("v9-2022/workspace-clients.json"), &parsed("v9-2022/workspace-projects.json"));
    let members = content.members.as_ref().unwrap();
    assert_eq!((members.len(), members[0].email.as_str(), members[0].name.as_str()), (1, "example@toggl.com", "Toggl Track"));
    assert!(members[0].joined);
    assert_eq!(server.requests().len(), 1 + 1 + 1 + 1 + 1);
}

#[tokio::test] // P4
#[ignore = "needs ../shared: cargo xtask test"]
async fn the_users_of_an_organization_of_2022_are_its_members() {
    // Three workspaces, so that the organization is asked for its users.
    let workspace = parsed("v9-2022/workspace.json");
    let workspaces: Vec<Value> = (0..3)
        .map(|n| {
            let mut workspace = workspace.clone();
            workspace["id"] = [3_456_789, 3_456_790, 3_456_791][n].into();
            workspace
        })
        .collect();
    let workspaces = serde_json::to_vec(&workspaces).unwrap();
    let server = Canned::serve(move |request, _| match request.path() {
        "/me/workspaces" => json(&workspaces),
        "/organizations/2345678/users" => json(body("v9-2022/organization-users.json")),
        path if path.ends_with("/clients") || path.ends_with("/projects") => json("null"),
        _ => reply(404, &[], body("errors/404-project.txt")),
    })
    .await;
    let reading = read(&server).await.unwrap();
    let members = content(&reading).members.as_ref().unwrap();
    assert_eq!((members.len(), members[0].email.as_str(), members[0].joined), (1, "toggl@example.com", true));
}

#[tokio::test] // I10
#[ignore = "needs ../shared: cargo xtask test"]
async fn rows_of_two_workspaces_in_one_recorded_list_are_seen() {
    let server = serving(vec![
        ("/me/workspaces", [b"[", &body("v9-2022/workspace.json")[..], b"]"].concat()),
        ("/workspaces/1234567/clients", body("v9-2022/workspace-clients.json")),
    ])
    .await;
    let Err(SourceError::Nonsense { endpoint, detail }) = read(&server).await else { panic!() };
    assert_eq!(endpoint, "GET /workspaces/1234567/clients");
    assert!(detail.contains("row 2: it belongs to workspace 2345678, not 1234567"), "{detail}");
}

#[tokio::test] // I2
#[ignore = "needs ../shared: cargo xtask test"]
async fn me_is_read_with_and_without_everything_that_belongs_to_it() {
    for name in ["v9-2024-12/me.json", "v9-2024-12/me-with-related-data.json", "v9-2022/me.json"] {
        let server = serving(vec![("/me", body(name))]).await;
        assert_eq!(identify(&server).await.unwrap().id, number(&parsed(name)["id"]), "{name}");
    }
}

#[tokio::test] // I10
#[ignore = "needs ../shared: cargo xtask test"]
async fn tasks_of_an_export_fit_the_envelope() {
    let text =
        String::from_utf8(body("export-zip/tasks/402.json")).unwrap().replace("\"workspace_id\": 0", "\"workspace_id\": 11");
    let envelope = format!(r#"{{"total_count":2,"page":1,"per_page":200,"data":{text}}}"#);
    let account = crate::support::Account::new();
    let server =
        crate::support::serve(account, move |request, _| request.path().ends_with("/tasks").then(|| json(&envelope))).await;
    let reading = read(&server).await.unwrap();
    let tasks: Vec<_> = content(&reading)
        .tasks
        .as_ref()
        .unwrap()
        .iter()
        .map(|task| (task.id.0, task.project.0, task.name.as_str(), task.active))
        .collect();
    assert_eq!(tasks, [(601, 402, "Task 1", true), (602, 403, "Task 2", false)]);
}

#[tokio::test] // I2
#[ignore = "needs ../shared: cargo xtask test"]
async fn every_recorded_refusal_is_put_into_words() {
    let mut files: Vec<_> = std::fs::read_dir(folder().join("errors")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 10);
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let status: u16 = name[..3].parse().unwrap();
        let said = std::fs::read(&path).unwrap();
        let answered = said.clone();
        let server = Canned::serve(move |_, _| -> Answer { reply(status, &[], &answered) }).await;
        let error = identify(&server).await.unwrap_err();
        let said = String::from_utf8(said).unwrap();
        let words = said.trim().trim_matches('"');
        let words = if words.is_empty() { "it gives no reason" } else { words };
        match (status, error) {
            (401 | 403, SourceError::TokenRejected { detail }) => assert_eq!(detail, format!("status {status}: {words}")),
            (402, SourceError::QuotaSpent { until }) => {
                assert_eq!((until - TestClock::new().now()).num_seconds(), 1839);
            }
            (400 | 404, SourceError::Refused { status: found, detail, .. }) => {
                assert_eq!((found, detail.as_str()), (status, words));
            }
            (_, error) => panic!("{name}: {error:?}"),
        }
    }
}
