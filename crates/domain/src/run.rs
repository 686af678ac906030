//! Sync runs: what started them, how they ended, and what they did (I11, I12, I14).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::plan::{Counts, Hold, Warning};
use crate::{PersonId, Proof, RunId};

/// What made a run start (I4, I14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// "Sync now".
    Manual,
    /// A save of the selection or of the settings.
    Saved,
    /// The schedule.
    Schedule,
    /// A yes to a held run.
    Confirmed,
    /// Enabling again after unlinking, or with another token (I16).
    ReEnabled,
}

impl Trigger {
    /// The word for this trigger in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Saved => "saved",
            Self::Schedule => "schedule",
            Self::Confirmed => "confirmed",
            Self::ReEnabled => "re_enabled",
        }
    }

    /// Reads the word of [`Trigger::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Manual, Self::Saved, Self::Schedule, Self::Confirmed, Self::ReEnabled]
            .into_iter()
            .find(|trigger| trigger.as_str() == text)
    }
}

/// How far a run is, or how it ended (I12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// At work.
    Running,
    /// Waiting for the source's allowance.
    Waiting,
    /// Applied.
    Succeeded,
    /// Ended by an error; nothing changed.
    Failed,
    /// Ended by a person before anything changed.
    Cancelled,
    /// Waiting for a yes; nothing changed yet (I12).
    Held,
    /// Held, and then refused by a person.
    Rejected,
    /// Held, and then overtaken by a newer run.
    Superseded,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 8] = [
        Self::Running,
        Self::Waiting,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
        Self::Held,
        Self::Rejected,
        Self::Superseded,
    ];

    /// The word for this outcome in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Held => "held",
            Self::Rejected => "rejected",
            Self::Superseded => "superseded",
        }
    }

    /// Reads the word of [`Outcome::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }

    /// Whether the run is still under way.
    #[must_use]
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Running | Self::Waiting)
    }
}

/// Why a run failed, in words an administrator can act on (I14). `code` is one of the API's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunError {
    /// The name of the error in every interface.
    pub code: String,
    /// What went wrong.
    pub message: String,
}

impl RunError {
    /// That its process ended before the run did (I11).
    const INTERRUPTED: &str = "interrupted";

    /// Why a run was left behind by a process that died.
    #[must_use]
    pub fn interrupted() -> Self {
        let message = "The program that ran this sync ended before the sync did; nothing was changed".to_owned();
        Self { code: Self::INTERRUPTED.to_owned(), message }
    }

    /// Why a run was ended by a process that stops.
    #[must_use]
    pub fn stopped() -> Self {
        let message = "The server was stopped before the sync had ended; nothing was changed".to_owned();
        Self { code: Self::INTERRUPTED.to_owned(), message }
    }
}

/// The record of a run (I14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its number in the account.
    pub id: RunId,
    /// What made it start.
    pub trigger: Trigger,
    /// Who made it start; nobody where the schedule did.
    pub started_by: Option<PersonId>,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// When it ended; a held run has ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How far it is, or how it ended.
    pub outcome: Outcome,
    /// Until when it waits, while it waits.
    pub waiting_until: Option<DateTime<Utc>>,
    /// Requests sent, refused and repeated ones included.
    pub requests: u32,
    /// What it changed, or what it would change while it is held.
    pub counts: Counts,
    /// Why it failed.
    pub error: Option<RunError>,
    /// Why it was held.
    pub hold: Option<Hold>,
    /// What an administrator should know.
    pub warnings: Vec<Warning>,
    /// What showed that it read everything (I20).
    pub proof: Proof,
}

impl Run {
    /// Whether it was ended because its process stopped, and nobody wanted it to. One whose process died is none: it may have
    /// died of the run, and is not to do so again at once.
    #[must_use]
    pub fn was_cut_off(&self) -> bool {
        self.outcome == Outcome::Cancelled && self.error.as_ref().is_some_and(|error| error.code == RunError::INTERRUPTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I11, I12
    fn a_run_is_under_way_until_it_applied_ended_or_needs_a_yes() {
        let under_way: Vec<Outcome> = Outcome::ALL.into_iter().filter(|outcome| outcome.is_under_way()).collect();
        assert_eq!(under_way, [Outcome::Running, Outcome::Waiting]);
    }
}
