//! The engine: previews and runs over a store and a source.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, Clock, Run, Selection, Source};
use tallyport_storage::{BeginRun, Begun, Lease, StoreError, SyncStore};
use tokio::sync::watch;

use crate::keeper::Keeper;
use crate::{ActiveRun, Order, Patience, Preview, Progress, SyncError, preview, process, schedule};

/// Keeps the task trees of a store's accounts in step with their sources.
///
/// Cheap to clone. One engine serves every account; whose source it is is said with each call.
#[derive(Clone)]
pub struct SyncEngine {
    store: Arc<dyn SyncStore>,
    clock: Arc<dyn Clock>,
}

impl SyncEngine {
    /// An engine over a store, by this clock.
    #[must_use]
    pub fn new(store: Arc<dyn SyncStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Computes what a sync would change, without changing anything (I13).
    ///
    /// `what_if` is a selection to try in place of the saved one.
    ///
    /// # Errors
    /// Of the source or of the store.
    pub async fn preview(
        &self,
        account: AccountId,
        source: &dyn Source,
        what_if: Option<&Selection>,
        patience: Patience,
    ) -> Result<Preview, SyncError> {
        let state = self.store.sync_state(account).await?;
        preview::preview(self.clock.as_ref(), source, state, what_if, patience).await
    }

    /// Opens a run (I11). It is at work once it is driven.
    ///
    /// The lease of a process of this machine that died is taken over at once; another's when it runs out.
    ///
    /// # Errors
    /// `UnderWay` with the run that is at work.
    pub async fn start(&self, account: AccountId, source: Arc<dyn Source>, order: Order) -> Result<ActiveRun, SyncError> {
        let store = &self.store;
        let open = |begin| async move { store.begin_run(account, &begin).await };
        let begun = self.open(&order, open, |begun| Some(begun)).await?;
        self.take_up(account, source, order, begun).await
    }

    /// The same in two steps, for who opens a run along with something else: here `open` has it opened, in whatever step of a
    /// store, and `begun` tells what that came to. It is asked twice where the lease is a dead process's.
    ///
    /// # Errors
    /// Those of `open`.
    pub async fn open<T, F>(
        &self,
        order: &Order,
        open: impl Fn(BeginRun) -> F,
        begun: impl Fn(&T) -> Option<&Begun>,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let opened = open(self.beginning(order, None)).await?;
        match begun(&opened) {
            Some(Begun::UnderWay { lease, holder }) if process::is_dead(holder) => {
                open(self.beginning(order, Some(*lease))).await
            }
            _ => Ok(opened),
        }
    }

    /// Takes up the run that was opened so.
    ///
    /// # Errors
    /// `UnderWay` with the run that is at work instead.
    pub async fn take_up(
        &self,
        account: AccountId,
        source: Arc<dyn Source>,
        order: Order,
        begun: Begun,
    ) -> Result<ActiveRun, SyncError> {
        match begun {
            Begun::Open { lease, run, kept } => Ok(ActiveRun {
                store: Arc::clone(&self.store),
                clock: Arc::clone(&self.clock),
                source,
                account,
                lease,
                record: *run,
                kept,
                order,
                progress: watch::Sender::new(Progress::default()),
                cancel: watch::Sender::new(None),
            }),
            Begun::UnderWay { lease, .. } => {
                let run = self.store.run(account, lease.run).await?;
                Err(run.map_or_else(|| StoreError::RunUnderWay(lease.run).into(), |run| SyncError::UnderWay(Box::new(run))))
            }
        }
    }

    /// Opens a run and drives it to its end.
    ///
    /// # Errors
    /// As [`SyncEngine::start`] and [`ActiveRun::drive`]; a run that fails is no error, its record says why.
    pub async fn run(&self, account: AccountId, source: Arc<dyn Source>, order: Order) -> Result<Run, SyncError> {
        self.start(account, source, order).await?.drive().await
    }

    /// When the account's schedule is due next; nothing while it is off (I4).
    ///
    /// An instant that has passed is due now, and once, however many slots were missed.
    pub async fn due_at(&self, account: AccountId) -> Result<Option<DateTime<Utc>>, SyncError> {
        let state = match self.store.sync_state(account).await {
            Ok(state) => state,
            Err(StoreError::Integration { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let last = self.store.runs(account, None, 1).await?.into_iter().next();
        Ok(schedule::due_at(&state.settings, last.as_ref(), self.clock.now()))
    }

    fn beginning(&self, order: &Order, over: Option<Lease>) -> BeginRun {
        let now = self.clock.now();
        BeginRun {
            trigger: order.trigger,
            started_by: order.started_by,
            holder: process::this(),
            now,
            expires: Keeper::expiry(now),
            over,
        }
    }
}
