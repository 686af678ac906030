//! Enabling, re-enabling and unlinking (I2, I15, I16).

use secrecy::{ExposeSecret as _, SecretString};
use tallyport_domain::{Fate, Selection, Source, Trigger};
use tallyport_storage::Enable;

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
        actor.administrator("enable the Toggl integration")?;
        let before = self.0.store.integration(actor.account()).await?;
        if before.as_ref().is_some_and(|link| link.linked) {
            return Err(Error::AlreadyEnabled);
        }
        let (source, enable) = self.checked(actor, token).await?;
        let visible = enable.workspaces.clone();
        self.0.store.enable(actor.account(), &enable).await?;
        if before.is_some_and(|link| link.selection != Selection::none()) {
            self.launch(actor, source, Trigger::ReEnabled, consent(options), options).await?;
        }
        let link = self.linked(actor.account()).await?;
        let workspaces = super::selection::to_choose_from(&link, &visible);
        Ok((self.status(actor).await?, workspaces))
    }

    /// Makes the actor the owner, with a token of their own or with the stored one if it is theirs, and syncs (I16).
    ///
    /// # Errors
    /// Administrators only; `NotEnabled` where it never was; `TokenMissing` where none is stored, `TokenNotYours` where it is
    /// somebody else's; whatever Toggl says of the token.
    pub async fn re_enable(&self, actor: &Actor, token: Option<&SecretString>, options: RunOptions) -> Result<RunView> {
        actor.administrator("re-enable the Toggl integration")?;
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
        let at_work = self.0.runs.cancellers(actor.account());
        self.0.store.re_enable(actor.account(), &enable).await?;
        registry::cancel(&at_work);
        self.launch(actor, source, Trigger::ReEnabled, consent(options), options).await
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
