//! One stream: what one person hears, as long as they may (A5, P6).

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::TaskId;
use tallyport_storage::{Change, Subject};
use tokio::sync::watch;

use super::hub::KEPT;
use super::{Heard, Seen};
use crate::{Actor, Error, Shared};

/// How often a follower is looked at anew though nothing says that their access changed, and hears that the line stands.
const RECHECK: TimeDelta = TimeDelta::seconds(10);

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
    /// The number of the last change that was told or passed over.
    heard: i64,
    next: Next,
    waiting: VecDeque<Arc<Change>>,
    recheck_at: DateTime<Utc>,
}

impl Follower {
    /// Follows what comes after the change `after`, or from now on; `newest` is what the store has, and `changed` the actor's
    /// place in the hub.
    pub(super) fn new(shared: Arc<Shared>, actor: Actor, changed: watch::Receiver<i64>, newest: i64, after: Option<i64>) -> Self {
        let next = match after {
            None => Next::Tell(Heard::Ready(newest)),
            // Numbers beyond the newest are those of a database that was restored to an earlier day.
            Some(after) if after > newest || after < 0 => Next::Tell(Heard::ReadAgain(newest)),
            Some(_) => Next::Look,
        };
        let heard = after.filter(|after| (0..=newest).contains(after)).unwrap_or(newest);
        let recheck_at = shared.clock.now() + RECHECK;
        Self { shared, actor, changed, heard, next, waiting: VecDeque::new(), recheck_at }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.shared.changes.leave(self.actor.account(), self.actor.person().id);
    }
}

impl Follower {
    /// What happens next. Nothing as soon as the person may not come in any more (A5).
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
        // That they may not come in any more may be among what is passed over.
        self.next = if self.is_welcome().await { Next::Tell(Heard::ReadAgain(newest)) } else { Next::End };
    }

    /// Waits for a change, or for the next look at the person.
    async fn wait(&mut self) {
        let clock = self.shared.clock.clone();
        let recheck_at = self.recheck_at;
        tokio::select! {
            changed = self.changed.changed() => if changed.is_err() { self.next = Next::End },
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
            Subject::Tags => ("tags", None),
            Subject::Invitation(invitation) if self.actor.administers() => ("invitation", Some(invitation.0)),
            Subject::Access(person) if person == own => ("access", None),
            Subject::Entry(entry, person) if manages || person == own => ("entry", Some(entry.0)),
            Subject::Access(_) | Subject::Task(_) | Subject::Assignments(_) | Subject::Invitation(_) | Subject::Entry(..) => {
                return None;
            }
        };
        let by = change.by.filter(|by| manages || *by == own);
        Some(Seen { number: change.number, subject, id, by, at: change.at })
    }

    async fn sees(&self, task: TaskId) -> bool {
        let found = self.shared.store.task(self.actor.account(), self.actor.viewer(), task).await;
        found.is_ok_and(|row| row.is_some())
    }
}
