//! What a source talks to while it is read for a run or for a preview (I13, I19).

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{Clock, Impatient, Part, Parts, ReadProgress, WaitFor};
use tallyport_storage::StoreError;

use crate::keeper::Keeper;
use crate::patience::{Waits, is_pace};

/// What a run's reading talks to.
pub(crate) struct RunParts<'a> {
    pub(crate) keeper: &'a Keeper,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) waits: Waits,
    /// Why the store refused in the middle of a wait; the reading only knows that it had to end.
    pub(crate) refused: Mutex<Option<StoreError>>,
}

#[async_trait]
impl Parts for RunParts<'_> {
    async fn keep(&self, part: Part) {
        self.keeper.take(part);
    }

    fn progress(&self, read: ReadProgress) {
        self.keeper.told(read);
    }

    async fn wait(&self, until: DateTime<Utc>, why: WaitFor) -> Result<(), Impatient> {
        let now = self.clock.now();
        self.waits.take(why, now, until)?;
        if is_pace(why, until - now) {
            self.clock.sleep_until(until).await;
            return Ok(());
        }
        self.keeper.pause(until).await.map_err(|error| {
            *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            Impatient
        })
    }
}

/// What a preview's reading talks to: it keeps nothing (I19).
pub(crate) struct PreviewParts<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) waits: Waits,
    pub(crate) read: Mutex<ReadProgress>,
}

#[async_trait]
impl Parts for PreviewParts<'_> {
    async fn keep(&self, _part: Part) {}

    fn progress(&self, read: ReadProgress) {
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = read;
    }

    async fn wait(&self, until: DateTime<Utc>, why: WaitFor) -> Result<(), Impatient> {
        self.waits.take(why, self.clock.now(), until)?;
        self.clock.sleep_until(until).await;
        Ok(())
    }
}
