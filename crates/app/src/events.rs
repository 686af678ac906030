//! How far a run is, as it goes on: from its own process at once, from another one by looking at its record.

use std::sync::Arc;

use chrono::TimeDelta;
use tallyport_domain::{AccountId, Outcome, ReadProgress, Run, RunId};
use tallyport_sync::{Phase, Progress};
use tokio::sync::watch;

use crate::registry::Lost;
use crate::{Error, Result, Shared};

/// How often the record of another process's run is looked at.
const LOOK: TimeDelta = TimeDelta::seconds(1);

/// The progress of one run, until it has ended.
pub struct Events {
    shared: Arc<Shared>,
    account: AccountId,
    run: RunId,
    from: From,
}

enum From {
    /// This process; the receiver has something to tell that was not told yet if the flag is set.
    Here(watch::Receiver<Progress>, bool),
    /// Another process: what its record said last.
    Elsewhere(Option<Progress>),
    /// It has ended.
    Ended,
}

impl Events {
    pub(crate) fn of(shared: Arc<Shared>, account: AccountId, run: RunId) -> Self {
        let from = match shared.runs.progress(account, run) {
            Some(progress) => From::Here(progress, true),
            None => From::Elsewhere(None),
        };
        Self { shared, account, run, from }
    }

    /// The next progress; nothing after the one whose phase is [`Phase::Ended`], by when the run's record says how it ended.
    ///
    /// # Errors
    /// `RunLost` in place of the end, where the store could not take it down; and errors of the store.
    pub async fn next(&mut self) -> Option<Result<Progress>> {
        loop {
            match &mut self.from {
                From::Here(progress, fresh) => {
                    let open = std::mem::take(fresh) || progress.changed().await.is_ok();
                    let told = progress.borrow_and_update().clone();
                    if open && told.phase != Phase::Ended {
                        return Some(Ok(told));
                    }
                    self.shared.runs.gone(self.account, self.run).await;
                    return Some(self.ended(Some(told)).await);
                }
                From::Elsewhere(last) => {
                    let last = last.clone();
                    let run = match self.record().await {
                        Ok(run) => run,
                        Err(error) => {
                            self.from = From::Ended;
                            return Some(Err(error));
                        }
                    };
                    if !run.outcome.is_under_way() || self.shared.runs.lost(self.account, self.run).is_some() {
                        return Some(self.ended(None).await);
                    }
                    let now = as_recorded(&run);
                    if last.as_ref() != Some(&now) {
                        self.from = From::Elsewhere(Some(now.clone()));
                        return Some(Ok(now));
                    }
                    let clock = &self.shared.clock;
                    clock.sleep_until(clock.now() + LOOK).await;
                }
                From::Ended => return None,
            }
        }
    }

    async fn record(&self) -> Result<Run> {
        self.shared.store.run(self.account, self.run).await?.ok_or(Error::NotFound("run"))
    }

    async fn ended(&mut self, told: Option<Progress>) -> Result<Progress> {
        self.from = From::Ended;
        if let Some(Lost { code, message }) = self.shared.runs.lost(self.account, self.run) {
            return Err(Error::RunLost { code, message });
        }
        let run = self.record().await?;
        let progress = told.unwrap_or_else(|| as_recorded(&run));
        Ok(Progress { phase: Phase::Ended, waiting_until: None, ..progress })
    }
}

/// As much of the progress as a record tells.
fn as_recorded(run: &Run) -> Progress {
    let phase = match run.outcome {
        Outcome::Running => Phase::Reading,
        Outcome::Waiting => Phase::Waiting,
        _ => Phase::Ended,
    };
    let read = ReadProgress { requests: run.requests, ..ReadProgress::default() };
    Progress { phase, read, waiting_until: run.waiting_until }
}
