//! People: who may do what with them, and what keeps an account in order.

use tallyport_app::PersonToAdd;
use tallyport_domain::PersonId;

use crate::bench::{Bench, code, email_of, id_of, person, soon};

#[tokio::test] // A2
async fn administrators_add_and_change_people_managers_see_them_and_members_do_not() {
    let bench = Bench::new().await;
    let people = &bench.app.people;
    for actor in [&bench.zoe, &bench.lukasz] {
        assert_eq!(code(people.add(actor, vec![person("x@y.example", "X", "member")]).await), "administrator_required");
        assert_eq!(code(people.change(actor, id_of(actor), Some("administrator"), None).await), "administrator_required");
        assert_eq!(code(people.deactivate(actor, id_of(&bench.ana), true).await), "administrator_required");
        assert_eq!(code(people.reactivate(actor, id_of(&bench.ana)).await), "administrator_required");
    }
    assert_eq!(people.list(&bench.zoe).await.unwrap().len(), 4);
    assert_eq!(code(people.list(&bench.lukasz).await), "manager_required");
}

#[tokio::test] // A6
async fn a_list_is_added_whole_or_not_at_all() {
    let bench = Bench::new().await;
    let people = &bench.app.people;
    let lists = [
        (vec![person("new@x.example", "New", "member"), person("BEA@nordlicht.example ", "Bea", "member")], "email_taken"),
        (vec![person("new@x.example", "New", "member"), person("NEW@x.example", "New", "member")], "invalid_request"),
        (vec![person("new@x.example", "New", "member"), person("nobody", "N", "member")], "invalid_email"),
        (vec![person("new@x.example", "New", "member"), person("other@x.example", "\n", "member")], "invalid_name"),
        (vec![person("new@x.example", "New", "member"), person("other@x.example", "O", "boss")], "invalid_request"),
        (vec![], "invalid_request"),
    ];
    for (list, expected) in lists {
        assert_eq!(code(people.add(&bench.ana, list).await), expected);
    }
    assert_eq!(people.list(&bench.ana).await.unwrap().len(), 4);
}

#[tokio::test] // A4
async fn a_short_or_common_password_keeps_the_person_out() {
    let bench = Bench::new().await;
    let with = |password: &str| {
        let new = person("new@x.example", "New", "member");
        vec![PersonToAdd { password: Some(password.into()), ..new }]
    };
    assert_eq!(code(bench.app.people.add(&bench.ana, with("1234567")).await), "invalid_password");
    assert_eq!(code(bench.app.people.add(&bench.ana, with("12345678")).await), "invalid_password");
    assert_eq!(bench.app.people.add(&bench.ana, with("eight it")).await.unwrap().len(), 1);
}

#[tokio::test] // A5
async fn the_last_administrator_stays_one() {
    let bench = Bench::new().await;
    let people = &bench.app.people;
    people.change(&bench.ana, id_of(&bench.bea), Some("member"), None).await.unwrap();
    assert_eq!(code(people.change(&bench.ana, id_of(&bench.ana), Some("manager"), None).await), "last_administrator");
    assert_eq!(code(people.deactivate(&bench.ana, id_of(&bench.ana), true).await), "last_administrator");
}

#[tokio::test] // A5
async fn who_is_deactivated_cannot_act() {
    let bench = Bench::new().await;
    bench.app.people.deactivate(&bench.ana, id_of(&bench.zoe), false).await.unwrap();
    assert_eq!(code(bench.app.actor(bench.account, id_of(&bench.zoe)).await), "sign_in_required");
    assert_eq!(code(bench.app.actor(bench.account, PersonId(999)).await), "sign_in_required");
    bench.app.people.reactivate(&bench.ana, id_of(&bench.zoe)).await.unwrap();
    assert_eq!(bench.again(&bench.zoe).await.person().name, "Zoë");
}

#[tokio::test] // A6
async fn an_email_is_unique_and_changed_one_thing_at_a_time() {
    let bench = Bench::new().await;
    let (people, lukasz) = (&bench.app.people, id_of(&bench.lukasz));
    assert_eq!(code(people.change(&bench.ana, lukasz, None, Some("Bea@Nordlicht.example")).await), "email_taken");
    assert_eq!(code(people.change(&bench.ana, lukasz, Some("manager"), Some("l@x.example")).await), "invalid_request");
    assert_eq!(code(people.change(&bench.ana, lukasz, None, None).await), "invalid_request");
    let changed = people.change(&bench.ana, lukasz, None, Some("l@x.example")).await.unwrap();
    assert_eq!(email_of(&changed), "l@x.example");
}

#[tokio::test] // P4
async fn another_email_gives_and_takes_workspaces_at_once() {
    let bench = Bench::imported().await;
    let (people, lukasz) = (&bench.app.people, id_of(&bench.lukasz));
    let workspaces = |rows: Vec<tallyport_app::AccessRow>| rows.len();
    assert_eq!(workspaces(people.access(&bench.ana, lukasz, false).await.unwrap()), 3);
    people.change(&bench.ana, lukasz, None, Some("nobody@x.example")).await.unwrap();
    assert_eq!(workspaces(people.access(&bench.ana, lukasz, false).await.unwrap()), 0);
    people.change(&bench.ana, lukasz, None, Some("Thu.Ha.Dang@nordlicht.example")).await.unwrap();
    assert_eq!(workspaces(people.access(&bench.ana, lukasz, false).await.unwrap()), 1);
}

#[tokio::test] // P4
async fn who_is_added_after_a_sync_is_matched_at_once() {
    let bench = Bench::imported().await;
    let added = bench.app.people.add(&bench.ana, vec![person("bjork@nordlicht.example", "Björk", "member")]).await.unwrap();
    let access = bench.app.people.access(&bench.ana, added[0].id, false).await.unwrap();
    assert_eq!(access.len(), 1);
    assert_eq!(access[0].path.last().unwrap().as_str(), "Pro bono");
    assert!(access[0].via[0].1);
}

#[tokio::test] // P6, A2
async fn everybody_sees_what_they_have_and_only_managers_what_others_have() {
    let bench = Bench::imported().await;
    let people = &bench.app.people;
    assert_eq!(people.access(&bench.lukasz, id_of(&bench.lukasz), false).await.unwrap().len(), 3);
    assert_eq!(code(people.access(&bench.lukasz, id_of(&bench.zoe), false).await), "manager_required");
    assert_eq!(people.access(&bench.zoe, id_of(&bench.lukasz), false).await.unwrap().len(), 3);
    assert_eq!(code(people.access(&bench.zoe, PersonId(999), false).await), "not_found");
}

#[tokio::test] // A4
async fn many_passwords_at_once_are_hashed_one_after_the_other() {
    let bench = Bench::new().await;
    let new =
        |n: usize| PersonToAdd { password: Some("correct horse".into()), ..person(&format!("p{n}@x.example"), "P", "member") };
    let added = soon(bench.app.people.add(&bench.ana, (0..8).map(new).collect())).await.unwrap();
    assert_eq!(added.len(), 8);
}
