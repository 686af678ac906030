//! The plan told item by item (I13, I14).

use tallyport_domain::plan::{Counts, Item, ItemChange};
use tallyport_domain::{Color, ExternalId, Identity, Name, PersonId, Reason, SourceProject, WorkspaceContent};

use crate::support::{Account, acme, agency, client, member, project, task};

fn path(item: &Item) -> String {
    item.path.iter().map(Name::as_str).collect::<Vec<_>>().join(" > ")
}

fn told(items: &[Item]) -> Vec<String> {
    items.iter().map(|item| format!("{:?} {}", item.change, path(item))).collect()
}

#[test] // I13
fn created_tasks_come_first_with_their_place_and_then_who_is_assigned() {
    let account = Account::new();
    let plan = account.preview(acme(agency()));
    let items: Vec<Item> = plan.items(&account.current).collect();
    let expected = [
        "Created Toggl",
        "Created Toggl > Acme",
        "Created Toggl > Acme > Nike",
        "Created Toggl > Acme > Nike > Site",
        "Created Toggl > Acme > Internal",
        "Created Toggl > Acme > Nike > Site > Build",
        "Created Toggl > Acme > Nike > Site > Test",
        "Created Toggl > Acme > Internal > Books",
        "Assigned Toggl",
        "Assigned Toggl > Acme",
        "Assigned Toggl > Acme",
    ];
    assert_eq!(told(&items), expected);
    assert_eq!((items[3].created, items[3].task, items[3].identity), (Some(3), None, Some(Identity::Project(ExternalId(41)))));
    assert_eq!((items[10].person, items[10].created, items[10].name.as_str()), (Some(PersonId(2)), Some(1), "Acme"));
    assert_eq!(plan.counts(&account.current), Counts { created: 8, assigned: 3, ..Counts::default() });
}

#[test] // I13, I14
fn each_aspect_of_a_change_is_an_item_with_the_old_and_the_new_value() {
    let mut account = Account::with_agency();
    let site = account.id("Site");
    let website = SourceProject { color: Color::parse("#00ff00"), active: false, ..project(41, "Website", 32) };
    let plan = account.preview(acme(WorkspaceContent {
        clients: vec![client(31, "Nike"), client(32, "Puma")],
        projects: vec![website, project(42, "Internal", None)],
        members: Some(vec![member("ada@x.test")]),
        ..agency()
    }));
    let items: Vec<Item> = plan.items(&account.current).collect();
    let expected = [
        "Created Toggl > Acme > Puma",
        "Renamed Toggl > Acme > Puma > Website",
        "Moved Toggl > Acme > Puma > Website",
        "Archived Toggl > Acme > Puma > Website",
        "Recolored Toggl > Acme > Puma > Website",
        "Archived Toggl > Acme > Puma > Website > Build",
        "Archived Toggl > Acme > Puma > Website > Test",
        "Withdrawn Toggl > Acme",
    ];
    assert_eq!(told(&items), expected);
    assert!(items[1..5].iter().all(|item| item.task == Some(site) && item.name.as_str() == "Website"));
    assert_eq!(items[1].old_name.as_ref().unwrap().as_str(), "Site");
    let old: Vec<_> = items[2].old_path.as_ref().unwrap().iter().map(Name::as_str).collect();
    assert_eq!(old, ["Toggl", "Acme", "Nike", "Site"]);
    assert_eq!((items[3].reason, items[3].old_reason), (Some(Reason::ArchivedInToggl), None));
    assert_eq!(items[7].person, Some(PersonId(2)));
    let counts = Counts { created: 1, renamed: 1, moved: 1, archived: 3, unchanged: 5, withdrawn: 1, ..Counts::default() };
    assert_eq!(plan.counts(&account.current), counts);
}

#[test] // I14
fn a_return_and_another_reason_tell_the_old_reason() {
    let mut account = Account::with_agency();
    let finished = |id, name, client| SourceProject { active: false, ..project(id, name, client) };
    let projects = vec![finished(41, "Site", Some(31)), finished(42, "Internal", None)];
    account.sync(acme(WorkspaceContent { projects, ..agency() }));
    let plan = account.preview(acme(WorkspaceContent {
        projects: vec![project(41, "Site", 31)],
        tasks: Some(vec![task(51, "Build", 41)]),
        ..agency()
    }));
    let told: Vec<_> = plan
        .items(&account.current)
        .map(|item| (item.change, item.name.as_str().to_owned(), item.old_reason, item.reason))
        .collect();
    let expected = [
        (ItemChange::Restored, "Site", Some(Reason::ArchivedInToggl), None),
        (ItemChange::ReasonChanged, "Internal", Some(Reason::ArchivedInToggl), Some(Reason::DeletedInToggl)),
        (ItemChange::Restored, "Build", Some(Reason::ParentArchived), None),
        (ItemChange::ReasonChanged, "Test", Some(Reason::ParentArchived), Some(Reason::DeletedInToggl)),
        (ItemChange::ReasonChanged, "Books", Some(Reason::ParentArchived), Some(Reason::DeletedInToggl)),
    ];
    assert_eq!(told, expected.map(|(change, name, old, new)| (change, name.to_owned(), old, new)));
    assert_eq!(plan.counts(&account.current), Counts { restored: 2, unchanged: 3, ..Counts::default() });
}

#[test] // I16
fn adoption_and_native_tasks_that_make_room_are_told() {
    let mut account = Account::with_agency();
    account.unlink_and_keep();
    let site = account.id("Site");
    account.add("Mine", site);
    let plan = account.preview(acme(agency()));
    let items: Vec<Item> = plan.items(&account.current).collect();
    assert_eq!(items.iter().filter(|item| item.change == ItemChange::Adopted).count(), 8);
    let mine = items.iter().find(|item| item.change == ItemChange::Moved).unwrap();
    assert_eq!((path(mine), mine.identity), ("Mine".to_owned(), None));
}
