//! What stops the integration, and how it is brought back.

use tallyport_app::{AsPreviewed, Picked, RunOptions};
use tallyport_domain::{Outcome, State};

use crate::bench::{Bench, code, id_of};

/// Everything that needs Toggl, by its code.
async fn refusals(bench: &Bench) -> Vec<&'static str> {
    let integration = &bench.app.integration;
    let options = RunOptions::default();
    vec![
        code(integration.start(&bench.bea, options).await),
        code(integration.preview(&bench.bea, None, options).await),
        code(integration.select(&bench.bea, &Picked::All, true, options).await),
        code(integration.workspaces(&bench.bea).await),
    ]
}

async fn message(bench: &Bench) -> String {
    let message = bench.app.integration.status(&bench.bea).await.unwrap().message.unwrap_or_default();
    assert!(!message.contains('`'), "it names no command: {message}");
    message
}

async fn state(bench: &Bench) -> State {
    bench.app.integration.status(&bench.bea).await.unwrap().state
}

#[tokio::test] // I17
async fn deactivating_the_owner_warns_first() {
    let bench = Bench::imported().await;
    let refusal = bench.app.people.deactivate(&bench.bea, id_of(&bench.ana), false).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "confirmation_needed");
    assert_eq!(refusal.to_string(), "Ana owns the Toggl integration, which stops syncing without its owner");
    assert_eq!(state(&bench).await, State::Enabled);
    let person = bench.app.people.deactivate(&bench.bea, id_of(&bench.ana), true).await.unwrap();
    assert!(!person.active);
}

#[tokio::test] // I17
async fn without_its_owner_it_refuses_and_archives_nothing() {
    let bench = Bench::imported().await;
    bench.in_toggl(|world| {
        for project in ["Website relaunch", "Menu & signage", "Product catalogue"] {
            world.archive_project(world.find_project(project).unwrap()).unwrap();
        }
    });
    let held = bench.sync(&bench.ana).await;
    assert_eq!(held.run.outcome, Outcome::Held, "{held:?}");
    bench.deactivate_owner().await;
    assert_eq!(refusals(&bench).await, ["owner_inactive"; 4]);
    assert_eq!(code(bench.app.integration.confirm(&bench.bea, held.run.id, RunOptions::default()).await), "owner_inactive");
    assert_eq!(state(&bench).await, State::OwnerInactive);
    assert!(message(&bench).await.starts_with("Ana is deactivated, so it does not sync. Re-enable it"));
    let tree = bench.app.tasks.tree(&bench.bea, tallyport_app::Which::Archived).await.unwrap();
    assert_eq!(tree, []);

    bench.app.people.reactivate(&bench.bea, id_of(&bench.ana)).await.unwrap();
    assert_eq!(state(&bench).await, State::Enabled);
    let root = bench.app.people.access(&bench.bea, id_of(&bench.ana), false).await.unwrap();
    assert_eq!(root[0].path.len(), 1);
}

#[tokio::test] // I17
async fn a_token_that_toggl_rejects_stops_it_until_there_is_another() {
    let bench = Bench::imported().await;
    let token = bench.server.simulator().owner_token().unwrap();
    bench.in_toggl(|world| world.revoke_token(&token));
    let run = bench.sync(&bench.bea).await;
    assert_eq!(run.run.outcome, Outcome::Failed);
    assert_eq!(run.run.error.unwrap().code, "token_rejected");
    assert_eq!(state(&bench).await, State::TokenRejected);
    assert_eq!(refusals(&bench).await, ["token_rejected"; 4]);
    assert!(message(&bench).await.starts_with("Toggl rejects the token"));
    bench.task("Moodboard").await;

    let token = bench.token_of("ana.novakova@nordlicht.example");
    let run = bench.app.integration.re_enable(&bench.bea, Some(&token), RunOptions::default()).await.unwrap();
    assert_eq!(bench.ended(&bench.bea, run).await.run.outcome, Outcome::Succeeded);
    assert_eq!(state(&bench).await, State::Enabled);
}

#[tokio::test] // I17
async fn a_missing_key_is_said_and_no_new_one_is_made_in_silence() {
    let bench = Bench::imported().await;
    let ring = bench.keys.lose();
    assert_eq!(refusals(&bench).await, ["key_missing"; 4]);
    assert_eq!(state(&bench).await, State::KeyMissing);
    assert!(message(&bench).await.contains("the key that opens the stored Toggl token is missing"));
    assert_eq!(code(bench.app.integration.re_enable(&bench.ana, None, RunOptions::default()).await), "key_missing");
    assert!(bench.keys.lose().is_empty());

    bench.keys.bring_back(ring);
    assert_eq!(state(&bench).await, State::Enabled);
    bench.keys.lose();
    let run = bench.app.integration.re_enable(&bench.ana, Some(&bench.token()), RunOptions::default()).await.unwrap();
    assert_eq!(bench.ended(&bench.ana, run).await.run.outcome, Outcome::Succeeded);
    assert_eq!(state(&bench).await, State::Enabled);
}

#[tokio::test] // I17
async fn a_demoted_owner_keeps_it_and_the_state_recommends_re_enabling() {
    let bench = Bench::imported().await;
    bench.app.people.change(&bench.bea, id_of(&bench.ana), Some("member"), None).await.unwrap();
    assert_eq!(state(&bench).await, State::Enabled);
    assert!(message(&bench).await.starts_with("Ana is no administrator any more: re-enable it"));
    assert_eq!(bench.sync(&bench.bea).await.run.outcome, Outcome::Succeeded);
    let ana = bench.again(&bench.ana).await;
    assert!(bench.app.tasks.tree(&ana, tallyport_app::Which::Active).await.unwrap()[0].trackable);
    assert_eq!(code(bench.app.integration.start(&ana, RunOptions::default()).await), "administrator_required");
}

#[tokio::test] // I16, P3
async fn any_administrator_re_enables_with_a_token_of_their_own() {
    let bench = Bench::imported().await;
    let refusal = bench.app.integration.re_enable(&bench.bea, None, RunOptions::default()).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "token_not_yours");
    assert_eq!(refusal.to_string(), "the stored token is Ana's");
    let wrong = secrecy::SecretString::from("0123456789abcdef0123456789abcdef");
    assert_eq!(code(bench.app.integration.re_enable(&bench.bea, Some(&wrong), RunOptions::default()).await), "token_rejected");
    let link = bench.store.integration(bench.account).await.unwrap().unwrap();
    assert_eq!(link.owner, id_of(&bench.ana));

    let run = bench.app.integration.re_enable(&bench.ana, None, RunOptions::default()).await.unwrap();
    assert_eq!(bench.ended(&bench.ana, run).await.run.outcome, Outcome::Succeeded);

    let token = bench.token_of("J.Grossmann@nordlicht.example");
    let run =
        bench.app.integration.re_enable(&bench.bea, Some(&token), RunOptions { confirm: true, patience: None }).await.unwrap();
    let run = bench.ended(&bench.bea, run).await;
    assert_eq!((run.run.outcome, run.run.trigger.as_str()), (Outcome::Succeeded, "re_enabled"), "{run:?}");
    let has_root =
        async |person| bench.store.access(bench.account, person, false).await.unwrap().iter().any(|row| row.path.len() == 1);
    assert!(has_root(id_of(&bench.bea)).await);
    assert!(!has_root(id_of(&bench.ana)).await);
}

#[tokio::test] // I16, I11
async fn re_enabling_ends_a_run_that_waits() {
    let bench = Bench::imported().await;
    let waiting = bench.waiting().await;
    let run = bench.app.integration.re_enable(&bench.ana, Some(&bench.token()), RunOptions::default()).await.unwrap();
    assert_eq!(bench.ended(&bench.ana, waiting).await.run.outcome, Outcome::Cancelled);
    assert!(run.run.outcome.is_under_way());
    bench.app.integration.cancel(&bench.ana).await.unwrap();
}

#[tokio::test] // I2
async fn what_was_never_enabled_says_so() {
    let bench = Bench::new().await;
    let integration = &bench.app.integration;
    let options = RunOptions::default();
    assert_eq!(refusals(&bench).await, ["not_enabled"; 4]);
    assert_eq!(code(integration.re_enable(&bench.ana, Some(&bench.token()), options).await), "not_enabled");
    assert_eq!(code(integration.unlink(&bench.ana, tallyport_domain::Fate::Keep).await), "not_enabled");
    assert_eq!(code::<AsPreviewed>(integration.preview(&bench.ana, Some(&Picked::All), options).await), "not_enabled");
    assert_eq!(integration.cancel(&bench.ana).await.unwrap().map(|_| ()), None);
}

#[tokio::test] // I17
async fn a_token_that_toggl_rejects_outside_a_run_is_remembered_too() {
    for asked in 0..4 {
        let bench = Bench::imported().await;
        bench.select(&bench.ana, &bench.workspaces(&["Labs"])).await;
        let token = bench.server.simulator().owner_token().unwrap();
        bench.in_toggl(|world| world.revoke_token(&token));
        let integration = &bench.app.integration;
        let options = RunOptions::default();
        let refusal = match asked {
            0 => code(integration.preview(&bench.bea, None, options).await),
            1 => code(integration.workspaces(&bench.bea).await),
            2 => code(integration.select(&bench.bea, &bench.workspaces(&["Pro bono", "Labs"]), true, options).await),
            _ => code(integration.re_enable(&bench.ana, None, options).await),
        };
        assert_eq!(refusal, "token_rejected", "{asked}");
        assert_eq!(state(&bench).await, State::TokenRejected, "{asked}");
        assert!(message(&bench).await.starts_with("Toggl rejects the token"));
    }
}

#[tokio::test] // I2, I17
async fn a_new_token_that_toggl_rejects_says_nothing_of_the_stored_one() {
    let bench = Bench::imported().await;
    let wrong = "0123456789abcdef0123456789abcdef".into();
    assert_eq!(code(bench.app.integration.re_enable(&bench.ana, Some(&wrong), RunOptions::default()).await), "token_rejected");
    assert_eq!(state(&bench).await, State::Enabled);
}
