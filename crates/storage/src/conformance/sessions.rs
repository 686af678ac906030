//! Sessions, passwords and what a person decides for themselves (A4, A5, A7, E5).

use tallyport_domain::{Email, PersonId, Role, SESSION_IDLE, SESSION_LONGEST, SessionId, USE_NOTED_EVERY, Zone};

use super::secrets::{SECOND, by, comes, hash, new_link, new_session, new_token, sign_in, subjects, token, until};
use super::snapshot::email;
use super::world::{Fresh, new_person, picture};
use crate::{Credential, LinkFor, NewPerson, NewSession, Profile, ProfileChange, StoreError, Subject};

// A4
pub async fn a_session_tells_who_comes_with_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let session = sign_in(s, w.ours, w.cem, 1, w.at(1)).await;
    let bearer = comes(s, 1, w.at(2)).await.unwrap();
    assert_eq!(bearer.by, Credential::Session(session));
    assert_eq!(Some(&bearer.person), s.person(w.ours, w.cem).await.unwrap().as_ref());
    assert_eq!(bearer.account, s.accounts().await.unwrap()[0]);
    assert_eq!(comes(s, 2, w.at(2)).await, None);
}

// A4, A1
pub async fn a_secret_leads_to_its_own_account_under_whatever_number(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let ours = sign_in(s, w.ours, w.cem, 1, w.at(1)).await;
    let theirs = sign_in(s, w.theirs, w.cem, 2, w.at(1)).await;
    assert_eq!(ours, theirs, "numbers count within their account");
    for (number, account) in [(1, w.ours), (2, w.theirs)] {
        assert_eq!(comes(s, number, w.at(2)).await.unwrap().account.id, account);
    }
    s.end_session(w.ours, w.cem, ours, w.at(3)).await.unwrap();
    assert_eq!((by(s, 1, w.at(3)).await, by(s, 2, w.at(3)).await), (None, Some(Credential::Session(theirs))));
    s.set_password(w.ours, w.cem, "new", None, w.cem, w.at(4)).await.unwrap();
    s.deactivate(w.ours, w.cem, w.ada, w.at(5)).await.unwrap();
    assert_eq!(by(s, 2, w.at(6)).await, Some(Credential::Session(theirs)));
    assert_eq!(s.sessions(w.theirs, w.cem, w.at(6)).await.unwrap().len(), 1);
}

// A4
pub async fn a_session_that_nobody_uses_is_over_after_two_weeks(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let session = sign_in(s, w.ours, w.cem, 1, w.noon).await;
    let last = w.noon + SESSION_IDLE;
    assert_eq!(by(s, 1, last + SECOND).await, None);
    assert_eq!(s.sessions(w.ours, w.cem, last + SECOND).await.unwrap(), []);
    assert_eq!(s.sessions(w.ours, w.cem, last).await.unwrap().len(), 1);
    assert_eq!(by(s, 1, last).await, Some(Credential::Session(session)));
}

// A4
pub async fn a_session_that_is_used_is_over_after_ninety_days(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let session = sign_in(s, w.ours, w.cem, 1, w.noon).await;
    let last = w.noon + SESSION_LONGEST;
    let mut now = w.noon;
    while now < last {
        now = last.min(now + SESSION_IDLE);
        assert_eq!(by(s, 1, now).await, Some(Credential::Session(session)), "{now}");
        until(now, async || s.sessions(w.ours, w.cem, now).await.unwrap()[0].used_at).await;
    }
    assert_eq!(by(s, 1, last + SECOND).await, None);
    assert_eq!(s.sessions(w.ours, w.cem, last + SECOND).await.unwrap(), []);
}

// A4
pub async fn the_use_of_a_session_is_noted_every_ten_minutes(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    sign_in(s, w.ours, w.cem, 1, w.noon).await;
    let used = async || s.sessions(w.ours, w.cem, w.at(60)).await.unwrap()[0].used_at;
    let soon = w.noon + USE_NOTED_EVERY - SECOND;
    comes(s, 1, soon).await.unwrap();
    // Had it been noted, it would have been before this.
    s.rehash_password(w.ours, w.cem, "none", "none").await.unwrap();
    assert_eq!(used().await, w.noon);
    comes(s, 1, w.noon + USE_NOTED_EVERY).await.unwrap();
    until(w.noon + USE_NOTED_EVERY, &used).await;
    // A clock that was set back takes nothing back.
    comes(s, 1, w.noon).await.unwrap();
    s.rehash_password(w.ours, w.cem, "none", "none").await.unwrap();
    assert_eq!(used().await, w.noon + USE_NOTED_EVERY);
}

// A4
pub async fn using_a_session_leaves_no_change(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    sign_in(s, w.ours, w.cem, 1, w.noon).await;
    let before = s.latest_change(w.ours).await.unwrap();
    comes(s, 1, w.at(30)).await.unwrap();
    until(w.at(30), async || s.sessions(w.ours, w.cem, w.at(60)).await.unwrap()[0].used_at).await;
    assert_eq!(s.latest_change(w.ours).await.unwrap(), before);
}

// A4
pub async fn sessions_are_listed_the_one_used_last_first(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let first = sign_in(s, w.ours, w.cem, 1, w.at(1)).await;
    let second = sign_in(s, w.ours, w.cem, 2, w.at(2)).await;
    sign_in(s, w.ours, w.dee, 3, w.at(3)).await;
    let list = async || s.sessions(w.ours, w.cem, w.at(60)).await.unwrap().iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(list().await, [second, first]);
    comes(s, 1, w.at(30)).await.unwrap();
    until(vec![first, second], &list).await;
    let row = &s.sessions(w.ours, w.cem, w.at(60)).await.unwrap()[0];
    assert_eq!((row.client.as_str(), row.began_at, row.used_at), ("Browser 1", w.at(1), w.at(30)));
}

// A4
pub async fn an_ended_session_opens_nothing_from_then_on(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let session = sign_in(s, w.ours, w.cem, 1, w.at(1)).await;
    let other = sign_in(s, w.ours, w.cem, 2, w.at(1)).await;
    let before = s.latest_change(w.ours).await.unwrap();
    refused!(s.end_session(w.ours, w.dee, session, w.at(2)).await, StoreError::NotFound(_));
    refused!(s.end_session(w.ours, w.cem, SessionId(999), w.at(2)).await, StoreError::NotFound(_));
    assert_eq!(s.latest_change(w.ours).await.unwrap(), before);
    s.end_session(w.ours, w.cem, session, w.at(2)).await.unwrap();
    assert_eq!(subjects(&db, before).await, [Subject::Person(w.cem)]);
    assert_eq!((by(s, 1, w.at(2)).await, by(s, 2, w.at(2)).await), (None, Some(Credential::Session(other))));
    assert_eq!(s.sessions(w.ours, w.cem, w.at(2)).await.unwrap().len(), 1);
    refused!(s.end_session(w.ours, w.cem, session, w.at(3)).await, StoreError::NotFound(_));
}

// A4
pub async fn who_signs_in_anew_leaves_the_session_that_the_browser_had(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let had = sign_in(s, w.ours, w.dee, 1, w.at(1)).await;
    let before = s.latest_change(w.ours).await.unwrap();
    let new = NewSession { ends: Some(had), ..new_session(2, w.at(2)) };
    let session = s.begin_session(w.ours, w.cem, &new).await.unwrap();
    assert_eq!((by(s, 1, w.at(2)).await, by(s, 2, w.at(2)).await), (None, Some(Credential::Session(session))));
    assert_eq!(subjects(&db, before).await, [Subject::Person(w.dee)]);
    assert_eq!(s.sessions(w.ours, w.dee, w.at(2)).await.unwrap(), []);
}

// A4
pub async fn what_is_over_is_swept_away_as_another_session_begins(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    sign_in(s, w.ours, w.dee, 1, w.noon).await;
    sign_in(s, w.theirs, w.dee, 2, w.noon).await;
    let later = w.noon + SESSION_IDLE;
    sign_in(s, w.ours, w.cem, 3, later).await;
    assert_eq!(s.sessions(w.ours, w.dee, w.noon).await.unwrap().len(), 1);
    sign_in(s, w.ours, w.cem, 4, later + SECOND).await;
    assert_eq!(s.sessions(w.ours, w.dee, w.noon).await.unwrap(), []);
    assert_eq!(s.sessions(w.ours, w.cem, later).await.unwrap().len(), 2);
    assert_eq!(s.sessions(w.theirs, w.dee, w.noon).await.unwrap().len(), 1); // A1
}

// A5
pub async fn a_deactivated_person_loses_everything_at_once_and_gets_none_of_it_back(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    sign_in(s, w.ours, w.cem, 1, w.at(1)).await;
    token(s, w.ours, w.cem, 2, w.at(1)).await;
    s.make_link(w.ours, w.cem, &new_link(3, LinkFor::Password, w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.cem, &new_link(4, LinkFor::Email(email("new")), w.cem), w.at(1)).await.unwrap();
    let other = sign_in(s, w.ours, w.dee, 5, w.at(1)).await;
    let before = s.latest_change(w.ours).await.unwrap();

    s.deactivate(w.ours, w.cem, w.ada, w.at(2)).await.unwrap();

    assert!(subjects(&db, before).await.contains(&Subject::Person(w.cem)));
    for active in [false, true] {
        if active {
            s.reactivate(w.ours, w.cem, w.ada, w.at(3)).await.unwrap();
        }
        assert_eq!((by(s, 1, w.at(3)).await, by(s, 2, w.at(3)).await), (None, None));
        assert_eq!(s.link(&hash(3), w.at(3)).await.unwrap(), None);
        assert_eq!(s.link(&hash(4), w.at(3)).await.unwrap(), None);
        refused!(s.reset_password(&hash(3), "mine", w.at(3)).await, StoreError::NotFound(_));
        refused!(s.confirm_email(&hash(4), w.at(3)).await, StoreError::NotFound(_));
        assert_eq!(s.sessions(w.ours, w.cem, w.at(3)).await.unwrap(), []);
        assert_eq!(s.tokens(w.ours, w.cem).await.unwrap()[0].revoked_at, Some(w.at(2)));
    }
    assert_eq!(by(s, 5, w.at(3)).await, Some(Credential::Session(other)));
}

// A5
pub async fn a_deactivated_person_is_given_nothing_to_come_in_with(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.deactivate(w.ours, w.cem, w.ada, w.at(1)).await.unwrap();
    let before = picture(s, w.ours).await;
    refused!(s.begin_session(w.ours, w.cem, &new_session(1, w.at(2))).await, StoreError::PersonInactive);
    let new = new_token(2, tallyport_domain::Scope::Read, w.at(2));
    refused!(s.create_token(w.ours, w.cem, &new, None).await, StoreError::PersonInactive);
    let link = new_link(3, LinkFor::Password, w.ada);
    refused!(s.make_link(w.ours, w.cem, &link, w.at(2)).await, StoreError::PersonInactive);
    assert_eq!(picture(s, w.ours).await, before);
    for number in [1, 2] {
        assert_eq!(comes(s, number, w.at(2)).await, None);
    }
    let nobody = PersonId(999);
    refused!(s.begin_session(w.ours, nobody, &new_session(1, w.at(2))).await, StoreError::NotFound(_));
    refused!(s.create_token(w.ours, nobody, &new, None).await, StoreError::NotFound(_));
    refused!(s.make_link(w.ours, nobody, &link, w.at(2)).await, StoreError::NotFound(_));
}

// A2, A5
pub async fn a_role_counts_from_the_next_request_on(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    sign_in(s, w.ours, w.bea, 1, w.at(1)).await;
    token(s, w.ours, w.bea, 2, w.at(1)).await;
    for role in [Role::Member, Role::Administrator] {
        let before = s.latest_change(w.ours).await.unwrap();
        s.set_role(w.ours, w.bea, role, w.ada, w.at(2)).await.unwrap();
        assert_eq!(subjects(&db, before).await, [Subject::Person(w.bea)]);
        for number in [1, 2] {
            assert_eq!(comes(s, number, w.at(2)).await.unwrap().person.role, role);
        }
    }
}

// A7
pub async fn a_new_password_ends_every_session_but_the_one_that_is_kept(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let kept = sign_in(s, w.ours, w.cem, 1, w.at(1)).await;
    sign_in(s, w.ours, w.cem, 2, w.at(1)).await;
    let token = token(s, w.ours, w.cem, 3, w.at(1)).await;
    let other = sign_in(s, w.ours, w.dee, 4, w.at(1)).await;
    s.make_link(w.ours, w.cem, &new_link(5, LinkFor::Password, w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.cem, &new_link(6, LinkFor::Email(email("new")), w.cem), w.at(1)).await.unwrap();
    let before = s.latest_change(w.ours).await.unwrap();

    s.set_password(w.ours, w.cem, "new", Some(kept), w.cem, w.at(2)).await.unwrap();

    assert_eq!(subjects(&db, before).await, [Subject::Person(w.cem)]);
    assert_eq!(s.password(w.ours, w.cem).await.unwrap().as_deref(), Some("new"));
    assert_eq!((by(s, 1, w.at(2)).await, by(s, 2, w.at(2)).await), (Some(Credential::Session(kept)), None));
    assert_eq!(by(s, 3, w.at(2)).await, Some(Credential::Token(token.id, token.scope)));
    assert_eq!(by(s, 4, w.at(2)).await, Some(Credential::Session(other)));
    assert_eq!(s.link(&hash(5), w.at(2)).await.unwrap(), None);
    assert!(s.link(&hash(6), w.at(2)).await.unwrap().is_some());

    s.set_password(w.ours, w.cem, "newer", None, w.ada, w.at(3)).await.unwrap();
    assert_eq!(by(s, 1, w.at(3)).await, None);
    refused!(s.set_password(w.ours, PersonId(999), "x", None, w.ada, w.at(3)).await, StoreError::NotFound(_));
}

// A4, A6
pub async fn everybody_whom_an_address_could_mean_is_found(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.set_password(w.ours, w.cem, "ours", None, w.ada, w.at(1)).await.unwrap();
    s.set_password(w.theirs, w.cem, "theirs", None, w.ada, w.at(1)).await.unwrap();
    let loud = Email::parse(" CEM@tally.TEST").unwrap();
    let found = async |account| {
        let all = s.credentials(account, &loud).await.unwrap();
        all.into_iter().map(|it| (it.account, it.person.id, it.person.active, it.password_hash)).collect::<Vec<_>>()
    };
    let (ours, theirs) = (Some("ours".to_owned()), Some("theirs".to_owned()));
    assert_eq!(found(None).await, [(w.ours, w.cem, true, ours.clone()), (w.theirs, w.cem, true, theirs.clone())]);
    assert_eq!(found(Some(w.theirs)).await, [(w.theirs, w.cem, true, theirs)]); // A1
    s.deactivate(w.ours, w.cem, w.ada, w.at(2)).await.unwrap();
    assert_eq!(found(Some(w.ours)).await, [(w.ours, w.cem, false, ours)]);
    assert_eq!(s.credentials(None, &email("nobody")).await.unwrap(), []);
    // Who was added without a password has none.
    assert_eq!(s.credentials(Some(w.ours), &email("dee")).await.unwrap()[0].password_hash, None);
}

// A4
pub async fn a_password_is_hashed_anew_unless_it_changed_meanwhile(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let hashed = |name: &str, hash: &str| NewPerson { password_hash: Some(hash.to_owned()), ..new_person(name, Role::Member) };
    for account in [w.ours, w.theirs] {
        s.add_people(account, &[hashed("fay", "weak")], w.ada, w.at(1)).await.unwrap();
    }
    let fay = s.person_by_email(w.ours, &email("fay")).await.unwrap().unwrap().id;
    sign_in(s, w.ours, fay, 1, w.at(1)).await;
    let before = s.latest_change(w.ours).await.unwrap();
    s.rehash_password(w.ours, fay, "weak", "strong").await.unwrap();
    s.rehash_password(w.ours, fay, "weak", "late").await.unwrap();
    assert_eq!(s.password(w.ours, fay).await.unwrap().as_deref(), Some("strong"));
    assert_eq!(s.password(w.theirs, fay).await.unwrap().as_deref(), Some("weak")); // A1
    assert!(by(s, 1, w.at(2)).await.is_some());
    assert_eq!(s.latest_change(w.ours).await.unwrap(), before);
    s.rehash_password(w.ours, w.dee, "weak", "strong").await.unwrap();
    assert_eq!(s.password(w.ours, w.dee).await.unwrap(), None);
    assert_eq!(s.password(w.ours, PersonId(999)).await.unwrap(), None);
}

// E5
pub async fn what_a_person_did_not_decide_is_the_accounts(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let berlin = Zone::parse("Europe/Berlin").unwrap();
    let accounts = Profile { zone: berlin, own_zone: false, week_start: 1, own_week_start: false };
    assert_eq!(s.profile(w.ours, w.cem).await.unwrap(), Some(accounts.clone()));
    let tokyo = Zone::parse("Asia/Tokyo").unwrap();
    let own = Profile { zone: tokyo.clone(), own_zone: true, week_start: 7, own_week_start: true };
    let change = ProfileChange { name: None, zone: Some(Some(tokyo)), week_start: Some(Some(7)) };
    let before = s.latest_change(w.ours).await.unwrap();
    assert_eq!(s.set_profile(w.ours, w.cem, &change, w.at(1)).await.unwrap(), own);
    assert_eq!(subjects(&db, before).await, [Subject::Person(w.cem)]);
    assert_eq!(s.profile(w.ours, w.cem).await.unwrap(), Some(own.clone()));
    let back = ProfileChange { zone: Some(None), ..ProfileChange::default() };
    let left = Profile { zone: accounts.zone.clone(), own_zone: false, ..own };
    assert_eq!(s.set_profile(w.ours, w.cem, &back, w.at(2)).await.unwrap(), left);
    let back = ProfileChange { week_start: Some(None), ..ProfileChange::default() };
    assert_eq!(s.set_profile(w.ours, w.cem, &back, w.at(3)).await.unwrap(), accounts);
    assert_eq!(s.profile(w.ours, PersonId(999)).await.unwrap(), None);
    refused!(s.set_profile(w.ours, PersonId(999), &back, w.at(4)).await, StoreError::NotFound(_));
}

// E5, A1
pub async fn what_one_person_decides_is_nobody_elses(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let (dee, theirs) = (s.profile(w.ours, w.dee).await.unwrap(), picture(s, w.theirs).await);
    let change =
        ProfileChange { name: Some("Cem the Great".to_owned()), zone: Some(Some(Zone::utc())), week_start: Some(Some(6)) };
    s.set_profile(w.ours, w.cem, &change, w.at(1)).await.unwrap();
    assert_eq!(s.person(w.ours, w.cem).await.unwrap().unwrap().name, "Cem the Great");
    assert_eq!(s.profile(w.ours, w.dee).await.unwrap(), dee);
    assert_eq!(picture(s, w.theirs).await, theirs);
    let before = picture(s, w.ours).await;
    s.set_profile(w.ours, w.cem, &ProfileChange::default(), w.at(2)).await.unwrap();
    assert_eq!(picture(s, w.ours).await, before, "who changes nothing leaves nothing");
}
