//! The people of the mirrored workspaces, and their assignments (N1, P8).

use std::collections::BTreeSet;

use tallyport_domain::{Person, PersonId};
use tallyport_storage::KnownMember;

use super::Integration;
use crate::{Actor, Result};

impl Integration {
    /// The people seen in the selected workspaces at the last sync, whether they are here or not; then the active people here
    /// whom none of those workspaces knows (N1). Nobody while nothing was synced.
    ///
    /// # Errors
    /// Administrators only (I1).
    pub async fn members(&self, actor: &Actor) -> Result<Vec<KnownMember>> {
        actor.administrator("see the members of the workspaces")?;
        let mut members = self.0.store.members(actor.account()).await?;
        let link = self.0.store.integration(actor.account()).await?;
        if !link.is_some_and(|link| link.linked && link.last_synced_at.is_some()) {
            return Ok(members);
        }
        let seen: BTreeSet<PersonId> = members.iter().filter_map(|member| member.person).collect();
        let people = self.0.store.people(actor.account()).await?;
        let only_here = people.into_iter().filter(|person| person.active && !seen.contains(&person.id));
        members.extend(only_here.map(|Person { id, email, name, .. }| KnownMember {
            email,
            name,
            workspaces: Vec::new(),
            joined: false,
            person: Some(id),
        }));
        Ok(members)
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
