//! When a plan needs a yes (I3, I12, I16).

use std::collections::BTreeSet;

use tallyport_domain::plan::{Consent, Hold, Plan, ShownChanges};
use tallyport_domain::{WorkspaceContent, WorkspaceSnapshot};

use crate::support::{Account, acme, empty, project};

/// So many projects; with root and workspace that makes two more active imported tasks.
fn projects(numbers: std::ops::Range<i64>) -> Vec<WorkspaceSnapshot> {
    let projects = numbers.map(|id| project(100 + id, &format!("Project {id}"), None)).collect();
    acme(WorkspaceContent { projects, ..empty() })
}

fn plan_of(before: i64, gone: i64) -> (Account, Plan) {
    let mut account = Account::new();
    account.sync(projects(0..before));
    let plan = account.preview(projects(gone..before));
    (account, plan)
}

fn holds(before: i64, gone: i64) -> bool {
    let (account, plan) = plan_of(before, gone);
    plan.hold(&account.current, &Consent::None).is_some()
}

#[test] // I12
fn more_than_ten_and_more_than_a_fifth_need_a_yes() {
    assert!(!holds(10, 10), "ten are never many");
    assert!(holds(11, 11));
    assert!(!holds(53, 11), "eleven of 55 are just a fifth");
    assert!(holds(52, 11), "eleven of 54 are more");
    assert!(!holds(0, 0));
}

#[test] // I12
fn a_hold_tells_how_much() {
    let (account, plan) = plan_of(20, 12);
    let hold = plan.hold(&account.current, &Consent::None);
    assert_eq!(hold, Some(Hold { archives: 12, active: 22, overwrites: 0 }));
    assert_eq!(plan.hold(&account.current, &Consent::Everything), None);
}

#[test] // I12
fn archived_tasks_and_native_ones_do_not_count() {
    let (mut account, _) = plan_of(60, 0);
    account.sync(projects(45..60));
    for number in 0..500 {
        account.add(&format!("Native {number}"), None);
    }
    let plan = account.preview(projects(56..60));
    let hold = plan.hold(&account.current, &Consent::None);
    assert_eq!(hold, Some(Hold { archives: 11, active: 17, overwrites: 0 }));
}

#[test] // I12
fn confirming_covers_what_was_shown_and_nothing_else() {
    let (account, plan) = plan_of(30, 15);
    let shown = plan.shown(&account.current);
    assert_eq!(shown.archived.len(), 15);
    assert_eq!(plan.hold(&account.current, &Consent::Shown(shown.clone())), None);

    let more = account.preview(projects(16..30));
    let hold = more.hold(&account.current, &Consent::Shown(shown.clone()));
    assert_eq!(hold.map(|hold| hold.archives), Some(16), "one more than was shown holds anew");
    let fewer = account.preview(projects(3..30));
    assert_eq!(fewer.hold(&account.current, &Consent::Shown(shown)), None);
}

#[test] // I3, I12
fn a_yes_to_a_selection_leaves_the_brake_to_what_comes_on_top() {
    let (account, plan) = plan_of(30, 25);
    let all = plan.shown(&account.current).archived;
    let agreed = |number: usize| Consent::Selection(all.iter().copied().take(number).collect());
    assert_eq!(plan.hold(&account.current, &agreed(15)), None);
    let hold = plan.hold(&account.current, &agreed(14));
    assert_eq!(hold, Some(Hold { archives: 25, active: 32, overwrites: 0 }), "eleven on top, told in full");
}

#[test] // I16
fn overwriting_a_change_to_a_kept_task_needs_a_yes() {
    let (mut account, _) = plan_of(3, 0);
    account.unlink_and_keep();
    let plan = account.preview(projects(0..3));
    assert_eq!(plan.hold(&account.current, &Consent::None), None, "nothing was changed");

    let changed = account.id("Project 1");
    account.task("Project 1").name = crate::support::name("Mine");
    let plan = account.preview(projects(0..3));
    let hold = Some(Hold { archives: 0, active: 0, overwrites: 1 });
    assert_eq!(plan.hold(&account.current, &Consent::None), hold);
    assert_eq!(plan.hold(&account.current, &Consent::Selection(BTreeSet::new())), hold);
    let shown = ShownChanges { overwritten: [changed].into(), ..ShownChanges::default() };
    assert_eq!(plan.shown(&account.current), shown);
    assert_eq!(plan.hold(&account.current, &Consent::Shown(shown)), None);
    assert_eq!(plan.hold(&account.current, &Consent::Shown(ShownChanges::default())), hold);
}
