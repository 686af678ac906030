//! The runs of a history: started, troubled, driven to whatever end they come to, and checked.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::plan::Consent;
use tallyport_domain::{Clock as _, Outcome, Run, RunId, Source};
use tallyport_storage::{Holder, Moment};
use tallyport_sync::{ActiveRun, Order, Patience, SyncError};

use super::checks::{self, Ran};
use super::deeds::Home;
use super::faults::{self, Leeway, Trouble};
use super::history::History;
use super::orphans::{ELSEWHERE, take_over};
use super::process::Died;
use super::state::State;
use super::time::{at_once, live};

/// What a run may be excused with.
pub(crate) struct Excuses {
    pub(crate) leeway: Leeway,
    /// Somebody meant it to end early: by cancelling, by little patience, by setting the clock back.
    pub(crate) meant: bool,
    /// The longest that it may wait in all, if not for ever.
    pub(crate) patience: Option<TimeDelta>,
    pub(crate) told_to_end: Arc<Mutex<Option<Told>>>,
    pub(crate) ended_elsewhere: Arc<Mutex<Option<EndedElsewhere>>>,
    /// How many faults had struck before, of the network and of the store.
    pub(crate) struck: (u64, u64),
    pub(crate) jumps: (u32, u32),
    pub(crate) asked: usize,
    pub(crate) version: u64,
}

/// What somebody elsewhere made of a run, how it is on record since then, and when that was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EndedElsewhere {
    pub(crate) outcome: Outcome,
    pub(crate) at: DateTime<Utc>,
}

/// When a run was told to end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) at: DateTime<Utc>,
    /// How many requests had been sent.
    pub(crate) asked: usize,
}

impl History {
    pub(crate) fn strikes(&self) -> (u64, u64) {
        (self.simulator.faults_injected(), self.faulty.injected())
    }

    /// Syncs, with the trouble that the seed turned on or without; the run, where one came to its end.
    pub(crate) fn sync(&mut self, mut order: Order, troubled: bool) -> Option<Run> {
        self.make_way();
        let before = Arc::new(Mutex::new(vec![self.look()]));
        let mut excuses = Excuses {
            leeway: Leeway::None,
            meant: false,
            patience: None,
            told_to_end: Arc::default(),
            ended_elsewhere: Arc::default(),
            struck: self.strikes(),
            jumps: self.time.jumps(),
            asked: self.asked.lock().unwrap().len(),
            version: self.version,
        };
        if troubled {
            self.arm(&mut order, &mut excuses, &before);
        }
        let consent = order.consent.clone();
        self.note(&format!("sync {:?}", order.trigger));
        let run = self.run(order, troubled, &mut excuses, &before, &consent);
        self.simulator.clear_faults();
        self.faulty.relent();
        self.machine.process.calm();
        if excuses.leeway == Leeway::Anything && self.simulator.faults_injected() > excuses.struck.0 {
            self.version += 1;
        }
        if excuses.ended_elsewhere.lock().unwrap().is_some_and(|ended| ended.outcome == Outcome::Failed) {
            self.find_orphan();
        }
        let (network, store) = self.strikes();
        self.census.count("network faults", network - excuses.struck.0);
        self.census.count("store faults", store - excuses.struck.1);
        if self.machine.process.is_dead() {
            self.census.count("deaths", 1);
            self.time.advance(TimeDelta::seconds(2));
            self.reboot();
            if self.orphan && self.chance.percent(50) {
                self.try_beside_the_orphan();
            }
        }
        run
    }

    fn run(
        &mut self,
        order: Order,
        troubled: bool,
        excuses: &mut Excuses,
        before: &Arc<Mutex<Vec<Option<State>>>>,
        consent: &Consent,
    ) -> Option<Run> {
        let process = self.machine.process.clone();
        let source = Arc::clone(&self.machine.source) as Arc<dyn Source>;
        let started = live(&self.time, || process.is_dead(), self.machine.engine.start(self.home.account, source, order));
        let active = match started {
            Some(Ok(active)) => active,
            Some(Err(error)) => {
                assert!(self.strikes() != excuses.struck, "it did not start: {error:?}");
                self.note(&format!("not started: {error:?}"));
                self.find_orphan();
                self.unchanged(&before.lock().unwrap());
                return None;
            }
            None => {
                self.note("died starting");
                self.find_orphan();
                self.unchanged(&before.lock().unwrap());
                return None;
            }
        };
        if troubled {
            self.arm_cancelling(&active, excuses);
        }
        let id = active.record().id;
        let result = live(&self.time, || process.is_dead(), active.drive());
        self.note(&format!("{result:?}"));
        self.settle(id, result.as_ref(), excuses, &before.lock().unwrap(), consent)
    }

    /// The state, where it is judged.
    pub(crate) fn look(&self) -> Option<State> {
        self.judging.then(|| self.home.state())
    }

    /// A run that came to nothing leaves the last of these states behind.
    fn unchanged(&self, states: &[Option<State>]) {
        let lasting = |state: &Option<State>| state.as_ref().map(State::lasting);
        assert_eq!(states.last().and_then(lasting), lasting(&self.look()), "it has changed something");
    }

    /// Judges a run by its record.
    fn settle(
        &mut self,
        id: RunId,
        result: Option<&Result<Run, SyncError>>,
        excuses: &Excuses,
        states: &[Option<State>],
        consent: &Consent,
    ) -> Option<Run> {
        let account = self.home.account;
        let record = at_once(self.home.store.run(account, id)).unwrap().expect("each run is recorded");
        match result {
            Some(Ok(run)) if !run.outcome.is_under_way() => assert_eq!(*run, record, "it says what is on record"),
            Some(_) => assert!(self.strikes().1 > excuses.struck.1, "{result:?}"),
            None => {}
        }
        let (read, resumed) = self.machine.source.take();
        let pages_from = self.pages_from.unwrap_or(excuses.version);
        let version_read = if resumed { pages_from } else { excuses.version };
        self.pages_from = None;
        if record.outcome.is_under_way() {
            self.orphan = true;
            self.pages_from = Some(version_read);
            self.unchanged(states); // I10
            self.note(&format!("left behind: {record:?}"));
            return None;
        }
        let items = at_once(self.home.store.run_items(account, id, 0, 100_000)).unwrap();
        let shown = if record.outcome == Outcome::Failed { None } else { read.as_ref() };
        let before = states.last().unwrap().as_ref();
        if let (Some(first), Some(before), Some(after)) = (&states[0], before, &self.look()) {
            checks::check(&Ran { first, before, after, run: &record, items: &items, read: shown, consent });
        }
        self.census.count(record.outcome.as_str(), 1);
        if let Some(ended) = *excuses.ended_elsewhere.lock().unwrap() {
            assert_eq!(record.outcome, ended.outcome, "it was ended elsewhere, and went on"); // I11
            self.census.count(format!("{} elsewhere", ended.outcome.as_str()), 1);
        }
        self.census.count("resumed", u64::from(resumed));
        self.judge_failure(&record, excuses);
        if let Some(read) = &read {
            self.judge_reading(read, before, excuses, version_read == self.version);
            self.census.count("refused in part", u64::from(checks::was_refused(read)));
        }
        self.judge_requests(&record, excuses, resumed, before);
        self.note(&format!("{items:?}"));
        if record.error.as_ref().is_some_and(|error| error.code == "quota_spent") {
            self.pages_from = Some(version_read);
        }
        if record.outcome == Outcome::Held {
            self.held = Some(id);
        }
        matches!(record.outcome, Outcome::Succeeded).then_some(record)
    }

    /// Turns trouble on for the run that comes.
    fn arm(&mut self, order: &mut Order, excuses: &mut Excuses, before: &Arc<Mutex<Vec<Option<State>>>>) {
        for trouble in [Trouble::Statuses, Trouble::Bodies, Trouble::Wire, Trouble::ChangesBetweenPages] {
            if self.has(trouble) && self.chance.percent(50) {
                let mut chance = self.chance.fork();
                let ordered = self.simulator.read(|world| faults::order(trouble, world, &mut chance));
                let (fault, leeway) = ordered.expect("these kinds are orders");
                self.note(&format!("{fault:?}"));
                self.simulator.inject(fault);
                excuses.leeway = excuses.leeway.max(leeway);
            }
        }
        if self.has(Trouble::Store) && self.chance.percent(50) {
            let moment = if self.chance.percent(50) { Moment::Before } else { Moment::After };
            let nth = 1 + u64::try_from(self.chance.below(7)).unwrap();
            self.note(&format!("the store fails {moment:?} call {nth}"));
            self.faulty.fail(moment, nth);
        }
        if self.has(Trouble::Deaths) && self.chance.percent(40) {
            let died = if self.chance.percent(50) { Died::BeforeTheCall } else { Died::BeforeTheAnswer };
            let nth = 1 + u64::try_from(self.chance.below(22)).unwrap();
            self.note(&format!("dies {died:?} {nth}"));
            self.machine.process.kill(nth, died);
        }
        if self.has(Trouble::ClockJumps) && self.chance.percent(50) {
            let by = match self.chance.below(4) {
                0 => TimeDelta::days(self.chance.range(1, 400)),
                1 => TimeDelta::seconds(self.chance.range(1, 7000)),
                2 => -TimeDelta::hours(2),
                _ => -TimeDelta::seconds(self.chance.range(1, 4000)),
            };
            let time = self.time.clone();
            let nth = 1 + u64::try_from(self.chance.below(15)).unwrap();
            self.note(&format!("the clock goes by {by} at {nth}"));
            self.machine.process.interrupt(nth, move || time.advance(by));
            self.census.count("clock jumps", 1);
        }
        if self.has(Trouble::DeedsMeanwhile) && self.chance.percent(50) {
            let (home, time, simulator) = (self.home.clone(), self.time.clone(), self.simulator.clone());
            let (mut chance, before, judging) = (self.chance.fork(), Arc::clone(before), self.judging);
            let nth = 1 + u64::try_from(self.chance.below(15)).unwrap();
            let newest = move |home: &Home| at_once(home.store.runs(home.account, None, 1)).unwrap().pop();
            let last = newest(&home).map(|run| run.id);
            self.machine.process.interrupt(nth, move || {
                // What is done after the run has ended is none of what it began with, even if it does not know its end yet.
                if newest(&home).is_some_and(|run| !run.outcome.is_under_way() && Some(run.id) != last) {
                    return;
                }
                simulator.read(|world| home.act(world, time.now(), &mut chance, judging));
                before.lock().unwrap().push(judging.then(|| home.state()));
            });
            self.census.count("deeds meanwhile", 1);
        }
        if self.has(Trouble::Impatience) && self.chance.percent(50) {
            let patience = TimeDelta::minutes(self.chance.range(0, 20));
            order.patience = Patience::AtMost(patience);
            excuses.patience = Some(patience);
            excuses.meant = true;
            self.census.count("little patience", 1);
        }
    }

    fn arm_cancelling(&mut self, active: &ActiveRun, excuses: &mut Excuses) {
        if !self.has(Trouble::Cancels) || !self.chance.percent(40) {
            return;
        }
        excuses.meant = true;
        let nth = 1 + u64::try_from(self.chance.below(14)).unwrap();
        self.note(&format!("cancelled at {nth}"));
        if self.chance.percent(50) {
            let canceller = active.canceller();
            let (asked, time, told) = (Arc::clone(&self.asked), self.time.clone(), Arc::clone(&excuses.told_to_end));
            self.machine.process.interrupt(nth, move || {
                *told.lock().unwrap() = Some(Told { at: time.now(), asked: asked.lock().unwrap().len() });
                canceller.cancel();
            });
            return;
        }
        let (home, now, ended) = (self.home.clone(), self.time.clone(), Arc::clone(&excuses.ended_elsewhere));
        let id = active.record().id;
        if self.chance.percent(60) {
            self.machine.process.interrupt(nth, move || {
                let cancelled = at_once(home.store.cancel_run(home.account, Some(home.by), now.now())).unwrap();
                *ended.lock().unwrap() = cancelled.map(|_| EndedElsewhere { outcome: Outcome::Cancelled, at: now.now() });
            });
        } else {
            self.machine.process.interrupt(nth, move || {
                if at_once(home.store.run(home.account, id)).unwrap().is_some_and(|run| run.outcome.is_under_way()) {
                    take_over(&home, now.now(), |holder| Holder { machine: ELSEWHERE.into(), ..holder });
                    *ended.lock().unwrap() = Some(EndedElsewhere { outcome: Outcome::Failed, at: now.now() });
                }
            });
        }
    }
}
