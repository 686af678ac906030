//! The example that shows how to embed the engine, run as it stands.

use tallyport_simulator::{Plan, Server, Simulator, World};

#[path = "../../examples/embed.rs"]
#[expect(dead_code, reason = "the example's own main is not called here")]
mod embed;

#[tokio::test]
async fn the_example_mirrors_an_account_into_a_file() {
    let (mut world, studio) = World::with_workspace(Plan::Free, "Studio").unwrap();
    world.add_project(studio, "Website").unwrap();
    let server = Server::start(Simulator::new(world)).unwrap();
    let token = server.simulator().owner_token().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tree = embed::mirror(&server.url(), token, &folder.path().join("mirror.db")).await.unwrap();
    assert_eq!(tree, ["Toggl", "Toggl / Studio", "Toggl / Studio / Website"]);
}

#[test]
fn embedding_takes_fewer_than_thirty_lines() {
    let example = include_str!("../../examples/embed.rs");
    let (_, mirror) = example.split_once("async fn mirror").unwrap();
    let body = mirror.split("\n}").next().unwrap();
    assert!(body.lines().count() < 30, "{} lines", body.lines().count());
}
