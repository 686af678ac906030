//! Live changes: what happened in an account, as it happens, to whom it concerns (E6).
//!
//! Every write leaves a numbered change in the store, so nothing that has to be right rests on this process: the hub only looks
//! whether anything is new, forty times a second while somebody follows, and keeps the newest changes at hand. Whoever was away
//! goes on from the number they heard last.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{AccountId, PersonId};
use tallyport_storage::{Change, Subject};
use tokio::sync::watch;

use crate::{Actor, Error, Result, Shared};

/// How often the store is asked whether anything changed.
const LOOK: TimeDelta = TimeDelta::milliseconds(25);
/// How often a follower is looked at anew though nothing says that their access changed, and hears that the line stands.
const RECHECK: TimeDelta = TimeDelta::seconds(10);
/// How many changes are kept at hand; who is further behind reads everything again.
const KEPT: usize = 1000;
/// How many streams one person may have open.
const STREAMS: usize = 20;

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
    stopping: watch::Sender<bool>,
}

impl Hub {
    fn channels(&self) -> MutexGuard<'_, HashMap<AccountId, Channel>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends every stream.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// How many streams are open.
    pub(crate) fn streams(&self) -> usize {
        self.channels().values().flat_map(|channel| channel.followers.values()).sum()
    }

    /// Enters a follower; `newest` is what the store has now.
    fn enter(&self, account: AccountId, person: PersonId, newest: i64) -> Result<watch::Receiver<i64>> {
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

    fn leave(&self, account: AccountId, person: PersonId) {
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

    fn after(&self, account: AccountId, after: i64) -> Option<Vec<Arc<Change>>> {
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

impl Changes {
    /// Follows what happens in the actor's account, after the change `after`, or from now on.
    ///
    /// # Errors
    /// `TooManyStreams` where the person has twenty open; errors of the store.
    pub async fn follow(&self, actor: Actor, after: Option<i64>) -> Result<Follower> {
        let newest = self.0.store.latest_change(actor.account()).await?;
        let changed = self.0.changes.enter(actor.account(), actor.person().id, newest)?;
        self.look_from_now_on();
        let next = match after {
            None => Next::Tell(Heard::Ready(newest)),
            // Numbers beyond the newest are those of a database that was restored to an earlier day.
            Some(after) if after > newest || after < 0 => Next::Tell(Heard::ReadAgain(newest)),
            Some(_) => Next::Look,
        };
        let heard = after.filter(|after| (0..=newest).contains(after)).unwrap_or(newest);
        let shared = self.0.clone();
        let stopping = shared.changes.stopping.subscribe();
        let recheck_at = shared.clock.now() + RECHECK;
        let waiting = VecDeque::new();
        Ok(Follower { shared, actor, changed, stopping, heard, next, waiting, recheck_at })
    }

    /// How many streams are open in this process.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.0.changes.streams()
    }

    /// Looks for changes as long as somebody follows.
    fn look_from_now_on(&self) {
        let mut looking = self.0.changes.looking.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut *looking, true) {
            tokio::spawn(look(self.0.clone()));
        }
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

enum Next {
    Tell(Heard),
    Look,
    End,
}

/// One stream. Dropped, it is gone.
pub struct Follower {
    shared: Arc<Shared>,
    actor: Actor,
    changed: watch::Receiver<i64>,
    stopping: watch::Receiver<bool>,
    /// The number of the last change that was told or passed over.
    heard: i64,
    next: Next,
    waiting: VecDeque<Arc<Change>>,
    recheck_at: DateTime<Utc>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.shared.changes.leave(self.actor.account(), self.actor.person().id);
    }
}

impl Follower {
    /// What happens next. Nothing once the process stops, or as soon as the person may not come in any more (A5).
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            match std::mem::replace(&mut self.next, Next::Look) {
                Next::Tell(heard) => return Some(heard),
                Next::End => {
                    self.next = Next::End;
                    return None;
                }
                Next::Look => {}
            }
            if *self.stopping.borrow() {
                self.next = Next::End;
                continue;
            }
            if self.waiting.is_empty() {
                self.gather().await;
            }
            while let Some(change) = self.waiting.pop_front() {
                self.heard = change.number;
                if change.subject == Subject::Person(self.actor.person().id) && !self.is_welcome().await {
                    self.next = Next::End;
                    return None;
                }
                if let Some(seen) = self.seen(&change).await {
                    return Some(Heard::Change(seen));
                }
            }
            if matches!(self.next, Next::Look) && *self.changed.borrow_and_update() <= self.heard {
                self.wait().await;
            }
        }
    }

    /// Takes what came since, from what is at hand or from the store.
    async fn gather(&mut self) {
        let account = self.actor.account();
        let newest = *self.changed.borrow_and_update();
        if newest <= self.heard {
            return;
        }
        if let Some(changes) = self.shared.changes.after(account, self.heard) {
            self.waiting.extend(changes);
            return;
        }
        let far = usize::try_from(newest - self.heard).is_ok_and(|behind| behind > KEPT);
        if !far {
            let limit = u32::try_from(KEPT).unwrap_or(u32::MAX);
            if let Ok(changes) = self.shared.store.changes(account, self.heard, limit).await {
                self.waiting.extend(changes.into_iter().map(Arc::new));
                return;
            }
        }
        self.heard = newest;
        self.next = Next::Tell(Heard::ReadAgain(newest));
    }

    /// Waits for a change, the end of the process, or the next look at the person.
    async fn wait(&mut self) {
        let clock = self.shared.clock.clone();
        let recheck_at = self.recheck_at;
        tokio::select! {
            changed = self.changed.changed() => if changed.is_err() { self.next = Next::End },
            _stopping = self.stopping.changed() => {}
            () = clock.sleep_until(recheck_at) => {
                self.next = if self.is_welcome().await { Next::Tell(Heard::Quiet) } else { Next::End };
            }
        }
    }

    /// Looks the person up again, with what they came with (A5).
    async fn is_welcome(&mut self) -> bool {
        self.recheck_at = self.shared.clock.now() + RECHECK;
        match self.shared.again(&self.actor).await {
            Ok(actor) => {
                self.actor = actor;
                true
            }
            // A store that does not answer now is no reason to send anybody away; it is asked again at the next look.
            Err(Error::Store(_)) => true,
            Err(_) => false,
        }
    }

    /// A change as this person may see it, if they may (P6).
    async fn seen(&self, change: &Change) -> Option<Seen> {
        let manages = self.actor.manages();
        let own = self.actor.person().id;
        let (subject, id) = match change.subject {
            Subject::Account => ("account", None),
            Subject::Person(person) if person == own => ("person", Some(person.0)),
            Subject::Person(person) => ("person", manages.then_some(person.0).map(Some)?),
            Subject::Task(task) if manages || self.sees(task).await => ("task", Some(task.0)),
            Subject::Assignments(task) if manages => ("assignments", Some(task.0)),
            Subject::Run(run) if self.actor.administers() => ("run", Some(run.0)),
            // Everybody may know when it was last in step (I1); what it changed is in the tree that they see.
            Subject::Integration | Subject::Run(_) => ("integration", None),
            Subject::Invitation(invitation) if self.actor.administers() => ("invitation", Some(invitation.0)),
            Subject::Access(person) if person == own => ("access", None),
            Subject::Access(_) | Subject::Task(_) | Subject::Assignments(_) | Subject::Invitation(_) => return None,
        };
        let by = change.by.filter(|by| manages || *by == own);
        Some(Seen { number: change.number, subject, id, by, at: change.at })
    }

    async fn sees(&self, task: tallyport_domain::TaskId) -> bool {
        let found = self.shared.store.task(self.actor.account(), self.actor.viewer(), task).await;
        found.is_ok_and(|row| row.is_some())
    }
}

#[cfg(test)]
mod tests {
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
