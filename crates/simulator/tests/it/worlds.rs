use std::collections::HashSet;

use tallyport_simulator::{Plan, Role, Simulator, Size, World};

use crate::support::{get, json, rows};

fn everything(world: World) -> Vec<u8> {
    let token = world.owner_token().unwrap().to_owned();
    let workspaces: Vec<i64> = world.workspaces().map(|workspace| workspace.id).collect();
    let simulator = Simulator::new(world);
    let mut bytes = Vec::new();
    for workspace in workspaces {
        for list in ["clients?status=both", "projects", "tasks?active=both", "workspace_users?includeIndirect=true"] {
            let answer = get(&simulator, &format!("/workspaces/{workspace}/{list}"), &token);
            bytes.extend(format!("{:?}", answer.headers).into_bytes());
            bytes.extend(answer.body.to_bytes());
        }
    }
    bytes
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let size = Size { workspaces: 3, ..Size::default() };
    assert_eq!(everything(World::generate(7, &size)), everything(World::generate(7, &size)));
    assert_ne!(everything(World::generate(7, &size)), everything(World::generate(8, &size)));
    assert_eq!(everything(World::nordlicht()), everything(World::nordlicht()));
}

#[test]
fn a_generated_world_has_the_size_that_was_ordered_and_awkward_names_and_people() {
    let size = Size { organizations: 2, workspaces: 3, clients: 40, projects: 300, tasks: 900, members: 30, ..Size::default() };
    let world = World::generate(1, &size);
    assert_eq!(world.organizations().count(), 2);
    assert_eq!(world.workspaces().count(), 3);
    assert_eq!(world.users().count(), 31);
    let clients: Vec<_> = world.workspaces().flat_map(|workspace| &workspace.clients).collect();
    let projects: Vec<_> = world.workspaces().flat_map(|workspace| &workspace.projects).collect();
    let tasks: Vec<_> = world.workspaces().flat_map(|workspace| &workspace.tasks).collect();
    assert_eq!((clients.len(), projects.len(), tasks.len()), (40, 300, 900));

    let names: HashSet<&str> = clients.iter().map(|client| client.name.as_str()).collect();
    assert!(names.contains("") && names.contains("株式会社みなと") && names.contains("مؤسسة الواحة"));
    assert!(names.contains(" Leading and trailing ") && names.contains("🚀 Liftoff"));
    assert!(names.iter().any(|name| name.chars().count() == 76));
    assert!(names.len() < clients.len(), "some names are there twice");

    assert!(projects.iter().any(|project| project.id > i64::from(i32::MAX)));
    assert!(projects.iter().any(|project| project.id <= i64::from(i32::MAX)));
    assert!(projects.iter().any(|project| project.private) && projects.iter().any(|project| !project.active));
    assert!(projects.iter().any(|project| project.client.is_none()));
    assert!(tasks.iter().any(|task| !task.active));
    assert!(clients.iter().any(|client| client.archived));

    let members: Vec<_> = world.workspaces().flat_map(|workspace| &workspace.members).collect();
    assert!(members.iter().any(|member| !member.joined));
    assert!(members.iter().any(|member| member.inactive));
    assert!(members.iter().any(|member| !member.direct));
    assert!(world.users().any(|user| user.email.is_none()));
    assert_eq!(world.users().filter(|user| !user.tokens.is_empty()).count(), 1);
}

#[test]
fn an_empty_world_is_one_workspace_with_nothing_in_it() {
    let size = Size { clients: 0, projects: 0, tasks: 9, members: 0, ..Size::default() };
    let world = World::generate(1, &size);
    assert_eq!(world.workspaces().map(|workspace| workspace.tasks.len()).sum::<usize>(), 0);
}

#[test]
fn nordlicht_is_small_and_full_of_names() {
    let world = World::nordlicht();
    assert_eq!(world.users().count(), 12);
    let names: Vec<&str> = world.workspaces().map(|workspace| workspace.name.as_str()).collect();
    assert_eq!(names, ["Nordlicht Studio", "Labs", "Pro bono"]);
    let items: usize =
        world.workspaces().map(|workspace| 1 + workspace.clients.len() + workspace.projects.len() + workspace.tasks.len()).sum();
    assert!((30..=48).contains(&items), "{items}");
    let owner = world.user_by_token(world.owner_token().unwrap()).unwrap();
    assert_eq!(owner.name, "Ana Nováková");
    for workspace in world.workspaces() {
        assert_eq!(workspace.member(owner.id).unwrap().role, Role::Admin);
    }
    assert!(world.find_project("Website relaunch").is_some() && world.find_client("").is_some());
}

#[test]
fn twenty_thousand_tasks_are_read_page_by_page() {
    let size = Size { clients: 50, projects: 1_000, tasks: 20_000, members: 2, plan: Plan::Enterprise, ..Size::default() };
    let world = World::generate(1, &size);
    let workspace = world.workspaces().next().unwrap().id;
    let token = world.owner_token().unwrap().to_owned();
    let simulator = Simulator::new(world);
    let mut seen = HashSet::new();
    for page in 1..=100 {
        let target = format!("/workspaces/{workspace}/tasks?active=both&per_page=200&page={page}");
        let list = json(&get(&simulator, &target, &token));
        assert_eq!(list["total_count"], 20_000);
        seen.extend(rows(&list).iter().map(|row| row["id"].as_i64().unwrap()));
    }
    assert_eq!(seen.len(), 20_000);
}
