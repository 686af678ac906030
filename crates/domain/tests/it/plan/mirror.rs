//! That the tree mirrors what the source shows, after every sync, and nothing but that.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tallyport_domain::plan::{Current, Plan, Terms, plan};
use tallyport_domain::{Content, Identity, Kind, PrivateProjects, Reason, Snapshot, Task};

use super::history::{ById, Sync, upwards};

fn reason(task: &Task) -> Option<Reason> {
    task.archived.map(|archived| archived.reason)
}

/// The workspace that a task is in.
fn workspace<'a>(tree: &ById<'a>, task: &'a Task) -> Option<&'a Task> {
    upwards(tree, task).find(|task| task.origin.imported().map(Identity::kind) == Some(Kind::Workspace))
}

/// The client, project or task that a task mirrors.
fn item(task: &Task) -> Option<Identity> {
    task.origin.imported().filter(|identity| identity.kind() > Kind::Workspace)
}

fn turn<T>(list: &mut [T]) {
    let third = list.len() / 3;
    list.reverse();
    list.rotate_left(third);
}

/// The same tree and the same lists, each in another order.
pub(super) fn turned(tree: &Current, snapshot: &Snapshot) -> (Current, Snapshot) {
    let (mut tree, mut snapshot) = (tree.clone(), snapshot.clone());
    turn(&mut tree.tasks);
    turn(&mut snapshot.workspaces);
    for space in &mut snapshot.workspaces {
        if let Content::Read(content) = &mut space.content {
            turn(&mut content.clients);
            turn(&mut content.projects);
            content.tasks.iter_mut().for_each(|tasks| turn(tasks));
            content.members.iter_mut().for_each(|members| turn(members));
        }
    }
    (tree, snapshot)
}

/// I10
pub(super) fn order_does_not_matter(sync: &Sync<'_>) -> TestCaseResult {
    let (tree, snapshot) = turned(sync.before, sync.snapshot);
    let mut roster = sync.terms.roster.clone();
    turn(&mut roster.people);
    prop_assert_eq!(&plan(&tree, &snapshot, Terms { roster: &roster, ..sync.terms }), sync.plan);
    Ok(())
}

/// I5, I8: convergence
pub(super) fn active_tasks_are_those_of_the_reference(sync: &Sync<'_>) -> TestCaseResult {
    let active = sync.imported().filter(|(task, _)| task.archived.is_none()).map(|(task, identity)| {
        let above = task.parent.and_then(|parent| sync.new[&parent].origin.imported());
        (identity, above, task.name.as_str().to_owned())
    });
    prop_assert_eq!(active.collect::<BTreeSet<_>>(), sync.reference().active());
    Ok(())
}

/// T1, I8: archived ones too
pub(super) fn names_and_looks_are_those_of_the_source(sync: &Sync<'_>) -> TestCaseResult {
    let named: BTreeMap<Identity, &Task> = sync.imported().map(|(task, identity)| (identity, task)).collect();
    for (space, content) in sync.reference().read() {
        let workspace = [(Identity::Workspace(space.workspace.id), &space.workspace.name)];
        let clients = content.clients.iter().map(|client| (Identity::Client(client.id), &client.name));
        let projects = content.projects.iter().map(|project| (Identity::Project(project.id), &project.name));
        let tasks = content.tasks.iter().flatten().map(|task| (Identity::Task(task.id), &task.name));
        for (identity, name) in workspace.into_iter().chain(clients).chain(projects).chain(tasks) {
            prop_assert!(named.get(&identity).is_none_or(|task| task.name == *name), "{:?} is not {:?}", identity, name);
        }
        for project in &content.projects {
            let Some(task) = named.get(&Identity::Project(project.id)) else { continue };
            prop_assert_eq!((task.color, task.billable), (project.color, project.billable));
        }
    }
    Ok(())
}

/// I8
pub(super) fn reasons_are_those_of_the_source(sync: &Sync<'_>) -> TestCaseResult {
    let reference = sync.reference();
    for (task, identity) in sync.imported() {
        if let Some(expected) = reference.reason(identity) {
            prop_assert_eq!(reason(task), Some(expected), "{:?}", identity);
        }
    }
    Ok(())
}

/// I8: with the reason of who reads, and nothing else is
pub(super) fn what_a_complete_list_lacks_is_missing(sync: &Sync<'_>) -> TestCaseResult {
    let reference = sync.reference();
    let listed = sync.listed();
    for task in sync.new.values().copied() {
        let Some(identity) = item(task).filter(|identity| !listed.contains(identity)) else { continue };
        let above = workspace(&sync.new, task).and_then(|above| above.origin.imported());
        let space = reference.read().find(|(space, _)| Some(Identity::Workspace(space.workspace.id)) == above);
        let complete = space.filter(|(_, content)| identity.kind() != Kind::Task || content.tasks.is_some());
        let Some((space, _)) = complete else { continue };
        let missing = if space.workspace.administered { Reason::DeletedInToggl } else { Reason::NotVisible };
        prop_assert_eq!(reason(task), Some(missing), "{:?}", identity);
    }
    Ok(())
}

/// I10: fixed point
pub(super) fn planning_again_changes_nothing(sync: &Sync<'_>) -> TestCaseResult {
    let active = sync.imported().filter(|(task, _)| task.archived.is_none()).count();
    let nothing = Plan {
        unchanged: u32::try_from(active).unwrap(),
        members: sync.plan.members.clone(),
        warnings: sync.plan.warnings.clone(),
        ..Plan::default()
    };
    prop_assert_eq!(plan(sync.after, sync.snapshot, sync.terms), nothing);
    Ok(())
}

/// I5
pub(super) fn no_active_project_is_missing(sync: &Sync<'_>) -> TestCaseResult {
    let active = sync.imported().filter(|(task, _)| task.archived.is_none());
    let active: BTreeSet<Identity> = active.map(|(_, identity)| identity).collect();
    let left_out = sync.terms.settings.private_projects == PrivateProjects::LeaveOut;
    for (_, content) in sync.reference().read() {
        for project in content.projects.iter().filter(|p| p.active && !p.template && !(p.private && left_out)) {
            prop_assert!(active.contains(&Identity::Project(project.id)), "{:?} is missing", project);
        }
    }
    Ok(())
}

/// I10
pub(super) fn what_could_not_be_read_stays_as_it_is(sync: &Sync<'_>) -> TestCaseResult {
    let refused = |space: &Task| {
        let seen = sync.snapshot.workspaces.iter().filter(|seen| matches!(seen.content, Content::Refused(_)));
        seen.into_iter().any(|seen| Some(Identity::Workspace(seen.workspace.id)) == space.origin.imported())
    };
    let listed = sync.listed();
    let elsewhere =
        |task| upwards(&sync.old, task).any(|above| above.origin.imported().is_some_and(|identity| listed.contains(&identity)));
    for (task, now) in sync.pairs().filter(|(task, _)| task.origin.imported().is_some()) {
        if workspace(&sync.old, task).is_some_and(refused) {
            prop_assert!(task == now || elsewhere(task), "{:?} became {:?}", task, now);
        }
    }
    Ok(())
}

/// I8
pub(super) fn own_reasons_outlive_not_being_read(sync: &Sync<'_>) -> TestCaseResult {
    let listed = sync.listed();
    for (task, now) in sync.pairs() {
        if item(now).is_none_or(|identity| listed.contains(&identity)) {
            continue;
        }
        let space = workspace(&sync.new, now).and_then(reason);
        if matches!(space, Some(Reason::Deselected | Reason::NotVisible)) {
            let own = reason(task).filter(|reason| reason.is_own());
            prop_assert_eq!(reason(now), own.or(Some(Reason::ParentArchived)));
        }
    }
    Ok(())
}
