//! Tags: made as people type them, and put in order by managers and administrators.

use std::sync::Arc;

use tallyport_domain::TagId;
use tallyport_domain::time::Tag;
use tallyport_storage::TagRow;

use crate::{Actor, Result, Shared};

/// The tags of an account.
#[derive(Clone)]
pub struct TagList(pub(crate) Arc<Shared>);

impl TagList {
    /// All of them, by name.
    ///
    /// # Errors
    /// Of the store.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<TagRow>> {
        Ok(self.0.store.tags(actor.account()).await?)
    }

    /// Calls a tag something else, wherever it is.
    ///
    /// # Errors
    /// Managers and administrators only; a name that is none, or that another tag has.
    pub async fn rename(&self, actor: &Actor, tag: TagId, name: &str) -> Result<TagRow> {
        actor.manager("change tags")?;
        let name = Tag::typed(name)?;
        Ok(self.0.store.rename_tag(actor.account(), tag, &name, actor.person().id, self.0.clock.now()).await?)
    }

    /// Makes one tag of two; the second one stays.
    ///
    /// # Errors
    /// Managers and administrators only; `NotFound`.
    pub async fn merge(&self, actor: &Actor, tag: TagId, into: TagId) -> Result<TagRow> {
        actor.manager("change tags")?;
        Ok(self.0.store.merge_tags(actor.account(), tag, into, actor.person().id, self.0.clock.now()).await?)
    }

    /// Takes a tag from whatever has it, and away; the time stays.
    ///
    /// # Errors
    /// Managers and administrators only; `NotFound`.
    pub async fn remove(&self, actor: &Actor, tag: TagId) -> Result<()> {
        actor.manager("change tags")?;
        Ok(self.0.store.remove_tag(actor.account(), tag, actor.person().id, self.0.clock.now()).await?)
    }
}
