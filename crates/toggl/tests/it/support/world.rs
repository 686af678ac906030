use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{Clock, ExternalId, Random, ReadRequest, Selection};
use tallyport_toggl::{Config, Toggl};

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A clock on which waiting takes no time: it is then just that late.
#[derive(Debug)]
pub(crate) struct TestClock(Mutex<DateTime<Utc>>);

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new("2026-11-27T12:00:00Z".parse().unwrap())))
    }

    pub(crate) fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap() = now;
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        let mut now = self.0.lock().unwrap();
        *now = instant.max(*now);
    }
}

/// Always the same byte.
pub(crate) struct TestRandom(pub(crate) u8);

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

/// Settings for a server of a test: nothing that stalls holds a test up.
pub(crate) fn config(base_url: &str) -> Config {
    Config {
        connect_timeout: Duration::from_secs(5),
        read_timeout: Duration::from_secs(10),
        request_timeout: Duration::from_secs(20),
        ..Config::at(base_url)
    }
}

pub(crate) fn toggl(base_url: &str, clock: &Arc<TestClock>) -> Toggl {
    toggl_with(config(base_url), TOKEN, clock)
}

pub(crate) fn toggl_with(config: Config, token: &str, clock: &Arc<TestClock>) -> Toggl {
    Toggl::new(config, token.into(), clock.clone(), Arc::new(TestRandom(255))).unwrap()
}

/// Everything that is visible.
pub(crate) fn request() -> ReadRequest {
    ReadRequest::default()
}

/// Just these workspaces.
pub(crate) fn selecting(workspaces: &[i64]) -> ReadRequest {
    let picked = workspaces.iter().copied().map(ExternalId).collect();
    ReadRequest { selection: Some(Selection::Only(picked)), ..ReadRequest::default() }
}
