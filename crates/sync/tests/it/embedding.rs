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
    let file = folder.path().join("mirror.db");
    let tree = embed::mirror(&server.url(), token.clone(), &file).await.unwrap();
    assert_eq!(tree, ["Toggl", "Toggl / Studio", "Toggl / Studio / Website"]);
    server.simulator().change(|world| world.add_project(studio, "Shop")).unwrap();
    let tree = embed::mirror(&server.url(), token, &file).await.unwrap();
    assert_eq!(
        tree,
        ["Toggl", "Toggl / Studio", "Toggl / Studio / Shop", "Toggl / Studio / Website"],
        "the second time it is the same mirror"
    );
}

#[test]
fn embedding_takes_fewer_than_thirty_lines() {
    let example = include_str!("../../examples/embed.rs");
    let (_, embedding) = example.split_once("async fn mirror").unwrap();
    let (embedding, _) = embedding.split_once("#[tokio::main]").unwrap();
    let within = embedding.lines().filter(|line| line.starts_with("    ")).count();
    assert!((20..30).contains(&within), "{within} lines");
}
