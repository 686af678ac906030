//! The change rows that every write leaves behind, for whoever follows along (E6).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, EntryId, PersonId, RunId, TaskId};

use crate::Result;

/// The changes of an account, in one growing sequence.
#[async_trait]
pub trait ChangeStore: Send + Sync {
    /// The number of the newest change; 0 where there is none yet.
    async fn latest_change(&self, account: AccountId) -> Result<i64>;

    /// A number that is another one whenever anything in the store may have changed since, whoever changed it; cheap to ask for.
    async fn stamp(&self) -> Result<i64>;

    /// The changes after `after`, oldest first.
    async fn changes(&self, account: AccountId, after: i64, limit: u32) -> Result<Vec<Change>>;
}

/// That something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number, which grows by one with each change of the account.
    pub number: i64,
    /// What was changed.
    pub subject: Subject,
    /// Who changed it; nobody where a schedule did.
    pub by: Option<PersonId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a change was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The account itself.
    Account,
    /// A person: who they are, what they may do, or what lets them in.
    Person(PersonId),
    /// What a person has: an assignment of theirs began or ended, or what they had by one moved away from them.
    Access(PersonId),
    /// A native task.
    Task(TaskId),
    /// The assignments of a task.
    Assignments(TaskId),
    /// The integration: enabled, unlinked, selection, settings.
    Integration,
    /// An invitation, or its mail.
    Invitation(tallyport_domain::InvitationId),
    /// A timer or an entry of a person: only they and who manages hear of it.
    Entry(EntryId, PersonId),
    /// The tags.
    Tags,
    /// A run that began, waits or ended; one that succeeded changed the tree.
    Run(RunId),
}
