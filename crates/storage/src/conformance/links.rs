//! Links that work once: for a new password, and to prove a new address (A6, A7).

use tallyport_domain::{EMAIL_LINK_LASTS, Person, RESET_LASTS, Role};

use super::secrets::{SECOND, by, hash, new_link, sign_in, subjects};
use super::snapshot::{NORTHLIGHT, email, member, members_of, toggl};
use super::world::{Fresh, new_person, picture, sync};
use crate::{Assigned, Link, LinkFor, StoreError, Subject};

fn to(name: &str) -> LinkFor {
    LinkFor::Email(email(name))
}

// A7
pub async fn a_reset_link_sets_the_password_once_and_ends_all_sessions(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    sign_in(s, w.ours, w.cem, 1, w.at(1)).await;
    let other = sign_in(s, w.ours, w.dee, 2, w.at(1)).await;
    s.make_link(w.ours, w.cem, &new_link(3, LinkFor::Password, w.ada), w.at(1)).await.unwrap();
    let person = s.person(w.ours, w.cem).await.unwrap().unwrap();
    let account = s.accounts().await.unwrap().remove(0);
    let link = Link { account, person, purpose: LinkFor::Password };
    assert_eq!(s.link(&hash(3), w.at(2)).await.unwrap().as_ref(), Some(&link));
    assert!(by(s, 1, w.at(2)).await.is_some(), "the link alone changes nothing");
    let before = s.latest_change(w.ours).await.unwrap();

    assert_eq!(s.reset_password(&hash(3), "new", w.at(2)).await.unwrap(), link);

    assert_eq!(subjects(&db, before).await, [Subject::Person(w.cem)]);
    assert_eq!(s.password(w.ours, w.cem).await.unwrap().as_deref(), Some("new"));
    assert_eq!(by(s, 1, w.at(2)).await, None);
    assert_eq!(by(s, 2, w.at(2)).await, Some(crate::Credential::Session(other)));
    assert_eq!(s.link(&hash(3), w.at(2)).await.unwrap(), None);
    refused!(s.reset_password(&hash(3), "newer", w.at(3)).await, StoreError::NotFound(_));
    assert_eq!(s.password(w.ours, w.cem).await.unwrap().as_deref(), Some("new"));
    assert_eq!(s.password(w.theirs, w.cem).await.unwrap(), None); // A1
}

// A7
pub async fn a_reset_link_works_for_an_hour(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.make_link(w.ours, w.cem, &new_link(1, LinkFor::Password, w.cem), w.noon).await.unwrap();
    let end = w.noon + RESET_LASTS;
    assert_eq!(s.link(&hash(1), end).await.unwrap(), None);
    refused!(s.reset_password(&hash(1), "late", end).await, StoreError::NotFound(_));
    assert!(s.link(&hash(1), end - SECOND).await.unwrap().is_some());
    s.reset_password(&hash(1), "in time", end - SECOND).await.unwrap();
}

// A7
pub async fn of_two_who_reset_with_one_link_at_once_one_does(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.make_link(w.ours, w.cem, &new_link(1, LinkFor::Password, w.cem), w.noon).await.unwrap();
    let link = hash(1);
    let (one, other) = tokio::join!(s.reset_password(&link, "one", w.at(1)), s.reset_password(&link, "other", w.at(1)));
    let password = s.password(w.ours, w.cem).await.unwrap();
    match (one, other) {
        (Ok(_), Err(StoreError::NotFound(_))) => assert_eq!(password.as_deref(), Some("one")),
        (Err(StoreError::NotFound(_)), Ok(_)) => assert_eq!(password.as_deref(), Some("other")),
        both => panic!("{both:?}"),
    }
}

// A6, P4
pub async fn a_proved_address_is_the_persons_and_matches_them_anew(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    members_of(&mut source, NORTHLIGHT).push(member("dora", true));
    sync(s, w.ours, w.ada, &source, w.at(4)).await;
    s.make_link(w.ours, w.dee, &new_link(1, to("dora"), w.dee), w.at(5)).await.unwrap();
    assert_eq!(s.person(w.ours, w.dee).await.unwrap().unwrap().email, email("dee"), "not before it is proved");
    let before = s.latest_change(w.ours).await.unwrap();

    let Link { account, person, purpose } = s.confirm_email(&hash(1), w.at(6)).await.unwrap();

    assert_eq!((account.id, person.id, &person.email, purpose), (w.ours, w.dee, &email("dora"), to("dora")));
    assert_eq!(s.person(w.ours, w.dee).await.unwrap(), Some(person));
    let dee = Assigned { person: w.dee, automatic: true };
    assert!(s.assigned_to(w.ours, mirror.northlight).await.unwrap().contains(&dee));
    assert!(subjects(&db, before).await.contains(&Subject::Person(w.dee)));
    assert_eq!(s.person(w.theirs, w.dee).await.unwrap().unwrap().email, email("dee")); // A1
    refused!(s.confirm_email(&hash(1), w.at(7)).await, StoreError::NotFound(_));
}

// A6
pub async fn a_link_for_a_new_address_works_for_a_day(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.make_link(w.ours, w.cem, &new_link(1, to("new"), w.cem), w.noon).await.unwrap();
    let end = w.noon + EMAIL_LINK_LASTS;
    assert_eq!(s.link(&hash(1), end).await.unwrap(), None);
    refused!(s.confirm_email(&hash(1), end).await, StoreError::NotFound(_));
    assert_eq!(s.link(&hash(1), end - SECOND).await.unwrap().unwrap().purpose, to("new"));
    s.confirm_email(&hash(1), end - SECOND).await.unwrap();
}

// A6
pub async fn of_two_who_prove_one_address_at_once_one_gets_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.make_link(w.ours, w.cem, &new_link(1, to("new"), w.cem), w.noon).await.unwrap();
    s.make_link(w.ours, w.dee, &new_link(2, to("new"), w.dee), w.noon).await.unwrap();
    let (first, second) = (hash(1), hash(2));
    let (one, other) = tokio::join!(s.confirm_email(&first, w.at(1)), s.confirm_email(&second, w.at(1)));
    let owner = s.person_by_email(w.ours, &email("new")).await.unwrap().unwrap().id;
    match (one, other) {
        (Ok(_), Err(StoreError::EmailTaken)) => assert_eq!(owner, w.cem),
        (Err(StoreError::EmailTaken), Ok(_)) => assert_eq!(owner, w.dee),
        both => panic!("{both:?}"),
    }
}

// A6
pub async fn an_address_that_somebody_has_is_refused_when_it_is_asked_for_and_when_it_is_proved(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    refused!(s.make_link(w.ours, w.cem, &new_link(1, to("dee"), w.cem), w.at(1)).await, StoreError::EmailTaken);
    assert_eq!(s.link(&hash(1), w.at(1)).await.unwrap(), None);
    s.make_link(w.ours, w.cem, &new_link(1, to("fay"), w.cem), w.at(1)).await.unwrap();
    s.add_people(w.theirs, &[new_person("fay", Role::Member)], w.ada, w.at(2)).await.unwrap();
    assert!(s.link(&hash(1), w.at(2)).await.unwrap().is_some()); // A1
    s.add_people(w.ours, &[new_person("fay", Role::Member)], w.ada, w.at(2)).await.unwrap();
    refused!(s.confirm_email(&hash(1), w.at(3)).await, StoreError::EmailTaken);
    assert_eq!(s.person(w.ours, w.cem).await.unwrap().unwrap().email, email("cem"));
    // One's own in another spelling is nobody else's.
    let loud = LinkFor::Email(tallyport_domain::Email::parse("CEM@tally.test").unwrap());
    s.make_link(w.ours, w.cem, &new_link(2, loud, w.cem), w.at(4)).await.unwrap();
    assert_eq!(s.confirm_email(&hash(2), w.at(5)).await.unwrap().person.email.as_str(), "CEM@tally.test");
}

// A6, A7
pub async fn another_link_of_the_same_kind_takes_the_place_of_the_earlier_one(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let works = async |number| s.link(&hash(number), w.at(10)).await.unwrap().is_some();
    s.make_link(w.ours, w.cem, &new_link(1, LinkFor::Password, w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.cem, &new_link(2, to("new"), w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.dee, &new_link(3, LinkFor::Password, w.dee), w.at(1)).await.unwrap();
    s.make_link(w.theirs, w.cem, &new_link(4, LinkFor::Password, w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.cem, &new_link(5, LinkFor::Password, w.ada), w.at(2)).await.unwrap();
    assert_eq!([works(1).await, works(2).await, works(3).await, works(4).await, works(5).await], [false, true, true, true, true]);
    s.make_link(w.ours, w.cem, &new_link(6, to("newer"), w.cem), w.at(3)).await.unwrap();
    assert_eq!([works(2).await, works(5).await, works(6).await], [false, true, true]);
}

// A6, A7
pub async fn a_link_for_one_thing_does_nothing_else(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.make_link(w.ours, w.cem, &new_link(1, LinkFor::Password, w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.cem, &new_link(2, to("new"), w.cem), w.at(1)).await.unwrap();
    sign_in(s, w.ours, w.cem, 3, w.at(1)).await;
    let before = picture(s, w.ours).await;
    for number in [1, 3] {
        refused!(s.confirm_email(&hash(number), w.at(2)).await, StoreError::NotFound(_));
    }
    for number in [2, 3] {
        refused!(s.reset_password(&hash(number), "mine", w.at(2)).await, StoreError::NotFound(_));
    }
    for number in [1, 2] {
        assert_eq!(by(s, number, w.at(2)).await, None);
        assert!(s.link(&hash(number), w.at(2)).await.unwrap().is_some());
        assert_eq!(s.invitation(&hash(number)).await.unwrap(), None);
    }
    assert_eq!(picture(s, w.ours).await, before);
}

// A6, A7
pub async fn another_address_takes_the_links_to_the_old_one_away(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let works = async |number| s.link(&hash(number), w.at(5)).await.unwrap().is_some();
    s.make_link(w.ours, w.cem, &new_link(1, LinkFor::Password, w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.cem, &new_link(2, to("new"), w.cem), w.at(1)).await.unwrap();
    s.make_link(w.ours, w.dee, &new_link(3, LinkFor::Password, w.dee), w.at(1)).await.unwrap();
    let session = sign_in(s, w.ours, w.cem, 4, w.at(1)).await;
    let Person { email: had, .. } = s.set_email(w.ours, w.cem, &email("other"), w.ada, w.at(2)).await.unwrap();
    assert_eq!(had, email("other"));
    assert_eq!([works(1).await, works(2).await, works(3).await], [false, false, true]);
    assert_eq!(by(s, 4, w.at(5)).await, Some(crate::Credential::Session(session)));
}
