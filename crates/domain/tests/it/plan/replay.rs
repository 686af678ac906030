//! A preview and the record of a run tell all that happens: the items, applied one by one, give the new tree (I13, I14).

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tallyport_domain::plan::{Counts, Item, ItemChange};
use tallyport_domain::{Grant, Name, Origin, Reason, Task, TaskId};

use super::history::{ById, Sync, upwards};

/// What the items say of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told<'a> {
    name: &'a Name,
    parent: Option<TaskId>,
    origin: Origin,
    reason: Option<Reason>,
}

impl<'a> Told<'a> {
    fn of(task: &'a Task) -> Self {
        let reason = task.archived.map(|archived| archived.reason);
        Self { name: &task.name, parent: task.parent, origin: task.origin, reason }
    }
}

fn id(item: &Item, sync: &Sync<'_>) -> TaskId {
    item.task.unwrap_or_else(|| TaskId(sync.next_id + i64::from(item.created.unwrap())))
}

fn grant(item: &Item, task: TaskId) -> Grant {
    Grant { person: item.person.unwrap(), task }
}

/// I13, I14: applied they give the new tree, their paths are true, and their number is the count.
pub(super) fn items_tell_the_plan(sync: &Sync<'_>) -> TestCaseResult {
    let items: Vec<Item> = sync.plan.items(sync.before).collect();
    give_the_new_tree(sync, &items)?;
    let mut counts = Counts { unchanged: unchanged(sync), ..Counts::default() };
    for item in &items {
        is_true(sync, item)?;
        count(&mut counts, item.change);
    }
    prop_assert_eq!(sync.plan.counts(sync.before), counts);
    prop_assert_eq!(sync.plan.is_empty(), items.is_empty());
    Ok(())
}

fn give_the_new_tree(sync: &Sync<'_>, items: &[Item]) -> TestCaseResult {
    let mut tree: BTreeMap<TaskId, Told<'_>> = sync.old.iter().map(|(id, task)| (*id, Told::of(task))).collect();
    let mut automatic = sync.before.automatic.clone();
    for item in items {
        let task = id(item, sync);
        if item.change == ItemChange::Created {
            let origin = Origin::Imported(item.identity.unwrap());
            let told = Told { name: &item.name, parent: None, origin, reason: None };
            prop_assert_eq!(tree.insert(task, told), None);
            continue;
        }
        let told = tree.get_mut(&task).unwrap();
        match item.change {
            ItemChange::Renamed => {
                prop_assert_eq!(Some(told.name), item.old_name.as_ref());
                told.name = &item.name;
            }
            ItemChange::Archived | ItemChange::Restored | ItemChange::ReasonChanged => {
                prop_assert_eq!(told.reason, item.old_reason);
                told.reason = item.reason;
            }
            ItemChange::Adopted => told.origin = Origin::Imported(item.identity.unwrap()),
            ItemChange::Assigned => prop_assert!(automatic.insert(grant(item, task)), "assigned already"),
            ItemChange::Withdrawn => prop_assert!(automatic.remove(&grant(item, task)), "not assigned"),
            ItemChange::Created | ItemChange::Moved | ItemChange::Recolored => {}
        }
    }
    // Names are unique here, so the name before the last of a path says what a task hangs under.
    let named: BTreeMap<&Name, TaskId> = tree.iter().map(|(id, told)| (told.name, *id)).collect();
    prop_assert_eq!(named.len(), tree.len());
    for item in items.iter().filter(|item| matches!(item.change, ItemChange::Created | ItemChange::Moved)) {
        let above = item.path.iter().rev().nth(1).map(|above| named[above]);
        tree.get_mut(&id(item, sync)).unwrap().parent = above;
    }
    let expected: BTreeMap<TaskId, Told<'_>> = sync.new.iter().map(|(id, task)| (*id, Told::of(task))).collect();
    prop_assert_eq!(tree, expected);
    prop_assert_eq!(&automatic, &sync.after.automatic);
    Ok(())
}

/// What the item says of names, paths and looks is so.
fn is_true(sync: &Sync<'_>, item: &Item) -> TestCaseResult {
    let after = sync.new[&id(item, sync)];
    prop_assert!(item.path.iter().rev().eq(names(&sync.new, after)), "{:?} has another path", item);
    prop_assert_eq!(Some(&item.name), item.path.last());
    prop_assert_eq!(item.identity, after.origin.imported());
    prop_assert_eq!(item.old_path.is_some(), item.change == ItemChange::Moved);
    let before = || sync.old[&after.id];
    if let Some(old_path) = &item.old_path {
        prop_assert!(old_path.iter().rev().eq(names(&sync.old, before())), "{:?} had another path", item);
    }
    if item.change == ItemChange::Recolored {
        prop_assert_ne!((before().color, before().billable), (after.color, after.billable));
    }
    Ok(())
}

/// The names of a task and of what it hangs under, upwards.
fn names<'a>(tree: &ById<'a>, task: &'a Task) -> impl Iterator<Item = &'a Name> {
    upwards(tree, task).map(|task| &task.name)
}

/// How many active imported tasks stay as they are, colour and billing aside.
fn unchanged(sync: &Sync<'_>) -> u32 {
    let active = sync.pairs().filter(|(before, _)| before.origin.imported().is_some() && before.archived.is_none());
    u32::try_from(active.filter(|(before, after)| Told::of(before) == Told::of(after)).count()).unwrap()
}

fn count(counts: &mut Counts, change: ItemChange) {
    match change {
        ItemChange::Created => counts.created += 1,
        ItemChange::Renamed => counts.renamed += 1,
        ItemChange::Moved => counts.moved += 1,
        ItemChange::Archived => counts.archived += 1,
        ItemChange::Restored => counts.restored += 1,
        ItemChange::Assigned => counts.assigned += 1,
        ItemChange::Withdrawn => counts.withdrawn += 1,
        ItemChange::ReasonChanged | ItemChange::Recolored | ItemChange::Adopted => {}
    }
}
