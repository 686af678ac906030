//! What a reading of a well-behaved account brings, and how few requests it takes (I10, I19, I20).

use tallyport_domain::{Content, ExternalId, Source, WorkspaceContent};

use crate::support::{Account, Canned, Listener, TOKEN, TestClock, request, selecting, toggl};

fn content(content: &Content) -> &WorkspaceContent {
    match content {
        Content::Read(content) => content,
        other => panic!("{other:?}"),
    }
}

#[tokio::test] // I2
async fn a_token_is_known_by_its_owner() {
    let account = Account::new();
    let server = Canned::serve(move |request, _| account.answer(request)).await;
    let clock = TestClock::new();
    let user = toggl(&server.url, &clock).identify().await.unwrap();
    assert_eq!((user.id, user.name.as_str(), user.email.as_str()), (ExternalId(9), "Ada", "ada@example.test"));
    let sent = &server.requests()[0];
    assert!(sent.header("user-agent").unwrap().starts_with("Tallyport/"));
    assert!(sent.header("authorization").unwrap().starts_with("Basic "));
    assert!(!sent.target.contains(TOKEN));
}

#[tokio::test] // I3
async fn workspaces_are_listed_with_the_part_that_the_token_plays_in_them() {
    let account = Account::new();
    let server = Canned::serve(move |request, _| account.answer(request)).await;
    let seen = toggl(&server.url, &TestClock::new()).workspaces().await.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].id, seen[0].name.as_str(), seen[0].administered), (ExternalId(11), "Acme", true));
}

#[tokio::test] // I10, I19, I20
async fn a_small_account_takes_five_requests_and_comes_whole_with_its_proof() {
    let account = Account::new();
    let server = Canned::serve(move |request, _| account.answer(request)).await;
    let clock = TestClock::new();
    let mut listener = Listener::patient(&clock);
    let reading = toggl(&server.url, &clock).read(request(), &mut listener).await.unwrap();

    assert_eq!(
        server.targets(),
        [
            "/me/workspaces",
            "/workspaces/11/clients?status=both",
            "/workspaces/11/projects?active=both&per_page=200&page=1",
            "/workspaces/11/tasks?active=both&sort_field=created_at&per_page=200&page=1",
            "/organizations/22/workspaces/11/workspace_users?per_page=200&page=1",
        ]
    );
    let content = content(&reading.snapshot.workspaces[0].content);
    assert_eq!(content.clients[0].name.as_str(), "Big Client");
    assert_eq!(content.projects[0].client, Some(ExternalId(31)));
    assert_eq!(content.tasks.as_ref().unwrap()[0].project, ExternalId(41));
    assert_eq!(content.members.as_ref().unwrap()[0].email.as_str(), "ada@example.test");
    let lists: Vec<_> = reading.proof.lists.iter().map(|list| (list.list.as_str(), list.rows, list.total)).collect();
    assert_eq!(
        lists,
        [("workspaces", 1, None), ("clients", 1, None), ("projects", 1, None), ("tasks", 1, Some(1)), ("members", 1, None)]
    );
    let last = listener.last();
    assert_eq!((last.requests, last.requests_expected, last.workspaces_done, last.pages, last.items), (5, 5, 1, 5, 5));
    assert!(listener.waited.is_empty());
}

#[tokio::test] // I3
async fn what_is_not_selected_is_listed_and_not_read() {
    let account = Account::new();
    let server = Canned::serve(move |request, _| account.answer(request)).await;
    let clock = TestClock::new();
    let reading = toggl(&server.url, &clock).read(selecting(&[99]), &mut Listener::patient(&clock)).await.unwrap();
    assert_eq!(reading.snapshot.workspaces[0].content, Content::NotSelected);
    assert_eq!(server.targets(), ["/me/workspaces"]);
}
