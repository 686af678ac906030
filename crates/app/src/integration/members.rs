//! The people of the mirrored workspaces, and their assignments (N1, P8).

use tallyport_storage::KnownMember;

use super::Integration;
use crate::{Actor, Result};

impl Integration {
    /// The people seen in the selected workspaces at the last sync, whether they are here or not (N1).
    ///
    /// # Errors
    /// Administrators only (I1).
    pub async fn members(&self, actor: &Actor) -> Result<Vec<KnownMember>> {
        actor.administrator("see the members of the workspaces")?;
        Ok(self.0.store.members(actor.account()).await?)
    }

    /// Turns automatic assignments into manual ones in the actor's name; answers how many (P8).
    ///
    /// # Errors
    /// Administrators only.
    pub async fn adopt_assignments(&self, actor: &Actor) -> Result<u32> {
        actor.administrator("adopt assignments")?;
        Ok(self.0.store.adopt_assignments(actor.account(), actor.person().id, self.0.clock.now()).await?)
    }
}
