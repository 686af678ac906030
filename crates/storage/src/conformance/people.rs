//! Accounts and people (A1, A2, A5, A6).

use tallyport_domain::{Email, PersonId, Role, Zone};

use super::snapshot::email;
use super::world::{Fresh, new_person, picture};
use crate::{NewAccount, NewPerson, StoreError};

// A3
pub async fn an_account_comes_with_its_first_administrator(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let zone = Zone::parse("America/New_York").unwrap();
    let new = NewAccount {
        name: "Third \u{1f980}".to_owned(),
        zone: zone.clone(),
        administrator: NewPerson {
            email: Email::parse(" Eve@Tally.test").unwrap(),
            password_hash: Some("$argon2id$v=19$...".to_owned()),
            ..new_person("Eve", Role::Member)
        },
        now: w.noon,
    };

    let (account, eve) = s.create_account(&new).await.unwrap();

    assert_eq!((account.name.as_str(), &account.zone), ("Third \u{1f980}", &zone));
    assert_eq!((eve.role, eve.active, eve.name.as_str()), (Role::Administrator, true, "Eve"));
    assert_eq!(eve.email.as_str(), "Eve@Tally.test");
    assert_eq!(s.people(account.id).await.unwrap(), [eve]);
    let accounts = s.accounts().await.unwrap();
    assert_eq!(accounts.iter().map(|it| it.id).collect::<Vec<_>>(), [w.ours, w.theirs, account.id]);
    assert_eq!(accounts[2], account);
}

// A3
pub async fn of_two_accounts_of_one_name_one_is_created(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let new = |name: &str, admin: &str| NewAccount {
        name: name.to_owned(),
        zone: Zone::utc(),
        administrator: new_person(admin, Role::Administrator),
        now: w.noon,
    };
    let (one, other) = (new("Żółw", "eve"), new("ŻÓŁW", "fay"));
    let (one, other) = tokio::join!(s.create_account(&one), s.create_account(&other));
    let refused = match (one, other) {
        (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
        both => panic!("expected one of them, got {both:?}"),
    };
    assert!(matches!(refused, StoreError::AccountExists), "{refused:?}");
    assert_eq!(s.accounts().await.unwrap().len(), 3);
}

// A1
pub async fn numbers_count_within_their_account(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let administrator = new_person("eve", Role::Administrator);
    let new = NewAccount { name: "Third".to_owned(), zone: Zone::utc(), administrator, now: w.noon };
    let (third, eve) = s.create_account(&new).await.unwrap();
    assert_eq!(eve.id, w.ada);
    let first = s.add_task(third.id, None, &super::world::name("First"), eve.id, w.noon).await.unwrap();
    assert_eq!(first, w.house);
    let ours = s.add_people(w.ours, &[new_person("fay", Role::Member)], w.ada, w.noon).await.unwrap();
    let theirs = s.add_people(w.theirs, &[new_person("gil", Role::Member)], w.ada, w.noon).await.unwrap();
    assert_eq!(ours[0].id, theirs[0].id);
}

// A2
pub async fn people_are_added_as_they_are_described(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let new = [new_person("fay", Role::Manager), new_person("gil", Role::Administrator), new_person("hal", Role::Member)];

    let added = s.add_people(w.ours, &new, w.ada, w.at(1)).await.unwrap();

    assert_eq!(added.len(), 3);
    for (person, new) in added.iter().zip(&new) {
        assert_eq!((&person.email, &person.name, person.role, person.active), (&new.email, &new.name, new.role, true));
        assert_eq!(s.person(w.ours, person.id).await.unwrap().as_ref(), Some(person));
        assert_eq!(s.person(w.theirs, person.id).await.unwrap(), None); // A1
    }
}

// T4
pub async fn people_are_listed_by_name_as_people_expect_then_by_number(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let named = |name: &str, address: &str| NewPerson { name: name.to_owned(), ..new_person(address, Role::Member) };
    let new = [
        named("Zo\u{eb}", "p1"),
        named("person 10", "p2"),
        named("Person 9", "p3"),
        named("\u{e4}nne", "p4"),
        named("twin", "p5"),
        named("Twin", "p6"),
        named("twin", "p7"),
    ];
    let added = s.add_people(w.ours, &new, w.ada, w.at(1)).await.unwrap();
    let people = s.people(w.ours).await.unwrap();
    let names: Vec<_> = people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["ada", "\u{e4}nne", "bea", "cem", "dee", "Person 9", "person 10", "twin", "Twin", "twin", "Zo\u{eb}"]);
    assert_eq!(people[7..10].iter().map(|it| it.id).collect::<Vec<_>>(), [added[4].id, added[5].id, added[6].id]);
}

// A6
pub async fn an_email_is_found_in_any_spelling_and_shown_as_it_was_typed(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let typed = Email::parse("  \u{c4}nne.Mei\u{df}ner@Tally.TEST ").unwrap();
    let new = NewPerson { email: typed, ..new_person("anne", Role::Member) };
    let anne = s.add_people(w.ours, &[new], w.ada, w.at(1)).await.unwrap().remove(0);
    for spelling in ["\u{c4}NNE.mei\u{df}ner@tally.test", "\u{e4}nne.Mei\u{df}ner@TALLY.test"] {
        let found = s.person_by_email(w.ours, &Email::parse(spelling).unwrap()).await.unwrap();
        assert_eq!(found.as_ref().map(|it| it.id), Some(anne.id));
        assert_eq!(found.unwrap().email.as_str(), "\u{c4}nne.Mei\u{df}ner@Tally.TEST");
        assert_eq!(s.person_by_email(w.theirs, &Email::parse(spelling).unwrap()).await.unwrap(), None); // A1
    }
    assert_eq!(s.person_by_email(w.ours, &email("nobody")).await.unwrap(), None);
}

// A6
pub async fn a_taken_email_is_refused_in_any_spelling_and_nobody_is_added(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let before = picture(s, w.ours).await;
    let loud = NewPerson { email: Email::parse("CEM@TALLY.TEST").unwrap(), ..new_person("other", Role::Member) };
    let twice = NewPerson { email: Email::parse("Fay@tally.test").unwrap(), ..new_person("twin", Role::Member) };
    refused!(s.add_people(w.ours, &[new_person("fay", Role::Member), loud], w.ada, w.at(1)).await, StoreError::EmailTaken);
    refused!(s.add_people(w.ours, &[new_person("fay", Role::Member), twice], w.ada, w.at(1)).await, StoreError::EmailTaken);
    assert_eq!(picture(s, w.ours).await, before);
    let fay = s.add_people(w.ours, &[new_person("fay", Role::Member)], w.ada, w.at(2)).await.unwrap();
    assert!(fay[0].id > w.dee);
}

// A6, A5
pub async fn a_deactivated_persons_email_stays_taken(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.deactivate(w.ours, w.dee, w.ada, w.at(1)).await.unwrap();
    refused!(s.add_people(w.ours, &[new_person("dee", Role::Member)], w.ada, w.at(2)).await, StoreError::EmailTaken);
}

// A6
pub async fn an_email_can_be_set_unless_somebody_else_has_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let loud = Email::parse("Cem@Tally.Test").unwrap();
    refused!(s.set_email(w.ours, w.dee, &loud, w.ada, w.at(1)).await, StoreError::EmailTaken);
    assert_eq!(s.person(w.ours, w.dee).await.unwrap().unwrap().email, email("dee"));

    let cem = s.set_email(w.ours, w.cem, &loud, w.ada, w.at(2)).await.unwrap();
    assert_eq!(cem.email.as_str(), "Cem@Tally.Test");
    let dee = s.set_email(w.ours, w.dee, &email("deirdre"), w.ada, w.at(3)).await.unwrap();
    assert_eq!((dee.id, dee.email.as_str()), (w.dee, "deirdre@tally.test"));
    assert_eq!(s.person(w.ours, w.dee).await.unwrap(), Some(dee));
    assert_eq!(s.person_by_email(w.ours, &email("dee")).await.unwrap(), None);
    // The old address is free.
    s.add_people(w.ours, &[new_person("dee", Role::Member)], w.ada, w.at(4)).await.unwrap();
}

// A2
pub async fn roles_change(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    for role in [Role::Administrator, Role::Manager, Role::Member] {
        let person = s.set_role(w.ours, w.dee, role, w.ada, w.at(1)).await.unwrap();
        assert_eq!((person.id, person.role), (w.dee, role));
        assert_eq!(s.person(w.ours, w.dee).await.unwrap(), Some(person));
    }
    assert_eq!(s.person(w.theirs, w.dee).await.unwrap().unwrap().role, Role::Member);
}

// A5
pub async fn the_last_active_administrator_can_neither_be_demoted_nor_deactivated(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.set_role(w.ours, w.dee, Role::Administrator, w.ada, w.at(1)).await.unwrap();
    s.deactivate(w.ours, w.dee, w.ada, w.at(2)).await.unwrap();
    let before = picture(s, w.ours).await;
    refused!(s.set_role(w.ours, w.ada, Role::Manager, w.ada, w.at(3)).await, StoreError::LastAdministrator);
    refused!(s.deactivate(w.ours, w.ada, w.ada, w.at(3)).await, StoreError::LastAdministrator);
    assert_eq!(picture(s, w.ours).await, before);
    s.set_role(w.ours, w.ada, Role::Administrator, w.ada, w.at(4)).await.unwrap();

    s.reactivate(w.ours, w.dee, w.ada, w.at(5)).await.unwrap();
    s.set_role(w.ours, w.ada, Role::Member, w.dee, w.at(6)).await.unwrap();
    refused!(s.deactivate(w.ours, w.dee, w.dee, w.at(7)).await, StoreError::LastAdministrator);
}

// A5
pub async fn of_two_administrators_who_demote_each_other_at_once_one_remains(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.set_role(w.ours, w.dee, Role::Administrator, w.ada, w.at(1)).await.unwrap();
    let (one, other) =
        tokio::join!(s.set_role(w.ours, w.dee, Role::Member, w.ada, w.at(2)), s.deactivate(w.ours, w.ada, w.dee, w.at(2)),);
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    let people = s.people(w.ours).await.unwrap();
    let administrators = people.iter().filter(|it| it.active && it.role == Role::Administrator);
    assert_eq!(administrators.count(), 1);
}

// A5
pub async fn a_deactivated_person_stays_on_record_and_comes_back(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.assign(w.ours, w.house, &[w.cem], w.ada, w.at(1)).await.unwrap();
    let gone = s.deactivate(w.ours, w.cem, w.ada, w.at(2)).await.unwrap();
    assert!(!gone.active);
    assert_eq!(s.person(w.ours, w.cem).await.unwrap(), Some(gone.clone()));
    assert_eq!(s.people(w.ours).await.unwrap().len(), 4);
    assert_eq!(s.person_by_email(w.ours, &email("cem")).await.unwrap(), Some(gone));
    assert!(!s.deactivate(w.ours, w.cem, w.ada, w.at(3)).await.unwrap().active);

    let back = s.reactivate(w.ours, w.cem, w.ada, w.at(4)).await.unwrap();

    assert!(back.active);
    assert_eq!(back.role, Role::Member);
    let assigned = s.assigned_to(w.ours, w.house).await.unwrap();
    assert_eq!(assigned, [crate::Assigned { person: w.cem, automatic: false }]);
}

pub async fn who_is_not_there_is_not_found(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let nobody = PersonId(999);
    let before = picture(s, w.ours).await;
    assert_eq!(s.person(w.ours, nobody).await.unwrap(), None);
    refused!(s.set_role(w.ours, nobody, Role::Manager, w.ada, w.at(1)).await, StoreError::NotFound(_));
    refused!(s.set_email(w.ours, nobody, &email("x"), w.ada, w.at(1)).await, StoreError::NotFound(_));
    refused!(s.deactivate(w.ours, nobody, w.ada, w.at(1)).await, StoreError::NotFound(_));
    refused!(s.reactivate(w.ours, nobody, w.ada, w.at(1)).await, StoreError::NotFound(_));
    assert_eq!(picture(s, w.ours).await, before);
}
