//! Enabling: the token is checked first, sealed, and never seen again.

use secrecy::{ExposeSecret as _, SecretString};
use tallyport_app::{Picked, RunOptions};
use tallyport_domain::State;
use tallyport_simulator::{Fault, How};

use crate::bench::{Bench, code};

#[tokio::test] // I2
async fn a_token_is_checked_against_toggl_before_anything_is_stored() {
    let bench = Bench::new().await;
    let integration = &bench.app.integration;
    let wrong = SecretString::from("0123456789abcdef0123456789abcdef");
    let refusal = integration.enable(&bench.ana, &wrong, RunOptions::default()).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "token_rejected");
    assert!(refusal.hint().contains("profile page") && !refusal.hint().contains("re-enable"), "{}", refusal.hint());
    let focus = SecretString::from(format!("eyJ{}", "a1".repeat(40)));
    assert_eq!(code(integration.enable(&bench.ana, &focus, RunOptions::default()).await), "other_product");
    assert_eq!(code(integration.enable(&bench.ana, &SecretString::from(" \n"), RunOptions::default()).await), "token_missing");
    assert_eq!(code(integration.enable(&bench.ana, &SecretString::from("a\nb"), RunOptions::default()).await), "invalid_request");

    assert_eq!(bench.store.integration(bench.account).await.unwrap(), None);
    assert!(bench.keys.lose().is_empty(), "no key is made before there is something to seal");
    assert_eq!(integration.status(&bench.ana).await.unwrap().state, State::Disabled);
}

#[tokio::test] // I2, I3, P3
async fn enabling_makes_the_root_and_shows_whose_token_it_is_and_the_workspaces() {
    let bench = Bench::new().await;
    let token = SecretString::from(format!("  {}\n", bench.token().expose_secret()));
    let (status, workspaces) = bench.app.integration.enable(&bench.ana, &token, RunOptions::default()).await.unwrap();
    assert_eq!(status.state, State::Enabled);
    let details = status.details.unwrap();
    assert_eq!(details.owner.unwrap().name, "Ana");
    let user = details.toggl_user.unwrap();
    assert_eq!((user.name.as_str(), user.email.as_str()), ("Ana Nováková", "ana.novakova@nordlicht.example"));
    assert_eq!(status.message.as_deref(), Some("No workspace is selected yet."));
    let names: Vec<&str> = workspaces.iter().map(|workspace| workspace.name.as_str()).collect();
    assert_eq!(names, ["Labs", "Nordlicht Studio", "Pro bono"]);
    assert!(workspaces.iter().all(|workspace| workspace.visible && !workspace.selected));
    let root = bench.task("Toggl").await;
    assert!(root.trackable);
}

#[tokio::test] // I2
async fn a_token_of_somebody_else_is_pointed_out() {
    let bench = Bench::new().await;
    let (status, _) = bench.app.integration.enable(&bench.bea, &bench.token(), RunOptions::default()).await.unwrap();
    let message = status.message.unwrap();
    let pointed_out = "The token is that of Ana Nováková <ana.novakova@nordlicht.example> in Toggl, \
                       while Bea <bea@nordlicht.example> owns the link.";
    assert!(message.starts_with(pointed_out), "{message}");
}

#[tokio::test] // I2
async fn what_is_enabled_refuses_to_be_enabled_and_names_re_enabling() {
    let bench = Bench::enabled().await;
    let refusal = bench.app.integration.enable(&bench.bea, &bench.token(), RunOptions::default()).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "already_enabled");
    assert!(refusal.hint().contains("re-enable"), "{}", refusal.hint());
    assert_eq!(bench.store.integration(bench.account).await.unwrap().unwrap().owner, bench.ana.person().id);
}

#[tokio::test] // I2
async fn the_token_is_stored_sealed_and_shows_nowhere() {
    let bench = Bench::imported().await;
    let token = bench.token();
    let token = token.expose_secret();
    let link = bench.store.integration(bench.account).await.unwrap().unwrap();
    let sealed = link.sealed_token.clone().unwrap();
    assert!(!sealed.windows(token.len()).any(|window| window == token.as_bytes()));
    let status = bench.app.integration.status(&bench.ana).await.unwrap();
    let runs = bench.app.integration.runs(&bench.ana, None, 10).await.unwrap();
    bench.in_toggl(|world| world.revoke_token(token));
    let refused = bench.app.integration.enable(&bench.ana, &SecretString::from(token), RunOptions::default()).await;
    let shown = format!("{link:?} {status:?} {runs:?} {refused:?} {:?}", bench.app);
    assert!(!shown.contains(token));
}

#[tokio::test] // I1
async fn everybody_reads_the_state_and_only_administrators_the_rest() {
    let bench = Bench::imported().await;
    for actor in [&bench.zoe, &bench.lukasz] {
        let status = bench.app.integration.status(actor).await.unwrap();
        assert_eq!(status.state, State::Enabled);
        assert!(status.last_synced_at.is_some());
        assert!(status.details.is_none());
        assert_eq!(status.message, None);
    }
    bench.deactivate_owner().await;
    let status = bench.app.integration.status(&bench.zoe).await.unwrap();
    assert_eq!(status.state, State::OwnerInactive);
    let message = status.message.unwrap();
    assert!(message.contains("an administrator") && !message.contains("Ana"), "{message}");
}

#[tokio::test] // I16
async fn to_enable_after_unlinking_is_to_re_enable() {
    let bench = Bench::imported().await;
    let before = bench.task("Design").await.task.id;
    bench.app.integration.unlink(&bench.ana, tallyport_domain::Fate::Archive).await.unwrap();
    let (status, workspaces) = bench.app.integration.enable(&bench.ana, &bench.token(), RunOptions::default()).await.unwrap();
    assert!(workspaces.iter().all(|workspace| workspace.selected));
    let details = status.details.unwrap();
    assert_eq!(details.selection, Picked::All);
    let run = bench.ended(&bench.ana, details.last_run.unwrap()).await;
    assert_eq!((run.run.outcome.as_str(), run.run.trigger.as_str()), ("succeeded", "re_enabled"));
    assert_eq!(bench.task("Design").await.task.id, before);
    assert_eq!(run.run.counts.created, 0);
}

#[tokio::test] // I12, I16
async fn the_run_after_enabling_again_has_the_yes_that_was_given() {
    let bench = Bench::imported().await;
    bench.app.integration.unlink(&bench.ana, tallyport_domain::Fate::Keep).await.unwrap();
    let logo = bench.task("Logo").await.task.id;
    bench.app.tasks.rename(&bench.ana, logo, "Signet").await.unwrap();
    let options = RunOptions { confirm: true, patience: None };
    let (status, _) = bench.app.integration.enable(&bench.ana, &bench.token(), options).await.unwrap();
    let run = bench.ended(&bench.ana, status.details.unwrap().last_run.unwrap()).await;
    assert_eq!(run.run.outcome.as_str(), "succeeded", "{run:?}");
    assert_eq!(bench.task("Logo").await.task.id, logo);
}

#[tokio::test] // I1
async fn nobody_but_administrators_touches_the_integration() {
    let bench = Bench::enabled().await;
    let integration = &bench.app.integration;
    let options = RunOptions::default();
    for actor in [&bench.zoe, &bench.lukasz] {
        let codes = [
            code(integration.enable(actor, &bench.token(), RunOptions::default()).await.map(|_| ())),
            code(integration.re_enable(actor, None, options).await),
            code(integration.unlink(actor, tallyport_domain::Fate::Archive).await),
            code(integration.workspaces(actor).await),
            code(integration.select(actor, &Picked::All, true, options).await),
            code(integration.preview(actor, None, options).await),
            code(integration.members(actor).await),
            code(integration.save_settings(actor, &tallyport_app::SettingsToSave::default(), options).await),
            code(integration.start(actor, options).await),
            code(integration.cancel(actor).await),
            code(integration.runs(actor, None, 10).await),
            code(integration.run(actor, tallyport_domain::RunId(1)).await),
            code(integration.changes(actor, tallyport_domain::RunId(1), 0, 10).await),
            code(integration.events(actor, tallyport_domain::RunId(1)).await.map(|_| ())),
            code(integration.confirm(actor, tallyport_domain::RunId(1), options).await),
            code(integration.reject(actor, tallyport_domain::RunId(1)).await),
        ];
        assert!(codes.iter().all(|code| *code == "administrator_required"), "{codes:?}");
    }
}

#[tokio::test] // N1
async fn people_whom_no_workspace_knows_are_listed_after_those_who_are_known() {
    let bench = Bench::enabled().await;
    assert!(bench.app.integration.members(&bench.ana).await.unwrap().is_empty(), "nothing was synced yet");
    bench.select(&bench.ana, &Picked::All).await;
    let members = bench.app.integration.members(&bench.ana).await.unwrap();
    let bea = members.last().unwrap();
    assert_eq!((bea.email.as_str(), bea.person, bea.joined), ("bea@nordlicht.example", Some(bench.bea.person().id), false));
    assert!(bea.workspaces.is_empty());
    let known = members.iter().filter(|member| !member.workspaces.is_empty()).count();
    assert_eq!(known, members.len() - 1, "Ana, Zoë and Łukasz are known to Toggl");
    bench.app.people.deactivate(&bench.ana, bench.bea.person().id, true).await.unwrap();
    assert_eq!(bench.app.integration.members(&bench.ana).await.unwrap().len(), known);
}

#[tokio::test] // N1
async fn where_no_members_could_be_read_everybody_is_listed_as_unknown() {
    let bench = Bench::enabled().await;
    bench.server.simulator().inject(Fault::on("users", How::status(403)));
    let run = bench.select(&bench.ana, &Picked::All).await;
    assert_eq!((run.run.outcome.as_str(), run.run.warnings.len()), ("succeeded", 3), "{run:?}");
    let members = bench.app.integration.members(&bench.ana).await.unwrap();
    assert_eq!(members.len(), 4, "{members:?}");
    assert!(members.iter().all(|member| member.workspaces.is_empty() && member.person.is_some()));
}
