//! Time that passes only when everything waits for it, so that a day takes a moment and the same day comes again.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::Clock;

use super::chance::Chance;

/// More steps than any run takes.
const ENDLESS: u32 = 200_000;

/// Waits with less than this between the first and the last to end are not shortened.
const SHORT: TimeDelta = TimeDelta::seconds(60);

/// The one clock of a history.
#[derive(Clone)]
pub(crate) struct Time(Arc<Mutex<State>>);

struct State {
    now: DateTime<Utc>,
    /// Until when somebody sleeps and how they are woken, by a number of their own.
    sleepers: BTreeMap<u64, (DateTime<Utc>, Waker)>,
    next: u64,
    chance: Chance,
    /// How often the clock was set back, and how often forward.
    jumps: (u32, u32),
}

impl Time {
    pub(crate) fn from(now: DateTime<Utc>, chance: Chance) -> Self {
        Self(Arc::new(Mutex::new(State { now, sleepers: BTreeMap::new(), next: 0, chance, jumps: (0, 0) })))
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        let mut state = self.0.lock().unwrap();
        state.now += by;
        let jumps = if by < TimeDelta::zero() { &mut state.jumps.0 } else { &mut state.jumps.1 };
        *jumps += 1;
        state.wake();
    }

    /// How often the clock was set back, and how often forward.
    pub(crate) fn jumps(&self) -> (u32, u32) {
        self.0.lock().unwrap().jumps
    }

    fn sleep(&self, until: DateTime<Utc>) -> Sleep {
        let mut state = self.0.lock().unwrap();
        state.next += 1;
        Sleep { time: self.clone(), number: state.next, until }
    }

    /// Goes on to the instant at which the next sleeper wakes; says whether there is one.
    ///
    /// Of a long wait with heartbeats in it chance leaves out many, as a machine does that sleeps meanwhile.
    fn pass(&self) -> bool {
        let mut state = self.0.lock().unwrap();
        let ends = || state.sleepers.values().map(|(until, _)| *until);
        let (Some(first), Some(last)) = (ends().min(), ends().max()) else { return false };
        let leaps = last - first > SHORT && state.chance.percent(60);
        let to = if leaps { last } else { first };
        state.now = state.now.max(to);
        state.wake();
        true
    }
}

impl State {
    /// Wakes those whose time has come.
    fn wake(&self) {
        self.sleepers.values().filter(|(until, _)| *until <= self.now).for_each(|(_, waker)| waker.wake_by_ref());
    }
}

#[async_trait]
impl Clock for Time {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().unwrap().now
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        self.sleep(instant).await;
    }
}

struct Sleep {
    time: Time,
    number: u64,
    until: DateTime<Utc>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.time.0.lock().unwrap();
        if state.now >= self.until {
            return Poll::Ready(());
        }
        state.sleepers.insert(self.number, (self.until, context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.time.0.lock().unwrap().sleepers.remove(&self.number);
    }
}

/// Drives a future by letting time pass; nothing where `dead` says that its process died.
pub(crate) fn live<T>(time: &Time, dead: impl Fn() -> bool, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    for _ in 0..ENDLESS {
        woken.0.store(false, Ordering::Relaxed);
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Some(value);
        }
        if dead() {
            return None;
        }
        // What was woken by something else than time goes on before any passes.
        assert!(woken.0.load(Ordering::Relaxed) || time.pass(), "it waits, and not for time");
    }
    panic!("it does not end");
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits on this very thread for what other threads do, while simulated time stands still.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
