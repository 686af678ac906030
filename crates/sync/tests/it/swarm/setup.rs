//! What histories and the bench of nonsense begin with: a simulated Toggl in simulated time, an account, and the process that
//! syncs it.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use tallyport_domain::plan::Consent;
use tallyport_domain::{Email, ExternalId, Role, Selection, SourceUser, Trigger, Zone};
use tallyport_simulator::{Clock, Simulator, Switches, World, start};
use tallyport_storage::{Enable, NewAccount, NewPerson, Store, SyncStore};
use tallyport_sync::{Order, Patience, SyncEngine};
use tallyport_toggl::{Config, Toggl};

use super::chance::{Chance, Dice};
use super::deeds::Home;
use super::process::Process;
use super::source::Watched;
use super::store::Prompt;
use super::time::{Time, at_once};
use super::truth::Truth;
use super::wire::{Asked, Wire};

/// A simulated Toggl, the time by which it goes, and the number of the person whose token it gives out.
pub(crate) fn simulate(world: World, switches: &Switches, chance: &mut Chance) -> (Simulator, Time, i64) {
    let time = Time::from(start(), chance.fork());
    let simulated = time.clone();
    let simulator = Simulator::with_clock(world, Clock::following(move || tallyport_domain::Clock::now(&simulated)));
    simulator.switch(|all| *all = switches.clone());
    let reader = simulator.read(|world| world.users().next().unwrap().id);
    (simulator, time, reader)
}

/// A folder in memory where the machine has one: what a disk does to commits is not what is asked here.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// An account of three people, of whom two are in Toggl, too.
pub(crate) fn account(store: &Arc<dyn Store>, name: &str, now: DateTime<Utc>) -> Home {
    let person = |email: &str, role| NewPerson {
        email: Email::parse(email).unwrap(),
        name: email.split('@').next().unwrap().to_owned(),
        role,
        password_hash: None,
    };
    let administrator = person("ana.novakova@nordlicht.example", Role::Administrator);
    let new = NewAccount { name: name.to_owned(), zone: Zone::utc(), administrator, now };
    let (account, ana) = at_once(store.create_account(&new)).unwrap();
    let others = [person("ada@x.test", Role::Administrator), person("bjork@nordlicht.example", Role::Member)];
    at_once(store.add_people(account.id, &others, ana.id, now)).unwrap();
    Home { store: Arc::clone(store), account: account.id, by: ana.id }
}

impl Home {
    /// How the integration is enabled with the token of the person who sees this.
    pub(crate) fn enabling(&self, truth: &Truth<'_>, now: DateTime<Utc>) -> Enable {
        let toggl_user = SourceUser { id: ExternalId(truth.reader), name: "Ana".into(), email: "ana@x.test".into() };
        Enable { owner: self.by, toggl_user, sealed_token: vec![7; 40], workspaces: truth.workspaces(), now }
    }

    /// Enables it for the first time, and mirrors everything.
    pub(crate) fn enable(&self, enabling: &Enable) {
        at_once(self.store.enable(self.account, enabling)).unwrap();
        at_once(self.store.select(self.account, &Selection::All, &enabling.workspaces, self.by, enabling.now)).unwrap();
    }

    /// An order with all the time in the world.
    pub(crate) fn order(&self, trigger: Trigger, consent: Consent) -> Order {
        Order { trigger, started_by: Some(self.by), consent, patience: Patience::Forever }
    }
}

/// What lives and dies together.
pub(crate) struct Machine {
    pub(crate) process: Process,
    pub(crate) engine: SyncEngine,
    pub(crate) source: Arc<Watched>,
}

/// Starts a process that knows nothing yet.
pub(crate) fn boot(
    simulator: &Simulator,
    time: &Time,
    store: Arc<dyn SyncStore>,
    asked: &Arc<Mutex<Vec<Asked>>>,
    chance: &mut Chance,
) -> Machine {
    let process = Process::default();
    let wire = Wire {
        simulator: simulator.clone(),
        time: time.clone(),
        process: process.clone(),
        chance: Mutex::new(chance.fork()),
        asked: Arc::clone(asked),
    };
    let clock = Arc::new(time.clone());
    let token = simulator.owner_token().unwrap().into();
    let dice = Arc::new(Dice::of(chance.fork()));
    // Toggl's own address, so that its pace is kept; nothing is ever sent there.
    let toggl = Toggl::over(Config::default(), Arc::new(wire), token, clock.clone(), dice).unwrap();
    let store = Prompt::over(store, &process);
    let engine = SyncEngine::new(Arc::new(store), clock);
    Machine { process, engine, source: Arc::new(Watched::of(toggl)) }
}
