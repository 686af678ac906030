//! Invitations: links that make somebody of an address (N1, N2, P4).

use tallyport_domain::{
    Email, Fate, INVITATION_LASTS, Invitation, InvitationId, InvitationState, MailState, PersonId, Role, SecretHash,
};

use super::secrets::{SECOND, by, hash, mail_secrets, subjects};
use super::snapshot::email;
use super::world::{Fresh, member_view, new_person, picture};
use crate::{Assigned, NewInvitation, StoreError, Subject};

/// Somebody to invite, whose link is shown where a number is given, and mailed otherwise.
pub(super) fn whom(name: &str, number: Option<u8>) -> NewInvitation {
    NewInvitation { email: email(name), role: Role::Member, hash: number.map(hash) }
}

/// Invites somebody to our account a minute after noon.
pub(super) async fn invited(db: &Fresh, name: &str, number: Option<u8>) -> Invitation {
    let (s, w) = (&*db.store, db.world);
    s.invite(w.ours, &[whom(name, number)], w.ada, w.at(1), None).await.unwrap().now().remove(0)
}

async fn accept(db: &Fresh, number: u8, minute: i64) -> crate::Result<PersonId> {
    let (s, w) = (&*db.store, db.world);
    Ok(s.accept_invitation(&hash(number), "Fay", "hash", w.at(minute)).await?.1.id)
}

async fn state(db: &Fresh, id: InvitationId) -> InvitationState {
    let all = db.store.invitations(db.world.ours).await.unwrap();
    all.into_iter().find(|it| it.id == id).unwrap().state
}

// N1, N2
pub async fn an_invitation_is_told_as_it_was_made_and_the_newest_first(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let before = s.latest_change(w.ours).await.unwrap();
    let new = [
        NewInvitation { email: Email::parse("Fay@Tally.Test").unwrap(), role: Role::Manager, hash: Some(hash(1)) },
        whom("gil", None),
    ];
    let made = s.invite(w.ours, &new, w.bea, w.at(1), None).await.unwrap().now();
    let fay = Invitation {
        id: made[0].id,
        email: email("fay"),
        role: Role::Manager,
        invited_by: w.bea,
        invited_at: w.at(1),
        state: InvitationState::Open,
        expires_at: Some(w.at(1) + INVITATION_LASTS),
        mail: None,
    };
    let gil = Invitation {
        id: made[1].id,
        email: email("gil"),
        role: Role::Member,
        expires_at: None,
        mail: Some(MailState::Queued),
        ..fay.clone()
    };
    assert_eq!(made, [fay.clone(), gil.clone()]);
    assert_eq!(made[0].email.as_str(), "Fay@Tally.Test");
    assert_eq!(subjects(&db, before).await, [Subject::Invitation(fay.id), Subject::Invitation(gil.id)]);
    let later = invited(&db, "hal", Some(2)).await;
    assert_eq!(s.invitations(w.ours).await.unwrap(), [later, gil, fay.clone()]);
    let account = s.accounts().await.unwrap().remove(0);
    assert_eq!(s.invitation(&hash(1)).await.unwrap(), Some((account, fay)));
    assert_eq!(s.invitation(&hash(9)).await.unwrap(), None);
    assert_eq!(by(s, 1, w.at(2)).await, None, "it opens nothing but itself");
    assert_eq!(s.link(&hash(1), w.at(2)).await.unwrap(), None);
}

// N1, A6
pub async fn who_is_here_or_invited_is_not_invited_and_nobody_with_them(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    invited(&db, "fay", Some(1)).await;
    s.deactivate(w.ours, w.dee, w.ada, w.at(1)).await.unwrap();
    let before = (picture(s, w.ours).await, s.invitations(w.ours).await.unwrap());
    let loud = |text: &str| NewInvitation { email: Email::parse(text).unwrap(), ..whom("x", Some(3)) };
    for (taken, hash) in [("CEM@tally.test", 2), ("dee@tally.test", 2)] {
        let new = [whom("gil", Some(hash)), loud(taken)];
        refused!(s.invite(w.ours, &new, w.ada, w.at(2), None).await, StoreError::EmailTaken);
    }
    let new = [whom("gil", Some(2)), loud("Fay@tally.test")];
    refused!(s.invite(w.ours, &new, w.ada, w.at(2), None).await, StoreError::Invited(who) if who == email("fay"));
    let new = [whom("gil", Some(2)), loud("Gil@tally.test")];
    refused!(s.invite(w.ours, &new, w.ada, w.at(2), None).await, StoreError::Invited(who) if who == email("gil"));
    assert_eq!((picture(s, w.ours).await, s.invitations(w.ours).await.unwrap()), before);
    assert_eq!(s.invitation(&hash(2)).await.unwrap(), None);
    // In another account they are nobody (A1).
    s.invite(w.theirs, &[whom("fay", Some(4))], w.ada, w.at(2), None).await.unwrap();
}

// N1, N2
pub async fn an_expired_or_revoked_invitation_makes_room_for_another_one(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let first = invited(&db, "fay", Some(1)).await;
    let end = w.at(1) + INVITATION_LASTS;
    refused!(s.invite(w.ours, &[whom("fay", Some(2))], w.ada, end - SECOND, None).await, StoreError::Invited(_));
    let second = s.invite(w.ours, &[whom("fay", Some(2))], w.ada, end, None).await.unwrap().now().remove(0);
    assert_eq!((state(&db, first.id).await, state(&db, second.id).await), (InvitationState::Revoked, InvitationState::Open));
    s.revoke_invitation(w.ours, second.id, w.ada, end).await.unwrap();
    s.invite(w.ours, &[whom("fay", Some(3))], w.ada, end, None).await.unwrap();
}

// N2, P4, P6
pub async fn who_accepts_is_what_the_invitation_says_and_has_what_they_had_in_toggl(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let new = NewInvitation { role: Role::Manager, ..whom("fay", Some(1)) };
    let invitation = s.invite(w.ours, &[new], w.ada, w.at(4), None).await.unwrap().now().remove(0);
    let theirs = picture(s, w.theirs).await;
    let (version, before) = (s.sync_state(w.ours).await.unwrap().version, s.latest_change(w.ours).await.unwrap());

    let (account, fay) = s.accept_invitation(&hash(1), "Fay Ray", "$argon2id$", w.at(5)).await.unwrap();

    assert_eq!((account.id, account.name.as_str()), (w.ours, "Ours"));
    let told = (fay.name.as_str(), &fay.email, fay.role, fay.active);
    assert_eq!(told, ("Fay Ray", &email("fay"), Role::Manager, true));
    assert_eq!(s.person(w.ours, fay.id).await.unwrap().as_ref(), Some(&fay));
    assert_eq!(s.password(w.ours, fay.id).await.unwrap().as_deref(), Some("$argon2id$"));
    assert_eq!(state(&db, invitation.id).await, InvitationState::Accepted(fay.id));
    let has = Assigned { person: fay.id, automatic: true };
    for (task, given) in [(mirror.northlight, true), (mirror.southwind, true), (mirror.root, false), (w.house, false)] {
        assert_eq!(s.assigned_to(w.ours, task).await.unwrap().contains(&has), given);
    }
    let seen = s.tree(w.ours, member_view(fay.id), false).await.unwrap();
    assert!(seen.iter().all(|row| mirror.tasks().contains(&row.task.id)));
    let subjects = subjects(&db, before).await;
    for subject in [Subject::Person(fay.id), Subject::Invitation(invitation.id)] {
        assert!(subjects.contains(&subject), "{subjects:?}");
    }
    assert_ne!(s.sync_state(w.ours).await.unwrap().version, version, "plans made before do not know them");
    assert_eq!(picture(s, w.theirs).await, theirs); // A1
}

// P4
pub async fn who_is_only_invited_in_toggl_has_nothing_by_accepting(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    invited(&db, "gil", Some(1)).await;
    let gil = accept(&db, 1, 5).await.unwrap();
    assert_eq!(s.access(w.ours, gil, true).await.unwrap(), []);
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(6)).await.unwrap();
    invited(&db, "fay", Some(2)).await;
    let fay = accept(&db, 2, 7).await.unwrap();
    assert_eq!(s.access(w.ours, fay, false).await.unwrap(), [], "an unlinked integration gives nobody anything");
}

// N2
pub async fn the_link_of_an_invitation_works_for_seven_days(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    invited(&db, "fay", Some(1)).await;
    let end = w.at(1) + INVITATION_LASTS;
    let before = picture(s, w.ours).await;
    refused!(s.accept_invitation(&hash(1), "Fay", "hash", end).await, StoreError::NotOpen("expired"));
    assert_eq!(picture(s, w.ours).await, before);
    s.accept_invitation(&hash(1), "Fay", "hash", end - SECOND).await.unwrap();
}

// N2
pub async fn of_two_who_accept_at_once_one_becomes_somebody(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    invited(&db, "fay", Some(1)).await;
    let (one, other) = tokio::join!(accept(&db, 1, 2), accept(&db, 1, 2));
    match (one, other) {
        (Ok(_), Err(StoreError::NotOpen("accepted"))) | (Err(StoreError::NotOpen("accepted")), Ok(_)) => {}
        both => panic!("{both:?}"),
    }
    assert_eq!(s.people(w.ours).await.unwrap().len(), 5);
}

// N2
pub async fn a_link_that_works_no_more_tells_what_became_of_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let fay = invited(&db, "fay", Some(1)).await;
    let gil = invited(&db, "gil", Some(2)).await;
    let person = accept(&db, 1, 2).await.unwrap();
    s.revoke_invitation(w.ours, gil.id, w.ada, w.at(2)).await.unwrap();
    let told = async |number| s.invitation(&hash(number)).await.unwrap().unwrap().1.state;
    assert_eq!((told(1).await, told(2).await), (InvitationState::Accepted(person), InvitationState::Revoked));
    refused!(accept(&db, 1, 3).await, StoreError::NotOpen("accepted"));
    refused!(accept(&db, 2, 3).await, StoreError::NotOpen("revoked"));
    refused!(accept(&db, 9, 3).await, StoreError::NotFound(_));
    assert_ne!(fay.id, gil.id);
}

// N2, A6
pub async fn who_joined_meanwhile_cannot_accept_any_more(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let invitation = invited(&db, "fay", Some(1)).await;
    s.add_people(w.ours, &[new_person("fay", Role::Member)], w.ada, w.at(2)).await.unwrap();
    let before = picture(s, w.ours).await;
    refused!(accept(&db, 1, 3).await, StoreError::EmailTaken);
    assert_eq!(picture(s, w.ours).await, before);
    assert_eq!(state(&db, invitation.id).await, InvitationState::Open);
}

// N2
pub async fn a_renewed_invitation_has_another_link_and_seven_days_more(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let invitation = invited(&db, "fay", Some(1)).await;
    let late = w.at(1) + INVITATION_LASTS;
    let before = s.latest_change(w.ours).await.unwrap();
    let renewed = s.renew_invitation(w.ours, invitation.id, Some(hash(2)), w.bea, late).await.unwrap();
    assert_eq!(renewed, Invitation { expires_at: Some(late + INVITATION_LASTS), ..invitation.clone() });
    assert_eq!(subjects(&db, before).await, [Subject::Invitation(invitation.id)]);
    assert_eq!(s.invitation(&hash(1)).await.unwrap(), None);
    refused!(s.accept_invitation(&hash(1), "Fay", "hash", late).await, StoreError::NotFound(_));
    // By mail, no link works until it leaves.
    let mailed = s.renew_invitation(w.ours, invitation.id, None, w.bea, late).await.unwrap();
    assert_eq!((mailed.expires_at, mailed.mail), (None, Some(MailState::Queued)));
    refused!(s.accept_invitation(&hash(2), "Fay", "hash", late).await, StoreError::NotFound(_));
    s.claim_mail(&mail_secrets(10), late).await.unwrap().unwrap();
    let (_, fay) = s.accept_invitation(&hash(10), "Fay", "hash", late + INVITATION_LASTS - SECOND).await.unwrap();
    assert_eq!(state(&db, invitation.id).await, InvitationState::Accepted(fay.id));
}

// N2
pub async fn what_is_accepted_or_revoked_stays_so(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let fay = invited(&db, "fay", Some(1)).await;
    let gil = invited(&db, "gil", Some(2)).await;
    accept(&db, 1, 2).await.unwrap();
    let before = s.latest_change(w.ours).await.unwrap();
    let revoked = s.revoke_invitation(w.ours, gil.id, w.ada, w.at(3)).await.unwrap();
    assert_eq!(revoked, Invitation { state: InvitationState::Revoked, ..gil.clone() });
    assert_eq!(subjects(&db, before).await, [Subject::Invitation(gil.id)]);
    let before = picture(s, w.ours).await;
    assert_eq!(s.revoke_invitation(w.ours, gil.id, w.ada, w.at(4)).await.unwrap(), revoked);
    refused!(s.revoke_invitation(w.ours, fay.id, w.ada, w.at(4)).await, StoreError::NotOpen("accepted"));
    let again = async |id: InvitationId, hash: Option<SecretHash>| s.renew_invitation(w.ours, id, hash, w.ada, w.at(4)).await;
    refused!(again(fay.id, Some(hash(3))).await, StoreError::NotOpen("accepted"));
    refused!(again(gil.id, None).await, StoreError::NotOpen("revoked"));
    refused!(again(InvitationId(999), None).await, StoreError::NotFound(_));
    refused!(s.revoke_invitation(w.ours, InvitationId(999), w.ada, w.at(4)).await, StoreError::NotFound(_));
    assert_eq!(picture(s, w.ours).await, before);
}

// A1, N2
pub async fn one_invitation_under_the_same_number_is_two(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let ours = invited(&db, "fay", Some(1)).await;
    let theirs = s.invite(w.theirs, &[whom("fay", Some(2))], w.ada, w.at(1), None).await.unwrap().now().remove(0);
    assert_eq!(ours.id, theirs.id, "numbers count within their account");
    let before = (picture(s, w.theirs).await, s.invitations(w.theirs).await.unwrap());
    s.renew_invitation(w.ours, ours.id, Some(hash(3)), w.ada, w.at(2)).await.unwrap();
    let fay = accept(&db, 3, 3).await.unwrap();
    assert_eq!(state(&db, ours.id).await, InvitationState::Accepted(fay));
    assert_eq!((picture(s, w.theirs).await, s.invitations(w.theirs).await.unwrap()), before);
    let (account, joined) = s.accept_invitation(&hash(2), "Fay", "hash", w.at(4)).await.unwrap();
    assert_eq!((account.id, joined.id), (w.theirs, fay));
}
