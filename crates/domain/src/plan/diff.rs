//! What changes between the tree as it is and as it should be.

use chrono::{DateTime, Utc};

use super::draft::Draft;
use super::tree::Tree;
use super::{NewTask, Place, Plan, TaskChange};
use crate::{Archived, Reason};

/// Compares the two trees, field by field.
pub(super) fn diff(tree: &Tree<'_>, draft: &Draft<'_>, at: DateTime<Utc>) -> Plan {
    let mut plan = Plan::default();
    for (index, reason) in draft.reasons().into_iter().enumerate().take(draft.existing) {
        let change = change(tree, draft, index, reason, at);
        let structure = change.name.is_some() || change.place.is_some() || change.archived.is_some() || change.adopted.is_some();
        let active = draft.is_imported(index) && tree.tasks[index].archived.is_none();
        plan.unchanged += u32::from(active && !structure);
        if !change.is_empty() {
            plan.changed.push(change);
        }
    }
    for node in &draft.nodes[draft.existing..] {
        let identity = node.imported.expect("only what the source has is created");
        let place = place(tree, draft, node.parent);
        let (color, billable) = node.look.unwrap_or_default();
        plan.created.push(NewTask { identity, place, name: node.name.clone(), color, billable });
    }
    plan
}

fn change(tree: &Tree<'_>, draft: &Draft<'_>, index: usize, reason: Option<Reason>, at: DateTime<Utc>) -> TaskChange {
    let task = tree.tasks[index];
    let node = &draft.nodes[index];
    let mut change = TaskChange::none(task.id);
    if *node.name != task.name {
        change.name = Some(node.name.clone());
    }
    if node.parent != tree.parents[index] {
        change.place = Some(place(tree, draft, node.parent));
    }
    if reason != task.archived.map(|archived| archived.reason) {
        let since = task.archived.map_or(at, |archived| archived.at);
        change.archived = Some(reason.map(|reason| Archived { reason, at: since }));
    }
    if let Some((color, billable)) = node.look {
        change.color = (color != task.color).then_some(color);
        change.billable = (billable != task.billable).then_some(billable);
    }
    if task.origin.imported().is_none() {
        change.adopted = node.imported;
    }
    change
}

fn place(tree: &Tree<'_>, draft: &Draft<'_>, parent: Option<usize>) -> Place {
    match parent {
        None => Place::Top,
        Some(index) if index < draft.existing => Place::Under(tree.tasks[index].id),
        Some(index) => Place::UnderCreated(created(draft, index)),
    }
}

/// Where in [`Plan::created`] a node to create stands.
pub(super) fn created(draft: &Draft<'_>, index: usize) -> u32 {
    u32::try_from(index - draft.existing).expect("a tree has fewer than four thousand million tasks")
}
