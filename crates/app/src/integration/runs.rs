//! Runs: started, followed, confirmed, rejected, cancelled, and their history (I11, I12, I14).

use std::collections::HashMap;

use chrono::TimeDelta;
use tallyport_domain::plan::{Consent, Item};
use tallyport_domain::{Person, PersonId, Run, RunId, Trigger};
use tallyport_storage::{Done, Once, What};

use super::step::{Launch, Step};
use super::{Integration, Ready, RunOptions, consent};
use crate::{Actor, Error, Events, Result};

/// A run as its readers want it.
#[derive(Debug, Clone)]
pub struct RunView {
    /// The record.
    pub run: Run,
    /// Who started it.
    pub started_by: Option<Person>,
    /// How long it took, or takes so far.
    pub duration: TimeDelta,
}

/// One change of a run.
#[derive(Debug, Clone)]
pub struct Change {
    /// The change.
    pub item: Item,
    /// Whose assignment it is.
    pub person: Option<Person>,
}

impl Integration {
    /// "Sync now" (I4).
    ///
    /// # Errors
    /// Administrators only; `RunUnderWay` names the run at work (I11); what keeps the integration from syncing (I17).
    pub async fn start(&self, actor: &Actor, options: RunOptions) -> Result<RunView> {
        Ok(self.start_once(actor, options, None).await?.now())
    }

    /// The same for a request that may come twice (E7).
    ///
    /// # Errors
    /// As [`Integration::start`]; `ReplayDiffers`, `InFlight`.
    pub async fn start_once(&self, actor: &Actor, options: RunOptions, once: Option<Once<RunView>>) -> Result<Done<RunView>> {
        actor.administrator("sync")?;
        let starting = async |once| {
            let Ready { source, .. } = self.ready(actor.account()).await?;
            let launch = Some(Launch { source, trigger: Trigger::Manual, consent: consent(options), options });
            self.launch(actor, Step { what: What::Nothing, still: None, launch }, once).await
        };
        self.0.once(actor, once, starting).await
    }

    /// A yes to a held run: reads Toggl again, and applies if nothing beyond what was shown is archived (I12).
    ///
    /// # Errors
    /// Administrators only; `NotFound`, `RunNotHeld`, and as [`Integration::start`].
    pub async fn confirm(&self, actor: &Actor, run: RunId, options: RunOptions) -> Result<RunView> {
        Ok(self.confirm_once(actor, run, options, None).await?.now())
    }

    /// The same for a request that may come twice (E7).
    ///
    /// # Errors
    /// As [`Integration::confirm`]; `ReplayDiffers`, `InFlight`.
    pub async fn confirm_once(
        &self,
        actor: &Actor,
        run: RunId,
        options: RunOptions,
        once: Option<Once<RunView>>,
    ) -> Result<Done<RunView>> {
        actor.administrator("confirm runs")?;
        let confirming = async |once| {
            let shown = self.0.store.shown_changes(actor.account(), run).await?;
            let Ready { source, .. } = self.ready(actor.account()).await?;
            let consent = if options.confirm { Consent::Everything } else { Consent::Shown(shown) };
            let launch = Some(Launch { source, trigger: Trigger::Confirmed, consent, options });
            self.launch(actor, Step { what: What::Nothing, still: None, launch }, once).await
        };
        self.0.once(actor, once, confirming).await
    }

    /// A no to a held run (I12).
    ///
    /// # Errors
    /// Administrators only; `NotFound`, `RunNotHeld`.
    pub async fn reject(&self, actor: &Actor, run: RunId) -> Result<RunView> {
        actor.administrator("reject runs")?;
        let run = self.0.store.reject_run(actor.account(), run, actor.person().id, self.0.clock.now()).await?;
        self.view_of(actor, run).await
    }

    /// Ends the run under way before it changes anything, whichever process it belongs to; nothing where none is (I11).
    ///
    /// # Errors
    /// Administrators only.
    pub async fn cancel(&self, actor: &Actor) -> Result<Option<RunView>> {
        actor.administrator("cancel runs")?;
        // A run of this process ends itself, so that its record says all that it sent.
        let ended_here = self.0.runs.stop(actor.account()).await;
        let (by, now) = (actor.person().id, self.0.clock.now());
        let ended = self.0.store.cancel_run(actor.account(), Some(by), now).await?.or(ended_here);
        match ended {
            Some(run) => Ok(Some(self.run(actor, run).await?)),
            None => Ok(None),
        }
    }

    /// Runs, newest first, from before `before` if that is given (I14).
    ///
    /// # Errors
    /// Administrators only (I1).
    pub async fn runs(&self, actor: &Actor, before: Option<RunId>, limit: u32) -> Result<Vec<RunView>> {
        actor.administrator("see the history of runs")?;
        let people = self.people(actor).await?;
        let runs = self.0.store.runs(actor.account(), before, limit).await?;
        let view = |run: Run| {
            let started_by = run.started_by.and_then(|id| people.get(&id).cloned());
            self.view(run, started_by)
        };
        Ok(runs.into_iter().map(view).collect())
    }

    /// One run.
    ///
    /// # Errors
    /// Administrators only (I1); `NotFound`.
    pub async fn run(&self, actor: &Actor, run: RunId) -> Result<RunView> {
        actor.administrator("see the history of runs")?;
        let run = self.0.store.run(actor.account(), run).await?.ok_or(Error::NotFound("run"))?;
        self.view_of(actor, run).await
    }

    /// What a run changed or would have changed, in order, after the first `skip` changes (I14).
    ///
    /// # Errors
    /// Administrators only (I1).
    pub async fn changes(&self, actor: &Actor, run: RunId, skip: u32, limit: u32) -> Result<Vec<Change>> {
        actor.administrator("see the history of runs")?;
        let items = self.0.store.run_items(actor.account(), run, skip, limit).await?;
        let concerns_people = items.iter().any(|item| item.person.is_some());
        let people = if concerns_people { self.people(actor).await? } else { HashMap::new() };
        let change = |item: Item| {
            let person = item.person.and_then(|id| people.get(&id).cloned());
            Change { item, person }
        };
        Ok(items.into_iter().map(change).collect())
    }

    /// How far a run is, as it goes on (I3).
    ///
    /// # Errors
    /// Administrators only (I1); `NotFound`.
    pub async fn events(&self, actor: &Actor, run: RunId) -> Result<Events> {
        self.run(actor, run).await?;
        Ok(Events::of(self.0.clone(), actor.account(), run))
    }

    pub(super) fn view(&self, run: Run, started_by: Option<Person>) -> RunView {
        let until = run.ended_at.unwrap_or_else(|| self.0.clock.now());
        let duration = (until - run.started_at).max(TimeDelta::zero());
        RunView { run, started_by, duration }
    }

    pub(super) async fn view_of(&self, actor: &Actor, run: Run) -> Result<RunView> {
        let started_by = match run.started_by {
            Some(person) => self.0.store.person(actor.account(), person).await?,
            None => None,
        };
        Ok(self.view(run, started_by))
    }

    pub(super) async fn people(&self, actor: &Actor) -> Result<HashMap<PersonId, Person>> {
        let people = self.0.store.people(actor.account()).await?;
        Ok(people.into_iter().map(|person| (person.id, person)).collect())
    }
}
