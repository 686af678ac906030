//! People's time: timers and entries (E1–E7). Everybody tracks their own; who manages corrects and adds for others (E3).

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tallyport_domain::time::{Add, Calendar, Command, Edit, Instant, Note, Start, Stop, Tag, Tags, Times, What};
use tallyport_domain::{EntryId, PersonId, TaskId, Zone};
use tallyport_storage::{Audited, By, Done, EntryRow, Once, Step, Still, Tracking};

use crate::wall::{self, Wall};
use crate::{Actor, Error, Result, Shared};

/// Timers and entries.
#[derive(Clone)]
pub struct Time(pub(crate) Arc<Shared>);

/// What time is for, in the words of who tracks it.
#[derive(Debug, Clone, Default)]
pub struct WhatToTrack {
    /// The task; nothing for "No task".
    pub task: Option<TaskId>,
    /// The note.
    pub note: String,
    /// The tags.
    pub tags: Vec<String>,
    /// Whether it is billable; as the task has it where it is not said.
    pub billable: Option<bool>,
    /// In which zone; the person's where it is not said (E5).
    pub timezone: Option<String>,
    /// When the person did it, where a device tells it later (E7).
    pub done_at: Option<String>,
}

/// When an entry was, in the words of who adds it.
#[derive(Debug, Clone)]
pub enum WhenToAdd {
    /// From when to when, as [`Time::start`] reads it; an end without a day is one of the day of the start.
    FromTo {
        /// From when.
        start: String,
        /// To when.
        end: String,
        /// Whether a timer of a device counted it; else somebody typed it.
        counted: bool,
    },
    /// So long on a day, wherever there is room (E2).
    OnDay {
        /// The day.
        date: String,
        /// How long, as people type it in a terminal (E9).
        duration: String,
    },
}

/// What to change of a timer or an entry: just what is given.
#[derive(Debug, Clone, Default)]
pub struct EntryToChange {
    /// The task, or "No task".
    pub task: Option<Option<TaskId>>,
    /// The note.
    pub note: Option<String>,
    /// All of its tags.
    pub tags: Option<Vec<String>>,
    /// Whether it is billable.
    pub billable: Option<bool>,
    /// When it begins.
    pub start: Option<String>,
    /// When it ends.
    pub end: Option<String>,
    /// How long it is, as people type it in a terminal (E9).
    pub duration: Option<String>,
}

/// The most entries that are changed in one step.
const MOST_AT_ONCE: usize = 500;

impl Time {
    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// The timer of a person that runs (E1).
    ///
    /// # Errors
    /// Managers and administrators only, of others.
    pub async fn running(&self, actor: &Actor, person: Option<PersonId>) -> Result<Option<EntryRow>> {
        let person = self.whose(actor, person, "see the time of others").await?;
        Ok(self.0.store.running(actor.account(), person).await?)
    }

    /// What the actor tracked last, to go on with it.
    ///
    /// # Errors
    /// Of the store.
    pub async fn last(&self, actor: &Actor) -> Result<Option<EntryRow>> {
        Ok(self.0.store.last_entry(actor.account(), actor.person().id).await?)
    }

    /// Starts a timer of the actor's, which ends the one that runs (E1).
    ///
    /// Here and below an instant is one as programs write it, or a time as people type it in the zone that is meant: `9:05`,
    /// `yesterday 21:30` (E9).
    ///
    /// # Errors
    /// A task that they do not have or that is archived (I9), an instant that cannot be, texts that are none; `ReplayDiffers`.
    pub async fn start(
        &self,
        actor: &Actor,
        what: WhatToTrack,
        at: Option<&str>,
        once: Option<Once<Tracking>>,
    ) -> Result<Done<Tracking>> {
        let person = actor.person().id;
        let clock = self.clock(actor, person, what.timezone.as_deref()).await?;
        let (at, done) = (clock.optional(at, None)?, clock.optional(what.done_at.as_deref(), None)?);
        let start = Start { what: read(what)?, zone: clock.zone, at, done };
        self.track(actor, person, Command::Start(start), once).await
    }

    /// Stops the timer that is named; one that is stopped already stays as it is (E7).
    ///
    /// # Errors
    /// `NotFound`; an end before the start.
    pub async fn stop(
        &self,
        actor: &Actor,
        entry: EntryId,
        at: Option<&str>,
        once: Option<Once<Tracking>>,
    ) -> Result<Done<Tracking>> {
        let person = self.owner(actor, entry).await?;
        let at = match at {
            Some(at) => Some(self.clock(actor, person, None).await?.instant(at, None)?),
            None => None,
        };
        self.track(actor, person, Command::Stop(Stop { entry, at }), once).await
    }

    /// Adds an entry, one's own or, for who manages, somebody's (E2, E3).
    ///
    /// # Errors
    /// As [`Time::start`]; an end that is not after the start, more than 24 hours by hand (E4).
    pub async fn add(
        &self,
        actor: &Actor,
        person: Option<PersonId>,
        what: WhatToTrack,
        when: &WhenToAdd,
        once: Option<Once<Tracking>>,
    ) -> Result<Done<Tracking>> {
        let person = self.whose(actor, person, "add time for others").await?;
        let clock = self.clock(actor, person, what.timezone.as_deref()).await?;
        let done = clock.optional(what.done_at.as_deref(), None)?;
        let when = clock.when(when)?;
        let add = Add { what: read(what)?, zone: clock.zone, when, done };
        self.track(actor, person, Command::Add(add), once).await
    }

    /// Changes a timer or an entry, while it still is what somebody saw (E3).
    ///
    /// # Errors
    /// `NotFound`; `Changed`; as adding.
    pub async fn change_if(
        &self,
        actor: &Actor,
        entry: EntryId,
        change: EntryToChange,
        still: Option<Still<EntryRow>>,
    ) -> Result<Tracking> {
        let EntryToChange { task, note, tags, billable, start, end, duration } = change;
        let found = self.show(actor, entry).await?;
        let record = found.tracked.record();
        let clock = self.clock(actor, record.person, Some(record.zone.as_str())).await?;
        let day = Some(clock.calendar.day_of(found.tracked.start()));
        let times = match (clock.optional(start.as_deref(), day)?, clock.optional(end.as_deref(), day)?, duration) {
            (None, None, None) => Times::Stay,
            (Some(start), None, None) => Times::Start(start),
            (None, Some(end), None) => Times::End(end),
            (Some(start), Some(end), None) => Times::Both(start, end),
            (None, None, Some(text)) => Times::Length(wall::length(&text, &found, clock.now)?),
            _ => return Err(Error::Invalid("give either times or a duration to change".to_owned())),
        };
        let note = note.as_deref().map(Note::typed).transpose().map_err(said)?;
        let edit = Edit { entry, task, note, tags: tags.map(|tags| self::tags(&tags)).transpose()?, billable, times };
        let (account, by) = (actor.account(), self.by(actor));
        Ok(self.0.store.track_if(account, record.person, &Command::Edit(edit), &by, still).await?)
    }

    /// Takes a timer or an entry away, while it still is what somebody saw; what it was stays on record (E3), and
    /// [`Time::undo`] brings it back.
    ///
    /// # Errors
    /// `NotFound`; `Changed`.
    pub async fn delete_if(&self, actor: &Actor, entry: EntryId, still: Option<Still<EntryRow>>) -> Result<Tracking> {
        let person = self.owner(actor, entry).await?;
        let (account, by) = (actor.account(), self.by(actor));
        Ok(self.0.store.track_if(account, person, &Command::Delete(entry), &by, still).await?)
    }

    /// Changes several timers and entries in one step, all of them or none.
    ///
    /// # Errors
    /// As [`Time::change_if`], of the first that is refused; other times than those they have, which only one can get.
    pub async fn change_all(&self, actor: &Actor, entries: &[EntryId], change: &EntryToChange) -> Result<Step> {
        if change.start.is_some() || change.end.is_some() || change.duration.is_some() {
            return Err(Error::Invalid("times are changed of one entry at a time".to_owned()));
        }
        let note = change.note.as_deref().map(Note::typed).transpose().map_err(said)?;
        let tags = change.tags.as_deref().map(tags).transpose()?;
        let edit = |entry| {
            let (note, tags) = (note.clone(), tags.clone());
            Command::Edit(Edit { entry, task: change.task, note, tags, billable: change.billable, times: Times::Stay })
        };
        self.all(actor, entries, edit).await
    }

    /// Takes several timers and entries away in one step, all of them or none.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_all(&self, actor: &Actor, entries: &[EntryId]) -> Result<Step> {
        self.all(actor, entries, Command::Delete).await
    }

    /// Takes back what the actor did in one step, within a month and while nothing of it was changed since.
    ///
    /// # Errors
    /// `NotFound` for a step that is none of theirs; `Changed`.
    pub async fn undo(&self, actor: &Actor, step: i64) -> Result<Step> {
        Ok(self.0.store.undo(actor.account(), step, &self.by(actor)).await?)
    }

    async fn all(&self, actor: &Actor, entries: &[EntryId], command: impl Fn(EntryId) -> Command) -> Result<Step> {
        let entries: BTreeSet<EntryId> = entries.iter().copied().collect();
        if entries.is_empty() || entries.len() > MOST_AT_ONCE {
            return Err(Error::Invalid(format!("name 1 to {MOST_AT_ONCE} entries")));
        }
        let mut commands = Vec::with_capacity(entries.len());
        for entry in entries {
            commands.push((self.owner(actor, entry).await?, command(entry)));
        }
        Ok(self.0.store.track_all(actor.account(), &commands, &self.by(actor)).await?)
    }

    /// A timer or an entry.
    ///
    /// # Errors
    /// `NotFound`, for one that is not to be seen too.
    pub async fn show(&self, actor: &Actor, entry: EntryId) -> Result<EntryRow> {
        let found = self.0.store.entry(actor.account(), entry).await?;
        let sees = |row: &EntryRow| actor.manages() || row.tracked.record().person == actor.person().id;
        found.filter(sees).ok_or(Error::NotFound("entry"))
    }

    /// The timers and entries of a person on some days, the first one first; today in their zone where no day is given.
    ///
    /// # Errors
    /// Managers and administrators only, of others; days that are none, or more than a year of them.
    pub async fn entries(
        &self,
        actor: &Actor,
        person: Option<PersonId>,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<Vec<EntryRow>> {
        let person = self.whose(actor, person, "see the time of others").await?;
        let days = self.clock(actor, person, None).await?.days(from, to)?;
        Ok(self.0.store.entries(actor.account(), person, days).await?)
    }

    /// What was done to a timer or an entry, the first thing first (E3).
    ///
    /// # Errors
    /// `NotFound`, for one that is not to be seen too.
    pub async fn history(&self, actor: &Actor, entry: EntryId) -> Result<Vec<Audited>> {
        let steps = self.0.store.entry_history(actor.account(), entry).await?;
        let person = steps.iter().find_map(|step| step.after.as_ref().or(step.before.as_ref())).map(|it| it.record().person);
        match person {
            Some(person) if actor.manages() || person == actor.person().id => Ok(steps),
            _ => Err(Error::NotFound("entry")),
        }
    }

    async fn track(
        &self,
        actor: &Actor,
        person: PersonId,
        command: Command,
        once: Option<Once<Tracking>>,
    ) -> Result<Done<Tracking>> {
        Ok(self.0.store.track_once(actor.account(), person, &command, &self.by(actor), once).await?)
    }

    pub(crate) fn by(&self, actor: &Actor) -> By {
        By { person: actor.person().id, sees_all: actor.manages(), now: self.now() }
    }

    /// The person who is meant, the actor where nobody is named; `doing` says what only managers may with others.
    pub(crate) async fn whose(&self, actor: &Actor, person: Option<PersonId>, doing: &'static str) -> Result<PersonId> {
        match person {
            Some(other) if other != actor.person().id => {
                actor.manager(doing)?;
                Ok(self.0.person(actor, other).await?.id)
            }
            _ => Ok(actor.person().id),
        }
    }

    /// Whose a timer or an entry is that the actor may change. One that was taken away counts as theirs, so that a request which comes
    /// twice is answered as it was.
    async fn owner(&self, actor: &Actor, entry: EntryId) -> Result<PersonId> {
        // Who does not manage reaches their own only: for a command in their name that of somebody else is not there.
        let found = if actor.manages() { self.0.store.entry(actor.account(), entry).await? } else { None };
        Ok(found.map_or(actor.person().id, |row| row.tracked.record().person))
    }

    /// The clock on the wall where the time is tracked: of the zone that is said, else the person's (E5).
    pub(crate) async fn clock(&self, actor: &Actor, person: PersonId, zone: Option<&str>) -> Result<Wall> {
        let zone = match (zone, actor.zone()) {
            (Some(zone), _) => Zone::parse(zone)?,
            (None, Some(zone)) if person == actor.person().id => zone.clone(),
            _ => self.0.store.profile(actor.account(), person).await?.ok_or(Error::NotFound("person"))?.zone,
        };
        Ok(Wall { calendar: Calendar::of(&zone), zone, now: Instant::shown(self.now()) })
    }
}

fn read(what: WhatToTrack) -> Result<What> {
    let WhatToTrack { task, note, tags, billable, .. } = what;
    Ok(What { task, note: Note::typed(&note).map_err(said)?, tags: self::tags(&tags)?, billable })
}

fn tags(words: &[String]) -> Result<Tags> {
    let read: Result<Vec<Tag>, _> = words.iter().map(|word| Tag::typed(word)).collect();
    Ok(Tags::new(read?)?)
}

#[expect(clippy::needless_pass_by_value, reason = "as an error is handed over")]
fn said(wrong: impl ToString) -> Error {
    Error::Invalid(wrong.to_string())
}
