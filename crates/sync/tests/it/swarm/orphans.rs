//! Runs whose process died: what stands in the way of the next one, and how it gets past (I11).

use std::sync::Arc;

use chrono::TimeDelta;
use tallyport_domain::plan::Consent;
use tallyport_domain::{Clock as _, Source, Trigger};
use tallyport_storage::{BeginRun, Begun, Holder};
use tallyport_sync::SyncError;

use super::history::History;
use super::time::{at_once, live};

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
        match self.chance.below(3) {
            0 => {
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
        let (store, account, now) = (Arc::clone(&self.home.store), self.home.account, self.time.now());
        let begin = |holder, over| BeginRun {
            trigger: Trigger::Schedule,
            started_by: None,
            holder,
            now,
            expires: now + TimeDelta::seconds(15),
            over,
        };
        let probe = Holder { machine: "probe".into(), process: 1, started: 1 };
        match at_once(store.begin_run(account, &begin(probe.clone(), None))).unwrap() {
            Begun::Open { .. } => {
                // It had run out, and now a machine elsewhere holds it.
                self.time.advance(TimeDelta::seconds(16));
            }
            Begun::UnderWay { lease, holder } => {
                let gone = Holder { process: u32::MAX, ..holder };
                let Begun::Open { .. } = at_once(store.begin_run(account, &begin(gone, Some(lease)))).unwrap() else {
                    panic!("a lease that is named is taken over");
                };
            }
        }
        self.note("its process is gone");
    }
}
