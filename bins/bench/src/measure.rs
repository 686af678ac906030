//! One measurement: what a party takes, told by a process that does nothing else.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::parties::{floor, product};
use crate::server::Server;

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

/// Who is measured at what. The word is what the process of the measurement is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    /// The floor of a first import.
    FloorFirst,
    /// The floor of a sync without changes: fetching and parsing.
    FloorRead,
    /// The floor of a sync with changes.
    FloorChanged,
    /// Our engine, at whatever there is to do.
    Product,
}

impl Party {
    fn word(self) -> &'static str {
        match self {
            Self::FloorFirst => "floor-first",
            Self::FloorRead => "floor-read",
            Self::FloorChanged => "floor-changed",
            Self::Product => "product",
        }
    }

    /// Measures it in a process of its own.
    pub(crate) fn measure(self, server: &Server, file: &Path) -> Result<Took> {
        let output = Command::new(std::env::current_exe()?)
            .args(["measure", self.word(), server.url(), server.token()])
            .arg(file)
            .output()?;
        if !output.status.success() {
            return Err(format!("{}: {}", self.word(), String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// Measures in this process, and prints it.
pub(crate) fn one(party: &str, url: &str, token: &str, file: &Path) -> Result<()> {
    let took = match party {
        "floor-first" => floor::first(url, token, file)?,
        "floor-read" => floor::read_only(url, token)?,
        "floor-changed" => floor::changed(url, token, file)?,
        "product" => product::sync(url, token, file)?,
        _ => return Err(format!("nobody is called {party}").into()),
    };
    println!("{}", serde_json::to_string(&took)?);
    Ok(())
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
