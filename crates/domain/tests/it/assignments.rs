//! Who gets and who loses automatic assignments (P3, P4, P5).

use std::collections::BTreeSet;

use tallyport_domain::plan::Warning;
use tallyport_domain::{Content, ExternalId, Grant, Member, PersonId, Selection, WorkspaceContent};

use crate::support::{Account, acme, agency, empty, member, name, space};

fn with_members(members: Vec<Member>) -> WorkspaceContent {
    WorkspaceContent { members: Some(members), ..agency() }
}

#[test] // P3, P4
fn the_first_sync_gives_the_owner_the_root_and_members_their_workspace() {
    let mut account = Account::new();
    let plan = account.sync(acme(agency()));
    assert_eq!(plan.assign_created, [(PersonId(1), 0), (PersonId(1), 1), (PersonId(2), 1)]);
    assert_eq!(account.automatic(), BTreeSet::from([(1, "Toggl"), (1, "Acme"), (2, "Acme")]));
}

#[test] // P4, A6
fn who_joined_is_matched_by_address_and_who_is_only_invited_is_not() {
    let mut account = Account::with_agency();
    account.roster.people[1].active = false;
    let invited = Member { joined: false, ..member("ada@x.test") };
    let plan = account.sync(acme(with_members(vec![invited, member("BEA@x.test"), member("who@x.test")])));
    assert_eq!(account.automatic(), BTreeSet::from([(1, "Toggl")]));
    let remembered: Vec<_> = plan.members[0].1.iter().map(|member| member.email.key()).collect();
    assert_eq!((plan.members[0].0, remembered), (ExternalId(11), vec!["ada@x.test", "bea@x.test", "who@x.test"]));
}

#[test] // P5
fn who_left_is_withdrawn() {
    let mut account = Account::with_agency();
    let plan = account.sync(acme(with_members(vec![member("ada@x.test")])));
    assert_eq!(plan.withdraw.len(), 1);
    assert_eq!(account.automatic(), BTreeSet::from([(1, "Toggl"), (1, "Acme")]));
}

#[test] // P5
fn a_suppressed_assignment_does_not_come_back() {
    let mut account = Account::with_agency();
    let grant = Grant { person: PersonId(2), task: account.id("Acme") };
    account.current.automatic.remove(&grant);
    account.current.suppressions.insert(grant);
    let plan = account.sync(acme(agency()));
    assert!(plan.is_empty(), "{plan:?}");
    assert_eq!(account.current.suppressions, BTreeSet::from([grant]));
}

#[test] // P5
fn members_that_cannot_be_read_withdraw_nobody_and_the_run_says_so() {
    let mut account = Account::with_agency();
    let before = account.automatic().len();
    let plan = account.sync(acme(WorkspaceContent { members: None, ..agency() }));
    assert_eq!(account.automatic().len(), before);
    assert!(plan.members.is_empty());
    assert_eq!(plan.warnings, [Warning::MembersUnreadable { workspace: name("Acme") }]);
}

#[test] // P5
fn an_archived_workspace_keeps_its_assignments_and_is_matched_when_it_returns() {
    let mut account = Account::with_agency();
    account.selection = Selection::none();
    let plan = account.sync(vec![space(11, "Acme", Content::NotSelected)]);
    assert!(plan.withdraw.is_empty() && plan.members.is_empty());

    account.selection = Selection::All;
    let plan = account.sync(acme(with_members(vec![member("ada@x.test")])));
    assert_eq!(plan.withdraw, BTreeSet::from([Grant { person: PersonId(2), task: account.id("Acme") }]));
}

#[test] // P5
fn a_workspace_that_refuses_its_lists_keeps_its_assignments() {
    let mut account = Account::with_agency();
    let plan = account.sync(vec![space(11, "Acme", Content::Refused("no".to_owned()))]);
    assert!(plan.is_empty(), "{plan:?}");
}

#[test] // P3
fn another_owner_gets_the_root_and_the_earlier_one_loses_it() {
    let mut account = Account::with_agency();
    account.roster.owner = PersonId(2);
    account.sync(acme(agency()));
    assert_eq!(account.automatic(), BTreeSet::from([(2, "Toggl"), (1, "Acme"), (2, "Acme")]));
}

#[test] // P2, P5
fn automatic_assignments_on_other_tasks_are_not_touched() {
    let mut account = Account::with_agency();
    let grant = Grant { person: PersonId(2), task: account.add("Elsewhere", None) };
    account.current.automatic.insert(grant);
    account.sync(acme(with_members(vec![])));
    assert_eq!(account.automatic(), BTreeSet::from([(1, "Toggl"), (2, "Elsewhere")]));
}

#[test] // P4
fn members_are_remembered_once_and_in_order_whoever_joined_first() {
    let mut account = Account::new();
    let invited = Member { joined: false, ..member("ada@x.test") };
    let content = WorkspaceContent { members: Some(vec![member("bea@x.test"), invited, member("ADA@x.test")]), ..empty() };
    let plan = account.sync(acme(content));
    let remembered: Vec<_> = plan.members[0].1.iter().map(|member| (member.email.key(), member.joined)).collect();
    assert_eq!(remembered, [("ada@x.test", true), ("bea@x.test", true)]);
}
