//! The shape of the tree after every sync, and what stays of the one before.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tallyport_domain::{Archived, Identity, Kind, Reason, Task};

use super::history::{Sync, is_native, upwards};

/// I7, I16: two tasks never mirror one item, and a task never mirrors another one than before.
pub(super) fn an_item_has_one_task_and_keeps_it(sync: &Sync<'_>) -> TestCaseResult {
    let mut seen = BTreeSet::new();
    for identity in sync.after.tasks.iter().filter_map(|task| task.origin.identity()) {
        prop_assert!(seen.insert(identity), "two tasks mirror {:?}", identity);
    }
    for (before, after) in sync.pairs() {
        prop_assert_eq!(before.origin.identity(), after.origin.identity());
        prop_assert!(before.origin.imported().is_none() || after.origin.imported().is_some());
    }
    Ok(())
}

/// Entries hang on tasks: whatever happens, a task stays.
pub(super) fn no_task_goes_away(sync: &Sync<'_>) -> TestCaseResult {
    let gone: Vec<_> = sync.old.keys().filter(|id| !sync.new.contains_key(id)).collect();
    prop_assert!(gone.is_empty(), "{:?} are gone", gone);
    prop_assert_eq!(sync.new.len(), sync.after.tasks.len());
    prop_assert_eq!(sync.new.len(), sync.old.len() + sync.plan.created.len());
    Ok(())
}

/// T3, I16, P5
pub(super) fn native_tasks_change_only_to_make_room(sync: &Sync<'_>) -> TestCaseResult {
    for (before, now) in sync.pairs().filter(|(_, now)| is_native(now)) {
        let stands_in_the_way = before.parent.is_some_and(|parent| !is_native(sync.new[&parent]));
        if stands_in_the_way {
            let nearest = upwards(&sync.old, before).skip(1).find(|above| is_native(sync.new[&above.id]));
            prop_assert_eq!(now.parent, nearest.map(|above| above.id));
            // By hand is the only way in which a native task is archived; sync neither does nor undoes it.
            let by_hand = |archived: Archived| match (archived.reason, nearest.and_then(|above| above.archived)) {
                (Reason::ParentArchived, None) => Archived { reason: Reason::ArchivedHere, ..archived },
                _ => archived,
            };
            prop_assert_eq!(now, &Task { parent: now.parent, archived: before.archived.map(by_hand), ..before.clone() });
        } else {
            prop_assert_eq!(before, now);
        }
    }
    prop_assert_eq!(&sync.before.suppressions, &sync.after.suppressions);
    Ok(())
}

/// T1, T3
pub(super) fn a_forest_whose_kinds_nest(sync: &Sync<'_>) -> TestCaseResult {
    for task in sync.new.values().copied() {
        let parent = task.parent.map(|id| sync.new.get(&id));
        prop_assert!(parent != Some(None), "{:?} hangs under nothing", task);
        let above = parent.flatten().map(|parent| parent.origin.imported().map(Identity::kind));
        let fits = match task.origin.imported().map(Identity::kind) {
            None => above.flatten().is_none(),
            Some(Kind::Root) => above.is_none(),
            Some(Kind::Workspace) => above == Some(Some(Kind::Root)),
            Some(Kind::Client) => above == Some(Some(Kind::Workspace)),
            Some(Kind::Project) => matches!(above, Some(Some(Kind::Workspace | Kind::Client))),
            Some(Kind::Task) => above == Some(Some(Kind::Project)),
        };
        prop_assert!(fits, "{:?} under {:?}", task, above);
        let longest = sync.new.len();
        prop_assert!(upwards(&sync.new, task).take(longest + 1).count() <= longest, "{:?} is in a cycle", task);
    }
    Ok(())
}

/// I8: nothing is active below what is archived, whoever says that its parent is archived has one, and the time stays the first.
pub(super) fn archives_are_closed(sync: &Sync<'_>) -> TestCaseResult {
    for task in sync.new.values() {
        let above = task.parent.and_then(|id| sync.new[&id].archived);
        prop_assert!(above.is_none() || task.archived.is_some(), "{:?} is active below an archived task", task);
        let Some(archived) = task.archived else { continue };
        let inherited = archived.reason == Reason::ParentArchived;
        prop_assert!(!inherited || above.is_some() || is_native(task), "{:?} has no archived parent", task);
        let was = sync.old.get(&task.id).and_then(|task| task.archived);
        prop_assert_eq!(archived.at, was.map_or(sync.terms.at, |was| was.at));
    }
    Ok(())
}
