//! An account that mirrors a small world, of which each item changes before each sync: one that succeeds is seen to.

use std::collections::BTreeSet;
use std::sync::Arc;

use tallyport_domain::plan::Consent;
use tallyport_domain::{Clock as _, Identity, Outcome, Run, Snapshot, Source, TaskId, Trigger};
use tallyport_simulator::{Fault, NewProject, Plan, QuotaMode, Role, Simulator, Switches, World};
use tallyport_storage::Store;
use tallyport_storage_sqlite::{Options, Sqlite};

use crate::swarm::chance::Chance;
use crate::swarm::checks::{self, Ran};
use crate::swarm::deeds::Home;
use crate::swarm::setup::{Machine, account, boot, folder, simulate};
use crate::swarm::state::State;
use crate::swarm::time::{Time, at_once, live};
use crate::swarm::truth::Truth;

/// What a sync came to.
pub(crate) struct Came {
    pub(crate) run: Run,
    pub(crate) before: State,
    pub(crate) after: State,
    /// What it read, where it read all.
    pub(crate) read: Option<Snapshot>,
    /// How long it took by the simulated clock.
    pub(crate) took: chrono::TimeDelta,
}

/// Everything in this process, no socket.
pub(crate) struct Bench {
    pub(crate) simulator: Simulator,
    time: Time,
    home: Home,
    machine: Machine,
    switches: Switches,
    reader: i64,
    touched: u32,
    _folder: tempfile::TempDir,
}

/// Two workspaces, each with lists of two pages.
pub(crate) fn world() -> World {
    let mut world = World::empty();
    let ana = world.add_user("Ana Nováková", "ana.novakova@nordlicht.example");
    world.issue_token(ana).unwrap();
    let bjork = world.add_user("Björk", "bjork@nordlicht.example");
    let organization = world.add_organization("Nordlicht", Plan::Premium, ana).unwrap();
    for name in ["Studio", "Labs"] {
        let workspace = world.add_workspace(organization, name).unwrap();
        world.add_member(workspace, bjork, Role::Member).unwrap();
        let client = world.add_client(workspace, format!("{name} client")).unwrap();
        for number in 1..=3 {
            let project = NewProject::named(format!("{name} project {number}"));
            let project = world.add_project(workspace, if number == 1 { project } else { project.under(client) }).unwrap();
            world.add_task(project, format!("{name} task {number}")).unwrap();
        }
    }
    world
}

/// Lists of two pages with a total, and an allowance that is never spent.
pub(crate) fn switches() -> Switches {
    Switches { projects_cap: 2, tasks_cap: 2, total_count_in_projects: true, quota: QuotaMode::Counted, ..Switches::default() }
}

impl Bench {
    pub(crate) fn new(switches: Switches) -> Self {
        let mut chance = Chance::new(3);
        let (simulator, time, reader) = simulate(world(), &switches, &mut chance);
        let folder = folder();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).unwrap());
        let home = account(&store, "Nordlicht", time.now());
        let machine = boot(&simulator, &time, store, &Arc::default(), &mut chance);
        let bench = Self { simulator, time, home, machine, switches, reader, touched: 0, _folder: folder };
        bench.home.enable(&bench.truth(|truth| bench.home.enabling(truth, bench.time.now())));
        bench
    }

    /// Looks at the world with the eyes of the token's owner.
    pub(crate) fn truth<T>(&self, look: impl FnOnce(&Truth<'_>) -> T) -> T {
        self.simulator.read(|world| look(&Truth { world, reader: self.reader, switches: &self.switches }))
    }

    /// Renames everything there is.
    pub(crate) fn touch(&mut self) {
        self.touched += 1;
        let number = self.touched;
        self.simulator.change(|world| {
            let all: Vec<_> = world.workspaces().cloned().collect();
            for workspace in all {
                world.rename_workspace(workspace.id, format!("{}+", workspace.name)).unwrap();
                for client in workspace.clients {
                    world.rename_client(client.id, format!("client {} {number}", client.id)).unwrap();
                }
                for project in workspace.projects {
                    world.rename_project(project.id, format!("project {} {number}", project.id)).unwrap();
                }
                for task in workspace.tasks {
                    world.rename_task(task.id, format!("task {} {number}", task.id)).unwrap();
                }
                world.rename_workspace(workspace.id, format!("workspace {} {number}", workspace.id)).unwrap();
            }
        });
    }

    /// Syncs under these faults, and checks what holds whatever comes of it.
    pub(crate) fn sync(&mut self, faults: Vec<Fault>) -> Came {
        self.touch();
        for fault in faults {
            self.simulator.inject(fault);
        }
        let before = self.home.state();
        let began = self.time.now();
        let order = self.home.order(Trigger::Manual, Consent::None);
        let source = Arc::clone(&self.machine.source) as Arc<dyn Source>;
        let run = live(&self.time, || false, self.machine.engine.run(self.home.account, source, order)).unwrap().unwrap();
        self.simulator.clear_faults();
        let (read, _) = self.machine.source.take();
        let after = self.home.state();
        let items = at_once(self.home.store.run_items(self.home.account, run.id, 0, 100_000)).unwrap();
        let shown = if run.outcome == Outcome::Failed { None } else { read.as_ref() };
        checks::check(&Ran {
            first: &before,
            before: &before,
            after: &after,
            run: &run,
            items: &items,
            read: shown,
            consent: &Consent::None,
        });
        // Between two syncs an hour goes by, so that the adapter's own limits do not carry over.
        let took = self.time.now() - began;
        self.time.advance(chrono::TimeDelta::hours(2));
        Came { run, before, after, read, took }
    }

    /// The requests of a sync, as they are sent.
    pub(crate) fn targets(&mut self) -> Vec<String> {
        self.simulator.forget_requests();
        let came = self.sync(Vec::new());
        assert_eq!(came.run.outcome, Outcome::Succeeded, "{:?}", came.run);
        self.simulator.requests().iter().map(tallyport_simulator::RequestRecord::target).collect()
    }

    /// How often a fault struck so far.
    pub(crate) fn injected(&self) -> u64 {
        self.simulator.faults_injected()
    }
}

/// The tasks of a workspace, itself included, archived or not.
pub(crate) fn below(state: &State, workspace: Identity) -> Vec<tallyport_domain::Task> {
    let mut found: BTreeSet<TaskId> = state.of_identity(workspace).map(|task| task.id).into_iter().collect();
    loop {
        let more = state.current.tasks.iter().filter(|task| task.parent.is_some_and(|above| found.contains(&above)));
        let more: Vec<TaskId> = more.map(|task| task.id).filter(|id| !found.contains(id)).collect();
        if more.is_empty() {
            break;
        }
        found.extend(more);
    }
    state.current.tasks.iter().filter(|task| found.contains(&task.id)).cloned().collect()
}
