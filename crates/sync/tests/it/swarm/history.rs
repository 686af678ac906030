//! One history: a small world and an account that mirrors it, some steps with trouble in them, and a clean sync in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock, Mutex};

use chrono::TimeDelta;
use tallyport_domain::plan::Consent;
use tallyport_domain::{AccountId, Clock as _, Identity, PersonId, RunId, SourceWorkspace, TaskId, Trigger};
use tallyport_simulator::{Simulator, Switches, start};
use tallyport_storage::{Enable, Faulty, Store};
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::Order;

use super::census::Census;
use super::chance::Chance;
use super::deeds::Home;
use super::faults::Trouble;
use super::setup::{Machine, account, boot, folder, simulate};
use super::state::State;
use super::time::{Time, at_once};
use super::truth::Truth;
use super::wire::Asked;
use super::world;

/// A history at work.
pub(crate) struct History {
    /// Whether what comes of it is judged. Played once more it is only to leave the same trace.
    pub(crate) judging: bool,
    pub(crate) chance: Chance,
    pub(crate) troubles: BTreeSet<Trouble>,
    pub(crate) time: Time,
    pub(crate) simulator: Simulator,
    pub(crate) switches: Switches,
    /// Whose token it is.
    pub(crate) reader: i64,
    pub(crate) home: Home,
    pub(crate) faulty: Arc<Faulty>,
    pub(crate) machine: Machine,
    pub(crate) asked: Arc<Mutex<Vec<Asked>>>,
    /// Counts the changes of the world.
    pub(crate) version: u64,
    /// Which version of the world the pages left behind by earlier runs are from, at the oldest.
    pub(crate) pages_from: Option<u64>,
    /// Whether a run is on record as under way, of which no process is left.
    pub(crate) orphan: bool,
    pub(crate) held: Option<RunId>,
    pub(crate) census: Census,
    pub(crate) trace: Vec<String>,
    /// Which task mirrors which item, since it first did.
    identities: BTreeMap<Identity, TaskId>,
    neighbour: (Home, State),
    _folder: tempfile::TempDir,
}

/// Two accounts in a file, as every history finds them: made once, and copied.
struct Beginning {
    file: Vec<u8>,
    homes: [(AccountId, PersonId); 2],
}

static BEGINNING: LazyLock<Beginning> = LazyLock::new(|| {
    let folder = folder();
    let file = folder.path().join("tallyport.db");
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&file, Options { create: true }).unwrap());
    let homes = ["Nordlicht", "Neighbours"].map(|name| account(&store, name, start())).map(|home| (home.account, home.by));
    drop(store);
    Beginning { file: std::fs::read(file).unwrap(), homes }
});

/// Plays the history of a seed; its trace, and what it reached.
pub(crate) fn play(seed: u64, judging: bool) -> (Vec<String>, Census) {
    let mut history = History::begin(seed, judging);
    history.first_sync();
    for step in 0..3 + history.chance.below(6) {
        history.note(&format!("step {step}"));
        history.step();
        history.check_all();
    }
    history.end_well();
    let (neighbour, before) = &history.neighbour;
    assert_eq!(&neighbour.state(), before, "the neighbours are none of its business"); // A1
    history.note(&format!("{:?}", history.home.state()));
    let requests = history.simulator.requests();
    assert_eq!(history.simulator.requests_that_write(), 0); // I18
    history.trace.extend(requests.iter().map(|request| format!("{request:?}")));
    history.census.count("requests", requests.len() as u64);
    (history.trace, history.census)
}

impl History {
    fn begin(seed: u64, judging: bool) -> Self {
        let mut chance = Chance::new(seed);
        let world = world::begin(&mut chance.fork());
        let switches = world::switches(&mut chance.fork());
        let (simulator, time, reader) = simulate(world, &switches, &mut chance);
        let folder = folder();
        let file = folder.path().join("tallyport.db");
        std::fs::write(&file, &BEGINNING.file).unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(file, Options::default()).unwrap());
        let faulty = Arc::new(Faulty::over(Arc::clone(&store)));
        let [home, neighbour] = BEGINNING.homes.map(|(account, by)| Home { store: Arc::clone(&store), account, by });
        let asked = Arc::default();
        let troubles = chance.fork().some(&Trouble::ALL, 40).into_iter().collect();
        let machine = boot(&simulator, &time, faulty.clone(), &asked, &mut chance);
        let before = neighbour.state();
        Self {
            judging,
            chance,
            troubles,
            time,
            simulator,
            switches,
            reader,
            home,
            faulty,
            machine,
            asked,
            version: 0,
            pages_from: None,
            orphan: false,
            held: None,
            census: Census::default(),
            trace: Vec::new(),
            identities: BTreeMap::new(),
            neighbour: (neighbour, before),
            _folder: folder,
        }
    }

    /// Starts the process anew: whatever it knew is gone.
    pub(crate) fn reboot(&mut self) {
        self.machine = boot(&self.simulator, &self.time, self.faulty.clone(), &self.asked, &mut self.chance);
    }

    pub(crate) fn has(&self, trouble: Trouble) -> bool {
        self.troubles.contains(&trouble)
    }

    #[expect(clippy::print_stdout, reason = "whoever plays one seed wants to see it")]
    pub(crate) fn note(&mut self, what: &str) {
        let line = format!("{} {what}", self.time.now().format("%m-%dT%H:%M:%S%.3f"));
        if super::LOUD.load(Ordering::Relaxed) {
            println!("{line}");
        }
        self.trace.push(line);
    }

    /// Looks at the world with the eyes of the token's owner.
    pub(crate) fn with_truth<T>(&self, look: impl FnOnce(&Truth<'_>) -> T) -> T {
        self.simulator.read(|world| look(&Truth { world, reader: self.reader, switches: &self.switches }))
    }

    pub(crate) fn visible_workspaces(&self) -> Vec<SourceWorkspace> {
        self.simulator.read(|world| Truth { world, reader: self.reader, switches: &self.switches }.workspaces())
    }

    pub(crate) fn order(&self, trigger: Trigger, consent: Consent) -> Order {
        self.home.order(trigger, consent)
    }

    /// Enables here and next door, and syncs both: the neighbours mirror the same items under numbers of their own.
    fn first_sync(&mut self) {
        let home = self.home.clone();
        self.home = self.neighbour.0.clone();
        self.home.enable(&self.enabling());
        let order = self.order(Trigger::Manual, Consent::Everything);
        self.sync(order, false);
        self.neighbour.1 = self.home.state();
        self.home = home;
        self.identities.clear();
        self.held = None;
        self.home.enable(&self.enabling());
        let order = self.order(Trigger::Saved, Consent::None);
        self.sync(order, true);
        self.check_all();
    }

    pub(crate) fn enabling(&self) -> Enable {
        self.with_truth(|truth| self.home.enabling(truth, self.time.now()))
    }

    /// What holds at any time: no item is mirrored twice, or by another task than before.
    fn check_all(&mut self) {
        let state = self.home.tasks();
        let there: BTreeSet<TaskId> = state.current.tasks.iter().map(|task| task.id).collect();
        let mirrors = state.current.tasks.iter().filter_map(|task| Some((task.origin.identity()?, task.id)));
        // A kept task that somebody deleted comes back as a new one.
        self.identities.retain(|_, task| there.contains(task));
        for (identity, task) in mirrors {
            let first = *self.identities.entry(identity).or_insert(task);
            assert_eq!(first, task, "{identity:?} is another task now");
        }
        self.note(&format!("{state:?}"));
    }

    /// All trouble over, one sync brings everything into step and the next one finds nothing to do.
    fn end_well(&mut self) {
        self.note("the end");
        self.troubles.clear();
        self.simulator.clear_faults();
        self.time.advance(TimeDelta::hours(3));
        if self.with_truth(|truth| truth.visible().is_empty()) {
            let organization = self.simulator.read(|world| world.organizations().next().unwrap().id);
            let id = self.simulator.change(|world| world.add_workspace(organization, "New")).unwrap();
            let reader = self.reader;
            if self.with_truth(|truth| truth.visible().is_empty()) {
                self.simulator.change(|world| world.add_member(id, reader, tallyport_simulator::Role::Admin)).unwrap();
            }
            self.version += 1;
        }
        // The first may still be given pages that an earlier one left.
        for _ in 0..2 {
            let order = self.order(Trigger::Manual, Consent::Everything);
            self.sync(order, false).expect("a clean sync succeeds");
            self.check_all();
        }
        let order = self.order(Trigger::Manual, Consent::None);
        let run = self.sync(order, false).expect("so does the next");
        assert_eq!((run.counts.created, run.counts.archived, run.counts.assigned), (0, 0, 0), "and it finds nothing to do");
        assert!(at_once(self.home.store.run_items(self.home.account, run.id, 0, 10)).unwrap().is_empty());
        self.check_all();
    }
}
