//! Everything of an account that a sync may or may not change, as it stands at one moment.

use std::collections::{BTreeMap, BTreeSet};

use tallyport_domain::plan::Current;
use tallyport_domain::{AccountId, Grant, Identity, Person, PersonId, Roster, Selection, Settings, Task, TaskId};
use tallyport_storage::{Integration, Store, StoreError, Viewer};

use super::time::at_once;

/// Who has what.
pub(crate) type Assigned = BTreeSet<(PersonId, TaskId)>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) link: Option<Integration>,
    pub(crate) current: Current,
    /// Nothing while it is unlinked.
    pub(crate) terms: Option<(Roster, Selection, Settings)>,
    pub(crate) people: Vec<Person>,
    pub(crate) manual: Assigned,
}

impl State {
    pub(crate) fn of(store: &dyn Store, account: AccountId) -> Self {
        let people = at_once(store.people(account)).unwrap();
        let (automatic, manual) = assignments(store, account, &people);
        let state = Self { people, manual, ..Self::of_tasks(store, account, &automatic) };
        let told: BTreeSet<_> = state.current.automatic.iter().map(|grant| (grant.person, grant.task)).collect();
        assert_eq!(told, automatic, "the plan is given other assignments than people have");
        state
    }

    /// The same with nobody in it, for a fraction of the time.
    pub(crate) fn of_tasks(store: &dyn Store, account: AccountId, automatic: &Assigned) -> Self {
        let link = at_once(store.integration(account)).unwrap();
        let (mut current, terms) = match at_once(store.sync_state(account)) {
            Ok(state) => (state.current, Some((state.roster, state.selection, state.settings))),
            Err(StoreError::Integration { .. }) => {
                let viewer = Viewer { person: PersonId(1), sees_all: true };
                let rows = |archived| at_once(store.tree(account, viewer, archived)).unwrap();
                let tasks = rows(false).into_iter().chain(rows(true)).map(|row| row.task).collect();
                let automatic = automatic.iter().map(|(person, task)| Grant { person: *person, task: *task }).collect();
                (Current { tasks, automatic, ..Current::default() }, None)
            }
            Err(error) => panic!("the state cannot be read: {error:?}"),
        };
        current.tasks.sort_by_key(|task| task.id);
        Self { link, current, terms, people: Vec::new(), manual: BTreeSet::new() }
    }

    pub(crate) fn by_id(&self) -> BTreeMap<TaskId, &Task> {
        self.current.tasks.iter().map(|task| (task.id, task)).collect()
    }

    pub(crate) fn of_identity(&self, identity: Identity) -> Option<&Task> {
        self.current.tasks.iter().find(|task| task.origin.imported() == Some(identity))
    }

    /// The same, but for what a run leaves behind whatever came of it.
    pub(crate) fn lasting(&self) -> Self {
        let link = self.link.clone().map(|link| Integration {
            last_run: None,
            last_synced_at: None,
            quota: None,
            token_rejected: false,
            ..link
        });
        Self { link, ..self.clone() }
    }
}

/// What people have been assigned, by the integration and by hand.
fn assignments(store: &dyn Store, account: AccountId, people: &[Person]) -> (Assigned, Assigned) {
    let (mut automatic, mut manual) = (BTreeSet::new(), BTreeSet::new());
    for person in people {
        for row in at_once(store.access(account, person.id, false)).unwrap() {
            for (task, by_integration) in row.via {
                let all = if by_integration { &mut automatic } else { &mut manual };
                all.insert((person.id, task));
            }
        }
    }
    (automatic, manual)
}

/// Native, kept ones included.
pub(crate) fn is_native(task: &Task) -> bool {
    task.origin.imported().is_none()
}
