//! The tags of an account: they are made as people type them, and put in order by managers.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::time::Tag;
use tallyport_domain::{AccountId, PersonId, TagId};

use crate::Result;

/// The tags of an account.
#[async_trait]
pub trait TagStore: Send + Sync {
    /// All of them, by name.
    async fn tags(&self, account: AccountId) -> Result<Vec<TagRow>>;

    /// Calls a tag something else, wherever it is.
    ///
    /// # Errors
    /// `NotFound`; `TagExists` where another one is called that.
    async fn rename_tag(&self, account: AccountId, tag: TagId, name: &Tag, by: PersonId, now: DateTime<Utc>) -> Result<TagRow>;

    /// Makes one tag of two: what has the first has the second afterwards.
    ///
    /// # Errors
    /// `NotFound`.
    async fn merge_tags(&self, account: AccountId, tag: TagId, into: TagId, by: PersonId, now: DateTime<Utc>) -> Result<TagRow>;

    /// Takes a tag from whatever has it, and away.
    ///
    /// # Errors
    /// `NotFound`.
    async fn remove_tag(&self, account: AccountId, tag: TagId, by: PersonId, now: DateTime<Utc>) -> Result<()>;
}

/// A tag with what has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRow {
    /// Its number.
    pub id: TagId,
    /// What it is called.
    pub name: Tag,
    /// How many timers and entries have it.
    pub entries: u64,
}
