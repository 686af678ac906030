//! When a plan needs a yes, counted from the trees alone.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tallyport_domain::Task;
use tallyport_domain::plan::Consent;

use super::history::{Sync, is_native};

/// I12, I16: beyond ten and a fifth, or over what people changed by hand; a yes covers what was shown and nothing else.
pub(super) fn what_needs_a_yes_is_held(sync: &Sync<'_>) -> TestCaseResult {
    let active = |task: &Task| !is_native(task) && task.archived.is_none();
    let archived = sync.pairs().filter(|(before, after)| active(before) && after.archived.is_some());
    let archived: BTreeSet<_> = archived.map(|(task, _)| task.id).collect();
    let changed = |(before, after): &(&Task, &Task)| {
        (&before.name, before.parent, before.archived) != (&after.name, after.parent, after.archived)
    };
    let overwritten = sync.pairs().filter(|(before, after)| is_native(before) && !is_native(after)).filter(changed);
    let overwritten: BTreeSet<_> = overwritten.map(|(task, _)| task.id).collect();
    let shown = sync.plan.shown(sync.before);
    prop_assert_eq!(&shown.archived, &archived);
    prop_assert_eq!(&shown.overwritten, &overwritten);

    let hold = |consent: &Consent| sync.plan.hold(sync.before, consent);
    let active = sync.before.tasks.iter().filter(|task| active(task)).count();
    let many = archived.len() > 10 && archived.len() * 5 > active;
    let held = hold(&Consent::None);
    prop_assert_eq!(held.is_some(), many || !overwritten.is_empty());
    if let Some(hold) = held {
        let told = (hold.archives as usize, hold.active as usize, hold.overwrites as usize);
        prop_assert_eq!(told, (archived.len(), active, overwritten.len()));
    }
    prop_assert_eq!(hold(&Consent::Everything), None);
    prop_assert_eq!(hold(&Consent::Shown(shown.clone())), None);
    prop_assert_eq!(hold(&Consent::Selection(archived)).is_some(), !overwritten.is_empty());
    for task in shown.archived.iter().chain(&shown.overwritten) {
        let mut less = shown.clone();
        less.archived.remove(task);
        less.overwritten.remove(task);
        prop_assert!(hold(&Consent::Shown(less)).is_some(), "more than was shown is applied");
    }
    Ok(())
}
