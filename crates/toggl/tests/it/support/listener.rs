use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{Clock, Impatient, Part, Parts, ReadProgress, WaitFor};

use super::TestClock;

/// A wait that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waited {
    pub(crate) at: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
    pub(crate) why: WaitFor,
}

impl Waited {
    pub(crate) fn seconds(self) -> i64 {
        (self.until - self.at).num_seconds()
    }
}

/// Takes down what a reading tells, and waits as long as it was told to.
pub(crate) struct Listener {
    clock: Arc<TestClock>,
    patience: TimeDelta,
    kept: Mutex<Vec<Part>>,
    told: Mutex<Vec<ReadProgress>>,
    waited: Mutex<Vec<Waited>>,
}

impl Listener {
    pub(crate) fn patient(clock: &Arc<TestClock>) -> Self {
        Self::with_patience(clock, TimeDelta::days(30))
    }

    pub(crate) fn impatient(clock: &Arc<TestClock>) -> Self {
        Self::with_patience(clock, TimeDelta::zero())
    }

    pub(crate) fn with_patience(clock: &Arc<TestClock>, patience: TimeDelta) -> Self {
        Self { clock: clock.clone(), patience, kept: Mutex::default(), told: Mutex::default(), waited: Mutex::default() }
    }

    pub(crate) fn kept(&self) -> Vec<Part> {
        self.kept.lock().unwrap().clone()
    }

    pub(crate) fn told(&self) -> Vec<ReadProgress> {
        self.told.lock().unwrap().clone()
    }

    pub(crate) fn waited(&self) -> Vec<Waited> {
        self.waited.lock().unwrap().clone()
    }

    pub(crate) fn last(&self) -> ReadProgress {
        self.told().last().cloned().unwrap_or_default()
    }
}

#[async_trait]
impl Parts for Listener {
    async fn keep(&self, part: Part) {
        let mut kept = self.kept.lock().unwrap();
        kept.retain(|kept| (&kept.list, kept.page) != (&part.list, part.page));
        kept.push(part);
    }

    fn progress(&self, progress: ReadProgress) {
        self.told.lock().unwrap().push(progress);
    }

    async fn wait(&self, until: DateTime<Utc>, why: WaitFor) -> Result<(), Impatient> {
        let at = self.clock.now();
        self.waited.lock().unwrap().push(Waited { at, until, why });
        if until - at > self.patience {
            return Err(Impatient);
        }
        self.clock.sleep_until(until).await;
        Ok(())
    }
}
