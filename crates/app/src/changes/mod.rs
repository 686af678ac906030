//! Live changes: what happened in an account, as it happens, to whom it concerns (E6).
//!
//! Every write leaves a numbered change in the store, so nothing that has to be right rests on this process: the hub only looks
//! whether anything is new, forty times a second while somebody follows, and keeps the newest changes at hand. Whoever was away
//! goes on from the number they heard last.

mod follower;
mod hub;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tallyport_domain::PersonId;

use crate::{Actor, Result, Shared};

pub use follower::Follower;
pub(crate) use hub::Hub;

/// What follows an account's changes.
#[derive(Clone)]
pub struct Changes(pub(crate) Arc<Shared>);

/// What a follower hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Nothing before this number is told: whoever follows reads what they show once.
    Ready(i64),
    /// Something changed.
    Change(Seen),
    /// Too much changed to be told one by one: whoever follows reads everything again, as of this number.
    ReadAgain(i64),
    /// Nothing happened for a while, and the line stands.
    Quiet,
}

/// A change as one person may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its number.
    pub number: i64,
    /// What changed, in the words of the events.
    pub subject: &'static str,
    /// Which one.
    pub id: Option<i64>,
    /// Who changed it, where the follower may know.
    pub by: Option<PersonId>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Changes {
    /// Follows what happens in the actor's account, after the change `after`, or from now on.
    ///
    /// # Errors
    /// `TooManyStreams` where the person has twenty open; errors of the store.
    pub async fn follow(&self, actor: Actor, after: Option<i64>) -> Result<Follower> {
        let newest = self.0.store.latest_change(actor.account()).await?;
        let changed = self.0.changes.enter(actor.account(), actor.person().id, newest)?;
        hub::look_from_now_on(&self.0);
        Ok(Follower::new(self.0.clone(), actor, changed, newest, after))
    }
}
