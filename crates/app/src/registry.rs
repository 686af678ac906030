//! The runs that this process drives, so that they can be followed closely and stopped at once.
//!
//! Nothing that has to be right rests on it: who runs, and who may apply, is decided by the lease in the store (I11).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tallyport_api_types::Code;
use tallyport_domain::{AccountId, Outcome, RunId};
use tallyport_sync::{Canceller, Progress};
use tokio::sync::watch;

use crate::Error;

type Key = (AccountId, RunId);

/// See the module.
#[derive(Clone, Default)]
pub(crate) struct Registry(Arc<Inner>);

#[derive(Default)]
struct Inner {
    runs: Mutex<HashMap<Key, Active>>,
    /// For each account the last run whose end the store could not take down.
    lost: Mutex<HashMap<AccountId, (RunId, Lost)>>,
    /// How many runs of this process ended how.
    ended: Mutex<HashMap<Outcome, u64>>,
    changed: watch::Sender<()>,
}

/// What kept the store from taking down how a run ended.
#[derive(Debug, Clone)]
pub(crate) struct Lost {
    pub(crate) code: Code,
    pub(crate) message: String,
}

struct Active {
    progress: watch::Receiver<Progress>,
    canceller: Canceller,
}

impl Registry {
    /// Enters a run; it is gone from here once what comes back is dropped.
    pub(crate) fn enter(
        &self,
        account: AccountId,
        run: RunId,
        progress: watch::Receiver<Progress>,
        canceller: Canceller,
    ) -> Entered {
        self.runs().insert((account, run), Active { progress, canceller });
        Entered { registry: self.clone(), key: (account, run) }
    }

    /// How far a run of this process is.
    pub(crate) fn progress(&self, account: AccountId, run: RunId) -> Option<watch::Receiver<Progress>> {
        self.runs().get(&(account, run)).map(|active| active.progress.clone())
    }

    /// What stops the account's runs that are at work here now, once the store has ended them.
    ///
    /// Taken before the store is asked, so that it does not hit a run which was started right after.
    pub(crate) fn cancellers(&self, account: AccountId) -> Vec<Canceller> {
        let runs = self.runs();
        runs.iter().filter(|((of, _), _)| *of == account).map(|(_, active)| active.canceller.clone()).collect()
    }

    /// Asks the account's run of this process to end, and returns once it has; tells which one it was.
    pub(crate) async fn stop(&self, account: AccountId) -> Option<RunId> {
        let (run, canceller) = {
            let runs = self.runs();
            let ((_, run), active) = runs.iter().find(|((of, _), _)| *of == account)?;
            (*run, active.canceller.clone())
        };
        canceller.cancel();
        self.gone(account, run).await;
        Some(run)
    }

    /// Asks every run of this process to end, since the process does, and returns once none is left.
    pub(crate) async fn stop_all(&self) {
        self.runs().values().for_each(|active| active.canceller.stop());
        self.idle().await;
    }

    /// How many runs of this process ended how.
    pub(crate) fn ended(&self) -> Vec<(Outcome, u64)> {
        let ended = self.0.ended.lock().unwrap_or_else(PoisonError::into_inner);
        Outcome::ALL.into_iter().filter_map(|outcome| Some((outcome, *ended.get(&outcome)?))).collect()
    }

    /// Returns once the run is gone from here.
    pub(crate) async fn gone(&self, account: AccountId, run: RunId) {
        self.until(|runs| !runs.contains_key(&(account, run))).await;
    }

    /// What kept the store from taking down how the run ended, if that is so.
    pub(crate) fn lost(&self, account: AccountId, run: RunId) -> Option<Lost> {
        let lost = self.0.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.get(&account).filter(|(of, _)| *of == run).map(|(_, lost)| lost.clone())
    }

    /// Returns once no run is left.
    pub(crate) async fn idle(&self) {
        self.until(HashMap::is_empty).await;
    }

    async fn until(&self, done: impl Fn(&HashMap<Key, Active>) -> bool) {
        let mut changed = self.0.changed.subscribe();
        while !done(&self.runs()) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<Key, Active>> {
        self.0.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run's place in the registry.
pub(crate) struct Entered {
    registry: Registry,
    key: Key,
}

impl Entered {
    /// Counts a run that is over.
    pub(crate) fn end(self, outcome: Outcome) {
        *self.registry.0.ended.lock().unwrap_or_else(PoisonError::into_inner).entry(outcome).or_default() += 1;
    }

    /// Leaves word for whoever follows the run that its end could not be taken down.
    pub(crate) fn lose(self, error: &Error) {
        let lost = Lost { code: error.code(), message: error.to_string() };
        let (account, run) = self.key;
        self.registry.0.lost.lock().unwrap_or_else(PoisonError::into_inner).insert(account, (run, lost));
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.registry.runs().remove(&self.key);
        self.registry.0.changed.send_replace(());
    }
}

/// Stops runs that the store has ended; their processes would find out by themselves a little later.
pub(crate) fn cancel(runs: &[Canceller]) {
    runs.iter().for_each(Canceller::cancel);
}
