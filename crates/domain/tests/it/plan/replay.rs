//! A preview and the record of a run tell all that happens: the items, applied one by one, give the new tree (I13, I14).

use std::collections::BTreeMap;

use proptest::prelude::*;
use tallyport_domain::plan::{Counts, Current, Item, ItemChange};
use tallyport_domain::{Grant, Name, Origin, Reason, Task, TaskId};

use super::scenario::{Sync, always};

/// What the items say of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    name: Name,
    parent: Option<TaskId>,
    origin: Origin,
    reason: Option<Reason>,
}

impl Told {
    fn of(task: &Task) -> Self {
        let reason = task.archived.map(|archived| archived.reason);
        Self { name: task.name.clone(), parent: task.parent, origin: task.origin, reason }
    }
}

fn path(tree: &Current, id: TaskId) -> Vec<Name> {
    let task = tree.tasks.iter().find(|task| task.id == id).unwrap();
    let mut path = task.parent.map(|parent| path(tree, parent)).unwrap_or_default();
    path.push(task.name.clone());
    path
}

fn id(item: &Item, sync: &Sync<'_>) -> TaskId {
    item.task.unwrap_or_else(|| TaskId(sync.next_id + i64::from(item.created.unwrap())))
}

fn grant(item: &Item, task: TaskId) -> Grant {
    Grant { person: item.person.unwrap(), task }
}

#[test] // I13, I14
fn the_items_applied_one_by_one_give_the_new_tree() {
    always(|sync| {
        let items: Vec<Item> = sync.plan.items(sync.before).collect();
        let mut tree: BTreeMap<TaskId, Told> = sync.before.tasks.iter().map(|task| (task.id, Told::of(task))).collect();
        let mut automatic = sync.before.automatic.clone();
        for item in &items {
            let task = id(item, sync);
            if item.change == ItemChange::Created {
                let told = Told {
                    name: item.name.clone(),
                    parent: None,
                    origin: Origin::Imported(item.identity.unwrap()),
                    reason: None,
                };
                prop_assert_eq!(tree.insert(task, told), None);
                continue;
            }
            let told = tree.get_mut(&task).unwrap();
            match item.change {
                ItemChange::Renamed => {
                    prop_assert_eq!(Some(&told.name), item.old_name.as_ref());
                    told.name = item.name.clone();
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
        let named: BTreeMap<Name, TaskId> = tree.iter().map(|(id, told)| (told.name.clone(), *id)).collect();
        prop_assert_eq!(named.len(), tree.len());
        for item in items.iter().filter(|item| matches!(item.change, ItemChange::Created | ItemChange::Moved)) {
            let above = item.path.iter().rev().nth(1).map(|above| named[above]);
            tree.get_mut(&id(item, sync)).unwrap().parent = above;
        }
        let expected: BTreeMap<TaskId, Told> = sync.after.tasks.iter().map(|task| (task.id, Told::of(task))).collect();
        prop_assert_eq!(tree, expected);
        prop_assert_eq!(&automatic, &sync.after.automatic);
        Ok(())
    });
}

#[test] // I13, I14
fn items_tell_true_paths_and_their_number_is_the_count() {
    always(|sync| {
        let told_of = |task: &Task| (Told::of(task), task.origin.imported().is_some() && task.archived.is_none());
        let stays = |task: &&Task| sync.after.tasks.iter().any(|other| other.id == task.id && told_of(other) == told_of(task));
        let active = sync.before.tasks.iter().filter(|task| told_of(task).1);
        let mut told = Counts { unchanged: u32::try_from(active.filter(stays).count()).unwrap(), ..Counts::default() };
        for item in sync.plan.items(sync.before) {
            let task = id(&item, sync);
            prop_assert_eq!(&item.path, &path(sync.after, task));
            prop_assert_eq!(Some(&item.name), item.path.last());
            prop_assert_eq!(item.old_path.is_some(), item.change == ItemChange::Moved);
            if let Some(old_path) = &item.old_path {
                prop_assert_eq!(old_path, &path(sync.before, task));
            }
            let after = sync.after.tasks.iter().find(|other| other.id == task).unwrap();
            prop_assert_eq!(item.identity, after.origin.imported());
            match item.change {
                ItemChange::Created => told.created += 1,
                ItemChange::Renamed => told.renamed += 1,
                ItemChange::Moved => told.moved += 1,
                ItemChange::Archived => told.archived += 1,
                ItemChange::Restored => told.restored += 1,
                ItemChange::Assigned => told.assigned += 1,
                ItemChange::Withdrawn => told.withdrawn += 1,
                ItemChange::ReasonChanged | ItemChange::Adopted => {}
                ItemChange::Recolored => {
                    let before = sync.before.tasks.iter().find(|other| other.id == task).unwrap();
                    prop_assert_ne!((before.color, before.billable), (after.color, after.billable));
                }
            }
        }
        prop_assert_eq!(sync.plan.counts(sync.before), told);
        Ok(())
    });
}
