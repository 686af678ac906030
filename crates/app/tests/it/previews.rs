//! Previews: the plan without the deed.

use std::collections::BTreeMap;

use tallyport_app::{AsPreviewed, Picked, RunOptions};
use tallyport_domain::plan::ItemChange;

use crate::bench::{Bench, code};

fn told(preview: &AsPreviewed) -> BTreeMap<ItemChange, Vec<&str>> {
    let mut told: BTreeMap<ItemChange, Vec<&str>> = BTreeMap::new();
    for change in &preview.changes {
        told.entry(change.item.change).or_default().push(change.item.name.as_str());
    }
    told
}

#[tokio::test] // I13
async fn a_preview_shows_what_the_sync_then_does_and_does_nothing() {
    let bench = Bench::imported().await;
    bench
        .in_toggl(|world| {
            world.rename_project(world.find_project("Internal").unwrap(), "Inside").unwrap();
            world.finish_task(world.find_task("Moodboard").unwrap()).unwrap();
            world.add_task(world.find_project("Logo").unwrap(), "Sketch")
        })
        .unwrap();
    let preview = bench.app.integration.preview(&bench.ana, None, RunOptions::default()).await.unwrap();
    let shown = told(&preview);
    assert_eq!(shown[&ItemChange::Renamed], ["Inside"]);
    assert_eq!(shown[&ItemChange::Archived], ["Moodboard"]);
    assert_eq!(shown[&ItemChange::Created], ["Sketch"]);
    assert_eq!(preview.hold, None);
    bench.task("Internal").await;
    assert_eq!(bench.app.integration.runs(&bench.ana, None, 10).await.unwrap().len(), 1);

    let run = bench.sync(&bench.ana).await;
    assert_eq!(run.run.requests, preview.requests);
    assert_eq!((run.run.counts.renamed, run.run.counts.archived, run.run.counts.created), (1, 1, 1));
    let again = bench.app.integration.preview(&bench.ana, None, RunOptions::default()).await.unwrap();
    assert!(again.changes.is_empty(), "{again:?}");
}

#[tokio::test] // I13
async fn a_selection_that_is_not_saved_is_tried_with_the_people_it_concerns() {
    let bench = Bench::imported().await;
    let picked = bench.workspaces(&["Nordlicht Studio"]);
    let preview = bench.app.integration.preview(&bench.ana, Some(&picked), RunOptions::default()).await.unwrap();
    assert!(told(&preview)[&ItemChange::Archived].contains(&"Labs"));
    bench.task("Labs").await;
    let unknown = Picked::These(vec!["4711".to_owned()]);
    assert_eq!(code(bench.app.integration.preview(&bench.ana, Some(&unknown), RunOptions::default()).await), "unknown_workspace");

    let bench = Bench::enabled().await;
    let picked = bench.workspaces(&["Labs"]);
    let preview = bench.app.integration.preview(&bench.ana, Some(&picked), RunOptions::default()).await.unwrap();
    let gain: Vec<&str> = preview
        .changes
        .iter()
        .filter(|change| change.item.change == ItemChange::Assigned)
        .map(|change| change.person.as_ref().unwrap().name.as_str())
        .collect();
    assert_eq!(gain, ["Ana", "Łukasz"]);
}

#[tokio::test] // I13
async fn private_projects_are_named_with_how_many_people_would_have_them() {
    let bench = Bench::enabled().await;
    let preview = async |bench: &Bench| {
        let preview = bench.app.integration.preview(&bench.ana, Some(&Picked::All), RunOptions::default()).await.unwrap();
        let mut private: Vec<(String, u32)> = preview
            .private_projects
            .iter()
            .map(|project| (project.path.last().unwrap().as_str().to_owned(), project.people))
            .collect();
        private.sort();
        private
    };
    // Ana by the root; Łukasz as a member of both workspaces; Zoë of Studio alone.
    assert_eq!(preview(&bench).await, [("Skunkworks".to_owned(), 2), ("Tender 2027".to_owned(), 3)]);
    // By hand on the root is on all below it, and who is deactivated does not count.
    let root = bench.task("Toggl").await.task.id;
    bench.app.assignments.assign_one(&bench.ana, root, bench.bea.person().id).await.unwrap();
    bench.app.people.deactivate(&bench.ana, bench.zoe.person().id, false).await.unwrap();
    assert_eq!(preview(&bench).await, [("Skunkworks".to_owned(), 3), ("Tender 2027".to_owned(), 3)]);
}

#[tokio::test] // I12, I13
async fn a_preview_says_that_the_sync_will_ask_for_a_yes() {
    let bench = Bench::imported().await;
    let picked = Picked::These(Vec::new());
    let preview = bench.app.integration.preview(&bench.ana, Some(&picked), RunOptions::default()).await.unwrap();
    let text = preview.hold_text().unwrap();
    assert!(text.starts_with("The sync will ask for a yes: it would archive "), "{text}");
}

#[tokio::test] // I19
async fn a_preview_that_the_allowance_ends_does_not_promise_to_keep_anything() {
    let bench = Bench::imported().await;
    bench.spend_quota();
    let options = RunOptions { confirm: false, patience: Some(chrono::TimeDelta::zero()) };
    let refusal = bench.app.integration.preview(&bench.ana, None, options).await.unwrap_err();
    assert_eq!((refusal.code().as_str(), refusal.hint().as_str()), ("quota_spent", "Try again then; nothing was changed."));
    let run = bench.app.integration.start(&bench.ana, options).await.unwrap();
    let run = bench.ended(&bench.ana, run).await.run;
    let problem = tallyport_app::RunProblem::of(&run).unwrap();
    assert!(problem.hint.contains("is kept"), "{problem:?}");
}
