//! What holds after every sync, whatever happened before.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tallyport_domain::plan::{Consent, Current, ItemChange};
use tallyport_domain::{Archived, Content, Grant, Identity, Kind, PrivateProjects, Reason, Task, TaskId, WorkspaceContent};

use super::reference::Reference;
use super::scenario::{Sync, always, is_native};

fn by_id(tree: &Current) -> BTreeMap<TaskId, &Task> {
    tree.tasks.iter().map(|task| (task.id, task)).collect()
}

/// Every task of the old tree beside what became of it.
fn pairs<'a>(sync: &'a Sync<'_>) -> impl Iterator<Item = (&'a Task, &'a Task)> {
    let after = by_id(sync.after);
    sync.before.tasks.iter().map(move |task| (task, after[&task.id]))
}

/// What the lists of a workspace show.
fn items(content: &WorkspaceContent) -> impl Iterator<Item = Identity> {
    let clients = content.clients.iter().map(|client| Identity::Client(client.id));
    let projects = content.projects.iter().map(|project| Identity::Project(project.id));
    clients.chain(projects).chain(content.tasks.iter().flatten().map(|task| Identity::Task(task.id)))
}

fn reference<'a>(sync: &Sync<'a>) -> Reference<'a> {
    Reference { before: sync.before, snapshot: sync.snapshot, terms: sync.terms }
}

#[test] // I10: determinism
fn the_order_of_rows_and_lists_does_not_matter() {
    always(|sync| {
        let mut tree = sync.before.clone();
        tree.tasks.reverse();
        let mut snapshot = sync.snapshot.clone();
        snapshot.workspaces.reverse();
        for space in &mut snapshot.workspaces {
            if let Content::Read(content) = &mut space.content {
                let turn = content.projects.len() / 2;
                content.clients.reverse();
                content.projects.rotate_left(turn);
                content.tasks.iter_mut().for_each(|tasks| tasks.reverse());
                content.members.iter_mut().for_each(|members| members.reverse());
            }
        }
        prop_assert_eq!(&sync.again(&tree, &snapshot), sync.plan);
        Ok(())
    });
}

#[test] // I5, I8: convergence
fn the_active_imported_tasks_are_those_of_the_reference() {
    always(|sync| {
        let after = by_id(sync.after);
        let identity = |id: Option<TaskId>| id.and_then(|id| after[&id].origin.imported());
        let imported = sync.after.tasks.iter().filter(|task| task.archived.is_none());
        let imported =
            imported.filter_map(|task| Some((task.origin.imported()?, identity(task.parent), task.name.as_str().to_owned())));
        prop_assert_eq!(imported.collect::<BTreeSet<_>>(), reference(sync).active());
        Ok(())
    });
}

#[test] // I8
fn archived_items_have_the_reason_that_the_source_gives() {
    always(|sync| {
        for task in &sync.after.tasks {
            let Some(identity) = task.origin.imported() else { continue };
            if let Some(expected) = reference(sync).reason(identity) {
                prop_assert_eq!(task.archived.map(|archived| archived.reason), Some(expected), "{:?}", identity);
            }
        }
        Ok(())
    });
}

#[test] // I8
fn what_a_complete_list_lacks_is_missing_and_nothing_else_is() {
    always(|sync| {
        let reference = reference(sync);
        let listed: BTreeSet<Identity> = reference.read().flat_map(|(_, content)| items(content)).collect();
        let after = by_id(sync.after);
        for task in after.values() {
            let Some(identity @ (Identity::Client(_) | Identity::Project(_) | Identity::Task(_))) = task.origin.imported() else {
                continue;
            };
            let above = std::iter::successors(Some(*task), |task| task.parent.map(|id| after[&id]));
            let workspace = above.filter_map(|task| task.origin.imported()).find(|above| above.kind() == Kind::Workspace);
            let space = reference.read().find(|(space, _)| Some(Identity::Workspace(space.workspace.id)) == workspace);
            let complete = space.filter(|(_, content)| identity.kind() != Kind::Task || content.tasks.is_some());
            let Some((space, _)) = complete.filter(|_| !listed.contains(&identity)) else { continue };
            let missing = if space.workspace.administered { Reason::DeletedInToggl } else { Reason::NotVisible };
            prop_assert_eq!(task.archived.map(|archived| archived.reason), Some(missing), "{:?}", identity);
        }
        Ok(())
    });
}

#[test] // I10: fixed point
fn planning_again_changes_nothing() {
    always(|sync| {
        let again = sync.again(sync.after, sync.snapshot);
        prop_assert!(again.is_empty(), "{:?}", again);
        let active = sync.after.tasks.iter().filter(|task| task.origin.imported().is_some() && task.archived.is_none());
        prop_assert_eq!(again.unchanged as usize, active.count());
        prop_assert_eq!(&again.members, &sync.plan.members);
        Ok(())
    });
}

#[test] // I7, I16: identity
fn an_item_has_one_task_and_keeps_it() {
    always(|sync| {
        let mut seen = BTreeSet::new();
        for identity in sync.after.tasks.iter().filter_map(|task| task.origin.identity()) {
            prop_assert!(seen.insert(identity), "two tasks mirror {:?}", identity);
        }
        for (before, after) in pairs(sync) {
            prop_assert_eq!(before.origin.identity(), after.origin.identity());
            prop_assert!(before.origin.imported().is_none() || after.origin.imported().is_some());
        }
        Ok(())
    });
}

#[test] // T3, I16, P5
fn native_tasks_change_only_to_make_room_and_suppressions_never() {
    always(|sync| {
        let (old, after) = (by_id(sync.before), by_id(sync.after));
        for (before, now) in pairs(sync).filter(|(_, now)| is_native(now)) {
            let stands_in_the_way = before.parent.is_some_and(|parent| !is_native(after[&parent]));
            if stands_in_the_way {
                let mut up = std::iter::successors(Some(before), |task| old.get(&task.parent?).copied()).skip(1);
                let nearest = up.find(|above| is_native(after[&above.id]));
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
    });
}

#[test] // P3, P4, P5
fn automatic_assignments_are_the_active_members_less_the_suppressed_and_the_owner() {
    always(|sync| {
        let task_of =
            |identity| sync.after.tasks.iter().find(|task| task.origin.imported() == Some(identity)).map(|task| task.id);
        let active = || sync.terms.roster.people.iter().filter(|person| person.active);
        let mut read = BTreeSet::new();
        let mut expected = BTreeSet::new();
        let root = task_of(Identity::Root).unwrap();
        read.insert(root);
        expected.extend(
            active().filter(|person| person.id == sync.terms.roster.owner).map(|person| Grant { person: person.id, task: root }),
        );
        for (space, content) in reference(sync).read() {
            let (Some(members), Some(task)) = (&content.members, task_of(Identity::Workspace(space.workspace.id))) else {
                continue;
            };
            read.insert(task);
            let joined = |key: &str| members.iter().any(|member| member.joined && member.email.key() == key);
            expected.extend(active().filter(|person| joined(&person.email_key)).map(|person| Grant { person: person.id, task }));
        }
        expected.retain(|grant| !sync.after.suppressions.contains(grant));
        expected.extend(sync.before.automatic.iter().filter(|grant| !read.contains(&grant.task)));
        prop_assert_eq!(&sync.after.automatic, &expected);
        Ok(())
    });
}

#[test] // T1, T3: forest
fn the_tree_is_a_forest_whose_kinds_nest() {
    always(|sync| {
        let after = by_id(sync.after);
        prop_assert_eq!(after.len(), sync.after.tasks.len());
        for task in after.values() {
            let parent = task.parent.map(|id| after.get(&id).copied());
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
            let up = std::iter::successors(Some(*task), |task| task.parent.map(|id| after[&id]));
            prop_assert!(up.take(after.len() + 1).count() <= after.len(), "{:?} is in a cycle", task);
        }
        Ok(())
    });
}

#[test] // I8: closure
fn below_an_archived_task_nothing_is_active_and_the_time_is_that_of_the_first_sync() {
    always(|sync| {
        let (before, after) = (by_id(sync.before), by_id(sync.after));
        for task in after.values() {
            let above = task.parent.and_then(|id| after[&id].archived);
            prop_assert!(above.is_none() || task.archived.is_some(), "{:?} is active below an archived task", task);
            let Some(archived) = task.archived else { continue };
            let inherited = archived.reason == Reason::ParentArchived;
            prop_assert!(!inherited || above.is_some() || is_native(task), "{:?} has no archived parent", task);
            let was = before.get(&task.id).and_then(|task| task.archived);
            prop_assert_eq!(archived.at, was.map_or(sync.terms.at, |was| was.at));
        }
        Ok(())
    });
}

#[test] // I5
fn no_active_project_of_a_selected_workspace_is_missing() {
    always(|sync| {
        let active: BTreeSet<_> =
            sync.after.tasks.iter().filter(|task| task.archived.is_none()).filter_map(|task| task.origin.imported()).collect();
        for (_, content) in reference(sync).read() {
            let left_out = sync.terms.settings.private_projects == PrivateProjects::LeaveOut;
            for project in content.projects.iter().filter(|p| p.active && !p.template && !(p.private && left_out)) {
                prop_assert!(active.contains(&Identity::Project(project.id)), "{:?} is missing", project);
            }
        }
        Ok(())
    });
}

#[test] // I10
fn what_could_not_be_read_stays_as_it_is() {
    always(|sync| {
        let before = by_id(sync.before);
        let refused = |id: TaskId| {
            let up = std::iter::successors(before.get(&id), |task| task.parent.and_then(|id| before.get(&id)));
            let space = up.filter_map(|task| task.origin.imported()).find(|above| above.kind() == Kind::Workspace);
            sync.snapshot
                .workspaces
                .iter()
                .any(|seen| Some(Identity::Workspace(seen.workspace.id)) == space && matches!(seen.content, Content::Refused(_)))
        };
        let listed: BTreeSet<Identity> = reference(sync).read().flat_map(|(_, content)| items(content)).collect();
        let elsewhere = |task: &Task| {
            let mut up = std::iter::successors(Some(task), |task| before.get(&task.parent?).copied());
            up.any(|task| task.origin.imported().is_some_and(|identity| listed.contains(&identity)))
        };
        for (task, now) in pairs(sync).filter(|(task, _)| task.origin.imported().is_some() && refused(task.id)) {
            prop_assert!(task == now || elsewhere(task), "{:?} became {:?}", task, now);
        }
        Ok(())
    });
}

#[test] // I8
fn an_own_reason_outlives_the_time_in_which_its_workspace_is_not_read() {
    always(|sync| {
        let after = by_id(sync.after);
        let listed: BTreeSet<Identity> = reference(sync).read().flat_map(|(_, content)| items(content)).collect();
        for (task, now) in pairs(sync).filter(|(_, now)| now.origin.imported().is_some_and(|it| !listed.contains(&it))) {
            let Some(Identity::Client(_) | Identity::Project(_) | Identity::Task(_)) = now.origin.imported() else { continue };
            let mut up = std::iter::successors(Some(now), |task| after.get(&task.parent?).copied());
            let reason = up.find_map(|task| match task.origin.imported() {
                Some(Identity::Workspace(_)) => task.archived.map(|archived| archived.reason),
                _ => None,
            });
            if matches!(reason, Some(Reason::Deselected | Reason::NotVisible)) {
                let own = task.archived.map(|archived| archived.reason).filter(|reason| reason.is_own());
                prop_assert_eq!(now.archived.map(|archived| archived.reason), own.or(Some(Reason::ParentArchived)));
            }
        }
        Ok(())
    });
}

#[test] // I12, I16
fn a_plan_beyond_a_fifth_or_over_changes_by_hand_is_held() {
    always(|sync| {
        let imported = |task: &Task| task.origin.imported().is_some();
        let active = sync.before.tasks.iter().filter(|task| imported(task) && task.archived.is_none()).count();
        let archived: BTreeSet<_> = pairs(sync)
            .filter(|(before, after)| imported(before) && before.archived.is_none() && after.archived.is_some())
            .map(|(task, _)| task.id)
            .collect();
        let overwritten: BTreeSet<_> = pairs(sync)
            .filter(|(before, after)| !imported(before) && imported(after))
            .filter(|(before, after)| {
                (&before.name, before.parent, before.archived) != (&after.name, after.parent, after.archived)
            })
            .map(|(task, _)| task.id)
            .collect();
        let shown = sync.plan.shown(sync.before);
        prop_assert_eq!(&shown.archived, &archived);
        prop_assert_eq!(&shown.overwritten, &overwritten);

        let hold = |consent: &Consent| sync.plan.hold(sync.before, consent);
        let many = archived.len() > 10 && archived.len() * 5 > active;
        prop_assert_eq!(hold(&Consent::None).is_some(), many || !overwritten.is_empty());
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
    });
}

#[test]
fn the_histories_reach_every_kind_of_change() {
    let reached = RefCell::new(BTreeMap::<&str, u32>::new());
    always(|sync| {
        let mut reached = reached.borrow_mut();
        let mut reach = |what, times: usize| *reached.entry(what).or_default() += u32::try_from(times).unwrap();
        for item in sync.plan.items(sync.before) {
            let what = match item.change {
                ItemChange::Created => "created",
                ItemChange::Renamed => "renamed",
                ItemChange::Moved if item.identity.is_none() => "native moved",
                ItemChange::Moved => "moved",
                ItemChange::Archived => "archived",
                ItemChange::Restored => "restored",
                ItemChange::ReasonChanged => "reason changed",
                ItemChange::Recolored => "recolored",
                ItemChange::Adopted => "adopted",
                ItemChange::Assigned => "assigned",
                ItemChange::Withdrawn => "withdrawn",
            };
            reach(what, 1);
        }
        for reason in sync.after.tasks.iter().filter_map(|task| task.archived).map(|archived| archived.reason) {
            reach(reason.as_str(), 1);
        }
        let kept = sync.after.tasks.iter().filter(|task| is_native(task) && task.origin.identity().is_some());
        reach("stays kept", kept.count());
        reach("held", usize::from(sync.plan.hold(sync.before, &Consent::None).is_some_and(|hold| hold.overwrites == 0)));
        reach("nothing to do", usize::from(sync.plan.is_empty()));
        reach("no workspace", usize::from(sync.snapshot.workspaces.is_empty()));
        Ok(())
    });
    let reached = reached.into_inner();
    let words = [
        "created",
        "renamed",
        "native moved",
        "moved",
        "archived",
        "restored",
        "reason changed",
        "recolored",
        "adopted",
        "assigned",
        "withdrawn",
        "stays kept",
        "held",
        "nothing to do",
        "no workspace",
    ];
    for what in words.into_iter().chain(Reason::ALL.iter().map(|reason| reason.as_str())) {
        assert!(reached.get(what).is_some_and(|times| *times >= 5), "{what} is hardly reached: {reached:?}");
    }
}
