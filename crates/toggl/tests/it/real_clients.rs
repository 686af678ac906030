//! Clients that others wrote for Toggl read the simulator, and see what this one sees: it is right, and not merely agreeable.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tallyport_domain::{Content, Reading, Source};
use tallyport_simulator::{NewProject, Plan, Role, World};

use crate::support::Simulated;

/// A Python that has both, as the command that runs all tests prepares it.
const PYTHON: &str = "TALLYPORT_REAL_CLIENTS";

/// All that the owner of the token sees, in the form in which the others print it.
#[derive(Debug, Default)]
struct Seen {
    workspaces: Vec<Value>,
    clients: Vec<Value>,
    projects: Vec<Value>,
    tasks: Vec<Value>,
    members: Vec<Value>,
}

impl Seen {
    fn of(reading: &Reading) -> Self {
        let mut seen = Self::default();
        for workspace in &reading.snapshot.workspaces {
            let (id, name) = (workspace.workspace.id.0, workspace.workspace.name.as_str());
            seen.workspaces.push(json!({"id": id, "name": name, "admin": workspace.workspace.administered}));
            let Content::Read(content) = &workspace.content else { panic!("{workspace:?}") };
            seen.clients.extend(
                content.clients.iter().map(|client| json!({"id": client.id.0, "name": client.name.as_str(), "parent": id})),
            );
            seen.projects.extend(content.projects.iter().map(|project| {
                let parent = project.client.map_or(id, |client| client.0);
                json!({"id": project.id.0, "name": project.name.as_str(), "parent": parent, "active": project.active})
            }));
            seen.tasks.extend(content.tasks.iter().flatten().map(
                |task| json!({"id": task.id.0, "name": task.name.as_str(), "parent": task.project.0, "active": task.active}),
            ));
            seen.members.extend(
                content
                    .members
                    .iter()
                    .flatten()
                    .map(|member| json!({"parent": id, "name": member.name, "email": member.email.as_str()})),
            );
        }
        seen
    }
}

/// An account that its owner sees all of, on a single page a list.
fn account() -> World {
    let (mut world, studio) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let organization = world.workspace(studio).unwrap().organization;
    let labs = world.add_workspace(organization, "Labs").unwrap();
    for (workspace, clients) in [(studio, ["Café Ñandú", "株式会社みなと"]), (labs, ["مؤسسة الواحة", "Landesverband"])]
    {
        for name in clients {
            let client = world.add_client(workspace, name).unwrap();
            for number in 1..=3 {
                let project = world.add_project(workspace, NewProject::named(format!("{name} {number}")).under(client)).unwrap();
                for task in ["Design", "Photos 📷"] {
                    world.add_task(project, task).unwrap();
                }
            }
        }
        world.add_project(workspace, "Internal").unwrap();
        for (name, address) in [("Zoë Lefèvre", "zoe@nordlicht.example"), ("山田 花子", "Hanako@Nordlicht.example")] {
            let person = world.add_user(format!("{name} {workspace}"), format!("{workspace}.{address}"));
            world.add_member(workspace, person, Role::Member).unwrap();
        }
    }
    let done = world.workspace(labs).unwrap().tasks[0].id;
    world.finish_task(done).unwrap();
    world
}

/// Rows in an order of their own, with the fields that were read of them.
fn sorted(rows: &[Value], fields: &[&str]) -> Vec<String> {
    let picked = rows.iter().map(|row| fields.iter().map(|field| row[field].to_string()).collect::<Vec<_>>().join(" "));
    let mut rows: Vec<String> = picked.collect();
    rows.sort();
    rows
}

fn rows<'a>(client: &'a Value, list: &str) -> &'a [Value] {
    client[list].as_array().unwrap_or_else(|| panic!("no {list} in {client}"))
}

#[tokio::test]
#[ignore = "needs togglcli and toggl-python: cargo xtask test"]
async fn togglcli_and_toggl_python_see_what_is_seen_here() {
    #[expect(clippy::disallowed_methods, reason = "the test command says where it put the two")]
    let python = std::env::var(PYTHON).unwrap_or_else(|_| panic!("{PYTHON} does not name a Python that has them"));
    let simulated = Simulated::of(account());
    let token = simulated.simulator().owner_token().unwrap();
    let me = simulated.toggl.identify().await.unwrap();
    let seen = Seen::of(&simulated.read().await.unwrap());
    simulated.simulator().forget_requests();

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/read.py");
    let mut command = Command::new(python);
    command.arg(script).arg(simulated.url()).env("TOGGL_API_TOKEN", &token).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (togglcli, toggl_python) = (&told["togglcli"], &told["toggl_python"]);

    let whole = ["id", "name", "parent"];
    let state = ["id", "name", "parent", "active"];
    let compared: [(&Value, &str, &[Value], &[&str]); 16] = [
        (togglcli, "workspaces", &seen.workspaces, &["id", "name", "admin"]),
        (togglcli, "clients", &seen.clients, &whole),
        (togglcli, "projects", &seen.projects, &state),
        (togglcli, "tasks", &active(&seen.tasks), &["id", "name", "active"]),
        (togglcli, "members", &seen.members, &["parent", "name", "email"]),
        (togglcli, "my_clients", &seen.clients, &whole),
        (togglcli, "my_projects", &seen.projects, &whole),
        (togglcli, "my_tasks", &active(&seen.tasks), &whole),
        (toggl_python, "workspaces", &seen.workspaces, &["id", "name", "admin"]),
        (toggl_python, "related_workspaces", &seen.workspaces, &["id", "name", "admin"]),
        (toggl_python, "alone", &seen.workspaces, &["id", "name", "admin"]),
        (toggl_python, "clients", &seen.clients, &whole),
        (toggl_python, "projects", &seen.projects, &state),
        (toggl_python, "my_projects", &seen.projects, &state),
        (toggl_python, "my_projects_paged", &seen.projects, &state),
        (toggl_python, "related_projects", &seen.projects, &state),
    ];
    for (client, list, ours, fields) in compared {
        assert!(!ours.is_empty());
        assert_eq!(sorted(rows(client, list), fields), sorted(ours, fields), "{list}");
    }
    for client in [togglcli, toggl_python] {
        assert_eq!(client["me"], json!({"id": me.id.0, "name": me.name, "email": me.email}));
    }
    assert_eq!(toggl_python["logged"], true);
    assert_eq!(rows(toggl_python, "features").len(), seen.workspaces.len());
    // They asked for themselves, and were refused nothing.
    let asked = simulated.simulator().requests();
    assert!(asked.len() > 20 && asked.iter().all(|request| request.method == "GET" && request.status == 200), "{asked:?}");
}

/// What lists of tasks hold that nobody asked for done ones.
fn active(tasks: &[Value]) -> Vec<Value> {
    tasks.iter().filter(|task| task["active"] == true).cloned().collect()
}
