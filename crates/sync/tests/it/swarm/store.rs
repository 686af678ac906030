//! The store as the engine of a history sees it: each call takes no simulated time, and the process may die around it.

use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::plan::{Item, ShownChanges};
use tallyport_domain::{AccountId, Part, PersonId, Run, RunId};
use tallyport_storage::{Application, BeginRun, Begun, Ended, Heartbeat, Held, Lease, Result, SyncState, SyncStore};

use super::process::Process;
use super::time::at_once;

/// A store whose calls are made on the caller's own thread, so that nothing depends on what other threads do meanwhile.
pub(crate) struct Prompt {
    inner: Arc<dyn SyncStore>,
    process: Process,
}

impl Prompt {
    pub(crate) fn over(inner: Arc<dyn SyncStore>, process: &Process) -> Self {
        Self { inner, process: process.clone() }
    }

    async fn pass<T>(&self, call: impl Future<Output = Result<T>> + Send) -> Result<T> {
        self.process.call().await;
        let answer = at_once(call);
        self.process.answer().await;
        answer
    }
}

macro_rules! forward {
    ($(fn $method:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl SyncStore for Prompt {
            $(
                async fn $method(&self, $($argument: $kind),*) -> Result<$answer> {
                    self.pass(self.inner.$method($($argument),*)).await
                }
            )*
        }
    };
}

forward! {
    fn sync_state(account: AccountId) -> SyncState;
    fn begin_run(account: AccountId, begin: &BeginRun) -> Begun;
    fn heartbeat(account: AccountId, lease: &Lease, beat: &Heartbeat) -> ();
    fn stage_parts(account: AccountId, lease: &Lease, parts: &[Part]) -> ();
    fn apply(account: AccountId, lease: &Lease, application: Application) -> Run;
    fn hold(account: AccountId, lease: &Lease, held: Held) -> Run;
    fn end_run(account: AccountId, lease: &Lease, ended: Ended) -> Run;
    fn cancel_run(account: AccountId, by: Option<PersonId>, now: DateTime<Utc>) -> Option<RunId>;
    fn reject_run(account: AccountId, run: RunId, by: PersonId, now: DateTime<Utc>) -> Run;
    fn shown_changes(account: AccountId, run: RunId) -> ShownChanges;
    fn run(account: AccountId, run: RunId) -> Option<Run>;
    fn runs(account: AccountId, before: Option<RunId>, limit: u32) -> Vec<Run>;
    fn run_items(account: AccountId, run: RunId, skip: u32, limit: u32) -> Vec<Item>;
}
