//! What has had its day is deleted, and nothing else.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{InvitationId, MailState, Person, Posted, Role};

use super::invitations::{invited, whom};
use super::outbox::claim;
use super::secrets::{by, hash, new_link, sign_in};
use super::world::{Fresh, new_person, picture};
use crate::{Done, LinkFor, NewLink, Once, Swept};

/// So many days after the beginning, and a moment.
fn day(db: &Fresh, days: i64) -> DateTime<Utc> {
    db.world.at(1) + TimeDelta::days(days)
}

async fn sweep(db: &Fresh, days: i64) -> Swept {
    db.store.sweep(day(db, days), 1000).await.unwrap()
}

fn none() -> Swept {
    Swept::default()
}

// A4
pub async fn sessions_that_are_over_are_deleted(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    sign_in(s, w.ours, w.ada, 1, w.at(0)).await;
    sign_in(s, w.theirs, w.ada, 2, w.at(0)).await;
    sign_in(s, w.ours, w.cem, 3, w.at(0)).await;
    assert_eq!(sweep(&db, 13).await, none());
    assert!(by(s, 3, day(&db, 13)).await.is_some(), "it is used");
    super::secrets::until(true, async || s.sessions(w.ours, w.cem, day(&db, 20)).await.unwrap().len() == 1).await;
    assert_eq!(sweep(&db, 14).await, Swept { sessions: 2, ..none() });
    assert!(by(s, 3, day(&db, 14)).await.is_some());
    assert_eq!(sweep(&db, 14).await, none());
}

// A6, A7
pub async fn links_that_nobody_used_are_deleted_and_those_to_come_are_not(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.make_link(w.ours, w.cem, &new_link(4, LinkFor::Password, w.cem), w.at(0)).await.unwrap();
    s.make_link(w.theirs, w.ada, &new_link(5, LinkFor::Password, w.ada), w.at(0)).await.unwrap();
    let unarmed = |mailed| NewLink { hash: None, purpose: LinkFor::Password, mailed, by: w.ada };
    s.make_link(w.ours, w.dee, &unarmed(true), w.at(0)).await.unwrap();
    s.make_link(w.ours, w.bea, &unarmed(false), w.at(0)).await.unwrap();
    assert_eq!(sweep(&db, 6).await, none());
    assert_eq!(sweep(&db, 8).await, Swept { links: 3, ..none() });
    assert_eq!(claim(&db, 10, day(&db, 8)).await.unwrap().to.as_str(), "dee@tally.test", "its mail waits");
    assert!(s.link(&hash(11), day(&db, 8)).await.unwrap().is_some());
    assert_eq!(sweep(&db, 14).await, none());
    assert_eq!(sweep(&db, 16).await, Swept { links: 1, ..none() });
}

// E7
pub async fn answers_are_deleted_after_thirty_days(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let once = || Once::<[Person]> { key: "key".to_owned(), request: [7; 32], answer: Arc::new(|_: &[Person]| b"done".to_vec()) };
    for account in [w.ours, w.theirs] {
        s.add_people_once(account, &[new_person("fay", Role::Member)], w.ada, w.at(2), Some(once())).await.unwrap();
    }
    assert_eq!(sweep(&db, 30).await, none());
    let again = s.add_people_once(w.ours, &[new_person("gil", Role::Member)], w.ada, day(&db, 30), Some(once())).await;
    assert_eq!(again.unwrap(), Done::Before(b"done".to_vec()));
    let before = (picture(s, w.ours).await, picture(s, w.theirs).await);
    assert_eq!(sweep(&db, 31).await, Swept { answers: 2, ..none() });
    assert_eq!((picture(s, w.ours).await, picture(s, w.theirs).await), before);
}

// N3
pub async fn mail_that_nobody_has_to_look_at_is_deleted(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let states = async || {
        let all = s.invitations(w.ours).await.unwrap();
        all.into_iter().rev().map(|invitation| invitation.mail).collect::<Vec<_>>()
    };
    let settle = async |number, posted: Posted| {
        let mail = claim(&db, number, w.at(1)).await.unwrap();
        s.settle_mail(w.ours, mail.id, &posted, w.at(1)).await.unwrap()
    };
    for (name, number, posted) in [
        ("fay", 10, Posted::Sent),
        ("gil", 20, Posted::Sent),
        ("hal", 30, Posted::Unknown("cut off".to_owned())),
        ("ivo", 40, Posted::Refused("no such user".to_owned())),
    ] {
        invited(&db, name, None).await;
        settle(number, posted).await;
    }
    s.accept_invitation(&hash(10), "Fay", "hash", w.at(2)).await.unwrap();
    s.revoke_invitation(w.ours, InvitationId(4), w.ada, w.at(2)).await.unwrap();
    let reset = NewLink { hash: None, purpose: LinkFor::Password, mailed: true, by: w.cem };
    s.make_link(w.ours, w.cem, &reset, w.at(1)).await.unwrap();
    settle(50, Posted::Refused("no such user".to_owned())).await;
    s.invite(w.ours, &[whom("jo", None)], w.ada, w.at(1), None).await.unwrap();
    let all = [MailState::Sent, MailState::Sent, MailState::PossiblySent, MailState::Failed, MailState::Queued].map(Some);
    assert_eq!(states().await, all);
    let troubled = async || s.troubled_mail(w.ours).await.unwrap().len();

    assert_eq!(sweep(&db, 29).await.mails, 0);
    assert_eq!(sweep(&db, 31).await.mails, 1, "the one that was sent, and whose invitation is over");
    assert_eq!(states().await, [None, all[1], all[2], all[3], all[4]]);
    assert_eq!(troubled().await, 3);
    assert_eq!(sweep(&db, 89).await.mails, 0);
    assert_eq!(sweep(&db, 91).await.mails, 2, "the failed ones, but for those of open invitations");
    assert_eq!(states().await, [None, all[1], all[2], None, all[4]]);
    assert_eq!(troubled().await, 1, "an open invitation whose mail is only possibly sent");
    assert_eq!(claim(&db, 60, day(&db, 91)).await.unwrap().to.as_str(), "jo@tally.test");
}

pub async fn it_is_done_in_bites_by_as_many_as_like(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    for number in 1..=10 {
        sign_in(s, w.ours, w.ada, number, w.at(0)).await;
    }
    assert_eq!(s.sweep(day(&db, 20), 3).await.unwrap().total(), 3);
    assert_eq!(s.sweep(day(&db, 20), 0).await.unwrap(), none());
    let swept = tokio::join!(s.sweep(day(&db, 20), 3), s.sweep(day(&db, 20), 3), s.sweep(day(&db, 20), 3));
    assert_eq!([swept.0, swept.1, swept.2].map(|swept| swept.unwrap().total()).iter().sum::<u32>(), 7);
    assert_eq!(sweep(&db, 20).await, none());
}
