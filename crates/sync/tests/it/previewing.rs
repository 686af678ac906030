//! Previews change nothing and say what a run would do (I13).

use std::collections::BTreeSet;

use tallyport_domain::plan::ItemChange;
use tallyport_domain::{Content, ExternalId, Selection};
use tallyport_sync::Patience;

use crate::support::{Act, Desk, Scripted, studio, studio_of};

#[tokio::test] // I13
async fn a_preview_says_what_the_run_then_does() {
    let desk = Desk::new().await;
    desk.sync(&Scripted::of([Act::Read(studio(2))])).await;
    let before = desk.rows(false).await;
    let source = Scripted::of([Act::Read(studio_of([1, 3])), Act::Read(studio_of([1, 3]))]);
    let preview = desk.engine.preview(desk.account, source.as_ref(), None, Patience::Forever).await.unwrap();
    assert_eq!(desk.rows(false).await, before);
    assert_eq!(preview.requests, 3);
    let run = desk.sync(&source).await;
    assert_eq!(preview.plan.counts(&preview.state.current), run.counts);
    let recorded = desk.store.run_items(desk.account, run.id, 0, 100).await.unwrap();
    let named =
        |items: &[tallyport_domain::plan::Item]| items.iter().map(|i| (i.change, i.name.clone(), i.reason)).collect::<Vec<_>>();
    assert_eq!(named(&preview.items), named(&recorded));
}

#[tokio::test] // I13
async fn a_selection_can_be_tried_before_it_is_saved() {
    let desk = Desk::new().await;
    desk.sync(&Scripted::of([Act::Read(studio(2))])).await;
    let mut nothing = studio(2);
    nothing.workspaces[0].content = Content::NotSelected;
    let source = Scripted::of([Act::Read(nothing)]);
    let what_if = Selection::Only(BTreeSet::from([ExternalId(77)]));
    let preview = desk.engine.preview(desk.account, source.as_ref(), Some(&what_if), Patience::Forever).await.unwrap();
    let archived = preview.items.iter().filter(|item| item.change == ItemChange::Archived).count();
    assert_eq!(archived, 6, "workspace, client, two projects and their tasks");
    assert_eq!(desk.store.integration(desk.account).await.unwrap().unwrap().selection, Selection::All);
}

#[tokio::test] // I13
async fn a_preview_names_the_private_projects_that_would_become_visible() {
    let desk = Desk::new().await;
    let mut snapshot = studio(2);
    if let Content::Read(content) = &mut snapshot.workspaces[0].content {
        content.projects[1].private = true;
    }
    let source = Scripted::of([Act::Read(snapshot)]);
    let preview = desk.engine.preview(desk.account, source.as_ref(), None, Patience::Forever).await.unwrap();
    let [private] = preview.private.as_slice() else { panic!("there is one") };
    let path: Vec<&str> = private.path.iter().map(tallyport_domain::Name::as_str).collect();
    assert_eq!((path.as_slice(), private.workspace), (["Toggl", "Studio", "Nordwind", "Project 2"].as_slice(), ExternalId(1)));
}
