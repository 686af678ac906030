//! The steps of a history: something happens on both sides, and then mostly a sync.

use std::sync::Arc;

use chrono::TimeDelta;
use tallyport_domain::plan::{Consent, Item};
use tallyport_domain::{
    Clock as _, Every, ExternalId, Fate, Outcome, PrivateProjects, RunId, Selection, Settings, Source, Trigger,
};
use tallyport_simulator::Bucket;
use tallyport_storage::StoreError;
use tallyport_sync::{Order, Patience, SyncError};

use super::faults::Trouble;
use super::history::History;
use super::time::{at_once, live};
use super::world;

impl History {
    /// Lets a step's worth of things happen, and mostly syncs.
    pub(crate) fn step(&mut self) {
        let pause = if self.chance.percent(50) { self.chance.range(1, 4000) } else { self.chance.range(3600, 200_000) };
        self.time.advance(TimeDelta::seconds(pause));
        for _ in 0..self.chance.below(7) {
            self.change_world();
        }
        for _ in 0..self.chance.below(3) {
            self.act();
        }
        if self.has(Trouble::QuotaSpentElsewhere) && self.chance.percent(50) {
            self.spend_elsewhere();
        }
        match self.chance.below(20) {
            0..=2 => self.save_selection(),
            3 => self.save_settings(),
            4 | 5 => self.unlink_and_enable_again(),
            6..=8 => self.preview_and_sync(),
            9 => self.note("nothing"),
            _ => {
                let scheduled = self.chance.percent(50);
                let consent = if self.chance.percent(20) { Consent::Everything } else { Consent::None };
                let order = if scheduled {
                    Order { started_by: None, ..self.order(Trigger::Schedule, Consent::None) }
                } else {
                    self.order(Trigger::Manual, consent)
                };
                self.sync(order, true);
            }
        }
        if let Some(held) = self.held.take() {
            self.answer(held);
        }
    }

    fn change_world(&mut self) {
        let mut chance = self.chance.fork();
        let change = self.simulator.read(|world| world::change(world, &mut chance));
        let Some(change) = change else { return };
        self.simulator.change(|world| world.apply(&change)).unwrap();
        self.version += 1;
        self.note(&format!("{change:?}"));
    }

    fn act(&mut self) {
        let mut chance = self.chance.fork();
        let now = self.time.now();
        let done = self.simulator.read(|world| self.home.act(world, now, &mut chance, self.judging));
        self.note(&done);
        self.census.count("deeds", 1);
    }

    /// The owner's other apps use up some of an allowance.
    fn spend_elsewhere(&mut self) {
        let organizations: Vec<i64> = self.simulator.read(|world| world.organizations().map(|it| it.id).collect());
        let bucket = match self.chance.pick(&organizations).copied() {
            Some(organization) if self.chance.percent(80) => Bucket::Organization(organization),
            _ => Bucket::User,
        };
        let requests = self.chance.range(1, 260);
        self.simulator.consume_quota(self.reader, bucket, requests);
        self.note(&format!("{requests} of {bucket:?} are spent elsewhere"));
        self.census.count("quota spent elsewhere", 1);
    }

    fn save_selection(&mut self) {
        let seen = self.visible_workspaces();
        let ids: Vec<ExternalId> = seen.iter().map(|workspace| workspace.id).collect();
        let selection = match self.chance.below(6) {
            0 | 1 => Selection::All,
            2 if self.chance.percent(40) => Selection::none(),
            _ => Selection::Only(self.chance.some(&ids, 60).into_iter().collect()),
        };
        let (store, account, by) = (Arc::clone(&self.home.store), self.home.account, self.home.by);
        let archives = at_once(store.archived_by_deselecting(account, &selection)).unwrap();
        at_once(store.select(account, &selection, &seen, by, self.time.now())).unwrap();
        self.orphan = false;
        self.pages_from = None;
        self.note(&format!("select {selection:?}"));
        let consent = match self.chance.below(4) {
            0 => Consent::Everything,
            1 => Consent::None,
            _ => Consent::Selection(archives.into_iter().flat_map(|workspace| workspace.tasks).collect()),
        };
        let order = self.order(Trigger::Saved, consent);
        self.sync(order, true);
    }

    fn save_settings(&mut self) {
        let private_projects = if self.chance.percent(50) { PrivateProjects::Keep } else { PrivateProjects::LeaveOut };
        let schedule = if self.chance.percent(50) { Every::minutes(60) } else { None };
        let settings = Settings { private_projects, schedule };
        at_once(self.home.store.save_settings(self.home.account, &settings.into(), self.home.by, self.time.now())).unwrap();
        self.orphan = false;
        self.note(&format!("{settings:?}"));
        let order = self.order(Trigger::Saved, Consent::None);
        self.sync(order, true);
    }

    fn unlink_and_enable_again(&mut self) {
        let (store, account, by) = (Arc::clone(&self.home.store), self.home.account, self.home.by);
        let fate = if self.chance.percent(50) { Fate::Keep } else { Fate::Archive };
        let concerned = at_once(store.unlink(account, fate, by, self.time.now())).unwrap();
        self.note(&format!("unlink, {fate:?}: {concerned}"));
        self.orphan = false;
        self.pages_from = None;
        self.refused_while_unlinked();
        if fate == Fate::Archive && self.chance.percent(30) {
            let kept = at_once(store.unlink(account, Fate::Keep, by, self.time.now())).unwrap();
            self.note(&format!("keep after all: {kept}"));
        }
        for _ in 0..self.chance.below(5) {
            self.act();
        }
        for _ in 0..self.chance.below(3) {
            self.change_world();
        }
        if self.chance.percent(40) {
            let people = at_once(store.people(account)).unwrap();
            self.home.by = self.chance.pick(&people).unwrap().id;
        }
        let enabling = self.enabling();
        at_once(store.re_enable(account, &enabling)).unwrap();
        self.note(&format!("enabled again by {}", self.home.by));
        self.census.count("enabled again", 1);
        let consent = if self.chance.percent(50) { Consent::Everything } else { Consent::None };
        let order = self.order(Trigger::ReEnabled, consent);
        self.sync(order, true);
    }

    pub(crate) fn refused_while_unlinked(&mut self) {
        let source = Arc::clone(&self.machine.source) as Arc<dyn Source>;
        let order = self.order(Trigger::Manual, Consent::Everything);
        let started = live(&self.time, || false, self.machine.engine.start(self.home.account, source, order)).unwrap();
        assert!(matches!(started, Err(SyncError::Store(StoreError::Integration { enabled: false }))));
    }

    /// Looks first, then does it: both say the same (I13).
    pub(crate) fn preview_and_sync(&mut self) {
        self.make_way();
        let what_if = self.chance.percent(30).then(|| {
            let ids: Vec<_> = self.visible_workspaces().into_iter().map(|workspace| workspace.id).collect();
            Selection::Only(self.chance.some(&ids, 60).into_iter().collect())
        });
        let before = self.look();
        let (engine, source) = (self.machine.engine.clone(), Arc::clone(&self.machine.source));
        let preview = engine.preview(self.home.account, source.as_ref(), what_if.as_ref(), Patience::Forever);
        let preview = live(&self.time, || false, preview).unwrap();
        source.take();
        assert_eq!(before, self.look(), "a preview changes nothing"); // I13
        self.note(&format!("preview {what_if:?} {preview:?}"));
        let Ok(preview) = preview else { return };
        self.census.count("previews", 1);
        let order = self.order(Trigger::Manual, Consent::Everything);
        // A run may go on from pages that an earlier one left; a preview never does (I19).
        let alike = what_if.is_none() && self.pages_from.is_none_or(|version| version == self.version);
        let Some(run) = self.sync(order, false).filter(|_| alike) else { return };
        let items = at_once(self.home.store.run_items(self.home.account, run.id, 0, 100_000)).unwrap();
        let strip = |item: &Item| Item { task: None, created: None, ..item.clone() };
        let stripped = |items: &[Item]| items.iter().map(strip).collect::<Vec<_>>();
        assert_eq!(stripped(&preview.items), stripped(&items), "the run does what the preview said");
        assert_eq!(preview.plan.counts(&preview.state.current), run.counts);
        self.census.count("runs as previewed", 1);
    }

    /// Says yes or no to a held run.
    pub(crate) fn answer(&mut self, held: RunId) {
        let (store, account, by) = (Arc::clone(&self.home.store), self.home.account, self.home.by);
        let there = at_once(store.run(account, held)).unwrap().unwrap();
        if there.outcome != Outcome::Held {
            return;
        }
        if self.chance.percent(20) {
            let run = at_once(store.reject_run(account, held, by, self.time.now())).unwrap();
            assert_eq!(run.outcome, Outcome::Rejected);
            self.census.count("rejected", 1);
            return;
        }
        if self.chance.percent(40) {
            self.time.advance(TimeDelta::hours(self.chance.range(0, 30)));
        }
        let shown = at_once(store.shown_changes(account, held)).unwrap();
        let order = self.order(Trigger::Confirmed, Consent::Shown(shown));
        let troubled = self.chance.percent(50);
        if self.sync(order, troubled).is_some() {
            let then = at_once(store.run(account, held)).unwrap().unwrap();
            assert_eq!(then.outcome, Outcome::Superseded);
            self.census.count("confirmed", 1);
        }
    }
}
