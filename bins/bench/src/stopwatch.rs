//! What this process takes of time, processor and memory.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use crate::Result;

/// What it took.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Took {
    /// By the clock on the wall.
    pub(crate) seconds: f64,
    /// Of all threads of the process together.
    pub(crate) processor: f64,
    /// The most memory that was resident.
    pub(crate) peak_kib: u64,
    /// Requests sent.
    pub(crate) requests: u32,
    /// Rows of the tree when it was done.
    pub(crate) rows: i64,
}

/// Runs from when a party is ready until it is done.
pub(crate) struct Stopwatch {
    began: Instant,
    processor: f64,
}

impl Stopwatch {
    pub(crate) fn start() -> Result<Self> {
        Ok(Self { began: now(), processor: processor()? })
    }

    pub(crate) fn stop(self, requests: u32) -> Result<Took> {
        let seconds = self.began.elapsed().as_secs_f64();
        Ok(Took { seconds, processor: processor()? - self.processor, peak_kib: peak_kib()?, requests, rows: 0 })
    }
}

/// What all threads of this process used of the processor so far.
fn processor() -> Result<f64> {
    let spent = Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).map_err(|error| error.to_string())?;
    Ok(spent.as_secs_f64())
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch is what this program is")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The most memory that this process ever had.
fn peak_kib() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
