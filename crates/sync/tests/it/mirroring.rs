//! Runs that succeed, and what they record (I10, I14), against the simulated Toggl.

use std::sync::Arc;

use tallyport_domain::plan::ItemChange;
use tallyport_domain::{Outcome, Source, Trigger};
use tallyport_simulator::{NewProject, Plan, Server, Simulator, World};
use tallyport_sync::system::SystemRandom;
use tallyport_toggl::{Config, Toggl};

use crate::support::{Act, Desk, Scripted, noon, soon, studio, studio_of};

#[tokio::test] // I5, I7, I8, I14
async fn a_change_in_the_simulated_toggl_becomes_the_same_change_here() {
    let desk = Desk::new().await;
    let (mut world, studio) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let client = world.add_client(studio, "Nordwind").unwrap();
    let website = world.add_project(studio, NewProject::named("Website").under(client)).unwrap();
    let design = world.add_task(website, "Design").unwrap();
    world.add_project(studio, "Internal").unwrap();
    let server = Server::start(Simulator::new(world)).unwrap();
    let token = server.simulator().owner_token().unwrap();
    let toggl = Toggl::new(Config::at(server.url()), token.into(), Arc::new(desk.clock.clone()), Arc::new(SystemRandom)).unwrap();
    let toggl: Arc<dyn Source> = Arc::new(toggl);

    let first = desk.engine.run(desk.account, Arc::clone(&toggl), desk.order()).await.unwrap();
    assert_eq!(
        (first.outcome, first.counts.created, first.trigger),
        (Outcome::Succeeded, 5, Trigger::Manual),
        "{:?}",
        first.error
    );
    assert_eq!(first.requests, 5, "workspaces, clients, projects, tasks, members"); // I19
    assert!(!first.proof.lists.is_empty()); // I20
    assert_eq!(desk.tree().await, ["Toggl", "  Studio", "    Internal", "    Nordwind", "      Website", "        Design"]);

    let again = desk.engine.run(desk.account, Arc::clone(&toggl), desk.order()).await.unwrap();
    assert_eq!((again.counts.created, again.counts.unchanged), (0, 6));

    let simulator = server.simulator();
    simulator.change(|world| world.rename_project(website, "Website 2027")).unwrap();
    simulator.change(|world| world.move_project(website, None)).unwrap();
    simulator.change(|world| world.finish_task(design)).unwrap();
    let third = desk.engine.run(desk.account, toggl, desk.order()).await.unwrap();
    assert_eq!((third.counts.renamed, third.counts.moved, third.counts.archived), (1, 1, 1));
    assert_eq!(desk.tree().await, ["Toggl", "  Studio", "    Internal", "    Nordwind", "    Website 2027"]);

    let items = desk.store.run_items(desk.account, third.id, 0, 100).await.unwrap();
    let renamed = items.iter().find(|item| item.change == ItemChange::Renamed).unwrap();
    assert_eq!(renamed.old_name.as_ref().unwrap().as_str(), "Website");
    assert_eq!(simulator.requests_that_write(), 0); // I18
}

#[tokio::test] // I10, I14
async fn a_run_without_changes_writes_no_item() {
    let desk = Desk::new().await;
    let source = Scripted::of([Act::Read(studio(3)), Act::Read(studio(3))]);
    desk.sync(&source).await;
    let second = desk.sync(&source).await;
    assert_eq!(second.counts.unchanged, 9);
    assert!(desk.store.run_items(desk.account, second.id, 0, 10).await.unwrap().is_empty());
    assert_eq!(second.proof.lists.len(), 1); // I20
    assert_eq!(second.requests, 3);
}

#[tokio::test] // P3, P4
async fn members_are_assigned_to_their_workspace_and_the_owner_to_the_root() {
    let desk = Desk::new().await;
    let run = desk.sync(&Scripted::of([Act::Read(studio(1))])).await;
    assert_eq!(run.counts.assigned, 1, "the owner has the root since enabling");
    let access = |person| desk.store.access(desk.account, person, false);
    let names =
        |rows: Vec<tallyport_storage::AccessRow>| rows.iter().map(|row| row.path.last().unwrap().to_string()).collect::<Vec<_>>();
    assert_eq!(names(access(desk.ada).await.unwrap()), ["Toggl"]);
    assert_eq!(names(access(desk.bea).await.unwrap()), ["Studio"]);
}

#[tokio::test] // I10
async fn a_tree_that_changes_while_the_source_is_read_is_planned_anew() {
    let desk = Desk::new().await;
    let (there, go_on) = (Arc::default(), Arc::default());
    let source = Scripted::of([Act::Pause(Arc::clone(&there), Arc::clone(&go_on), studio(2))]);
    let active = desk.start(&source).await;
    let driving = tokio::spawn(active.drive());
    soon(there.notified()).await;
    desk.store.deactivate(desk.account, desk.bea, desk.ada, noon()).await.unwrap();
    go_on.notify_one();
    let run = soon(driving).await.unwrap().unwrap();
    assert_eq!((run.outcome, run.counts.assigned), (Outcome::Succeeded, 0), "Bea was deactivated before the plan was applied");
}

#[tokio::test] // I8
async fn what_is_deleted_comes_back_as_the_same_task() {
    let desk = Desk::new().await;
    let source = Scripted::of([Act::Read(studio(2)), Act::Read(studio_of([1])), Act::Read(studio(2))]);
    desk.sync(&source).await;
    let before = desk.rows(false).await;
    let gone = desk.sync(&source).await;
    assert_eq!(gone.counts.archived, 2);
    assert_eq!(desk.rows(true).await.len(), 2);
    let back = desk.sync(&source).await;
    assert_eq!((back.counts.restored, back.counts.created), (2, 0));
    assert_eq!(desk.rows(false).await, before); // I7
}
