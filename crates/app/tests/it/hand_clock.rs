//! A clock that tests move.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::Clock;
use tallyport_simulator::start;
use tokio::sync::watch;

use crate::bench::soon;

/// A clock that moves when it is told to.
pub(crate) struct HandClock {
    now: watch::Sender<DateTime<Utc>>,
    asleep: AtomicUsize,
    /// How often somebody went to sleep.
    slept: AtomicUsize,
}

impl HandClock {
    pub(crate) fn new() -> Self {
        Self { now: watch::Sender::new(start()), asleep: AtomicUsize::new(0), slept: AtomicUsize::new(0) }
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.now.send_modify(|now| *now += by);
    }

    /// Lets time pass until somebody whom that woke has done their work and sleeps again.
    pub(crate) async fn advance_past_a_sleep(&self, by: TimeDelta) {
        let slept = self.slept.load(Ordering::SeqCst);
        self.advance(by);
        soon(async {
            while self.slept.load(Ordering::SeqCst) == slept {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// Lets time pass for who waits for it, and for nobody who is at work: what they do takes none.
    pub(crate) async fn advance_if_awaited(&self, by: TimeDelta) {
        if self.asleep.load(Ordering::SeqCst) > 0 {
            self.advance(by);
        }
        tokio::task::yield_now().await;
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.borrow()
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        let mut now = self.now.subscribe();
        let _asleep = Asleep::of(&self.asleep);
        self.slept.fetch_add(1, Ordering::SeqCst);
        now.wait_for(|now| *now >= instant).await.expect("the clock outlives who waits for it");
    }
}

/// Somebody who waits for the clock, until they have woken or waited enough.
struct Asleep<'a>(&'a AtomicUsize);

impl<'a> Asleep<'a> {
    fn of(many: &'a AtomicUsize) -> Self {
        many.fetch_add(1, Ordering::SeqCst);
        Self(many)
    }
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
