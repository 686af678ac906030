//! No account sees, touches or even notices another one (A1, S1).

use chrono::{DateTime, Utc};
use tallyport_domain::plan::{Hold, ShownChanges};
use tallyport_domain::{
    AccountId, Every, ExternalId, Fate, Grant, InvitationId, MailId, NothingToUnassign, Outcome, Part, PersonId, Posted,
    PrivateProjects, Role, RunId, Scope, Selection, SessionId, Settings, TaskId, TokenId,
};

use super::invitations::whom;
use super::secrets::{hash, mail_secrets, new_link, new_session, new_token, sign_in, token};

use super::snapshot::{NORTHLIGHT, changed, email, member, members_of, toggl, workspace, workspaces};
use super::world::{Fresh, application, begin_by, enable, manager, member_view, name, new_person, open, picture, sync};
use crate::{Assigned, Ended, Heartbeat, Held, Lease, LinkFor, ProfileChange, StoreError, Which};

/// What only the other account has: its numbers go further than ours.
struct Foreign {
    person: PersonId,
    task: TaskId,
    run: RunId,
    lease: Lease,
    session: SessionId,
    token: TokenId,
    invitation: InvitationId,
    mail: MailId,
}

fn cancelled(now: DateTime<Utc>) -> Ended {
    Ended { outcome: Outcome::Cancelled, error: None, token_rejected: false, requests: 1, quota: None, keep_parts: false, now }
}

async fn foreign(db: &Fresh) -> Foreign {
    let (s, w) = (&*db.store, db.world);
    let new = [new_person("eve", Role::Member), new_person("fay", Role::Member)];
    let person = s.add_people(w.theirs, &new, w.ada, w.at(4)).await.unwrap()[1].id;
    let above = s.add_task(w.theirs, None, &name("Secret"), w.ada, w.at(4)).await.unwrap();
    let task = s.add_task(w.theirs, Some(above), &name("Secret too"), w.ada, w.at(4)).await.unwrap();
    s.assign(w.theirs, task, &[person], w.ada, w.at(4)).await.unwrap();
    sync(s, w.theirs, w.ada, &toggl(), w.at(5)).await;
    let (lease, run, _) = open(s, w.theirs, &begin_by(w.ada, w.at(6))).await;
    let state = s.sync_state(w.theirs).await.unwrap();
    let application = application(&state, &changed(), w.at(6));
    let hold = Hold { archives: 1, active: 9, overwrites: 0 };
    s.hold(w.theirs, &lease, Held { application, hold, shown: ShownChanges::default() }).await.unwrap();
    s.set_password(w.theirs, person, "theirs", None, w.ada, w.at(6)).await.unwrap();
    let session = sign_in(s, w.theirs, person, 91, w.at(6)).await;
    let token = token(s, w.theirs, person, 92, w.at(6)).await.id;
    s.make_link(w.theirs, person, &new_link(93, LinkFor::Password, w.ada), w.at(6)).await.unwrap();
    let new = [whom("hal", Some(94)), whom("ian", None)];
    let invitation = s.invite(w.theirs, &new, w.ada, w.at(6), None).await.unwrap().now()[1].id;
    let mail = s.claim_mail(&mail_secrets(95), w.at(6)).await.unwrap().unwrap().id;
    s.save_settings(w.theirs, &Settings { schedule: Every::minutes(30), ..Settings::default() }.into(), w.ada, w.at(6))
        .await
        .unwrap();
    Foreign { person, task, run: run.id, lease, session, token, invitation, mail }
}

// A1, S1
pub async fn what_another_account_has_reads_as_not_there(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let foreign = foreign(&db).await;
    assert_eq!(s.person(w.ours, foreign.person).await.unwrap(), None);
    assert_eq!(s.person_by_email(w.ours, &email("eve")).await.unwrap(), None);
    assert_eq!(s.task(w.ours, manager(w.ada), foreign.task).await.unwrap(), None);
    assert_eq!(s.task(w.ours, member_view(foreign.person), foreign.task).await.unwrap(), None);
    assert_eq!(s.tree(w.ours, member_view(foreign.person), false).await.unwrap(), []);
    assert_eq!(s.search(w.ours, manager(w.ada), "secret", Which::All, 50).await.unwrap(), []);
    assert_eq!(s.assigned_to(w.ours, foreign.task).await.unwrap(), []);
    for effective in [false, true] {
        assert_eq!(s.access(w.ours, foreign.person, effective).await.unwrap(), []);
    }
    refused!(s.task_facts(w.ours, foreign.task).await, StoreError::NotFound(_));
    assert_eq!(s.run(w.ours, foreign.run).await.unwrap(), None);
    assert_eq!(s.run_items(w.ours, foreign.run, 0, 50).await.unwrap(), []);
    refused!(s.shown_changes(w.ours, foreign.run).await, StoreError::NotFound(_));
    assert!(s.runs(w.ours, None, 50).await.unwrap().iter().all(|run| run.id < foreign.run));
    assert!(s.members(w.ours).await.unwrap().iter().all(|member| member.person != Some(foreign.person)));
    assert_eq!(s.people(w.ours).await.unwrap().len(), 4);
    assert_eq!(s.password(w.ours, foreign.person).await.unwrap(), None);
    assert_eq!(s.profile(w.ours, foreign.person).await.unwrap(), None);
    assert_eq!(s.sessions(w.ours, foreign.person, w.at(10)).await.unwrap(), []);
    assert_eq!(s.tokens(w.ours, foreign.person).await.unwrap(), []);
    assert_eq!(s.credentials(Some(w.ours), &email("fay")).await.unwrap(), []);
    assert_eq!((s.invitations(w.ours).await.unwrap(), s.troubled_mail(w.ours).await.unwrap()), (Vec::new(), Vec::new()));
    assert!(s.schedules().await.unwrap().iter().all(|it| it.account != w.ours));
}

// A1, S1
pub async fn what_another_account_has_cannot_be_changed(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let foreign = foreign(&db).await;
    let (ours, theirs) = (picture(s, w.ours).await, picture(s, w.theirs).await);
    let now = w.at(10);
    refused!(s.set_role(w.ours, foreign.person, Role::Manager, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.set_email(w.ours, foreign.person, &email("x"), w.ada, now).await, StoreError::NotFound(_));
    refused!(s.deactivate(w.ours, foreign.person, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.reactivate(w.ours, foreign.person, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.assign(w.ours, foreign.task, &[w.cem], w.ada, now).await, StoreError::NotFound(_));
    refused!(s.assign(w.ours, w.house, &[w.cem, foreign.person], w.ada, now).await, StoreError::NotFound(_));
    refused!(s.unassign(w.ours, foreign.task, &[w.cem], w.ada, now).await, StoreError::NotFound(_));
    refused!(s.unassign(w.ours, w.house, &[foreign.person], w.ada, now).await, StoreError::NotFound(_));
    refused!(s.add_task(w.ours, Some(foreign.task), &name("X"), w.ada, now).await, StoreError::NotFound(_));
    refused!(s.rename_task(w.ours, foreign.task, &name("X"), w.ada, now).await, StoreError::NotFound(_));
    refused!(s.move_task(w.ours, foreign.task, None, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.move_task(w.ours, w.sink, Some(foreign.task), w.ada, now).await, StoreError::NotFound(_));
    refused!(s.archive_task(w.ours, foreign.task, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.restore_task(w.ours, foreign.task, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.delete_task(w.ours, foreign.task, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.reject_run(w.ours, foreign.run, w.ada, w.at(20)).await, StoreError::NotFound(_));
    assert_eq!(s.cancel_run(w.ours, None, now).await.unwrap(), None);
    let (person, change) = (foreign.person, ProfileChange { name: Some("X".to_owned()), ..ProfileChange::default() });
    refused!(s.set_password(w.ours, person, "mine", None, w.ada, now).await, StoreError::NotFound(_));
    s.rehash_password(w.ours, person, "theirs", "mine").await.unwrap();
    refused!(s.set_profile(w.ours, person, &change, now).await, StoreError::NotFound(_));
    refused!(s.begin_session(w.ours, person, &new_session(101, now)).await, StoreError::NotFound(_));
    refused!(s.end_session(w.ours, person, foreign.session, now).await, StoreError::NotFound(_));
    refused!(s.end_session(w.ours, w.ada, foreign.session, now).await, StoreError::NotFound(_));
    let new = new_token(102, Scope::Admin, now);
    refused!(s.create_token(w.ours, person, &new, None).await, StoreError::NotFound(_));
    refused!(s.revoke_token(w.ours, person, foreign.token, now).await, StoreError::NotFound(_));
    refused!(s.revoke_token(w.ours, w.ada, foreign.token, now).await, StoreError::NotFound(_));
    refused!(s.make_link(w.ours, person, &new_link(103, LinkFor::Password, w.ada), now).await, StoreError::NotFound(_));
    refused!(s.renew_invitation(w.ours, foreign.invitation, None, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.revoke_invitation(w.ours, foreign.invitation, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.settle_mail(w.ours, foreign.mail, &Posted::Sent, now).await, StoreError::NotFound(_));
    assert_eq!(s.tell_of_schedule(w.ours, now).await.unwrap(), 0);
    assert_eq!(picture(s, w.ours).await, ours);
    assert_eq!(picture(s, w.theirs).await, theirs);
    for number in [91, 92] {
        assert_eq!(s.bearer(&hash(number), now).await.unwrap().unwrap().account.id, w.theirs);
    }
}

// A1, P1
pub async fn another_accounts_assignments_give_nothing_here(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.theirs, w.house, &[w.dee], w.ada, w.at(4)).await.unwrap();
    s.assign(w.theirs, mirror.draft, &[w.dee], w.ada, w.at(4)).await.unwrap();
    s.unassign(w.theirs, mirror.southwind, &[w.cem], w.ada, w.at(4)).await.unwrap();
    for effective in [false, true] {
        assert_eq!(s.access(w.ours, w.dee, effective).await.unwrap(), []);
    }
    assert_eq!(s.tree(w.ours, member_view(w.dee), false).await.unwrap(), []);
    assert!(s.tree(w.ours, manager(w.dee), false).await.unwrap().iter().all(|row| !row.trackable));
    assert_eq!(s.task_facts(w.ours, w.house).await.unwrap().standings, []);
    for task in [w.house, w.sink, mirror.draft] {
        let answer = s.unassign(w.ours, task, &[w.dee], w.ada, w.at(5)).await;
        refused!(answer, StoreError::Unassign(NothingToUnassign::NotAssigned));
    }
    assert!(s.sync_state(w.ours).await.unwrap().current.suppressions.is_empty());
    assert_eq!(s.assigned_to(w.ours, mirror.southwind).await.unwrap().len(), 1);
}

// A1, T2, P1
pub async fn another_accounts_names_and_places_mean_nothing_here(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.move_task(w.theirs, w.garden, Some(w.sink), w.ada, w.at(1)).await.unwrap();
    s.move_task(w.theirs, w.kitchen, None, w.ada, w.at(2)).await.unwrap();
    s.rename_task(w.theirs, w.garden, &name("Kitchen garden"), w.ada, w.at(3)).await.unwrap();
    let found = s.search(w.ours, manager(w.ada), "kitchen", Which::All, 50).await.unwrap();
    assert_eq!(found.iter().map(|row| row.task.id).collect::<Vec<_>>(), [w.kitchen, w.sink]);
    s.assign(w.ours, w.house, &[w.dee], w.ada, w.at(3)).await.unwrap();
    let has = s.access(w.ours, w.dee, true).await.unwrap();
    assert_eq!(has.iter().map(|row| row.task).collect::<Vec<_>>(), [w.house, w.kitchen, w.sink]);
    let archived = async |task| s.task(w.ours, manager(w.ada), task).await.unwrap().unwrap().task.archived.is_some();
    s.archive_task(w.ours, w.house, w.ada, w.at(4)).await.unwrap();
    assert!(archived(w.kitchen).await && archived(w.sink).await && !archived(w.garden).await);
    s.archive_task(w.ours, w.garden, w.ada, w.at(5)).await.unwrap();
    s.restore_task(w.ours, w.sink, w.ada, w.at(6)).await.unwrap();
    assert!(!archived(w.kitchen).await && !archived(w.house).await && archived(w.garden).await);
    s.restore_task(w.ours, w.garden, w.ada, w.at(7)).await.unwrap();
    // In the other account the sink holds the garden.
    s.move_task(w.ours, w.sink, Some(w.garden), w.ada, w.at(8)).await.unwrap();
    s.delete_task(w.ours, w.house, w.ada, w.at(9)).await.unwrap();
    let left = s.tree(w.ours, manager(w.ada), false).await.unwrap();
    assert_eq!(left.iter().map(|row| row.task.id).collect::<Vec<_>>(), [w.garden, w.sink]);
    assert_eq!(s.tree(w.theirs, manager(w.ada), false).await.unwrap().len(), 4);
}

// A1, P4, S10
pub async fn another_accounts_members_match_nobody_here(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let mut source = toggl();
    members_of(&mut source, NORTHLIGHT).extend([member("hal", true), member("dee", true)]);
    sync(s, w.theirs, w.ada, &source, w.at(4)).await;
    let before = s.sync_state(w.ours).await.unwrap().current.automatic;
    s.add_people(w.ours, &[new_person("hal", Role::Member)], w.ada, w.at(5)).await.unwrap();
    s.deactivate(w.ours, w.dee, w.ada, w.at(6)).await.unwrap();
    s.reactivate(w.ours, w.dee, w.ada, w.at(7)).await.unwrap();
    assert_eq!(s.sync_state(w.ours).await.unwrap().current.automatic, before);
    assert!(s.members(w.ours).await.unwrap().iter().all(|it| it.email != email("hal") && it.email != email("dee")));
}

// A1, P2
pub async fn one_assignment_under_the_same_numbers_is_two(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    for account in [w.theirs, w.ours] {
        s.assign(account, w.house, &[w.dee], w.ada, w.at(4)).await.unwrap();
        s.assign(account, mirror.northlight, &[w.bea, w.dee], w.ada, w.at(4)).await.unwrap();
        s.unassign(account, mirror.root, &[w.ada], w.ada, w.at(4)).await.unwrap();
    }
    let theirs = picture(s, w.theirs).await;
    s.unassign(w.ours, w.house, &[w.dee], w.bea, w.at(5)).await.unwrap();
    s.unassign(w.ours, mirror.northlight, &[w.bea, w.dee], w.bea, w.at(5)).await.unwrap();
    s.assign(w.ours, w.house, &[w.dee], w.bea, w.at(6)).await.unwrap();
    s.re_enable(w.ours, &enable(w.ada, w.at(7))).await.unwrap();
    assert_eq!(picture(s, w.theirs).await, theirs);
}

// A1, T2
pub async fn one_archived_task_under_the_same_number_is_two(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mut bath = TaskId(0);
    for account in [w.theirs, w.ours] {
        bath = s.add_task(account, Some(w.house), &name("Bath"), w.ada, w.at(3)).await.unwrap();
        s.archive_task(account, w.house, w.ada, w.at(4)).await.unwrap();
    }
    let theirs = picture(s, w.theirs).await;
    s.move_task(w.ours, w.sink, None, w.ada, w.at(5)).await.unwrap();
    s.move_task(w.ours, w.sink, Some(w.garden), w.ada, w.at(6)).await.unwrap();
    assert_eq!(picture(s, w.theirs).await, theirs);
    s.restore_task(w.ours, bath, w.ada, w.at(7)).await.unwrap();
    assert_eq!(picture(s, w.theirs).await, theirs);
}

// A1, P3
pub async fn each_account_has_a_root_of_its_own(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.add_task(w.theirs, None, &name("One more"), w.ada, w.at(1)).await.unwrap();
    let mut roots = Vec::new();
    for account in [w.ours, w.theirs] {
        s.enable(account, &enable(w.ada, w.at(2))).await.unwrap();
        roots.push((account, s.integration(account).await.unwrap().unwrap().root.unwrap()));
    }
    assert_ne!(roots[0].1, roots[1].1);
    for (account, root) in roots {
        s.set_role(account, w.dee, Role::Administrator, w.ada, w.at(3)).await.unwrap();
        s.deactivate(account, w.ada, w.dee, w.at(4)).await.unwrap();
        s.reactivate(account, w.ada, w.dee, w.at(5)).await.unwrap();
        let automatic = s.sync_state(account).await.unwrap().current.automatic;
        assert_eq!(automatic, [Grant { person: w.ada, task: root }].into());
    }
}

// A1, I3
pub async fn another_accounts_workspaces_have_no_name_here(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let before = s.integration(w.ours).await.unwrap();
    let seen = [workspace(NORTHLIGHT, "Renamed there", true), workspace(ExternalId(300), "Secret", true)];
    s.select(w.theirs, &Selection::Only([NORTHLIGHT].into()), &seen, w.ada, w.at(4)).await.unwrap();
    assert_eq!(s.integration(w.ours).await.unwrap(), before);
}

// A1, I12
pub async fn one_held_run_under_the_same_number_is_two(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut told = Vec::new();
    for (account, archived, archives) in [(w.theirs, mirror.draft, 1), (w.ours, mirror.review, 2)] {
        let (lease, ..) = open(s, account, &begin_by(w.ada, w.at(4))).await;
        let state = s.sync_state(account).await.unwrap();
        let application = application(&state, &changed(), w.at(4));
        let shown = ShownChanges { archived: [archived].into(), ..ShownChanges::default() };
        let hold = Hold { archives, active: 9, overwrites: 0 };
        s.hold(account, &lease, Held { application, hold: hold.clone(), shown: shown.clone() }).await.unwrap();
        told.push((account, lease.run, hold, shown));
    }
    assert_eq!(told[0].1, told[1].1);
    for (account, run, hold, shown) in &told {
        assert_eq!(s.shown_changes(*account, *run).await.unwrap(), *shown);
        assert_eq!(s.run(*account, *run).await.unwrap().unwrap().hold.as_ref(), Some(hold));
    }
    s.reject_run(w.ours, told[1].1, w.ada, w.at(20)).await.unwrap();
    assert_eq!(s.run(w.theirs, told[0].1).await.unwrap().unwrap().outcome, Outcome::Held);
}

// A1, I15, I16
pub async fn what_another_account_kept_stays_kept(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    for account in [w.theirs, w.ours] {
        s.unlink(account, Fate::Keep, w.ada, w.at(4)).await.unwrap();
    }
    let theirs = picture(s, w.theirs).await;
    s.deactivate(w.ours, w.cem, w.ada, w.at(5)).await.unwrap();
    s.re_enable(w.ours, &enable(w.ada, w.at(5))).await.unwrap();
    assert_eq!(picture(s, w.theirs).await, theirs);
    sync(s, w.ours, w.ada, &changed(), w.at(6)).await;
    assert_eq!(picture(s, w.theirs).await, theirs);
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(7)).await.unwrap();
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(8)).await.unwrap();
    assert_eq!(picture(s, w.theirs).await, theirs);
    s.re_enable(w.theirs, &enable(w.ada, w.at(9))).await.unwrap();
    let cem = Assigned { person: w.cem, automatic: true };
    assert_eq!(s.assigned_to(w.theirs, mirror.southwind).await.unwrap(), [cem]);
}

// A1, I15
pub async fn what_another_account_archived_by_unlinking_stays_archived(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    for account in [w.theirs, w.ours] {
        s.unlink(account, Fate::Archive, w.ada, w.at(4)).await.unwrap();
    }
    let theirs = picture(s, w.theirs).await;
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(5)).await.unwrap();
    s.re_enable(w.ours, &enable(w.ada, w.at(6))).await.unwrap();
    assert_eq!(picture(s, w.theirs).await, theirs);
}

// A1, I11
pub async fn another_accounts_lease_opens_nothing(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let held = foreign(&db).await;
    let (theirs, ..) = open(s, w.theirs, &begin_by(w.ada, w.at(10))).await;
    let state = s.sync_state(w.ours).await.unwrap();
    let before = (picture(s, w.ours).await, picture(s, w.theirs).await);
    for lease in [held.lease, theirs] {
        let beat = Heartbeat { now: w.at(10), expires: w.at(20), requests: 1, waiting_until: None, quota: None };
        refused!(s.heartbeat(w.ours, &lease, &beat).await, StoreError::Fenced(_));
        refused!(s.stage_parts(w.ours, &lease, &[]).await, StoreError::Fenced(_));
        let application = application(&state, &changed(), w.at(11));
        refused!(s.apply(w.ours, &lease, application.clone()).await, StoreError::Fenced(_));
        let hold = Hold { archives: 1, active: 9, overwrites: 0 };
        let held = Held { application, hold, shown: ShownChanges::default() };
        refused!(s.hold(w.ours, &lease, held).await, StoreError::Fenced(_));
        let ended = Ended { token_rejected: true, ..cancelled(w.at(11)) };
        refused!(s.end_run(w.ours, &lease, ended).await, StoreError::Fenced(_));
    }
    assert_eq!((picture(s, w.ours).await, picture(s, w.theirs).await), before);
}

// A1, S1
pub async fn whatever_one_account_does_the_other_stays_as_it_is(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let waiting = foreign(&db).await.run;
    // Pages that wait for the next run, while an older run waits for a yes.
    let (lease, ..) = open(s, w.theirs, &begin_by(w.ada, w.at(7))).await;
    let part = Part { list: "projects".to_owned(), page: 1, read_at: w.at(7), bytes: vec![1] };
    s.stage_parts(w.theirs, &lease, std::slice::from_ref(&part)).await.unwrap();
    s.end_run(w.theirs, &lease, Ended { keep_parts: true, ..cancelled(w.at(8)) }).await.unwrap();
    let theirs = picture(s, w.theirs).await;
    let settings = Settings { private_projects: PrivateProjects::LeaveOut, schedule: Every::minutes(30) };
    let mut minute = 10;
    macro_rules! unnoticed {
        ($($write:expr;)*) => {
            $(
                let _ = $write.await.unwrap();
                assert_eq!(picture(s, w.theirs).await, theirs, "after {}", stringify!($write));
            )*
        };
    }
    let mut now = || {
        minute += 1;
        w.at(minute)
    };
    unnoticed! {
        s.add_people(w.ours, &[new_person("fay", Role::Administrator)], w.ada, now());
        s.set_role(w.ours, w.bea, Role::Administrator, w.ada, now());
        s.set_email(w.ours, w.cem, &email("cem2"), w.ada, now());
        s.deactivate(w.ours, w.ada, w.bea, now());
        s.reactivate(w.ours, w.ada, w.bea, now());
        s.assign(w.ours, mirror.draft, &[w.dee], w.ada, now());
        s.unassign(w.ours, mirror.northlight, &[w.bea], w.ada, now());
        s.add_task(w.ours, Some(w.garden), &name("Shed"), w.ada, now());
        s.rename_task(w.ours, w.sink, &name("Basin"), w.ada, now());
        s.move_task(w.ours, w.sink, Some(w.garden), w.ada, now());
        s.archive_task(w.ours, w.garden, w.ada, now());
        s.restore_task(w.ours, w.sink, w.ada, now());
        s.delete_task(w.ours, w.kitchen, w.ada, now());
        s.select(w.ours, &Selection::Only([NORTHLIGHT].into()), &workspaces(), w.ada, now());
        s.save_settings(w.ours, &settings.into(), w.ada, now());
        s.set_password(w.ours, w.dee, "ours", None, w.ada, now());
        s.rehash_password(w.ours, w.dee, "ours", "ours too");
        s.set_profile(w.ours, w.dee, &ProfileChange { week_start: Some(Some(7)), ..ProfileChange::default() }, now());
        s.begin_session(w.ours, w.dee, &new_session(101, now()));
        s.bearer(&hash(101), w.at(40));
        s.create_token(w.ours, w.dee, &new_token(102, Scope::Admin, now()), None);
        s.bearer(&hash(102), w.at(40));
        s.make_link(w.ours, w.dee, &new_link(103, LinkFor::Password, w.ada), now());
        s.reset_password(&hash(103), "ours again", now());
        s.make_link(w.ours, w.dee, &new_link(104, LinkFor::Email(email("deirdre")), w.ada), now());
        s.confirm_email(&hash(104), now());
        s.invite(w.ours, &[whom("hal", Some(105)), whom("ian", None)], w.ada, now(), None);
        s.claim_mail(&mail_secrets(110), now());
        s.settle_mail(w.ours, MailId(1), &Posted::Refused("no".to_owned()), now());
        s.accept_invitation(&hash(105), "Hal", "hash", now());
        s.renew_invitation(w.ours, InvitationId(2), None, w.ada, now());
        s.claim_mail(&mail_secrets(120), now());
        s.abandon_mail(w.at(8));
        s.revoke_invitation(w.ours, InvitationId(2), w.ada, now());
        s.tell_of_schedule(w.ours, now());
        s.add_task_once(w.ours, None, &name("Once"), w.ada, now(), None);
    }
    sync(s, w.ours, w.ada, &changed(), now()).await;
    assert_eq!(picture(s, w.theirs).await, theirs);
    let (lease, _, kept) = open(s, w.ours, &begin_by(w.ada, now())).await;
    assert_eq!(kept, []);
    let state = s.sync_state(w.ours).await.unwrap();
    let application = application(&state, &toggl(), now());
    let hold = Hold { archives: 1, active: 9, overwrites: 0 };
    let held = Held { application, hold, shown: ShownChanges::default() };
    unnoticed! {
        s.hold(w.ours, &lease, held);
        s.reject_run(w.ours, lease.run, w.ada, w.at(20));
        s.begin_run(w.ours, &begin_by(w.ada, now()));
        s.cancel_run(w.ours, None, now());
        s.adopt_assignments(w.ours, w.ada, now());
        s.unlink(w.ours, Fate::Archive, w.ada, now());
        s.unlink(w.ours, Fate::Keep, w.ada, now());
        s.re_enable(w.ours, &enable(w.bea, now()));
        s.delete_task(w.ours, w.house, w.ada, now());
    }
    assert_eq!(s.run(w.theirs, waiting).await.unwrap().unwrap().outcome, Outcome::Held);
    assert_eq!(s.shown_changes(w.theirs, waiting).await.unwrap(), ShownChanges::default());
    let (_, _, kept) = open(s, w.theirs, &begin_by(w.ada, now())).await;
    assert_eq!(kept, [part]);
}

// A1
pub async fn an_account_that_does_not_exist_has_nothing_and_does_nothing(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let nowhere = AccountId(999);
    let before = (picture(s, w.ours).await, picture(s, w.theirs).await, s.accounts().await.unwrap());
    let now = w.at(10);
    assert_eq!(s.people(nowhere).await.unwrap(), []);
    assert_eq!(s.person(nowhere, w.ada).await.unwrap(), None);
    assert_eq!(s.person_by_email(nowhere, &email("ada")).await.unwrap(), None);
    assert_eq!(s.tree(nowhere, manager(w.ada), false).await.unwrap(), []);
    assert_eq!(s.search(nowhere, manager(w.ada), "house", Which::All, 5).await.unwrap(), []);
    assert_eq!(s.task(nowhere, manager(w.ada), w.house).await.unwrap(), None);
    assert_eq!(s.integration(nowhere).await.unwrap(), None);
    assert_eq!(s.members(nowhere).await.unwrap(), []);
    assert_eq!(s.runs(nowhere, None, 5).await.unwrap(), []);
    assert_eq!(s.cancel_run(nowhere, None, now).await.unwrap(), None);
    assert_eq!(s.credentials(Some(nowhere), &email("ada")).await.unwrap(), []);
    assert_eq!(s.password(nowhere, w.ada).await.unwrap(), None);
    assert_eq!(s.profile(nowhere, w.ada).await.unwrap(), None);
    assert_eq!(s.sessions(nowhere, w.ada, now).await.unwrap(), []);
    assert_eq!(s.tokens(nowhere, w.ada).await.unwrap(), []);
    assert_eq!(s.invitations(nowhere).await.unwrap(), []);
    assert_eq!(s.troubled_mail(nowhere).await.unwrap(), []);
    assert_eq!(s.tell_of_schedule(nowhere, now).await.unwrap(), 0);
    s.rehash_password(nowhere, w.ada, "x", "y").await.unwrap();
    s.set_password(nowhere, w.ada, "x", None, w.ada, now).await.unwrap_err();
    s.set_profile(nowhere, w.ada, &ProfileChange::default(), now).await.unwrap_err();
    s.begin_session(nowhere, w.ada, &new_session(1, now)).await.unwrap_err();
    s.create_token(nowhere, w.ada, &new_token(2, Scope::Read, now), None).await.unwrap_err();
    s.make_link(nowhere, w.ada, &new_link(3, LinkFor::Password, w.ada), now).await.unwrap_err();
    s.invite(nowhere, &[whom("fay", Some(4))], w.ada, now, None).await.unwrap_err();
    s.renew_invitation(nowhere, InvitationId(1), None, w.ada, now).await.unwrap_err();
    s.settle_mail(nowhere, MailId(1), &Posted::Sent, now).await.unwrap_err();
    s.sync_state(nowhere).await.unwrap_err();
    s.begin_run(nowhere, &begin_by(w.ada, now)).await.unwrap_err();
    s.enable(nowhere, &enable(w.ada, now)).await.unwrap_err();
    s.add_people(nowhere, &[new_person("x", Role::Member)], w.ada, now).await.unwrap_err();
    s.add_task(nowhere, None, &name("X"), w.ada, now).await.unwrap_err();
    s.assign(nowhere, w.house, &[w.ada], w.ada, now).await.unwrap_err();
    s.select(nowhere, &Selection::All, &workspaces(), w.ada, now).await.unwrap_err();
    assert_eq!((picture(s, w.ours).await, picture(s, w.theirs).await, s.accounts().await.unwrap()), before);
}
