//! What an administrator decides, and the run that follows: saved in one step, and counted once however often it is asked for.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::plan::Consent;
use tallyport_domain::{AccountId, Person, Source, Trigger};
use tallyport_storage::{Done, Integration as Link, Once, Save, Saved, Still, What};
use tallyport_sync::{ActiveRun, Order, Patience};

use super::{Integration, RunOptions, RunView};
use crate::{Actor, Error, Result, registry};

/// What is decided.
pub(super) struct Step {
    pub(super) what: What,
    /// How the integration has to be still.
    pub(super) still: Option<Still<Link>>,
    pub(super) launch: Option<Launch>,
}

/// A run to start.
pub(super) struct Launch {
    pub(super) source: Arc<dyn Source>,
    pub(super) trigger: Trigger,
    pub(super) consent: Consent,
    pub(super) options: RunOptions,
}

impl Integration {
    /// Starts a run along with what is decided; answers it.
    ///
    /// # Errors
    /// `RunUnderWay`, `Changed`, `ReplayDiffers`.
    pub(super) async fn launch(&self, actor: &Actor, step: Step, once: Option<Once<RunView>>) -> Result<Done<RunView>> {
        let around = Around::of(actor, self.0.clock.now());
        let shown = move |saved: &Saved| around.last_run(saved);
        let once = once.map(|once| {
            let (shown, answer) = (shown.clone(), once.answer);
            let answer = move |saved: &Saved| shown(saved).map_or_else(Vec::new, |run| answer(&run));
            Once { key: once.key, request: once.request, answer: Arc::new(answer) }
        });
        match self.take(actor, step, once).await? {
            Done::Now(saved) => shown(&saved).map(Done::Now).ok_or(Error::Internal),
            Done::Before(answer) => Ok(Done::Before(answer)),
        }
    }

    /// Saves what is decided, and drives the run that follows.
    ///
    /// Whoever asked may go away: what was saved is brought to its end all the same, and no run is opened that nobody drives.
    ///
    /// # Errors
    /// As [`Integration::launch`].
    pub(super) async fn take(&self, actor: &Actor, step: Step, once: Option<Once<Saved>>) -> Result<Done<Saved>> {
        let (this, actor) = (self.clone(), actor.clone());
        let taking = tokio::spawn(async move { this.taken(&actor, step, once).await });
        taking.await.unwrap_or(Err(Error::Internal))
    }

    async fn taken(&self, actor: &Actor, step: Step, once: Option<Once<Saved>>) -> Result<Done<Saved>> {
        let Step { what, still, launch } = step;
        let (account, by, now) = (actor.account(), actor.person().id, self.0.clock.now());
        // What saves something ends the run under way.
        let at_work = if matches!(what, What::Nothing) { Vec::new() } else { self.0.runs.cancellers(account) };
        let (store, engine) = (&self.0.store, &self.0.engine);
        let save = Save { still, once, ..Save::of(what, by, now) };
        let (source, order, done) = match launch {
            None => (None, None, store.save(account, save).await?),
            Some(Launch { source, trigger, consent, options }) => {
                let patience = options.patience.map_or(Patience::Forever, Patience::AtMost);
                let order = Order { trigger, started_by: Some(by), consent, patience };
                let open = |run| store.save(account, Save { run: Some(run), ..save.clone() });
                let done = engine.open(&order, open, |done| match done {
                    Done::Now(saved) => saved.begun.as_ref(),
                    Done::Before(_) => None,
                });
                let done = done.await?;
                (Some(source), Some(order), done)
            }
        };
        let Done::Now(mut saved) = done else { return Ok(done) };
        registry::cancel(&at_work);
        if let (Some(source), Some(order), Some(begun)) = (source, order, saved.begun.take()) {
            self.drive(account, engine.take_up(account, source, order, begun).await?);
        }
        Ok(Done::Now(saved))
    }

    /// Drives a run of this process to its end.
    ///
    /// Whatever goes wrong in it is in its record; where the store cannot even take that, whoever follows it is told, and the
    /// next run closes the record.
    pub(super) fn drive(&self, account: AccountId, active: ActiveRun) {
        let entered = self.0.runs.enter(account, active.record().id, active.progress(), active.canceller());
        tokio::spawn(async move {
            match active.drive().await {
                Ok(run) => entered.end(run.outcome),
                Err(error) => entered.lose(&error.into()),
            }
        });
    }
}

/// What is shown of a run beside its record, for an answer that has to be the same whenever it is given.
#[derive(Clone)]
pub(super) struct Around {
    /// Who may have started it: who acts, and who started the one before.
    people: Vec<Person>,
    now: DateTime<Utc>,
}

impl Around {
    pub(super) fn of(actor: &Actor, now: DateTime<Utc>) -> Self {
        Self { people: vec![actor.person().clone()], now }
    }

    /// The same where the run before may be shown too.
    pub(super) fn and(mut self, before: Option<&RunView>) -> Self {
        self.people.extend(before.and_then(|view| view.started_by.clone()));
        self
    }

    /// The run that was started last.
    pub(super) fn last_run(&self, saved: &Saved) -> Option<RunView> {
        let run = saved.last_run.clone()?;
        let started_by = self.people.iter().find(|person| Some(person.id) == run.started_by).cloned();
        let duration = (run.ended_at.unwrap_or(self.now) - run.started_at).max(TimeDelta::zero());
        Some(RunView { run, started_by, duration })
    }
}
