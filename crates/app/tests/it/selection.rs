//! Which workspaces are mirrored, and what saving that asks and does.

use tallyport_app::{Picked, RunOptions};
use tallyport_domain::Reason;

use crate::bench::{Bench, code};

#[tokio::test] // I3
async fn saving_a_selection_syncs_at_once() {
    let bench = Bench::enabled().await;
    let run = bench.select(&bench.ana, &bench.workspaces(&["Labs"])).await;
    assert_eq!((run.run.outcome.as_str(), run.run.trigger.as_str()), ("succeeded", "saved"));
    assert_eq!(run.started_by.unwrap().name, "Ana");
    bench.task("Tide tables app").await;
    let workspaces = bench.app.integration.workspaces(&bench.ana).await.unwrap();
    let selected: Vec<(&str, bool)> = workspaces.iter().map(|one| (one.name.as_str(), one.selected)).collect();
    assert_eq!(selected, [("Labs", true), ("Nordlicht Studio", false), ("Pro bono", false)]);
}

#[tokio::test] // I3
async fn what_is_no_workspace_refuses_the_save() {
    let bench = Bench::enabled().await;
    let select = async |ids: &[&str]| {
        let picked = Picked::These(ids.iter().map(|id| (*id).to_owned()).collect());
        bench.app.integration.select(&bench.ana, &picked, true, RunOptions::default()).await
    };
    let refusal = select(&["4711", &bench.workspace("Labs"), "4712"]).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "unknown_workspace");
    assert_eq!(refusal.to_string(), "the token sees no workspace 4711 or 4712");
    assert_eq!(refusal.details().len(), 3);
    assert!(refusal.details()[0].ends_with("Labs"), "{:?}", refusal.details());
    for nonsense in ["", "Labs", "-1", "0", "1.5", "99999999999999999999"] {
        assert_eq!(code(select(&[nonsense]).await), "invalid_request", "{nonsense:?}");
    }
    let labs = bench.workspace("Labs");
    assert_eq!(code(select(&[&labs, &labs]).await), "invalid_request");
    assert_eq!(bench.app.integration.runs(&bench.ana, None, 10).await.unwrap().len(), 0);
}

#[tokio::test] // I3
async fn deselecting_names_what_it_archives_and_needs_a_yes() {
    let bench = Bench::imported().await;
    let picked = bench.workspaces(&["Labs", "Pro bono"]);
    let refusal = bench.app.integration.select(&bench.ana, &picked, false, RunOptions::default()).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "confirmation_needed");
    let details = refusal.details();
    assert!(details[0].starts_with("Nordlicht Studio: "), "{details:?}");
    assert_eq!(details[1], "  Toggl / Nordlicht Studio");
    assert_eq!(details.len(), 12, "{details:?}");
    assert!(details[11].starts_with("  and "), "{details:?}");
    assert_eq!(bench.app.integration.runs(&bench.ana, None, 10).await.unwrap().len(), 1);

    // I12: the yes to the selection is the yes to what it archives, though that is more than a fifth.
    let run = bench.select(&bench.ana, &picked).await;
    assert_eq!(run.run.outcome.as_str(), "succeeded", "{run:?}");
    assert!(run.run.counts.archived > 10);
    assert_eq!(bench.archived("Nordlicht Studio").await.task.archived.unwrap().reason, Reason::Deselected);
}

#[tokio::test] // I3, I8
async fn an_empty_selection_needs_a_yes_and_archives_everything_below_the_root() {
    let bench = Bench::imported().await;
    let none = Picked::These(Vec::new());
    assert_eq!(code(bench.app.integration.select(&bench.ana, &none, false, RunOptions::default()).await), "confirmation_needed");
    let run = bench.select(&bench.ana, &none).await;
    assert_eq!(run.run.outcome.as_str(), "succeeded");
    let tree = bench.app.tasks.tree(&bench.ana, tallyport_app::Which::Active).await.unwrap();
    assert_eq!(crate::bench::names(&tree), ["Toggl"]);
}

#[tokio::test] // I3
async fn a_workspace_that_was_selected_may_stay_so_when_it_is_not_visible_any_more() {
    let bench = Bench::imported().await;
    let both = bench.workspaces(&["Labs", "Nordlicht Studio"]);
    bench.select(&bench.ana, &both).await;
    bench.in_toggl(|world| world.delete_workspace(world.find_workspace("Labs").unwrap())).unwrap();
    let workspaces = bench.app.integration.workspaces(&bench.ana).await.unwrap();
    let labs = workspaces.iter().find(|one| one.name == "Labs").unwrap();
    assert!(labs.selected && !labs.visible);
    let run = bench.select(&bench.ana, &both).await;
    assert_eq!(run.run.outcome.as_str(), "succeeded");
    assert_eq!(bench.archived("Labs").await.task.archived.unwrap().reason, Reason::NotVisible);
}

#[tokio::test] // I3
async fn a_save_that_archives_nothing_asks_nothing() {
    let bench = Bench::enabled().await;
    let options = RunOptions::default();
    let integration = &bench.app.integration;
    let run = integration.select(&bench.ana, &bench.workspaces(&["Labs"]), false, options).await.unwrap();
    bench.ended(&bench.ana, run).await;
    let run = integration.select(&bench.ana, &Picked::All, false, options).await.unwrap();
    assert_eq!(bench.ended(&bench.ana, run).await.run.outcome.as_str(), "succeeded");
}

#[tokio::test] // I11
async fn saving_a_selection_ends_a_run_that_waits() {
    let bench = Bench::imported().await;
    let waiting = bench.waiting().await;
    let run = bench.app.integration.select(&bench.ana, &Picked::All, false, RunOptions::default()).await.unwrap();
    let ended = bench.ended(&bench.ana, waiting).await;
    assert_eq!(ended.run.outcome.as_str(), "cancelled");
    assert_ne!(run.run.id, ended.run.id);
    bench.app.integration.cancel(&bench.ana).await.unwrap();
}

#[tokio::test] // I3, I19
async fn what_was_selected_before_is_deselected_without_asking_toggl_twice() {
    let bench = Bench::imported().await;
    let picked = bench.workspaces(&["Labs"]);
    let sent = || bench.server.simulator().requests().len();
    let before = sent();
    let refusal = bench.app.integration.select(&bench.ana, &picked, false, RunOptions::default()).await;
    assert_eq!(code(refusal), "confirmation_needed");
    assert_eq!(sent(), before);
    let unknown = Picked::These(vec!["4711".to_owned()]);
    let refusal = bench.app.integration.select(&bench.ana, &unknown, false, RunOptions::default()).await;
    assert_eq!(code(refusal), "unknown_workspace", "rather than a yes to what cannot be");
}
