//! What the sync engine needs: all that an embedder with a database of its own implements.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::plan::{Current, Hold, Item, Plan, ShownChanges};
use tallyport_domain::{
    AccountId, Outcome, Part, PersonId, Proof, Quota, Roster, Run, RunError, RunId, Selection, Settings, Trigger,
};

use crate::Result;

/// The tree, the assignments and the runs of an account, as a sync reads and writes them.
///
/// Each method is one atomic step. Lease and epoch make sure that of several processes only one applies (I11): every method
/// that carries a [`Lease`] answers [`StoreError::Fenced`](crate::StoreError::Fenced), and changes nothing, once the run ended,
/// was cancelled or was taken over.
#[async_trait]
pub trait SyncStore: Send + Sync {
    /// Reads everything that a plan is computed from, as it stands at one moment.
    ///
    /// # Errors
    /// `Integration` where the account has none or it is unlinked.
    async fn sync_state(&self, account: AccountId) -> Result<SyncState>;

    /// Opens a run and takes the lease (I11).
    ///
    /// A lease that ran out at `begin.now`, or that is `begin.over`, is taken over: its run is closed as failed
    /// (`interrupted`), and the parts it had staged are given to this run. Parts are given back only where the run before
    /// ended with them kept (I19); they are then this run's, and kept or dropped with its own.
    ///
    /// A run that is at work is no error but [`Begun::UnderWay`].
    ///
    /// # Errors
    /// `Integration` where the account has none or it is unlinked.
    async fn begin_run(&self, account: AccountId, begin: &BeginRun) -> Result<Begun>;

    /// Prolongs the lease and records how far the run is: requests sent, and until when it waits if it does (I11, I19).
    ///
    /// [`SyncState::version`] stays as it is.
    async fn heartbeat(&self, account: AccountId, lease: &Lease, beat: &Heartbeat) -> Result<()>;

    /// Keeps finished pages for a later run (I19). A page staged before is replaced.
    async fn stage_parts(&self, account: AccountId, lease: &Lease, parts: &[Part]) -> Result<()>;

    /// Applies a plan, records it item by item and ends the run as succeeded, in one transaction (I10).
    ///
    /// Parts are dropped, held runs before it become superseded, and one change row names the run. The items recorded are
    /// those of [`Plan::items`], with the numbers that created tasks got and without their index. The members of
    /// [`Plan::members`] are remembered in place of those known of the same workspaces (P4).
    ///
    /// # Errors
    /// `Fenced`, or `Stale` where tree, people, assignments, selection or settings are no longer at `application.version`;
    /// nothing is written then, and a stale run goes on.
    async fn apply(&self, account: AccountId, lease: &Lease, application: Application) -> Result<Run>;

    /// Ends the run as held, and records what it would have done (I12). Parts are dropped, older held runs become superseded.
    async fn hold(&self, account: AccountId, lease: &Lease, held: Held) -> Result<Run>;

    /// Ends the run without effect: failed or cancelled. A rejected token is remembered until another one is stored (I17). Held
    /// runs stay held. However a run ends, it does so no earlier than it began, whatever the clock says.
    async fn end_run(&self, account: AccountId, lease: &Lease, ended: Ended) -> Result<Run>;

    /// Cancels the run under way, if there is one, whichever process it belongs to (I11); its process finds itself fenced, and
    /// its parts are dropped.
    async fn cancel_run(&self, account: AccountId, by: Option<PersonId>, now: DateTime<Utc>) -> Result<Option<RunId>>;

    /// Refuses a held run (I12).
    ///
    /// # Errors
    /// `NotFound`, or `RunIs` where it is not held.
    async fn reject_run(&self, account: AccountId, run: RunId, by: PersonId, now: DateTime<Utc>) -> Result<Run>;

    /// What a held run showed, for a yes to it (I12).
    ///
    /// # Errors
    /// `NotFound`, or `RunIs` where it is not held.
    async fn shown_changes(&self, account: AccountId, run: RunId) -> Result<ShownChanges>;

    /// One run, if the account has it.
    async fn run(&self, account: AccountId, run: RunId) -> Result<Option<Run>>;

    /// Runs, newest first, from before `before` if that is given (I14).
    async fn runs(&self, account: AccountId, before: Option<RunId>, limit: u32) -> Result<Vec<Run>>;

    /// What a run changed or would have changed, in order, after the first `skip` items; nothing for a run that the account
    /// lacks (I14).
    async fn run_items(&self, account: AccountId, run: RunId, skip: u32, limit: u32) -> Result<Vec<Item>>;
}

/// Everything that a plan is computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncState {
    /// Changes with whatever else of this struct does; [`SyncStore::apply`] compares it.
    pub version: i64,
    /// Tree and assignments.
    pub current: Current,
    /// People and owner.
    pub roster: Roster,
    /// The workspaces picked.
    pub selection: Selection,
    /// How they are mirrored.
    pub settings: Settings,
}

/// How a run begins.
#[derive(Debug, Clone)]
pub struct BeginRun {
    /// What made it start.
    pub trigger: Trigger,
    /// Who made it start.
    pub started_by: Option<PersonId>,
    /// Who will hold the lease.
    pub holder: Holder,
    /// The time.
    pub now: DateTime<Utc>,
    /// When the lease runs out unless it is prolonged.
    pub expires: DateTime<Utc>,
    /// The lease of a process that is known to be dead, to be taken over at once.
    pub over: Option<Lease>,
}

/// The process that holds a lease: enough to see whether it still lives.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Holder {
    /// The machine and its start, so that a process number means something.
    pub machine: String,
    /// The process number there.
    pub process: u32,
    /// When the process started, in the machine's own count, since process numbers come again.
    pub started: u64,
}

/// The right to end one run. The epoch grows with each lease of an account, so an old one cannot pass for the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The run.
    pub run: RunId,
    /// The count of leases in the account.
    pub epoch: i64,
}

/// What opening a run came to.
#[derive(Debug)]
pub enum Begun {
    /// The run is open.
    Open {
        /// The right to end it.
        lease: Lease,
        /// Its record.
        run: Box<Run>,
        /// Pages that an earlier run left behind (I19).
        kept: Vec<Part>,
    },
    /// Another run is at work (I11).
    UnderWay {
        /// Its lease.
        lease: Lease,
        /// Who holds it.
        holder: Holder,
    },
}

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub struct Heartbeat {
    /// The time.
    pub now: DateTime<Utc>,
    /// When the lease runs out now.
    pub expires: DateTime<Utc>,
    /// Requests sent so far.
    pub requests: u32,
    /// Until when it waits, if it does.
    pub waiting_until: Option<DateTime<Utc>>,
    /// What is left of the source's allowance, where that is known.
    pub quota: Option<Quota>,
}

/// A plan to apply, with what it was computed from.
#[derive(Debug, Clone)]
pub struct Application {
    /// The state's [`SyncState::version`] that it was computed from.
    pub version: i64,
    /// The tree that it was computed from.
    pub current: Current,
    /// What to change.
    pub plan: Plan,
    /// What showed that the reading was complete (I20).
    pub proof: Proof,
    /// Requests sent.
    pub requests: u32,
    /// What is left of the source's allowance.
    pub quota: Option<Quota>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// A plan that needs a yes.
#[derive(Debug, Clone)]
pub struct Held {
    /// The plan and what it was computed from; the version is not compared.
    pub application: Application,
    /// Why it needs one.
    pub hold: Hold,
    /// What it shows.
    pub shown: ShownChanges,
}

/// The end of a run without effect.
#[derive(Debug, Clone)]
pub struct Ended {
    /// [`Outcome::Failed`] or [`Outcome::Cancelled`].
    pub outcome: Outcome,
    /// Why it failed.
    pub error: Option<RunError>,
    /// Whether the token was rejected (I17).
    pub token_rejected: bool,
    /// Requests sent.
    pub requests: u32,
    /// What is left of the source's allowance.
    pub quota: Option<Quota>,
    /// Whether the staged parts serve the next run: only after a spent quota (I19).
    pub keep_parts: bool,
    /// The time.
    pub now: DateTime<Utc>,
}
