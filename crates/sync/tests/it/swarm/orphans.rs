//! Runs whose process died: what stands in the way of the next one, and how it gets past (I11).

use std::cell::Cell;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::plan::Consent;
use tallyport_domain::{Clock as _, Source, Trigger};
use tallyport_storage::{BeginRun, Begun, Holder};
use tallyport_sync::SyncError;

use super::deeds::Home;
use super::history::History;
use super::time::{at_once, live};

/// A machine that is not this one.
pub(crate) const ELSEWHERE: &str = "elsewhere";

impl History {
    /// Whether a run is on record as under way although nobody drives it.
    pub(crate) fn find_orphan(&mut self) {
        let newest = at_once(self.home.store.runs(self.home.account, None, 1)).unwrap();
        self.orphan = newest.first().is_some_and(|run| run.outcome.is_under_way());
        if self.orphan {
            self.pages_from = self.pages_from.or(Some(self.version));
        }
    }

    /// Gets past a run whose process is gone: by the next one in its own time, by hand, or as the next process of the machine.
    pub(crate) fn make_way(&mut self) {
        if !std::mem::take(&mut self.orphan) {
            return;
        }
        let (store, account) = (Arc::clone(&self.home.store), self.home.account);
        // Once the clock was set back, what it said before may lie hours ahead.
        let set_back = self.time.jumps().0 > 0;
        match self.chance.below(3) {
            way if way == 0 || (way == 2 && set_back) => {
                at_once(store.cancel_run(account, Some(self.home.by), self.time.now())).unwrap();
                self.note("the orphan is cancelled");
            }
            1 => {
                self.bury();
                self.census.count("taken over at once", 1);
            }
            _ => {
                self.time.advance(TimeDelta::seconds(16));
                self.note("the lease runs out");
                self.census.count("leases that ran out", 1);
            }
        }
    }

    /// A lease holds for a while after its process died: for all that the next one knows, it lives (I11).
    pub(crate) fn try_beside_the_orphan(&mut self) {
        let source = Arc::clone(&self.machine.source) as Arc<dyn Source>;
        let order = self.order(Trigger::Manual, Consent::None);
        match live(&self.time, || false, self.machine.engine.start(self.home.account, source, order)).unwrap() {
            Err(SyncError::UnderWay(run)) => {
                assert!(run.outcome.is_under_way());
                self.census.count("told of another run", 1);
            }
            // It slept so long before it died that its lease had run out; and this one is left behind too.
            Ok(active) => drop(active),
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Lets the lease be that of a process of this machine that is gone.
    pub(crate) fn bury(&mut self) {
        let foreign = Cell::new(false);
        let gone = |holder: Holder| {
            foreign.set(holder.machine == ELSEWHERE);
            Holder { process: u32::MAX, ..holder }
        };
        if !take_over(&self.home, self.time.now(), gone) {
            // It had run out, and now a machine elsewhere holds it.
            self.time.advance(TimeDelta::seconds(16));
        } else if foreign.get() {
            // What lives elsewhere cannot be known here.
            at_once(self.home.store.cancel_run(self.home.account, None, self.time.now())).unwrap();
        }
        self.note("its process is gone");
    }
}

/// Takes the lease over in the name of another process; says whether there was one that had not run out.
pub(crate) fn take_over(home: &Home, now: DateTime<Utc>, name: impl Fn(Holder) -> Holder) -> bool {
    let begin = |holder, over| BeginRun {
        trigger: Trigger::Schedule,
        started_by: None,
        holder,
        now,
        expires: now + TimeDelta::seconds(15),
        over,
    };
    let probe = Holder { machine: ELSEWHERE.into(), process: 1, started: 1 };
    match at_once(home.store.begin_run(home.account, &begin(probe, None))).unwrap() {
        Begun::Open { .. } => false,
        Begun::UnderWay { lease, holder } => {
            let taken = at_once(home.store.begin_run(home.account, &begin(name(holder), Some(lease)))).unwrap();
            assert!(matches!(taken, Begun::Open { .. }), "a lease that is named is taken over");
            true
        }
    }
}
