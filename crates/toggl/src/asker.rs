//! Asks, waits and asks again: everything between wanting an answer and having one (I19).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{Clock, Impatient, Parts, Random, SourceError, WaitFor};

use crate::classify::{Refusal, Verdict, classify};
use crate::credential::Credential;
use crate::endpoint::Endpoint;
use crate::limits::{Limits, MARGIN};
use crate::progress::Tracker;
use crate::retry::{Backoff, RATE_PAUSES, TRIES, TRIES_AFTER_TIMEOUT, WINDOWS};
use crate::said;
use crate::transport::{Answer, Broken, Transport};

/// Waits up to this are nobody's business.
const SHORT: TimeDelta = TimeDelta::seconds(1);

/// Toggl, as one token reaches it.
pub(crate) struct Connection {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) credential: Credential,
    pub(crate) base: String,
    pub(crate) loopback: bool,
    pub(crate) limits: Limits,
    pub(crate) backoff: Backoff,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

/// Why there is no list.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Toggl refused it; what that means depends on who asked for what.
    Refused(Refusal),
    /// The workspace's plan does not have it.
    NotInPlan,
    /// The reading cannot go on.
    Failed(SourceError),
}

impl From<SourceError> for Trouble {
    fn from(error: SourceError) -> Self {
        Self::Failed(error)
    }
}

/// Trouble with what no reading can do without.
impl From<Trouble> for SourceError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(refusal) => refusal.into(),
            Trouble::Failed(error) => error,
            Trouble::NotInPlan => unreachable!("only tasks are missing from a plan, and those are read without"),
        }
    }
}

/// One conversation with Toggl, and whoever wants to know how it goes. Shared by the lists that are read side by side.
pub(crate) struct Asker<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) parts: &'a dyn Parts,
    tracker: Mutex<Tracker>,
    /// Held by a request that must go alone, its repetitions included.
    alone: futures_util::lock::Mutex<()>,
}

/// How often one request was sent in vain, by reason.
#[derive(Default)]
struct Failures {
    broken: u32,
    too_fast: usize,
    spent: u32,
}

impl<'a> Asker<'a> {
    pub(crate) fn new(connection: &'a Connection, parts: &'a dyn Parts) -> Self {
        Self { connection, parts, tracker: Mutex::default(), alone: futures_util::lock::Mutex::default() }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.connection.clock.now()
    }

    pub(crate) fn tracker(&self) -> MutexGuard<'_, Tracker> {
        self.tracker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn report(&self) {
        let told = self.tracker().told();
        self.parts.progress(told);
    }

    /// Gets an answer with status 200.
    pub(crate) async fn get(&self, endpoint: &Endpoint) -> Result<Answer, Trouble> {
        let connection = self.connection;
        let target = endpoint.target();
        let mut failures = Failures::default();
        let mut alone = None;
        loop {
            // Judged anew before each repetition: the answer to the last may have told how little is left.
            if alone.is_none() && connection.limits.must_go_alone(endpoint.bucket, self.now()) {
                alone = Some(self.alone.lock().await);
            }
            self.await_quota(endpoint).await?;
            self.await_turn(endpoint).await?;
            self.count();
            let answer = connection.transport.get(&target, connection.credential.header()).await;
            let now = self.now();
            if let Ok(answer) = &answer
                && let Some(quota) = connection.limits.note(endpoint.bucket, &answer.headers, now)
            {
                self.tracker().state.quota = Some(quota);
            }
            self.report();
            match answer {
                Err(broken) => self.after_break(endpoint, broken, &mut failures).await?,
                Ok(answer) => match classify(endpoint, &answer, &connection.credential, now) {
                    Verdict::Fine => return Ok(answer),
                    Verdict::TooFast(after) => self.after_too_fast(endpoint, after, &mut failures).await?,
                    Verdict::Spent(resets_in) => {
                        failures.spent += 1;
                        let until = now + resets_in + MARGIN;
                        if failures.spent > WINDOWS {
                            return Err(SourceError::QuotaSpent { until }.into());
                        }
                        self.await_reset(endpoint, until).await?;
                    }
                    Verdict::Overloaded(detail, after) => {
                        // Loopback is a person's own machine, where nobody sits through a server's wishes.
                        let after = after.filter(|_| !connection.loopback);
                        self.again(endpoint, &mut failures, TRIES, detail, after).await?;
                    }
                    Verdict::NotInPlan => return Err(Trouble::NotInPlan),
                    Verdict::Refused(refusal) => return Err(Trouble::Refused(refusal)),
                    Verdict::Failed(error) => return Err(Trouble::Failed(error)),
                },
            }
        }
    }

    /// The error for an answer that cannot be what it should be.
    pub(crate) fn nonsense(&self, endpoint: &Endpoint, detail: &str) -> SourceError {
        SourceError::Nonsense { endpoint: endpoint.to_string(), detail: said::clean(detail, &self.connection.credential) }
    }

    fn count(&self) {
        let requests = &mut self.tracker().state.requests;
        *requests = requests.saturating_add(1);
    }

    async fn wait(&self, until: DateTime<Utc>, why: WaitFor) -> Result<(), Impatient> {
        if until - self.now() <= SHORT {
            self.connection.clock.sleep_until(until).await;
            Ok(())
        } else {
            self.parts.wait(until, why).await
        }
    }

    async fn await_quota(&self, endpoint: &Endpoint) -> Result<(), SourceError> {
        match self.connection.limits.spent_until(endpoint.bucket, self.now()) {
            Some(until) => self.await_reset(endpoint, until).await,
            None => Ok(()),
        }
    }

    async fn await_reset(&self, endpoint: &Endpoint, until: DateTime<Utc>) -> Result<(), SourceError> {
        self.parts.wait(until, WaitFor::Quota).await.map_err(|Impatient| SourceError::QuotaSpent { until })?;
        // What was known is from the last window.
        self.connection.limits.forget(endpoint.bucket);
        Ok(())
    }

    async fn await_turn(&self, endpoint: &Endpoint) -> Result<(), SourceError> {
        let now = self.now();
        let turn = self.connection.limits.turn(now);
        if turn <= now {
            return Ok(());
        }
        self.wait(turn, WaitFor::Rate).await.map_err(|Impatient| SourceError::RateLimited { endpoint: endpoint.to_string() })
    }

    async fn after_too_fast(
        &self,
        endpoint: &Endpoint,
        after: Option<TimeDelta>,
        failures: &mut Failures,
    ) -> Result<(), SourceError> {
        let limited = || SourceError::RateLimited { endpoint: endpoint.to_string() };
        let usual = *RATE_PAUSES.get(failures.too_fast).ok_or_else(limited)?;
        failures.too_fast += 1;
        let until = self.now() + after.unwrap_or(usual);
        self.connection.limits.pause_until(until);
        self.wait(until, WaitFor::Rate).await.map_err(|Impatient| limited())
    }

    async fn after_break(&self, endpoint: &Endpoint, broken: Broken, failures: &mut Failures) -> Result<(), SourceError> {
        let (tries, detail) = match broken {
            Broken::Nonsense(detail) => return Err(self.nonsense(endpoint, &detail)),
            Broken::TimedOut(detail) => (TRIES_AFTER_TIMEOUT, detail),
            Broken::Lost(detail) => (TRIES, detail),
        };
        let detail = said::clean(&detail, &self.connection.credential);
        self.again(endpoint, failures, tries, detail, None).await
    }

    async fn again(
        &self,
        endpoint: &Endpoint,
        failures: &mut Failures,
        tries: u32,
        detail: String,
        after: Option<TimeDelta>,
    ) -> Result<(), SourceError> {
        let unreachable = SourceError::Unreachable { endpoint: endpoint.to_string(), detail };
        failures.broken += 1;
        if failures.broken > tries {
            return Err(unreachable);
        }
        let pause = self.connection.backoff.pause(failures.broken, &*self.connection.random);
        let until = self.now() + pause.max(after.unwrap_or_default());
        self.wait(until, WaitFor::Retry).await.map_err(|Impatient| unreachable)
    }
}
