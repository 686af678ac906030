//! What holds after a sync, whatever happened before it and during it.

use std::collections::{BTreeMap, BTreeSet};

use tallyport_domain::plan::{Consent, Current, Hold, Item, ItemChange, Plan, Terms, plan};
use tallyport_domain::{
    Archived, Content, Grant, Identity, Kind, Name, Outcome, PrivateProjects, Reason, Run, Snapshot, Task, TaskId,
};

use super::reference::Reference;
use super::state::{State, is_native};

/// A run that came to its end, and what it was given.
pub(crate) struct Ran<'a> {
    /// As it stood when the run began.
    pub(crate) first: &'a State,
    /// As it stood last before the run wrote anything: people may have done something in between.
    pub(crate) before: &'a State,
    pub(crate) after: &'a State,
    pub(crate) run: &'a Run,
    pub(crate) items: &'a [Item],
    /// What it read; nothing where it did not get that far.
    pub(crate) read: Option<&'a Snapshot>,
    pub(crate) consent: &'a Consent,
}

/// Checks a run by its outcome.
pub(crate) fn check(ran: &Ran<'_>) {
    let Ran { before, after, run, .. } = ran;
    assert!(run.ended_at.is_some() && !run.outcome.is_under_way(), "it has ended: {run:?}");
    assert_eq!(run.error.is_some(), run.outcome == Outcome::Failed, "{run:?}");
    assert_eq!(run.hold.is_some(), run.outcome == Outcome::Held, "{run:?}");
    match run.outcome {
        Outcome::Succeeded => succeeded(ran),
        Outcome::Held => held(ran),
        Outcome::Failed | Outcome::Cancelled => {
            assert_eq!(before.lasting(), after.lasting(), "a run that came to nothing changes nothing"); // I10
            assert!(ran.items.is_empty(), "and records no change");
        }
        other => panic!("a run does not end as {other:?}"),
    }
}

/// The plan that the engine must have made of a state.
fn planned<'a>(ran: &Ran<'a>, state: &'a State) -> (Plan, Terms<'a>) {
    let (roster, selection, settings) = state.terms.as_ref().expect("it is linked");
    let terms = Terms { selection, settings, roster, at: ran.run.ended_at.unwrap() };
    (plan(&state.current, ran.read.expect("it read something"), terms), terms)
}

fn succeeded(ran: &Ran<'_>) {
    let Ran { before, after, run, items, consent, .. } = ran;
    let (plan, terms) = planned(ran, before);
    let read = ran.read.unwrap();

    // 11: the full result, as the pure plan says it.
    let first = items.iter().find(|item| item.change == ItemChange::Created).and_then(|item| item.task);
    let mut expected = plan.apply_to(&before.current, first.map_or(0, |id| id.0));
    expected.tasks.sort_by_key(|task| task.id);
    assert_eq!(after.current, expected, "the tree is not what the plan makes of it");
    assert_eq!(run.counts, plan.counts(&before.current));
    assert_eq!(run.warnings, plan.warnings);

    // 2, 10: the second opinion.
    let reference = Reference { before: &before.current, snapshot: read, terms };
    let by_id = after.by_id();
    let identity = |id: Option<TaskId>| id.and_then(|id| by_id[&id].origin.imported());
    let active = after.current.tasks.iter().filter(|task| task.archived.is_none());
    let active = active.filter_map(|task| Some((task.origin.imported()?, identity(task.parent), task.name.as_str().to_owned())));
    assert_eq!(active.collect::<BTreeSet<_>>(), reference.active());
    for task in &after.current.tasks {
        if let Some(reason) = task.origin.imported().and_then(|identity| reference.reason(identity)) {
            assert_eq!(task.archived.map(|archived| archived.reason), Some(reason), "{task:?}");
        }
    }
    none_missing(after, &reference);

    // 3: nothing is left to do.
    let again = tallyport_domain::plan::plan(&after.current, read, terms);
    assert!(again.is_empty(), "planning again changes something: {again:?}");

    tree(&after.current);
    untouched(ran);
    automatic(ran, &reference);
    archived(ran);
    told(ran);
    // 13
    if let Some(hold) = brake(ran) {
        panic!("{hold:?} was applied under {consent:?}");
    }
}

fn held(ran: &Ran<'_>) {
    assert_eq!(ran.before.lasting(), ran.after.lasting(), "a held run changes nothing"); // I12
    // It shows what it would have done to the tree that it began with: before or after what people did meanwhile.
    let shows = |state: &&State| {
        let (plan, _) = planned(ran, state);
        let shown = (plan.hold(&state.current, ran.consent), plan.counts(&state.current));
        shown == (ran.run.hold.clone(), ran.run.counts)
    };
    assert!([ran.first, ran.before].iter().any(shows), "{:?} is held for another tree", ran.run);
    let archived = ran.items.iter().filter(|item| item.change == ItemChange::Archived);
    let hold = ran.run.hold.as_ref().unwrap();
    let overwrites = hold.overwrites > 0;
    assert!(overwrites || archived.count() >= hold.archives as usize, "it shows what it would archive");
    let many = hold.archives > 10 && hold.archives * 5 > hold.active;
    let shown = matches!(ran.consent, Consent::Shown(_));
    assert!(many || overwrites || shown, "{hold:?} needs no yes");
}

/// 13: why this outcome would have needed a yes, counted from the trees alone.
fn brake(ran: &Ran<'_>) -> Option<Hold> {
    let (before, after) = (ran.before.by_id(), ran.after.by_id());
    let imported = |task: &Task| task.origin.imported().is_some();
    let active = before.values().filter(|task| imported(task) && task.archived.is_none()).count();
    let archived: BTreeSet<TaskId> = before
        .values()
        .filter(|task| imported(task) && task.archived.is_none() && after[&task.id].archived.is_some())
        .map(|task| task.id)
        .collect();
    let changed = |one: &Task, other: &Task| (&one.name, one.parent, one.archived) != (&other.name, other.parent, other.archived);
    let overwritten: BTreeSet<TaskId> = before
        .values()
        .filter(|task| !imported(task) && imported(after[&task.id]) && changed(task, after[&task.id]))
        .map(|task| task.id)
        .collect();
    let many = |count: usize| count > 10 && count * 5 > active;
    let held = match ran.consent {
        Consent::Everything => false,
        Consent::None => many(archived.len()) || !overwritten.is_empty(),
        Consent::Selection(agreed) => many(archived.difference(agreed).count()) || !overwritten.is_empty(),
        Consent::Shown(agreed) => !archived.is_subset(&agreed.archived) || !overwritten.is_subset(&agreed.overwritten),
    };
    let count = |set: &BTreeSet<TaskId>| u32::try_from(set.len()).unwrap();
    held.then(|| Hold { archives: count(&archived), active: u32::try_from(active).unwrap(), overwrites: count(&overwritten) })
}

/// 10: an active project of a selected workspace is never lost (I5).
fn none_missing(after: &State, reference: &Reference<'_>) {
    let left_out = reference.terms.settings.private_projects == PrivateProjects::LeaveOut;
    for (_, content) in reference.read() {
        for project in content.projects.iter().filter(|it| it.active && !it.template && !(it.private && left_out)) {
            let task = after.of_identity(Identity::Project(project.id));
            assert!(task.is_some_and(|task| task.archived.is_none()), "{project:?} is missing");
        }
    }
}

/// 6: native tasks but for making room, manual assignments, suppressions, people.
fn untouched(ran: &Ran<'_>) {
    let (before, after) = (ran.before.by_id(), ran.after.by_id());
    assert_eq!(ran.before.manual, ran.after.manual, "manual assignments");
    assert_eq!(ran.before.current.suppressions, ran.after.current.suppressions, "suppressions");
    assert_eq!(ran.before.people, ran.after.people, "people");
    assert_eq!(ran.before.terms, ran.after.terms, "selection and settings");
    for old in before.values() {
        let now = *after.get(&old.id).unwrap_or_else(|| panic!("{old:?} is gone"));
        assert_eq!(old.origin.identity(), now.origin.identity(), "it mirrors what it mirrored");
        if !is_native(now) {
            continue;
        }
        let in_the_way = old.parent.is_some_and(|parent| !is_native(after[&parent]));
        if !in_the_way {
            assert_eq!(*old, now, "a native task changed");
            continue;
        }
        let mut up = std::iter::successors(Some(*old), |task| before.get(&task.parent?).copied()).skip(1);
        let nearest = up.find(|above| is_native(after[&above.id]));
        assert_eq!(now.parent, nearest.map(|above| above.id), "{old:?} made room elsewhere");
        assert_eq!((&now.name, now.archived.is_some()), (&old.name, old.archived.is_some()));
    }
}

/// 7: automatic assignments are the active members less the suppressed, and the owner's root.
fn automatic(ran: &Ran<'_>, reference: &Reference<'_>) {
    let roster = reference.terms.roster;
    let active = || roster.people.iter().filter(|person| person.active);
    let root = ran.after.of_identity(Identity::Root).expect("there is a root").id;
    let mut looked_at = BTreeSet::from([root]);
    let mut expected = BTreeSet::new();
    expected.extend(active().filter(|it| it.id == roster.owner).map(|person| Grant { person: person.id, task: root }));
    for (space, content) in reference.read() {
        let task = ran.after.of_identity(Identity::Workspace(space.workspace.id));
        let (Some(members), Some(task)) = (&content.members, task) else { continue };
        looked_at.insert(task.id);
        let joined = |key: &str| members.iter().any(|member| member.joined && member.email.key() == key);
        expected.extend(active().filter(|it| joined(&it.email_key)).map(|person| Grant { person: person.id, task: task.id }));
    }
    expected.retain(|grant| !ran.after.current.suppressions.contains(grant));
    expected.extend(ran.before.current.automatic.iter().filter(|grant| !looked_at.contains(&grant.task)));
    assert_eq!(ran.after.current.automatic, expected, "automatic assignments");
}

/// 9: each newly archived task has a time of this run; the time stays the first.
fn archived(ran: &Ran<'_>) {
    let before = ran.before.by_id();
    for task in &ran.after.current.tasks {
        let Some(Archived { at, .. }) = task.archived else { continue };
        let was = before.get(&task.id).and_then(|task| task.archived);
        assert_eq!(at, was.map_or(ran.run.ended_at.unwrap(), |was| was.at), "{task:?}");
    }
}

/// 8, 9: a forest whose kinds nest, and nothing active below what is archived.
fn tree(current: &Current) {
    let by_id: BTreeMap<TaskId, &Task> = current.tasks.iter().map(|task| (task.id, task)).collect();
    assert_eq!(by_id.len(), current.tasks.len());
    for task in by_id.values() {
        let above = task.parent.map(|id| *by_id.get(&id).unwrap_or_else(|| panic!("{task:?} hangs under nothing")));
        let kind = above.map(|above| above.origin.imported().map(Identity::kind));
        let fits = match task.origin.imported().map(Identity::kind) {
            None => kind.flatten().is_none(),
            Some(Kind::Root) => kind.is_none(),
            Some(Kind::Workspace) => kind == Some(Some(Kind::Root)),
            Some(Kind::Client) => kind == Some(Some(Kind::Workspace)),
            Some(Kind::Project) => matches!(kind, Some(Some(Kind::Workspace | Kind::Client))),
            Some(Kind::Task) => kind == Some(Some(Kind::Project)),
        };
        assert!(fits, "{task:?} under {above:?}");
        let up = std::iter::successors(Some(*task), |task| task.parent.map(|id| by_id[&id]));
        assert!(up.take(by_id.len() + 1).count() <= by_id.len(), "{task:?} is in a cycle");
        let above_archived = above.and_then(|above| above.archived);
        assert!(above_archived.is_none() || task.archived.is_some(), "{task:?} is active below {above:?}");
        if task.archived.is_some_and(|archived| archived.reason == Reason::ParentArchived) {
            assert!(above_archived.is_some(), "{task:?} blames what is above it");
        }
    }
    let identities: Vec<Identity> = current.tasks.iter().filter_map(|task| task.origin.identity()).collect();
    assert_eq!(identities.iter().collect::<BTreeSet<_>>().len(), identities.len(), "two tasks mirror one item"); // 4
}

/// 12: the recorded items, applied to the old tree, give the new one, and their paths are true.
fn told(ran: &Ran<'_>) {
    #[derive(Debug, PartialEq, Eq)]
    struct Told<'a> {
        name: &'a Name,
        identity: Option<Identity>,
        reason: Option<Reason>,
    }
    fn told(task: &Task) -> Told<'_> {
        Told { name: &task.name, identity: task.origin.imported(), reason: task.archived.map(|archived| archived.reason) }
    }
    let (before, after) = (ran.before.by_id(), ran.after.by_id());
    let mut tree: BTreeMap<TaskId, Told<'_>> = before.iter().map(|(id, task)| (*id, told(task))).collect();
    let mut automatic = ran.before.current.automatic.clone();
    let mut moved = BTreeSet::new();
    for item in ran.items {
        let task = item.task.expect("a recorded item names its task");
        assert_eq!(item.created, None);
        assert_eq!(item.path, path(&after, task), "{item:?}");
        if item.change == ItemChange::Created {
            let new = Told { name: &item.name, identity: item.identity, reason: None };
            assert!(tree.insert(task, new).is_none(), "{item:?} was there already");
            moved.insert(task);
            continue;
        }
        let grant = || Grant { person: item.person.unwrap(), task };
        let entry = tree.get_mut(&task).unwrap();
        match item.change {
            ItemChange::Renamed => {
                assert_eq!(Some(entry.name), item.old_name.as_ref());
                entry.name = &item.name;
            }
            ItemChange::Archived | ItemChange::Restored | ItemChange::ReasonChanged => {
                assert_eq!(entry.reason, item.old_reason);
                entry.reason = item.reason;
            }
            ItemChange::Moved => {
                assert_eq!(item.old_path.as_ref(), Some(&path(&before, task)));
                moved.insert(task);
            }
            ItemChange::Adopted => entry.identity = item.identity,
            ItemChange::Assigned => assert!(automatic.insert(grant()), "assigned already"),
            ItemChange::Withdrawn => assert!(automatic.remove(&grant()), "not assigned"),
            ItemChange::Created | ItemChange::Recolored => {}
        }
    }
    let expected: BTreeMap<TaskId, Told<'_>> = after.iter().map(|(id, task)| (*id, told(task))).collect();
    assert_eq!(tree, expected, "the record does not tell it all");
    assert_eq!(automatic, ran.after.current.automatic, "the record does not tell all assignments");
    for (id, task) in before {
        assert_eq!(task.parent != after[&id].parent, moved.contains(&id), "{task:?} moved, or was said to");
    }
}

fn path(tree: &BTreeMap<TaskId, &Task>, id: TaskId) -> Vec<Name> {
    let mut path: Vec<Name> =
        std::iter::successors(Some(tree[&id]), |task| task.parent.map(|id| tree[&id])).map(|task| task.name.clone()).collect();
    path.reverse();
    path
}

/// Whether some workspace refused its lists, or some of them.
pub(crate) fn was_refused(read: &Snapshot) -> bool {
    read.workspaces.iter().any(|space| match &space.content {
        Content::Refused(_) => true,
        Content::Read(content) => content.members.is_none() || content.tasks.is_none(),
        Content::NotSelected => false,
    })
}
