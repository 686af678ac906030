//! What is done while faults strike.

use tallyport_simulator::{NewProject, Plan, Role, World};

use super::Workload;
use crate::support::{Bench, Mode};

/// A few workspaces with so much in them that a sync writes more than one page of the file.
fn world() -> World {
    let (mut world, studio) = World::with_workspace(Plan::Premium, "Studio").unwrap();
    let zoe = world.add_user("Zoë Lefèvre", "zoe@example.com");
    world.add_member(studio, zoe, Role::Member).unwrap();
    for number in 1..=6 {
        let client = world.add_client(studio, format!("Client {number}")).unwrap();
        for project in 1..=5 {
            let project = world.add_project(studio, NewProject::named(format!("Project {project}")).under(client)).unwrap();
            for task in 1..=4 {
                world.add_task(project, format!("Task {task}")).unwrap();
            }
        }
    }
    world
}

fn imported() -> Bench {
    let bench = Bench::over(Mode::Local, world());
    bench.imported();
    bench
}

/// Syncs of an account in which a third has changed.
pub(super) fn sync() -> Workload {
    let bench = imported();
    bench.simulator().change(|world| {
        let studio = world.workspaces().next().unwrap().id;
        let (projects, tasks): (Vec<i64>, Vec<i64>) = {
            let studio = world.workspace(studio).unwrap();
            (studio.projects.iter().map(|it| it.id).collect(), studio.tasks.iter().map(|it| it.id).collect())
        };
        for project in projects.iter().step_by(4) {
            world.rename_project(*project, format!("Renamed {project}")).unwrap();
            world.add_task(*project, "New").unwrap();
        }
        world.archive_project(projects[1]).unwrap();
        for task in tasks.iter().skip(30).step_by(5) {
            world.rename_task(*task, format!("Renamed {task}")).unwrap();
        }
        let bo = world.add_user("Bo", "bo@example.com");
        world.add_member(studio, bo, Role::Member).unwrap();
    });
    Workload::rehearse("sync", bench, &[&["toggl", "sync"]])
}

/// The end of the link, and a new one.
pub(super) fn unlinking() -> Workload {
    let bench = imported();
    bench.done(&["people", "add", "zoe@example.com", "--name", "Zoë"]);
    let commands: [&[&str]; 4] = [
        &["toggl", "unlink", "--archive"],
        &["toggl", "re-enable", "--yes"],
        &["toggl", "unlink", "--keep"],
        &["toggl", "re-enable", "--yes"],
    ];
    Workload::rehearse("unlinking", bench, &commands)
}

/// People who come, change and go, with what they are assigned to and the account's own tasks.
pub(super) fn people() -> Workload {
    let bench = imported();
    let file = bench.folder().join("people.csv");
    let rows = (1..=20).map(|number| format!("p{number}@example.com,Person {number},member"));
    let lines: Vec<String> = std::iter::once("email,name,role".to_owned()).chain(rows).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let file = file.display().to_string();
    let commands: [&[&str]; 8] = [
        &["people", "add", "zoe@example.com", "--name", "Zoë"],
        &["people", "add", "--csv", &file],
        &["tasks", "add", "Our own"],
        &["assign", "Our own", "p1@example.com"],
        &["people", "role", "p1@example.com", "manager"],
        &["people", "email", "p2@example.com", "p2@example.org"],
        &["people", "deactivate", "zoe@example.com"],
        &["tasks", "rename", "Our own", "Still our own"],
    ];
    Workload::rehearse("people", bench, &commands)
}

/// Timers that are started, switched and stopped, and entries that are added, changed and deleted.
pub(super) fn time() -> Workload {
    let bench = imported();
    let task = bench.json(&["tasks", "search", "Task 1"])[0]["id"].to_string();
    let commands: [&[&str]; 9] = [
        &["start", &task, "-m", "First", "--tag", "desk"],
        &["start", "-m", "Second"],
        &["stop"],
        &["add", &task, "--start", "2026-11-24 22:00", "--end", "2026-11-25 1:30", "-m", "Third", "--tag", "desk"],
        &["edit", "3", "--no-task", "-m", "Changed", "--tag", "home"],
        &["edit", "3", "--duration", "2:00"],
        &["start", &task, "-m", "Fourth"],
        &["delete", "3"],
        &["stop"],
    ];
    Workload::rehearse("time", bench, &commands)
}
