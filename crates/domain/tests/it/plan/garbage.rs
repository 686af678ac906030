//! Trees and lists that cannot be: the plan ends, says something, and makes no cycle where there was none.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use tallyport_domain::plan::{Current, Terms, plan};
use tallyport_domain::{
    Archived, Content, ExternalId, Identity, Kind, Origin, Reason, Selection, Settings, Snapshot, SourceClient, SourceProject,
    SourceTask, Task, TaskId, WorkspaceContent,
};

use super::mirror::turned;
use crate::support::{Account, client, name, project, space, task};

const SMALL: std::ops::Range<i64> = 0..6;

fn identity() -> impl Strategy<Value = Identity> {
    (select(&Kind::ALL[..]), SMALL)
        .prop_map(|(kind, id)| Identity::from_parts(kind, Some(ExternalId(id))).unwrap_or(Identity::Root))
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![1 => Just(Origin::Native), 2 => identity().prop_map(Origin::Kept), 4 => identity().prop_map(Origin::Imported)]
}

/// Tasks that hang under any others, in circles too, or under none that exists.
fn tree(parents: impl Fn(i64) -> BoxedStrategy<Option<i64>>) -> impl Strategy<Value = Vec<Task>> {
    let at = Account::new().now;
    let tasks: Vec<_> = (0..14)
        .map(|id| {
            let archived = option::weighted(0.2, select(&Reason::ALL[..]));
            (origin(), parents(id), archived).prop_map(move |(origin, parent, reason)| Task {
                id: TaskId(id),
                parent: parent.map(TaskId),
                name: name(&format!("task {id}")),
                origin,
                color: None,
                billable: None,
                archived: reason.map(|reason| Archived { reason, at }),
            })
        })
        .collect();
    tasks
}

/// Lists with ids that come twice, under other names and in other workspaces, and point nowhere.
fn snapshot() -> impl Strategy<Value = Snapshot> {
    let flag = any::<bool>;
    let called = || select(&["one", "two", "three"][..]);
    let clients = (SMALL, called(), flag()).prop_map(|(id, name, archived)| SourceClient { archived, ..client(id, name) });
    let projects = (SMALL, called(), option::of(SMALL), flag(), flag());
    let projects =
        projects.prop_map(|(id, name, client, active, template)| SourceProject { active, template, ..project(id, name, client) });
    let tasks = (SMALL, called(), SMALL, flag());
    let tasks = tasks.prop_map(|(id, name, project, active)| SourceTask { active, ..task(id, name, project) });
    let content = (vec(clients, 0..4), vec(projects, 0..5), option::of(vec(tasks, 0..6)));
    let content = content.prop_map(|(clients, projects, tasks)| WorkspaceContent { clients, projects, tasks, members: None });
    let content = prop_oneof![4 => content.prop_map(Content::Read), 1 => Just(Content::Refused("no".to_owned()))];
    btree_map(SMALL, content, 0..4)
        .prop_map(|spaces| Snapshot { workspaces: spaces.into_iter().map(|(id, content)| space(id, "s", content)).collect() })
}

fn check(tasks: Vec<Task>, snapshot: &Snapshot) -> Current {
    let account = Account::new();
    let current = Current { tasks, ..Current::default() };
    let terms = Terms { selection: &Selection::All, settings: &Settings::default(), roster: &account.roster, at: account.now };
    let plan = plan(&current, snapshot, terms);
    let (turned_tree, turned_snapshot) = turned(&current, snapshot);
    assert_eq!(plan, tallyport_domain::plan::plan(&turned_tree, &turned_snapshot, terms), "the order matters");
    let after = plan.apply_to(&current, 1000);
    assert_eq!(after.tasks.len(), current.tasks.len() + plan.created.len());
    assert_eq!(plan.counts(&current).created as usize, plan.created.len());
    assert!(plan.items(&current).count() >= plan.created.len() + plan.changed.len());
    after
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2000,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_tree_with_cycles_ends_the_plan_all_the_same(
        tasks in tree(|_| option::of(0..16_i64).boxed()),
        snapshot in snapshot(),
    ) {
        check(tasks, &snapshot);
    }

    #[test] // T2
    fn no_forest_however_odd_gets_a_cycle(
        tasks in tree(|id| if id == 0 { Just(None).boxed() } else { option::of(0..id).boxed() }),
        snapshot in snapshot(),
    ) {
        let after = check(tasks, &snapshot);
        for task in &after.tasks {
            let up = |id: TaskId| after.tasks.iter().find(|other| other.id == id).unwrap().parent;
            let steps = std::iter::successors(Some(task.id), |id| up(*id)).take(after.tasks.len() + 1).count();
            prop_assert!(steps <= after.tasks.len(), "{:?} is in a cycle", task);
        }
    }
}
