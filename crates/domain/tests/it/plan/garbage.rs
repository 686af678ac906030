//! Trees and lists that cannot be: the plan ends, says something, and makes no cycle where there was none.

use proptest::collection::vec;
use proptest::prelude::*;
use tallyport_domain::plan::{Current, Terms, plan};
use tallyport_domain::{
    Archived, Content, ExternalId, Identity, Kind, Origin, Reason, Selection, Settings, Snapshot, SourceClient, SourceProject,
    SourceTask, Task, TaskId, WorkspaceContent,
};

use crate::support::{Account, client, name, project, space, task};

const SMALL: std::ops::Range<i64> = 0..6;

fn identity() -> impl Strategy<Value = Identity> {
    (prop::sample::select(&Kind::ALL[..]), SMALL)
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
            let archived = prop::option::weighted(0.2, prop::sample::select(&Reason::ALL[..]));
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

/// Lists with ids that come twice and point nowhere.
fn snapshot() -> impl Strategy<Value = Snapshot> {
    let flag = any::<bool>;
    let clients = vec((SMALL, flag()).prop_map(|(id, archived)| SourceClient { archived, ..client(id, "c") }), 0..4);
    let projects = (SMALL, prop::option::of(SMALL), flag(), flag());
    let projects =
        projects.prop_map(|(id, client, active, template)| SourceProject { active, template, ..project(id, "p", client) });
    let tasks = (SMALL, SMALL, flag()).prop_map(|(id, project, active)| SourceTask { active, ..task(id, "t", project) });
    let content = (clients, vec(projects, 0..5), prop::option::of(vec(tasks, 0..6)));
    let content = content.prop_map(|(clients, projects, tasks)| WorkspaceContent { clients, projects, tasks, members: None });
    let content = prop_oneof![4 => content.prop_map(Content::Read), 1 => Just(Content::Refused("no".to_owned()))];
    let spaces = vec((SMALL, content).prop_map(|(id, content)| space(id, "s", content)), 0..4);
    spaces.prop_map(|workspaces| Snapshot { workspaces })
}

fn check(tasks: Vec<Task>, snapshot: &Snapshot) -> Current {
    let account = Account::new();
    let current = Current { tasks, ..Current::default() };
    let terms = Terms { selection: &Selection::All, settings: &Settings::default(), roster: &account.roster, at: account.now };
    let plan = plan(&current, snapshot, terms);
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
        tasks in tree(|_| prop::option::of(0..16_i64).boxed()),
        snapshot in snapshot(),
    ) {
        check(tasks, &snapshot);
    }

    #[test] // T2
    fn no_forest_however_odd_gets_a_cycle(
        tasks in tree(|id| if id == 0 { Just(None).boxed() } else { prop::option::of(0..id).boxed() }),
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
