//! The hub: what this process knows of the accounts that are followed.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use tallyport_domain::{AccountId, PersonId};
use tallyport_storage::Change;
use tokio::sync::watch;

use crate::{Error, Result, Shared};

/// How often the store is asked whether anything changed.
const LOOK: TimeDelta = TimeDelta::milliseconds(25);
/// How many changes are kept at hand; who is further behind reads everything again.
pub(super) const KEPT: usize = 1000;
/// How many streams one person may have open.
const STREAMS: usize = 20;

/// The newest changes of one account.
#[derive(Default)]
struct Recent {
    changes: VecDeque<Arc<Change>>,
    /// The number of the newest change that was looked at.
    newest: i64,
}

impl Recent {
    /// The changes after `after`; nothing where some of them are not at hand any more, or never were.
    fn after(&self, after: i64) -> Option<Vec<Arc<Change>>> {
        let missing = usize::try_from(self.newest - after).ok()?;
        let from = self.changes.len().checked_sub(missing)?;
        Some(self.changes.range(from..).cloned().collect())
    }

    fn take(&mut self, changes: Vec<Change>) {
        for change in changes {
            self.newest = change.number;
            self.changes.push_back(Arc::new(change));
        }
        let excess = self.changes.len().saturating_sub(KEPT);
        self.changes.drain(..excess);
    }
}

/// One account that somebody follows.
struct Channel {
    recent: Mutex<Recent>,
    newest: watch::Sender<i64>,
    followers: HashMap<PersonId, usize>,
}

/// What this process knows of the accounts that are followed.
#[derive(Default)]
pub(crate) struct Hub {
    channels: Mutex<HashMap<AccountId, Channel>>,
    looking: Mutex<bool>,
}

impl Hub {
    fn channels(&self) -> MutexGuard<'_, HashMap<AccountId, Channel>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a follower; `newest` is what the store has now.
    pub(super) fn enter(&self, account: AccountId, person: PersonId, newest: i64) -> Result<watch::Receiver<i64>> {
        let mut channels = self.channels();
        let channel = channels.entry(account).or_insert_with(|| Channel {
            recent: Mutex::new(Recent { newest, ..Recent::default() }),
            newest: watch::Sender::new(newest),
            followers: HashMap::new(),
        });
        let streams = channel.followers.entry(person).or_default();
        if *streams >= STREAMS {
            return Err(Error::TooManyStreams(STREAMS));
        }
        *streams += 1;
        Ok(channel.newest.subscribe())
    }

    pub(super) fn leave(&self, account: AccountId, person: PersonId) {
        let mut channels = self.channels();
        let Some(channel) = channels.get_mut(&account) else { return };
        if let Some(streams) = channel.followers.get_mut(&person) {
            *streams -= 1;
            if *streams == 0 {
                channel.followers.remove(&person);
            }
        }
        if channel.followers.is_empty() {
            channels.remove(&account);
        }
    }

    pub(super) fn after(&self, account: AccountId, after: i64) -> Option<Vec<Arc<Change>>> {
        let channels = self.channels();
        let recent = channels.get(&account)?.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.after(after)
    }

    /// The accounts that are followed, with the newest change of each that is at hand.
    fn followed(&self) -> Vec<(AccountId, i64)> {
        let newest = |channel: &Channel| channel.recent.lock().unwrap_or_else(PoisonError::into_inner).newest;
        self.channels().iter().map(|(account, channel)| (*account, newest(channel))).collect()
    }

    fn take(&self, account: AccountId, changes: Vec<Change>) {
        let channels = self.channels();
        let Some(channel) = channels.get(&account) else { return };
        let mut recent = channel.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.take(changes);
        channel.newest.send_replace(recent.newest);
    }
}

/// Looks for changes from now on, as long as somebody follows.
pub(super) fn look_from_now_on(shared: &Arc<Shared>) {
    let mut looking = shared.changes.looking.lock().unwrap_or_else(PoisonError::into_inner);
    if !std::mem::replace(&mut *looking, true) {
        tokio::spawn(look(shared.clone()));
    }
}

/// Looks whether anything changed, until nobody follows any more.
async fn look(shared: Arc<Shared>) {
    let mut stamp = None;
    loop {
        if shared.changes.followed().is_empty() {
            let mut looking = shared.changes.looking.lock().unwrap_or_else(PoisonError::into_inner);
            // Somebody may have come meanwhile: they find the flag set, and so this goes on for them.
            if shared.changes.followed().is_empty() {
                *looking = false;
                return;
            }
        }
        // A store that fails now is asked again; who follows is looked after by their own checks.
        if let Ok(now) = shared.store.stamp().await
            && stamp != Some(now)
            && fetch(&shared).await.is_ok()
        {
            stamp = Some(now);
        }
        shared.clock.sleep_until(shared.clock.now() + LOOK).await;
    }
}

/// Takes what is new in the accounts that are followed.
async fn fetch(shared: &Shared) -> Result<()> {
    let limit = u32::try_from(KEPT).unwrap_or(u32::MAX);
    for (account, mut newest) in shared.changes.followed() {
        loop {
            let changes = shared.store.changes(account, newest, limit).await?;
            let Some(last) = changes.last() else { break };
            newest = last.number;
            let more = changes.len() == KEPT;
            shared.changes.take(account, changes);
            if !more {
                break;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tallyport_storage::Subject;

    use super::*;

    fn change(number: i64) -> Change {
        Change { number, subject: Subject::Account, by: None, at: DateTime::UNIX_EPOCH }
    }

    #[test] // E6
    fn who_is_a_little_behind_is_told_everything_and_who_is_far_behind_nothing() {
        let mut recent = Recent { newest: 5, ..Recent::default() };
        recent.take((6..=8).map(change).collect());
        let numbers = |after| recent.after(after).map(|changes| changes.iter().map(|change| change.number).collect::<Vec<_>>());
        assert_eq!(numbers(8), Some(vec![]));
        assert_eq!(numbers(5), Some(vec![6, 7, 8]));
        assert_eq!(numbers(7), Some(vec![8]));
        assert_eq!(numbers(4), None);
        assert_eq!(numbers(9), None);
    }

    #[test]
    fn what_is_kept_at_hand_is_bounded() {
        let mut recent = Recent::default();
        recent.take((1..=3000).map(change).collect());
        assert_eq!((recent.changes.len(), recent.newest), (KEPT, 3000));
        assert!(recent.after(1999).is_none());
        assert_eq!(recent.after(2000).unwrap().len(), KEPT);
    }
}
