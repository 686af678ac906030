//! The handle by which tests and servers hold the simulator, and the lock around all that it is.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Request;

use crate::answer::Answer;
use crate::clock::Clock;
use crate::control;
use crate::faults::Fault;
use crate::log::RequestRecord;
use crate::quota::Bucket;
use crate::state::State;
use crate::switches::Switches;
use crate::world::World;

/// Below this every path of the API lies.
pub const BASE_PATH: &str = "/api/v9";

/// A simulated Toggl Track: its world, its limits and its faults.
///
/// Clones are the same one. It does no input or output of its own: [`Server`](crate::Server) puts it on a socket, and
/// a simulation calls [`answer`](Self::answer) directly. From the same world, clock and requests it gives the same
/// answers, byte by byte.
#[derive(Clone)]
pub struct Simulator {
    clock: Clock,
    state: Arc<Mutex<State>>,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Simulator").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl Simulator {
    /// Puts a world behind the API, with a clock that stands still.
    #[must_use]
    pub fn new(world: World) -> Self {
        Self::with_clock(world, Clock::fixed())
    }

    /// Puts a world behind the API, with that clock.
    #[must_use]
    pub fn with_clock(world: World, clock: Clock) -> Self {
        Self { clock, state: Arc::new(Mutex::new(State::new(world))) }
    }

    /// The clock, to be moved.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.world.now = self.clock.now();
        state
    }

    /// Looks at the world.
    pub fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock().world)
    }

    /// Changes the world; what is changed carries the clock's present instant.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.lock().world)
    }

    /// Turns switches.
    pub fn switch(&self, turn: impl FnOnce(&mut Switches)) {
        turn(&mut self.lock().switches);
    }

    /// How many milliseconds every answer over a socket takes.
    pub(crate) fn latency(&self) -> u64 {
        self.lock().switches.latency
    }

    /// Orders a fault.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.arm(fault);
    }

    /// Takes all orders for faults back.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// How often a fault struck.
    #[must_use]
    pub fn faults_injected(&self) -> u64 {
        self.lock().faults.injected
    }

    /// Everything that was asked, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.lock().log.clone()
    }

    /// How many requests came that were no GET. Nothing may be written to Toggl, so a test wants 0.
    #[must_use]
    pub fn requests_that_write(&self) -> usize {
        self.lock().requests_that_write()
    }

    /// Forgets what was asked so far.
    pub fn forget_requests(&self) {
        self.lock().log.clear();
    }

    /// Lets another program of the same person use up some of a budget.
    pub fn consume_quota(&self, user: i64, bucket: Bucket, requests: i64) {
        let now = self.clock.now();
        self.lock().quotas.consume(user, bucket, requests, now);
    }

    /// The token of the world's owner.
    #[must_use]
    pub fn owner_token(&self) -> Option<String> {
        self.read(|world| world.owner_token().map(str::to_owned))
    }

    /// Answers a request: of the API below [`BASE_PATH`], of the control endpoint below `/control`.
    #[must_use]
    pub fn answer(&self, request: &Request<Bytes>) -> Answer {
        let path = request.uri().path();
        if let Some(rest) = path.strip_prefix("/control").filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            return control::answer(self, request.method(), rest, request.body());
        }
        self.lock().answer(request)
    }
}
