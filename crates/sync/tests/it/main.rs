//! The engine over a real SQLite file: against scripted sources where a moment matters, and against the simulated Toggl.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod confirming;
mod cutting;
mod embedding;
mod leasing;
mod mirroring;
mod nonsense;
mod previewing;
mod scheduling;
mod support;
mod swarm;
mod waiting;
