//! Deleting what has had its day: sessions and links that are over, answers and mail that nobody asks for any more.

use std::sync::Arc;

use tallyport_storage::Swept;

use crate::{Result, Shared};

/// How much is deleted in one step, so that nobody waits for it.
const BITE: u32 = 200;

/// Deleting what has had its day: no request reaches this, and nobody acts.
#[derive(Clone)]
pub struct Sweeps(pub(crate) Arc<Shared>);

impl Sweeps {
    /// Deletes a little of what has had its day; answers whether there may be more. Any number of processes can do so over one
    /// store.
    ///
    /// # Errors
    /// Of the store.
    pub async fn bite(&self) -> Result<(Swept, bool)> {
        let swept = self.0.store.sweep(self.0.clock.now(), BITE).await?;
        Ok((swept, swept.total() >= BITE))
    }
}
