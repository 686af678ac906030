//! The outbox: mail is queued with its cause, and leaves at most once (N3).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{
    ABANDONED_AFTER, EMAIL_LINK_LASTS, INVITATION_LASTS, MailId, MailKind, MailState, Posted, RESET_LASTS, Role, next_try,
};

use super::invitations::{invited, whom};
use super::secrets::{SECOND, hash, mail_secrets, new_link, subjects};
use super::snapshot::email;
use super::world::{Fresh, picture};
use crate::{LinkFor, Mail, NewLink, StoreError, Subject};

/// Takes the mail that is due then.
pub(super) async fn claim(db: &Fresh, number: u8, now: DateTime<Utc>) -> Option<Mail> {
    db.store.claim_mail(&mail_secrets(number), now).await.unwrap()
}

/// A link that a mail is to bring.
fn mailed(purpose: LinkFor, by: tallyport_domain::PersonId) -> NewLink {
    NewLink { hash: None, purpose, mailed: true, by }
}

fn not_sent() -> Posted {
    Posted::NotSent("no route to host".to_owned())
}

async fn settle(db: &Fresh, mail: &Mail, posted: Posted, now: DateTime<Utc>) -> MailState {
    db.store.settle_mail(mail.account.id, mail.id, &posted, now).await.unwrap()
}

/// When the next mail is due, for who asks then.
async fn next(db: &Fresh, minute: i64) -> Option<DateTime<Utc>> {
    db.store.next_mail(db.world.at(minute)).await.unwrap()
}

/// What became of the mail of the newest invitation.
async fn mail_state(db: &Fresh) -> Option<MailState> {
    db.store.invitations(db.world.ours).await.unwrap()[0].mail
}

// N3, N2
pub async fn the_link_of_an_invitation_is_made_as_its_mail_leaves(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    assert_eq!((claim(&db, 10, w.at(1)).await, next(&db, 1).await), (None, None));
    let invitation = invited(&db, "fay", None).await;
    assert_eq!(next(&db, 1).await, Some(w.at(1)));
    assert_eq!(claim(&db, 10, w.at(1) - SECOND).await, None);
    assert_eq!(s.invitation(&hash(10)).await.unwrap(), None);
    let before = s.latest_change(w.ours).await.unwrap();

    let mail = claim(&db, 10, w.at(5)).await.unwrap();

    let account = s.accounts().await.unwrap().remove(0);
    let told = Mail {
        account,
        id: mail.id,
        kind: MailKind::Invitation,
        to: email("fay"),
        name: None,
        by: Some("ada".to_owned()),
        run: None,
        tries: 1,
        queued_at: w.at(1),
    };
    assert_eq!(mail, told);
    let (_, found) = s.invitation(&hash(10)).await.unwrap().unwrap();
    assert_eq!((found.id, found.expires_at), (invitation.id, Some(w.at(5) + INVITATION_LASTS)));
    assert_eq!((mail_state(&db).await, next(&db, 5).await), (Some(MailState::Sending), None));
    assert_eq!(subjects(&db, before).await, [Subject::Invitation(invitation.id)]);
    assert_eq!(claim(&db, 20, w.at(6)).await, None, "it leaves once");

    let before = s.latest_change(w.ours).await.unwrap();
    assert_eq!(settle(&db, &mail, Posted::Sent, w.at(6)).await, MailState::Sent);
    assert_eq!(mail_state(&db).await, Some(MailState::Sent));
    assert_eq!(subjects(&db, before).await, [Subject::Invitation(invitation.id)]);
    assert_eq!(claim(&db, 20, w.at(10_000)).await, None);
    assert_eq!(s.troubled_mail(w.ours).await.unwrap(), []);
    s.accept_invitation(&hash(10), "Fay", "hash", w.at(7)).await.unwrap();
}

// A4
pub async fn a_rehearsal_leaves_nothing(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    invited(&db, "fay", None).await;
    let before = (picture(s, w.ours).await, s.mail_counts().await.unwrap(), s.latest_change(w.ours).await.unwrap());
    for _ in 0..3 {
        s.rehearse_mail(w.at(0)).await.unwrap();
    }
    let after = (picture(s, w.ours).await, s.mail_counts().await.unwrap(), s.latest_change(w.ours).await.unwrap());
    assert_eq!(before, after);
    assert_eq!(claim(&db, 10, w.at(1)).await.unwrap().to, email("fay"));
    assert_eq!(claim(&db, 20, w.at(1)).await, None);
}

// N3, A6, A7
pub async fn a_mail_that_brings_a_link_goes_where_the_link_belongs(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.make_link(w.ours, w.cem, &mailed(LinkFor::Password, w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.cem, &mailed(LinkFor::Email(email("new")), w.cem), w.at(2)).await.unwrap();
    s.make_link(w.ours, w.dee, &mailed(LinkFor::Password, w.ada), w.at(3)).await.unwrap();
    let mut told = Vec::new();
    for number in [10, 20, 30] {
        let mail = claim(&db, number, w.at(60)).await.unwrap();
        told.push((mail.kind, mail.to, mail.name, mail.by));
    }
    let named = |name: &str| Some(name.to_owned());
    let wanted = [
        (MailKind::Reset, email("cem"), named("cem"), None),
        (MailKind::Email, email("new"), named("cem"), None),
        (MailKind::Reset, email("dee"), named("dee"), named("ada")),
    ];
    assert_eq!(told, wanted);
    // From when it leaves, not from when it was asked for.
    let works = async |number, until| s.link(&hash(number), until).await.unwrap().is_some();
    for (number, until) in [(11, RESET_LASTS), (22, EMAIL_LINK_LASTS), (31, RESET_LASTS)] {
        assert!(works(number, w.at(60) + until - SECOND).await && !works(number, w.at(60) + until).await);
    }
    // The secrets that were not needed are forgotten.
    for number in [10, 12, 20, 21, 30, 32] {
        assert!(!works(number, w.at(60)).await && s.invitation(&hash(number)).await.unwrap().is_none());
    }
}

// N3
pub async fn a_clock_that_is_set_back_holds_up_no_mail(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let set_back = w.at(10) - TimeDelta::hours(5);
    invited(&db, "fay", None).await;
    let mail = claim(&db, 10, w.at(10)).await.unwrap();
    assert_eq!(settle(&db, &mail, not_sent(), w.at(10)).await, MailState::Queued);
    assert_eq!(next(&db, 10).await, Some(w.at(11)), "its wait holds as long as the clock does");
    invited(&db, "gil", None).await;
    assert_eq!(s.next_mail(set_back).await.unwrap(), Some(set_back));
    let taken = [claim(&db, 20, set_back).await, claim(&db, 30, set_back).await].map(|mail| mail.unwrap());
    assert_eq!(taken.each_ref().map(|mail| (mail.to.clone(), mail.tries)), [(email("gil"), 1), (email("fay"), 2)]);
    assert_eq!(claim(&db, 40, set_back).await, None);
    // What was put down by the clock as it is now waits as it should, by the clock of another machine too.
    assert_eq!(settle(&db, &taken[0], not_sent(), set_back).await, MailState::Queued);
    assert_eq!(claim(&db, 40, set_back - SECOND).await, None);
    assert_eq!(s.next_mail(set_back).await.unwrap(), Some(set_back + TimeDelta::minutes(1)));
}

// N3
pub async fn of_two_who_take_mail_at_once_each_takes_another_one(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    for name in ["fay", "gil", "hal"] {
        invited(&db, name, None).await;
    }
    let secrets = [10, 20, 30, 40].map(mail_secrets);
    let claims = tokio::join!(
        s.claim_mail(&secrets[0], w.at(2)),
        s.claim_mail(&secrets[1], w.at(2)),
        s.claim_mail(&secrets[2], w.at(2)),
        s.claim_mail(&secrets[3], w.at(2)),
    );
    let taken = [claims.0, claims.1, claims.2, claims.3].map(|claim| claim.unwrap().map(|mail| mail.to.to_string()));
    let mut to: Vec<_> = taken.into_iter().flatten().collect();
    to.sort_unstable();
    assert_eq!(to, ["fay@tally.test", "gil@tally.test", "hal@tally.test"]);
}

// N3, A1
pub async fn what_is_due_longest_leaves_first_whatever_account_it_is_of(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    for (account, name, minute) in [(w.theirs, "one", 3), (w.ours, "two", 1), (w.theirs, "three", 2), (w.ours, "four", 4)] {
        s.invite(account, &[whom(name, None)], w.ada, w.at(minute), None).await.unwrap();
    }
    assert_eq!(next(&db, 1).await, Some(w.at(1)));
    let mut left = Vec::new();
    for number in [10, 20, 30, 40] {
        let mail = claim(&db, number, w.at(9)).await.unwrap();
        left.push((mail.account.id, mail.to));
    }
    assert_eq!(claim(&db, 50, w.at(9)).await, None);
    let wanted = [(w.ours, "two"), (w.theirs, "three"), (w.theirs, "one"), (w.ours, "four")];
    assert_eq!(left, wanted.map(|(account, name)| (account, email(name))));
}

// N3
pub async fn a_mail_that_did_not_leave_is_tried_again_with_another_link(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let invitation = invited(&db, "fay", None).await;
    let mail = claim(&db, 10, w.at(2)).await.unwrap();
    assert_eq!(settle(&db, &mail, not_sent(), w.at(2)).await, MailState::Queued);
    assert_eq!(mail_state(&db).await, Some(MailState::Queued));
    let waiting = s.troubled_mail(w.ours).await.unwrap().remove(0);
    assert_eq!((waiting.state, waiting.problem.as_deref()), (MailState::Queued, Some("no route to host")));
    let due = next_try(1, w.at(2)).unwrap();
    assert_eq!(next(&db, 2).await, Some(due));
    assert_eq!(claim(&db, 20, due - SECOND).await, None);
    let again = claim(&db, 20, due).await.unwrap();
    assert_eq!(again, Mail { tries: 2, ..mail });
    assert_eq!(s.invitation(&hash(10)).await.unwrap(), None);
    let (_, found) = s.invitation(&hash(20)).await.unwrap().unwrap();
    assert_eq!((found.id, found.expires_at), (invitation.id, Some(due + INVITATION_LASTS)));
}

// N3
pub async fn a_mail_is_given_up_after_the_last_try(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    invited(&db, "fay", None).await;
    let mut now = w.at(2);
    let mut tries = 0;
    while let Some(mail) = claim(&db, 10, now).await {
        tries += 1;
        assert_eq!(mail.tries, tries);
        let state = settle(&db, &mail, not_sent(), now).await;
        match next_try(tries, now) {
            Some(due) => {
                assert_eq!(state, MailState::Queued);
                now = due;
            }
            None => assert_eq!(state, MailState::Failed),
        }
    }
    assert!(tries > 3);
    assert_eq!((mail_state(&db).await, next(&db, 9000).await), (Some(MailState::Failed), None));
    let row = s.troubled_mail(w.ours).await.unwrap().remove(0);
    assert_eq!((row.state, row.problem.as_deref()), (MailState::Failed, Some("no route to host")));
}

// N3
pub async fn what_wants_a_persons_eye_is_told_the_newest_first(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let invitation = invited(&db, "fay", None).await;
    s.make_link(w.ours, w.cem, &mailed(LinkFor::Email(email("new")), w.cem), w.at(2)).await.unwrap();
    s.make_link(w.ours, w.dee, &mailed(LinkFor::Password, w.dee), w.at(3)).await.unwrap();
    let outcomes = [Posted::Refused("no such user".to_owned()), Posted::Unknown("cut off".to_owned()), Posted::Sent];
    for posted in outcomes {
        let mail = claim(&db, 10, w.at(5)).await.unwrap();
        settle(&db, &mail, posted, w.at(5)).await;
    }
    let rows = s.troubled_mail(w.ours).await.unwrap();
    let told: Vec<_> =
        rows.iter().map(|it| (it.kind, it.to.clone(), it.invitation, it.state, it.problem.as_deref(), it.queued_at)).collect();
    let wanted = [
        (MailKind::Email, email("new"), None, MailState::PossiblySent, Some("cut off"), w.at(2)),
        (MailKind::Invitation, email("fay"), Some(invitation.id), MailState::Failed, Some("no such user"), w.at(1)),
    ];
    assert_eq!(told, wanted);
    assert_eq!((s.troubled_mail(w.theirs).await.unwrap(), next(&db, 0).await), (Vec::new(), None)); // A1
    let counts: HashMap<MailState, u32> = s.mail_counts().await.unwrap().into_iter().collect();
    assert_eq!(counts, [(MailState::Failed, 1), (MailState::PossiblySent, 1), (MailState::Sent, 1)].into());
    // Renewed, the invitation has another mail, and what became of the earlier one is of the past.
    s.renew_invitation(w.ours, invitation.id, None, w.ada, w.at(6)).await.unwrap();
    assert_eq!(s.troubled_mail(w.ours).await.unwrap().len(), 1);
    assert_eq!(mail_state(&db).await, Some(MailState::Queued));
}

// N3
pub async fn what_a_dead_process_was_at_may_have_arrived_and_does_not_leave_again(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let invitation = invited(&db, "fay", None).await;
    invited(&db, "gil", None).await;
    let mail = claim(&db, 10, w.at(2)).await.unwrap();
    let late = w.at(2) + ABANDONED_AFTER;
    assert_eq!(s.abandon_mail(late - SECOND).await.unwrap(), 0);
    let before = s.latest_change(w.ours).await.unwrap();
    assert_eq!(s.abandon_mail(late).await.unwrap(), 1);
    assert_eq!(subjects(&db, before).await, [Subject::Invitation(invitation.id)]);
    assert_eq!(s.abandon_mail(late).await.unwrap(), 0);
    let rows = s.troubled_mail(w.ours).await.unwrap();
    assert_eq!((rows[0].id, rows[0].state, rows.len()), (mail.id, MailState::PossiblySent, 1));
    // Whoever comes back to life finds it gone; the link works where it arrived.
    refused!(s.settle_mail(w.ours, mail.id, &not_sent(), late).await, StoreError::NotFound(_));
    s.accept_invitation(&hash(10), "Fay", "hash", late).await.unwrap();
    let next = claim(&db, 20, w.at(10_000)).await.unwrap();
    assert_eq!((next.to, claim(&db, 30, w.at(10_000)).await), (email("gil"), None));
}

// N3
pub async fn a_mail_is_settled_by_who_took_it_and_once(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    invited(&db, "fay", None).await;
    refused!(s.settle_mail(w.ours, MailId(1), &Posted::Sent, w.at(2)).await, StoreError::NotFound(_));
    let mail = claim(&db, 10, w.at(2)).await.unwrap();
    s.invite(w.theirs, &[whom("fay", None)], w.ada, w.at(2), None).await.unwrap();
    refused!(s.settle_mail(w.theirs, mail.id, &Posted::Sent, w.at(2)).await, StoreError::NotFound(_)); // A1
    let theirs = claim(&db, 20, w.at(2)).await.unwrap();
    assert_eq!(theirs.id, mail.id, "numbers count within their account");
    settle(&db, &mail, Posted::Sent, w.at(3)).await;
    assert_eq!(s.invitations(w.theirs).await.unwrap()[0].mail, Some(MailState::Sending)); // A1
    let before = picture(s, w.ours).await;
    refused!(s.settle_mail(w.ours, mail.id, &not_sent(), w.at(4)).await, StoreError::NotFound(_));
    assert_eq!(picture(s, w.ours).await, before);
}

// N3, N2
pub async fn a_mail_whose_cause_is_gone_does_not_leave(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let fay = invited(&db, "fay", None).await;
    s.make_link(w.ours, w.cem, &mailed(LinkFor::Password, w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.dee, &mailed(LinkFor::Password, w.dee), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.bea, &mailed(LinkFor::Password, w.bea), w.at(1)).await.unwrap();
    s.revoke_invitation(w.ours, fay.id, w.ada, w.at(2)).await.unwrap();
    s.deactivate(w.ours, w.cem, w.ada, w.at(2)).await.unwrap();
    s.set_password(w.ours, w.dee, "found", None, w.dee, w.at(2)).await.unwrap();
    // Another link in its place, which is shown.
    s.make_link(w.ours, w.bea, &new_link(1, LinkFor::Password, w.ada), w.at(2)).await.unwrap();
    assert_eq!(claim(&db, 10, w.at(3)).await, None);
    assert_eq!((next(&db, 0).await, s.troubled_mail(w.ours).await.unwrap()), (None, Vec::new()));
    assert!(s.link(&hash(1), w.at(3)).await.unwrap().is_some());
    assert_eq!(mail_state(&db).await, None);
}

// N3, N2
pub async fn an_invitation_has_the_link_that_was_made_last_whatever_mail_is_under_way(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let fay = invited(&db, "fay", None).await;
    // The mail waits as its link is shown instead.
    s.renew_invitation(w.ours, fay.id, Some(hash(1)), w.ada, w.at(2)).await.unwrap();
    assert_eq!(claim(&db, 10, w.at(3)).await, None);
    // The mail is under way, and comes to wait again, as its link is shown instead.
    s.renew_invitation(w.ours, fay.id, None, w.ada, w.at(4)).await.unwrap();
    let mail = claim(&db, 20, w.at(4)).await.unwrap();
    s.renew_invitation(w.ours, fay.id, Some(hash(2)), w.ada, w.at(5)).await.unwrap();
    settle(&db, &mail, not_sent(), w.at(5)).await;
    assert_eq!((claim(&db, 30, w.at(100)).await, mail_state(&db).await), (None, None));
    // Two mails in a row: the later one alone leaves.
    for minute in [6, 7] {
        s.renew_invitation(w.ours, fay.id, None, w.ada, w.at(minute)).await.unwrap();
    }
    assert!(claim(&db, 40, w.at(100)).await.is_some());
    assert_eq!(claim(&db, 50, w.at(100)).await, None);
    let (_, found) = s.invitation(&hash(40)).await.unwrap().unwrap();
    assert_eq!(found.id, fay.id);
    assert_eq!(s.invitation(&hash(2)).await.unwrap(), None);
}

// N3
pub async fn a_mail_under_way_as_its_invitation_is_accepted_or_revoked_is_not_tried_again(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let fay = invited(&db, "fay", None).await;
    let mail = claim(&db, 10, w.at(2)).await.unwrap();
    s.revoke_invitation(w.ours, fay.id, w.ada, w.at(3)).await.unwrap();
    settle(&db, &mail, not_sent(), w.at(3)).await;
    assert_eq!(claim(&db, 20, w.at(100)).await, None);
    invited(&db, "gil", None).await;
    let mail = claim(&db, 30, w.at(4)).await.unwrap();
    settle(&db, &mail, not_sent(), w.at(4)).await;
    s.accept_invitation(&hash(30), "Gil", "hash", w.at(5)).await.unwrap();
    assert_eq!(claim(&db, 40, w.at(100)).await, None);
    assert_eq!(next(&db, 0).await, None);
    assert_eq!(s.person_by_email(w.ours, &email("gil")).await.unwrap().unwrap().role, Role::Member);
}
