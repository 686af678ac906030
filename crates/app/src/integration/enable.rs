//! Enabling, re-enabling and unlinking (I2, I15, I16).

use secrecy::{ExposeSecret as _, SecretString};
use tallyport_domain::{Fate, Selection, Source, Trigger};
use tallyport_storage::{Done, Enable, Once, Saved, What};

use super::status::Standing;
use super::step::{Around, Launch, Step};
use super::{Integration, RunOptions, RunView, Status, Workspace, consent};
use crate::{Actor, Error, Result, registry};

/// The longest text that is sent to Toggl as a token; real ones are far shorter.
const LONGEST_TOKEN: usize = 4096;

impl Integration {
    /// Enables the integration with a token, which is checked against Toggl before anything is stored (I2).
    ///
    /// After unlinking this is re-enabling, and a run follows at once where workspaces are still selected (I16).
    ///
    /// # Errors
    /// Administrators only; `AlreadyEnabled`; whatever Toggl says of the token.
    pub async fn enable(&self, actor: &Actor, token: &SecretString, options: RunOptions) -> Result<(Status, Vec<Workspace>)> {
        Ok(self.enable_once(actor, token, options, None).await?.now())
    }

    /// The same for a request that may come twice (E7).
    ///
    /// # Errors
    /// As [`Integration::enable`]; `ReplayDiffers`, `InFlight`.
    pub async fn enable_once(
        &self,
        actor: &Actor,
        token: &SecretString,
        options: RunOptions,
        once: Option<Once<(Status, Vec<Workspace>)>>,
    ) -> Result<Done<(Status, Vec<Workspace>)>> {
        actor.administrator("enable the Toggl integration")?;
        self.0.once(actor, once, |once| self.enabling(actor, token, options, once)).await
    }

    async fn enabling(
        &self,
        actor: &Actor,
        token: &SecretString,
        options: RunOptions,
        once: Option<Once<(Status, Vec<Workspace>)>>,
    ) -> Result<Done<(Status, Vec<Workspace>)>> {
        let before = self.0.store.integration(actor.account()).await?;
        if before.as_ref().is_some_and(|link| link.linked) {
            return Err(Error::AlreadyEnabled);
        }
        let (source, enable) = self.checked(actor, token).await?;
        let last_run = match &before {
            Some(link) => self.last_run(actor, link).await?,
            None => None,
        };
        let goes_on = before.is_some_and(|link| link.selection != Selection::none());
        let launch = goes_on.then(|| Launch { source, trigger: Trigger::ReEnabled, consent: consent(options), options });
        let (standing, visible) = (Standing::enabled_by(actor.person()), enable.workspaces.clone());
        let around = Around::of(actor, self.0.clock.now()).and(last_run.as_ref());
        let shown = move |saved: &Saved| {
            let status = standing.status(&saved.integration, around.last_run(saved));
            (status, super::selection::to_choose_from(&saved.integration, &visible))
        };
        let step = Step { what: What::Enable(enable), still: None, launch };
        let done = self.take(actor, step, once.map(|once| once.of(shown.clone()))).await?;
        Ok(done.map(|saved| shown(&saved)))
    }

    /// Makes the actor the owner, with a token of their own or with the stored one if it is theirs, and syncs (I16).
    ///
    /// # Errors
    /// Administrators only; `NotEnabled` where it never was; `TokenMissing` where none is stored, `TokenNotYours` where it is
    /// somebody else's; whatever Toggl says of the token.
    pub async fn re_enable(&self, actor: &Actor, token: Option<&SecretString>, options: RunOptions) -> Result<RunView> {
        Ok(self.re_enable_once(actor, token, options, None).await?.now())
    }

    /// The same for a request that may come twice (E7).
    ///
    /// # Errors
    /// As [`Integration::re_enable`]; `ReplayDiffers`, `InFlight`.
    pub async fn re_enable_once(
        &self,
        actor: &Actor,
        token: Option<&SecretString>,
        options: RunOptions,
        once: Option<Once<RunView>>,
    ) -> Result<Done<RunView>> {
        actor.administrator("re-enable the Toggl integration")?;
        self.0.once(actor, once, |once| self.re_enabling(actor, token, options, once)).await
    }

    async fn re_enabling(
        &self,
        actor: &Actor,
        token: Option<&SecretString>,
        options: RunOptions,
        once: Option<Once<RunView>>,
    ) -> Result<Done<RunView>> {
        let link = self.0.store.integration(actor.account()).await?.ok_or(Error::NotEnabled { unlinked: false })?;
        let (source, enable) = match token {
            Some(token) => self.checked(actor, token).await?,
            None if link.sealed_token.is_none() => return Err(Error::TokenMissing),
            None if link.owner != actor.person().id => {
                return Err(Error::TokenNotYours { owner: self.0.person(actor, link.owner).await?.name });
            }
            None => {
                let checked = self.checked(actor, &self.stored_token(actor.account(), &link)?).await;
                self.heeded(actor, &link, checked).await?
            }
        };
        let launch = Some(Launch { source, trigger: Trigger::ReEnabled, consent: consent(options), options });
        self.launch(actor, Step { what: What::ReEnable(enable), still: None, launch }, once).await
    }

    /// Destroys the token and archives or keeps what was imported; `Keep` later also what unlinking archived (I15).
    ///
    /// # Errors
    /// Administrators only; `NotEnabled`.
    pub async fn unlink(&self, actor: &Actor, fate: Fate) -> Result<Status> {
        actor.administrator("unlink the Toggl integration")?;
        let unlinked = self.0.store.integration(actor.account()).await?.is_some_and(|link| !link.linked);
        let at_work = self.0.runs.cancellers(actor.account());
        let done = self.0.store.unlink(actor.account(), fate, actor.person().id, self.0.clock.now()).await;
        done.map_err(|error| match error.into() {
            Error::NotEnabled { .. } => Error::NotEnabled { unlinked },
            other => other,
        })?;
        registry::cancel(&at_work);
        self.status(actor).await
    }

    /// Asks Toggl whose token it is and what it sees, and seals it (I2).
    async fn checked(&self, actor: &Actor, token: &SecretString) -> Result<(std::sync::Arc<dyn Source>, Enable)> {
        let text = token.expose_secret().trim();
        if text.is_empty() {
            return Err(Error::TokenMissing);
        }
        if text.len() > LONGEST_TOKEN || text.chars().any(char::is_control) {
            return Err(Error::Invalid("what was given as a token cannot be one".to_owned()));
        }
        let token = SecretString::from(text);
        let source = self.0.sources.source(&token)?;
        let toggl_user = source.identify().await.map_err(Error::GivenToken)?;
        let workspaces = source.workspaces().await.map_err(Error::GivenToken)?;
        let random = self.0.random.as_ref();
        let sealed_token = self.0.keys.ring_to_seal(random)?.seal(actor.account(), &token, random)?;
        let enable = Enable { owner: actor.person().id, toggl_user, sealed_token, workspaces, now: self.0.clock.now() };
        Ok((source, enable))
    }
}
