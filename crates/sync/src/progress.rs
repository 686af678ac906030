//! How far a run is, for whoever watches (I3).

use chrono::{DateTime, Utc};
use tallyport_domain::ReadProgress;

/// What a run is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// Reading the source.
    #[default]
    Reading,
    /// Waiting for the source's allowance.
    Waiting,
    /// Planning and applying.
    Applying,
    /// Over; its record says how.
    Ended,
}

/// How far a run is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// How far the reading is.
    pub read: ReadProgress,
    /// Until when it waits, while it waits.
    pub waiting_until: Option<DateTime<Utc>>,
}
