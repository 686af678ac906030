//! What people do here between syncs, and while one reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, Email, Name, PersonId, Role, TaskId};
use tallyport_simulator::World;
use tallyport_storage::{NewPerson, Store, StoreError};

use super::chance::Chance;
use super::state::{State, is_native};
use super::time::at_once;

/// Who acts where.
#[derive(Clone)]
pub(crate) struct Home {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) account: AccountId,
    pub(crate) by: PersonId,
}

impl Home {
    pub(crate) fn state(&self) -> State {
        State::of(self.store.as_ref(), self.account)
    }

    /// The state without people, for a fraction of the time.
    pub(crate) fn tasks(&self) -> State {
        State::of_tasks(self.store.as_ref(), self.account, &BTreeSet::new())
    }

    /// Does something, or is refused; says what it tried and what came of it, which is judged where that is asked for.
    pub(crate) fn act(&self, world: &World, now: DateTime<Utc>, chance: &mut Chance, judging: bool) -> String {
        let before = self.tasks();
        let native: Vec<TaskId> = before.current.tasks.iter().filter(|task| is_native(task)).map(|task| task.id).collect();
        let all: Vec<TaskId> = before.current.tasks.iter().map(|task| task.id).collect();
        let people: Vec<PersonId> = at_once(self.store.people(self.account)).unwrap().iter().map(|person| person.id).collect();
        let own = *chance.pick(&native).unwrap_or(&TaskId(7_000_000));
        let any = *chance.pick(&all).unwrap_or(&TaskId(7_000_000));
        let above = if chance.percent(50) { chance.pick(&native).copied() } else { None };
        let who = *chance.pick(&people).unwrap();
        let name = Name::from_source(&format!("own {}", chance.below(10_000)));
        let email = email(world, chance);
        let role = *chance.pick(&[Role::Member, Role::Manager, Role::Administrator]).unwrap();
        let Self { store, account, by } = self;
        let (account, by) = (*account, *by);
        let (what, done): (String, Result<(), StoreError>) = match chance.below(20) {
            0 | 1 => {
                let new = NewPerson { email: email.clone(), name: "New".into(), role, password_hash: None };
                (format!("add {email}"), at_once(store.add_people(account, &[new], by, now)).map(drop))
            }
            2 | 3 => (format!("email of {who} is {email}"), at_once(store.set_email(account, who, &email, by, now)).map(drop)),
            4 => (format!("deactivate {who}"), at_once(store.deactivate(account, who, by, now)).map(drop)),
            5 | 6 => (format!("reactivate {who}"), at_once(store.reactivate(account, who, by, now)).map(drop)),
            7 => (format!("role of {who}"), at_once(store.set_role(account, who, role, by, now)).map(drop)),
            8 | 9 => (format!("assign {any} to {who}"), at_once(store.assign(account, any, &[who], by, now))),
            10 | 11 => (format!("unassign {any} from {who}"), at_once(store.unassign(account, any, &[who], by, now))),
            12 | 13 => {
                let below = if chance.percent(15) { Some(any) } else { above };
                (format!("add {name} below {below:?}"), at_once(store.add_task(account, below, &name, by, now)).map(drop))
            }
            14 => (format!("rename {own}"), at_once(store.rename_task(account, own, &name, by, now))),
            15 => (format!("move {own} below {above:?}"), at_once(store.move_task(account, own, above, by, now))),
            16 => (format!("archive {own}"), at_once(store.archive_task(account, own, by, now))),
            17 => (format!("restore {own}"), at_once(store.restore_task(account, own, by, now))),
            18 => {
                let gone = if chance.percent(50) { own } else { any };
                (format!("delete {gone}"), at_once(store.delete_task(account, gone, by, now)))
            }
            _ => (format!("rename {any}"), at_once(store.rename_task(account, any, &name, by, now))),
        };
        if let Err(StoreError::Failed(error) | StoreError::Corrupt(error) | StoreError::Unknown(error)) = &done {
            panic!("{what}: {error}");
        }
        if judging {
            let after = self.tasks();
            let imported =
                |state: &State| state.current.tasks.iter().filter(|task| !is_native(task)).cloned().collect::<Vec<_>>();
            assert_eq!(imported(&before), imported(&after), "{what}: people cannot change what is imported"); // T3
            if done.is_err() {
                assert_eq!(before, after, "{what}: refused, and something changed all the same");
            }
        }
        format!("{what}: {}", done.err().map_or("done".to_owned(), |error| error.to_string()))
    }
}

/// An address of somebody in Toggl, as somebody else may spell it, or of nobody.
fn email(world: &World, chance: &mut Chance) -> Email {
    let known: Vec<&str> = world.users().filter_map(|user| user.email.as_deref()).collect();
    let text = match chance.pick(&known) {
        Some(known) if chance.percent(80) => match chance.below(3) {
            0 => (*known).to_owned(),
            1 => known.to_uppercase(),
            _ => format!(" {known} "),
        },
        _ => format!("nobody{}@x.test", chance.below(20)),
    };
    Email::parse(&text).unwrap()
}
