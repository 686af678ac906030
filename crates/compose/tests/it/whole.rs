//! The main job from end to end.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use tallyport_api_types::{ApiToken, NewPerson, Run, SelectionChange, StartRun};
use tallyport_client::{Client, TaskState};
use tallyport_compose::{AccountToCreate, Demo, Local};

async fn demo() -> (Demo, Local, Client) {
    let demo = Demo::start().unwrap();
    let local = Local::open(demo.options()).await.unwrap();
    let (name, email) = Demo::OWNER;
    let account = AccountToCreate {
        name: Demo::ACCOUNT.to_owned(),
        admin_email: email.to_owned(),
        admin_name: Some(name.to_owned()),
        password: None,
        timezone: None,
    };
    local.create_account(account).await.unwrap();
    let client = Client::new(local.acting(None, None).await.unwrap());
    (demo, local, client)
}

async fn followed(client: &Client, run: &Run) -> Run {
    let runs = client.runs();
    let ended = tokio::time::timeout(Duration::from_mins(1), runs.follow(run.id, |_| {}));
    ended.await.expect("a run over a simulated Toggl ends soon").unwrap().value
}

#[tokio::test(flavor = "multi_thread")] // I2, I3, I5, P3, P4
async fn a_toggl_account_becomes_a_tree_and_stays_one() {
    let (demo, local, client) = demo().await;
    for (name, email) in Demo::PEOPLE {
        let person = NewPerson { email: email.to_owned(), name: name.to_owned(), role: None, password: None };
        client.people().add(&person).await.unwrap();
    }
    let token = ApiToken { api_token: demo.token().expose_secret().to_owned(), run: StartRun::default() };
    let enabled = client.integration().enable(&token).await.unwrap();
    assert_eq!(enabled.status.state, "enabled");
    assert_eq!(enabled.workspaces.len(), 3);

    let all = SelectionChange { all: true, ..SelectionChange::default() };
    let run = followed(&client, &client.integration().select(&all).await.unwrap()).await;
    assert_eq!((run.outcome.as_str(), run.trigger.as_str()), ("succeeded", "saved"), "{run:?}");

    let tree = client.tasks().list(TaskState::Active).await.unwrap();
    assert_eq!(tree[0].name, "Toggl");
    let design = tree.iter().filter(|task| task.name == "Design").count();
    assert_eq!(design, 2);
    assert!(tree.iter().all(|task| task.read_only && task.trackable));
    assert_eq!(usize::try_from(run.created).unwrap() + 1, tree.len());

    let told = demo.change_toggl();
    assert_eq!(told.len(), 7, "{told:?}");
    let run = followed(&client, &client.runs().start(&StartRun::default()).await.unwrap()).await;
    assert_eq!(run.outcome, "succeeded", "{run:?}");
    assert_eq!((run.created, run.renamed, run.moved), (2, 1, 1), "{run:?}");
    let archived = client.tasks().list(TaskState::Archived).await.unwrap();
    let reasons: Vec<(&str, &str)> =
        archived.iter().map(|task| (task.name.as_str(), task.archived_reason.as_deref().unwrap_or_default())).collect();
    assert!(reasons.contains(&("Product catalogue", "archived_in_toggl")), "{reasons:?}");
    assert!(reasons.contains(&("Moodboard", "done_in_toggl")), "{reasons:?}");
    assert!(reasons.contains(&("Entwurf", "deleted_in_toggl")), "{reasons:?}");
    assert!(reasons.contains(&("Texts", "parent_archived")), "{reasons:?}");
    local.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_leaves_nothing_behind() {
    let (demo, local, _) = demo().await;
    let folder = demo.database().parent().unwrap().to_owned();
    assert!(folder.join("tallyport.db").exists());
    local.close().await;
    drop(demo);
    assert!(!folder.exists());
}
