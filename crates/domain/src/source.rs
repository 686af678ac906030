//! The port to whatever the tree is mirrored from. Nothing in it has Toggl's shape.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ExternalId, Kind, Name, Selection, Snapshot, SourceWorkspace};

/// Something that has workspaces, clients, projects and tasks, and can be read with one person's credential.
///
/// Every method may be dropped at any point; nothing is ever written to the other side (I18).
#[async_trait]
pub trait Source: Send + Sync {
    /// Tells whose credential this is, and by that whether it is accepted (I2).
    ///
    /// # Errors
    /// [`SourceError::TokenRejected`] where it is not.
    async fn identify(&self) -> Result<SourceUser, SourceError>;

    /// Lists the workspaces that the credential sees (I3).
    async fn workspaces(&self) -> Result<Vec<SourceWorkspace>, SourceError>;

    /// Reads everything that `request` selects, and proves that nothing is missing (I10, I20).
    ///
    /// Tells `parts` of each finished page and of its progress, and asks it before each longer wait.
    ///
    /// # Errors
    /// Whatever keeps the reading from being complete; an incomplete one is never returned.
    async fn read(&self, request: ReadRequest, parts: &dyn Parts) -> Result<Reading, SourceError>;
}

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct ReadRequest {
    /// The workspaces whose content is wanted; nothing means those that are visible.
    pub selection: Option<Selection>,
    /// What is mirrored and active already. Before one of these is taken for missing because a list of several pages
    /// without a total lacks it, that list is read a second time (I20).
    pub known: Known,
    /// Pages that an earlier reading left behind (I19). The source uses what is still good and ignores the rest.
    pub kept: Vec<Part>,
}

/// The active imported items, by workspace and kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known(HashMap<(ExternalId, Kind), Vec<ExternalId>>);

impl Known {
    /// Adds one item of a workspace.
    pub fn insert(&mut self, workspace: ExternalId, kind: Kind, item: ExternalId) {
        self.0.entry((workspace, kind)).or_default().push(item);
    }

    /// The items of this kind in this workspace, in no particular order.
    #[must_use]
    pub fn of(&self, workspace: ExternalId, kind: Kind) -> &[ExternalId] {
        self.0.get(&(workspace, kind)).map_or(&[], Vec::as_slice)
    }
}

/// One finished page in the source's own encoding: opaque to everybody else, and free of secrets (I19).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which list it belongs to, in the source's words.
    pub list: String,
    /// Which page of it, from 1.
    pub page: u32,
    /// When it was read.
    pub read_at: DateTime<Utc>,
    /// What it held.
    pub bytes: Vec<u8>,
}

/// Why a reading has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitFor {
    /// The allowance of requests is spent until then (I19).
    Quota,
    /// The source asked for a slower pace.
    Rate,
    /// The source is not answering; it is asked again then.
    Retry,
}

/// The caller would rather end than wait that long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impatient;

/// What a reading tells its caller while it goes on. What is read side by side may tell at the same time.
#[async_trait]
pub trait Parts: Send + Sync {
    /// Takes a finished page, to be given back to a later reading if this one is cut off (I19).
    async fn keep(&self, part: Part);

    /// Takes the state of things after each request.
    fn progress(&self, progress: ReadProgress);

    /// Returns when it is `until`, or refuses at once.
    ///
    /// # Errors
    /// [`Impatient`] where the caller does not want to wait so long; the reading then ends with an error that says until
    /// when it would have had to.
    async fn wait(&self, until: DateTime<Utc>, why: WaitFor) -> Result<(), Impatient>;
}

/// How far a reading is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadProgress {
    /// Workspaces read to their end.
    pub workspaces_done: u32,
    /// Workspaces to read.
    pub workspaces: u32,
    /// The workspace that is being read.
    pub workspace: Option<Name>,
    /// The list of it that is being read, in words for people.
    pub list: Option<String>,
    /// Pages read so far.
    pub pages: u32,
    /// Items read so far.
    pub items: u64,
    /// Requests sent so far, refused and repeated ones included.
    pub requests: u32,
    /// How many requests it will have been in all, as far as is known by now.
    pub requests_expected: u32,
    /// What is left of the allowance that the last request fell under.
    pub quota: Option<Quota>,
}

/// What is left of an allowance of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Requests left; negative where the source counts without enforcing.
    pub remaining: i64,
    /// When it is full again.
    pub resets_at: DateTime<Utc>,
}

/// Whose credential it is (I2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceUser {
    /// Their number in the source.
    pub id: ExternalId,
    /// Their name there.
    pub name: String,
    /// Their address there.
    pub email: String,
}

/// A complete reading, and what shows that it is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What was read.
    pub snapshot: Snapshot,
    /// What shows that nothing is missing (I20).
    pub proof: Proof,
}

/// What shows that a reading is complete, list by list (I20).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// In the order of reading.
    pub lists: Vec<ListProof>,
}

/// What shows that one list is complete (I20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListProof {
    /// Which list, in the source's words.
    pub list: String,
    /// The workspace it belongs to, where it belongs to one.
    pub workspace: Option<ExternalId>,
    /// Pages seen.
    pub pages: u32,
    /// Rows on them, each counted once.
    pub rows: u64,
    /// How many the source itself says there are, where it says so.
    pub total: Option<u64>,
    /// Whether it was read a second time before something was taken for missing.
    pub read_twice: bool,
}

/// Why the source could not be read. Every text is fit for an administrator's eyes and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The credential is not accepted (any more). Nothing may be archived because of it (I17).
    #[error("Toggl refused the API token: {detail}")]
    TokenRejected {
        /// What the source said.
        detail: String,
    },
    /// The credential belongs to another product of the same maker (I2).
    #[error("this looks like a token of Toggl 2.0 (Focus), not of Toggl Track")]
    OtherProduct,
    /// The allowance of requests is spent, and the caller would not wait (I19).
    #[error("Toggl's hourly quota is spent until {}", until.format("%Y-%m-%d %H:%M:%S UTC"))]
    QuotaSpent {
        /// When it is full again.
        until: DateTime<Utc>,
    },
    /// The source keeps asking for a slower pace.
    #[error("Toggl asks for fewer requests at {endpoint}, also after waiting")]
    RateLimited {
        /// The request that was refused.
        endpoint: String,
    },
    /// No answer, or none to the end.
    #[error("Toggl could not be reached at {endpoint}: {detail}")]
    Unreachable {
        /// The request that failed.
        endpoint: String,
        /// What happened.
        detail: String,
    },
    /// An answer that cannot be what it should be.
    #[error("Toggl answered {endpoint} with something that makes no sense: {detail}")]
    Nonsense {
        /// The request that was answered so.
        endpoint: String,
        /// What is wrong with the answer.
        detail: String,
    },
    /// A refusal for a reason of the source's own.
    #[error("Toggl refused {endpoint} with status {status}: {detail}")]
    Refused {
        /// The request that was refused.
        endpoint: String,
        /// The status of the answer.
        status: u16,
        /// What the source said.
        detail: String,
    },
    /// The source no longer serves this version of Tallyport at all (410, 418).
    #[error("Toggl no longer offers {endpoint} to this version of Tallyport")]
    Retired {
        /// The request that was refused.
        endpoint: String,
    },
    /// Two readings of one list never agreed (I20).
    #[error("Toggl's data changed while {list} was read, twice in a row")]
    Changed {
        /// Which list.
        list: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I20
    fn what_is_known_is_asked_for_by_workspace_and_kind() {
        let (here, there) = (ExternalId(1), ExternalId(2));
        let mut known = Known::default();
        known.insert(here, Kind::Task, ExternalId(7));
        known.insert(here, Kind::Task, ExternalId(8));
        known.insert(there, Kind::Project, ExternalId(7));
        assert_eq!(known.of(here, Kind::Task), [ExternalId(7), ExternalId(8)]);
        assert_eq!(known.of(there, Kind::Project), [ExternalId(7)]);
        assert_eq!(known.of(here, Kind::Project), []);
    }
}
