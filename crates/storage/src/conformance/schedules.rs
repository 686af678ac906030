//! Syncs that run by themselves (I4, I14).

use tallyport_domain::{
    AccountId, Every, Fate, MailKind, Outcome, PrivateProjects, Role, RunId, Selection, SettingsChange, Trigger,
};

use super::held::held;
use super::outbox::claim;
use super::runs::failed;
use super::snapshot::{email, toggl, workspaces};
use super::world::{Fresh, application, begin_by, enable, open, sync};
use crate::{BeginRun, Ended, Scheduled};

fn every(minutes: u32) -> SettingsChange {
    SettingsChange { schedule: Some(Every::minutes(minutes)), ..SettingsChange::default() }
}

/// Our schedule, if there is one.
async fn ours(db: &Fresh) -> Option<Scheduled> {
    db.store.schedules().await.unwrap().into_iter().find(|it| it.account == db.world.ours)
}

/// A run of that kind that fails, is held, or succeeds.
async fn ends(db: &Fresh, trigger: Trigger, outcome: Outcome, minute: i64) -> RunId {
    let (s, w) = (&*db.store, db.world);
    let started_by = (trigger != Trigger::Schedule).then_some(w.ada);
    let begin = BeginRun { trigger, started_by, ..begin_by(w.ada, w.at(minute)) };
    let (lease, ..) = open(s, w.ours, &begin).await;
    match outcome {
        Outcome::Held => drop(s.hold(w.ours, &lease, held(db, minute).await).await.unwrap()),
        Outcome::Succeeded => {
            let state = s.sync_state(w.ours).await.unwrap();
            s.apply(w.ours, &lease, application(&state, &toggl(), w.at(minute))).await.unwrap();
        }
        outcome => drop(s.end_run(w.ours, &lease, Ended { outcome, ..failed(db, minute) }).await.unwrap()),
    }
    lease.run
}

/// A scheduled run that ends so, and how many are told of it.
async fn scheduled(db: &Fresh, outcome: Outcome, minute: i64) -> u32 {
    ends(db, Trigger::Schedule, outcome, minute).await;
    db.store.tell_of_schedule(db.world.ours, db.world.at(minute)).await.unwrap()
}

// I4
pub async fn every_linked_integration_with_a_schedule_is_told(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    assert_eq!(s.schedules().await.unwrap(), []);
    let mirror = db.mirrored().await;
    assert_eq!(s.schedules().await.unwrap(), []);
    s.save_settings(w.ours, &every(30), w.bea, w.at(10)).await.unwrap();
    let last = s.run(w.ours, mirror.run).await.unwrap();
    let told = Scheduled { account: w.ours, owner: w.ada, every: Every::minutes(30).unwrap(), last, since: w.at(10), told: None };
    assert_eq!(s.schedules().await.unwrap(), std::slice::from_ref(&told));
    s.save_settings(w.theirs, &every(60), w.bea, w.at(11)).await.unwrap();
    let accounts = async || s.schedules().await.unwrap().iter().map(|it| it.account).collect::<Vec<_>>();
    assert_eq!(accounts().await, [w.ours, w.theirs]);
    let run = sync(s, w.ours, w.ada, &toggl(), w.at(12)).await;
    assert_eq!(ours(&db).await, Some(Scheduled { last: Some(run), ..told }));
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(13)).await.unwrap();
    assert_eq!(accounts().await, [w.theirs]);
    let never = SettingsChange { schedule: Some(None), ..SettingsChange::default() };
    s.save_settings(w.theirs, &never, w.ada, w.at(14)).await.unwrap();
    assert_eq!(accounts().await, []);
}

// I4
pub async fn a_schedule_counts_from_when_it_was_set_or_the_integration_linked(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();
    s.save_settings(w.ours, &every(30), w.ada, w.at(2)).await.unwrap();
    let since = async || ours(&db).await.unwrap().since;
    assert_eq!((since().await, ours(&db).await.unwrap().last), (w.at(2), None));
    // What is not about the schedule, or sets what is set, begins nothing anew.
    let private = SettingsChange { private_projects: Some(PrivateProjects::LeaveOut), schedule: None };
    s.save_settings(w.ours, &private, w.ada, w.at(3)).await.unwrap();
    s.save_settings(w.ours, &every(30), w.ada, w.at(4)).await.unwrap();
    s.select(w.ours, &Selection::All, &workspaces(), w.ada, w.at(5)).await.unwrap();
    assert_eq!(since().await, w.at(2));
    s.save_settings(w.ours, &every(45), w.ada, w.at(6)).await.unwrap();
    assert_eq!(since().await, w.at(6));
    s.re_enable(w.ours, &enable(w.bea, w.at(7))).await.unwrap();
    assert_eq!((since().await, ours(&db).await.unwrap().owner), (w.at(7), w.bea));
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(8)).await.unwrap();
    s.enable(w.ours, &enable(w.ada, w.at(9))).await.unwrap();
    assert_eq!(since().await, w.at(9));
}

// I14
pub async fn a_held_scheduled_run_is_told_once_to_each_active_administrator(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    s.save_settings(w.ours, &every(30), w.ada, w.at(4)).await.unwrap();
    for person in [w.bea, w.cem] {
        s.set_role(w.ours, person, Role::Administrator, w.ada, w.at(4)).await.unwrap();
    }
    s.deactivate(w.ours, w.cem, w.ada, w.at(4)).await.unwrap();
    let run = ends(&db, Trigger::Schedule, Outcome::Held, 10).await;
    assert_eq!(s.tell_of_schedule(w.ours, w.at(11)).await.unwrap(), 2);
    assert_eq!(s.tell_of_schedule(w.ours, w.at(12)).await.unwrap(), 0);
    assert_eq!(ours(&db).await.unwrap().told, Some(run));
    let mut told = Vec::new();
    while let Some(mail) = claim(&db, 10, w.at(11)).await {
        told.push((mail.account.id, mail.kind, mail.to, mail.name.unwrap(), mail.run));
    }
    let wanted = ["ada", "bea"].map(|name| (w.ours, MailKind::Held, email(name), name.to_owned(), Some(run)));
    assert_eq!(told, wanted);
    assert_eq!(scheduled(&db, Outcome::Held, 20).await, 2, "another one is another matter");
}

// I14
pub async fn the_second_failure_in_a_row_is_told_once(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    assert_eq!(scheduled(&db, Outcome::Failed, 10).await, 0);
    assert_eq!(scheduled(&db, Outcome::Failed, 11).await, 1);
    assert_eq!(scheduled(&db, Outcome::Failed, 12).await, 0);
    assert_eq!(scheduled(&db, Outcome::Failed, 13).await, 0);
    assert_eq!(scheduled(&db, Outcome::Succeeded, 14).await, 0);
    assert_eq!(scheduled(&db, Outcome::Failed, 15).await, 0);
    assert_eq!(scheduled(&db, Outcome::Failed, 16).await, 1);
    let mail = claim(&db, 10, w.at(20)).await.unwrap();
    assert_eq!((mail.kind, mail.to, mail.run), (MailKind::Failing, email("ada"), Some(RunId(3))));
    assert_eq!(s.troubled_mail(w.ours).await.unwrap(), []);
}

// I14
pub async fn only_scheduled_runs_are_told_of(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    for (minute, outcome) in [(10, Outcome::Failed), (11, Outcome::Failed), (12, Outcome::Held)] {
        ends(&db, Trigger::Manual, outcome, minute).await;
        assert_eq!(s.tell_of_schedule(w.ours, w.at(minute)).await.unwrap(), 0);
    }
    // Somebody's own run between two scheduled ones says nothing of the schedule.
    assert_eq!(scheduled(&db, Outcome::Failed, 13).await, 0);
    ends(&db, Trigger::Manual, Outcome::Succeeded, 14).await;
    assert_eq!(scheduled(&db, Outcome::Failed, 15).await, 1);
    assert_eq!(scheduled(&db, Outcome::Cancelled, 16).await, 0);
}

// I14, N3
pub async fn what_was_decided_or_whoever_lost_the_office_gets_no_mail(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    s.set_role(w.ours, w.bea, Role::Administrator, w.ada, w.at(4)).await.unwrap();
    let run = ends(&db, Trigger::Schedule, Outcome::Held, 10).await;
    assert_eq!(s.tell_of_schedule(w.ours, w.at(10)).await.unwrap(), 2);
    s.set_role(w.ours, w.bea, Role::Manager, w.ada, w.at(11)).await.unwrap();
    assert_eq!(claim(&db, 10, w.at(11)).await.unwrap().to, email("ada"));
    assert_eq!(claim(&db, 10, w.at(11)).await, None);
    s.reject_run(w.ours, run, w.ada, w.at(12)).await.unwrap();
    ends(&db, Trigger::Schedule, Outcome::Held, 13).await;
    assert_eq!(s.tell_of_schedule(w.ours, w.at(13)).await.unwrap(), 1);
    ends(&db, Trigger::Manual, Outcome::Succeeded, 14).await;
    assert_eq!(claim(&db, 10, w.at(15)).await, None, "it was overtaken");
}

// I14, A1
pub async fn another_accounts_runs_are_told_to_nobody_here(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    assert_eq!(s.tell_of_schedule(w.ours, w.at(1)).await.unwrap(), 0);
    assert_eq!(s.tell_of_schedule(AccountId(999), w.at(1)).await.unwrap(), 0);
    db.mirrored().await;
    assert_eq!(scheduled(&db, Outcome::Held, 10).await, 1);
    assert_eq!(s.tell_of_schedule(w.theirs, w.at(11)).await.unwrap(), 0);
    let mail = claim(&db, 10, w.at(11)).await.unwrap();
    assert_eq!((mail.account.id, claim(&db, 10, w.at(11)).await), (w.ours, None));
    s.save_settings(w.theirs, &every(30), w.ada, w.at(12)).await.unwrap();
    assert_eq!(s.schedules().await.unwrap()[0].told, None);
}
