//! One run from its lease to its end: read, plan, apply or hold (I10, I11, I12).

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::plan::{Consent, Terms, plan};
use tallyport_domain::{
    AccountId, Clock, Outcome, Part, PersonId, ReadRequest, Reading, Run, RunError, Source, SourceError, Trigger,
};
use tallyport_storage::{Application, Ended, Held, Lease, StoreError, SyncState, SyncStore};
use tokio::sync::watch;

use crate::error::{run_error, store_run_error};
use crate::keeper::Keeper;
use crate::patience::Waits;
use crate::reading::RunParts;
use crate::{Patience, Phase, Progress, SyncError};

/// The time between two prolongations of the lease, at which finished pages are staged too (I11, I19).
const BEAT: TimeDelta = TimeDelta::seconds(5);

/// How often a plan is made anew because somebody changed the tree meanwhile. Planning takes a fraction of a second, so nobody
/// gets this far by editing.
const PLANS: u32 = 50;

/// How often a database that is busy for seconds is asked again to take the plan: everything is read already, but nobody
/// watches a command stand still for a minute.
const BUSY: u32 = 2;

/// An order to sync.
#[derive(Debug, Clone)]
pub struct Order {
    /// What makes it start.
    pub trigger: Trigger,
    /// Who makes it start; nobody where the schedule does.
    pub started_by: Option<PersonId>,
    /// The yes that comes along (I3, I12).
    pub consent: Consent,
    /// How long it may wait for the source's allowance.
    pub patience: Patience,
}

/// A run that has its lease. It does nothing until it is driven, and ends on its own when it is dropped: its lease runs out.
pub struct ActiveRun {
    pub(crate) store: Arc<dyn SyncStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) source: Arc<dyn Source>,
    pub(crate) account: AccountId,
    pub(crate) lease: Lease,
    pub(crate) record: Run,
    pub(crate) kept: Vec<Part>,
    pub(crate) order: Order,
    pub(crate) progress: watch::Sender<Progress>,
    pub(crate) cancel: watch::Sender<Option<Early>>,
}

/// Ends a run of this process before it changes anything (I11). Cheap to clone; does nothing once the run applied.
#[derive(Debug, Clone)]
pub struct Canceller(watch::Sender<Option<Early>>);

/// Who wants a run to end early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Early {
    /// A person, for good.
    Cancelled,
    /// Its process, which stops: nobody wanted the sync to be left out.
    Stopped,
}

impl Canceller {
    /// Asks the run to end, for a person who wants that.
    pub fn cancel(&self) {
        self.0.send_replace(Some(Early::Cancelled));
    }

    /// Asks the run to end, since its process does. Its record says so, and a schedule makes up for it ([`Run::was_cut_off`]).
    pub fn stop(&self) {
        self.0.send_if_modified(|early| early.is_none() && early.replace(Early::Stopped).is_none());
    }
}

/// Why a run ended without a complete reading.
enum Cut {
    Early(Early),
    Source(SourceError),
    Store(StoreError),
}

impl ActiveRun {
    /// The record of the run as it was opened.
    #[must_use]
    pub fn record(&self) -> &Run {
        &self.record
    }

    /// Follows how far it is. The last value stays to be read when the run is over.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// What ends it early.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        Canceller(self.cancel.clone())
    }

    /// Reads, plans and applies. Whatever goes wrong is in the record that comes back; the tree is then as it was (I10).
    ///
    /// # Errors
    /// Only where the store can no longer record how the run ended.
    pub async fn drive(self) -> Result<Run, SyncError> {
        let began = self.record.started_at;
        let lease = (self.lease, began);
        let keeper = Keeper::new(Arc::clone(&self.store), Arc::clone(&self.clock), self.account, lease, self.progress.clone());
        let Self { store, clock, source, account, lease, kept, order, cancel, .. } = self;
        let run = Driven { store, clock, account, lease, began, keeper };

        let ended = match run.read(source.as_ref(), kept, order.patience, &cancel).await {
            Ok((state, reading)) => {
                run.keeper.enter(Phase::Applying, None);
                run.finish(state, reading, &order.consent).await
            }
            Err(cut) => run.end(cut).await,
        };
        run.keeper.enter(Phase::Ended, None);
        ended
    }
}

/// Waits until somebody wants the run to end early.
async fn wanted(early: &mut watch::Receiver<Option<Early>>) -> Early {
    match early.wait_for(Option::is_some).await.map(|early| *early) {
        Ok(Some(early)) => early,
        // Nobody is left who could want it.
        _ => std::future::pending().await,
    }
}

/// A run at work.
struct Driven {
    store: Arc<dyn SyncStore>,
    clock: Arc<dyn Clock>,
    account: AccountId,
    lease: Lease,
    began: DateTime<Utc>,
    keeper: Keeper,
}

impl Driven {
    /// Reads the source to the end, with heartbeats beside it.
    async fn read(
        &self,
        source: &dyn Source,
        kept: Vec<Part>,
        patience: Patience,
        cancel: &watch::Sender<Option<Early>>,
    ) -> Result<(SyncState, Reading), Cut> {
        let state = self.store.sync_state(self.account).await.map_err(Cut::Store)?;
        let request = ReadRequest { selection: Some(state.selection.clone()), known: state.current.known(), kept };
        let parts =
            RunParts { keeper: &self.keeper, clock: self.clock.as_ref(), waits: Waits::new(patience), refused: Mutex::default() };
        let mut early = cancel.subscribe();
        let read = {
            let mut reading = pin!(source.read(request, &parts));
            let mut next = self.clock.now() + BEAT;
            loop {
                tokio::select! {
                    biased;
                    early = wanted(&mut early) => return Err(Cut::Early(early)),
                    read = &mut reading => break read,
                    () = self.clock.sleep_until(next) => {
                        self.keeper.tick().await.map_err(Cut::Store)?;
                        next = self.clock.now() + BEAT;
                    }
                }
            }
        };
        let early = *early.borrow();
        match (parts.refused.into_inner().unwrap_or_else(PoisonError::into_inner), read, early) {
            (Some(refused), _, _) => Err(Cut::Store(refused)),
            (None, Err(error), _) => Err(Cut::Source(error)),
            (None, Ok(_), Some(early)) => Err(Cut::Early(early)),
            (None, Ok(reading), None) => Ok((state, reading)),
        }
    }

    /// Plans, and applies or holds; plans again where the tree changed meanwhile.
    async fn finish(&self, mut state: SyncState, reading: Reading, consent: &Consent) -> Result<Run, SyncError> {
        let (requests, quota) = self.keeper.usage();
        let mut busy = 0;
        for _ in 0..PLANS {
            if let Err(error) = self.keeper.renew().await {
                return self.end(Cut::Store(error)).await;
            }
            // Where the clock was set back meanwhile, nothing is archived before the run began that archives it.
            let now = self.clock.now().max(self.began);
            let terms = Terms { selection: &state.selection, settings: &state.settings, roster: &state.roster, at: now };
            let plan = plan(&state.current, &reading.snapshot, terms);
            let held = plan.hold(&state.current, consent).map(|hold| (hold, plan.shown(&state.current)));
            let application = Application {
                version: state.version,
                current: state.current,
                plan,
                proof: reading.proof.clone(),
                requests,
                quota,
                now,
            };
            let written = match held {
                Some((hold, shown)) => self.store.hold(self.account, &self.lease, Held { application, hold, shown }).await,
                None => self.store.apply(self.account, &self.lease, application).await,
            };
            match written {
                Ok(run) => return Ok(run),
                Err(StoreError::Stale) => {}
                Err(StoreError::Busy(_)) if busy < BUSY => busy += 1,
                Err(error) => return self.end(Cut::Store(error)).await,
            }
            match self.store.sync_state(self.account).await {
                Ok(changed) => state = changed,
                Err(error) => return self.end(Cut::Store(error)).await,
            }
        }
        self.end(Cut::Store(StoreError::Stale)).await
    }

    /// Ends the run without effect, and answers how it is recorded.
    async fn end(&self, cut: Cut) -> Result<Run, SyncError> {
        let (requests, quota) = self.keeper.usage();
        let (outcome, error, token_rejected, keep_parts) = match &cut {
            Cut::Early(early) => (Outcome::Cancelled, (*early == Early::Stopped).then(RunError::stopped), false, false),
            Cut::Source(error) => {
                let rejected = matches!(error, SourceError::TokenRejected { .. } | SourceError::OtherProduct);
                let spent = matches!(error, SourceError::QuotaSpent { .. });
                (Outcome::Failed, Some(run_error(error)), rejected, spent)
            }
            // Somebody else ended the run; or it is not known whether it applied: the record tells.
            Cut::Store(StoreError::Fenced(_) | StoreError::Unknown(_)) => return self.recorded(cut).await,
            Cut::Store(error) => (Outcome::Failed, Some(store_run_error(error)), false, false),
        };
        if keep_parts {
            // What cannot be kept is read again by the next run; that it cannot be is no reason to leave no record.
            drop(self.keeper.stage().await);
        }
        let ended = Ended { outcome, error, token_rejected, requests, quota, keep_parts, now: self.clock.now() };
        match self.store.end_run(self.account, &self.lease, ended).await {
            Ok(run) => Ok(run),
            Err(StoreError::Fenced(_)) => self.recorded(cut).await,
            Err(error) => Err(error.into()),
        }
    }

    /// The run as it is on record, where somebody else ended it.
    async fn recorded(&self, cut: Cut) -> Result<Run, SyncError> {
        match (self.store.run(self.account, self.lease.run).await?, cut) {
            (Some(run), _) if !run.outcome.is_under_way() => Ok(run),
            (_, Cut::Store(error)) => Err(error.into()),
            (Some(run), Cut::Early(_)) => Ok(run),
            (Some(run), Cut::Source(error)) => Ok(Run { error: Some(run_error(&error)), ..run }),
            (None, _) => Err(StoreError::Fenced(self.lease.run).into()),
        }
    }
}
