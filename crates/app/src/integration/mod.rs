//! The link to Toggl as people manage it (I1–I4, I11–I17, P8).

mod enable;
mod members;
mod preview;
mod runs;
mod selection;
mod settings;
mod status;
mod step;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::SecretString;
use tallyport_domain::plan::Consent;
use tallyport_domain::{AccountId, ExternalId, Run, Selection, Source, SourceError, Trigger};
use tallyport_storage::Integration as Link;
use tallyport_sync::{Order, Patience};

use crate::{Actor, Error, KeyError, Result, Shared};

pub use members::Member;
pub use preview::{AsPreviewed, PrivateProject};
pub use runs::{Change, RunView};
pub use selection::Workspace;
pub use settings::{Kept, SettingsToSave};
pub use status::{Status, StatusDetails};

/// The link to Toggl.
#[derive(Clone)]
pub struct Integration(pub(crate) Arc<Shared>);

/// How to sync.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunOptions {
    /// A yes to whatever the plan says (I12).
    pub confirm: bool,
    /// For how long at most it may wait for Toggl's allowance; as long as it takes where nothing is set (I19).
    pub patience: Option<TimeDelta>,
}

/// The workspaces that somebody picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// All, those of later included (I3).
    All,
    /// Just these, by their ids in Toggl.
    These(Vec<String>),
}

impl Picked {
    fn of(selection: &Selection) -> Self {
        match selection {
            Selection::All => Self::All,
            Selection::Only(ids) => Self::These(ids.iter().map(ToString::to_string).collect()),
        }
    }

    /// Reads the ids.
    ///
    /// # Errors
    /// `Invalid` for what is no id of Toggl, and for one that is named twice.
    fn read(&self) -> Result<Selection> {
        let Self::These(ids) = self else { return Ok(Selection::All) };
        let mut picked = BTreeSet::new();
        for text in ids {
            let digits = text.trim();
            let id = Some(digits).filter(|d| d.bytes().all(|b| b.is_ascii_digit())).and_then(|d| d.parse().ok());
            let shown: String = text.chars().take(40).collect();
            let id = id.filter(|id| *id > 0).ok_or_else(|| Error::Invalid(format!("{shown:?} is not the id of a workspace")))?;
            if !picked.insert(ExternalId(id)) {
                return Err(Error::Invalid(format!("workspace {id} is named twice")));
            }
        }
        Ok(Selection::Only(picked))
    }
}

/// An integration that can sync, and what it reads from.
struct Ready {
    link: Link,
    source: Arc<dyn Source>,
}

impl Integration {
    /// The integration, if it is linked.
    async fn linked(&self, account: AccountId) -> Result<Link> {
        match self.0.store.integration(account).await? {
            Some(link) if link.linked => Ok(link),
            found => Err(Error::NotEnabled { unlinked: found.is_some() }),
        }
    }

    /// The integration, if it can talk to Toggl (I17).
    ///
    /// # Errors
    /// `NotEnabled`, `OwnerInactive`, `KeyMissing` or `TokenRejected`, before anything is sent.
    async fn ready(&self, account: AccountId) -> Result<Ready> {
        let link = self.linked(account).await?;
        let owner = self.0.store.person(account, link.owner).await?.ok_or(Error::NotFound("person"))?;
        if !owner.active {
            return Err(Error::OwnerInactive { owner: owner.name });
        }
        let token = self.stored_token(account, &link)?;
        if link.token_rejected {
            return Err(Error::StoredTokenRejected);
        }
        let source = self.0.sources.source(&token)?;
        Ok(Ready { link, source })
    }

    /// What Toggl answered to the stored token outside a run; where it rejected that, it is remembered as a run would (I17).
    async fn heeded<T>(&self, actor: &Actor, link: &Link, answer: Result<T, impl Into<Error>>) -> Result<T> {
        let error = match answer {
            Ok(answer) => return Ok(answer),
            Err(error) => error.into(),
        };
        if let (Error::Source(source) | Error::GivenToken(source), Some(sealed)) = (&error, &link.sealed_token)
            && matches!(source, SourceError::TokenRejected { .. })
        {
            self.0.store.reject_token(actor.account(), sealed, self.0.clock.now()).await?;
        }
        Err(error)
    }

    /// Opens the stored token.
    fn stored_token(&self, account: AccountId, link: &Link) -> Result<SecretString> {
        let sealed = link.sealed_token.as_deref().ok_or(KeyError::Damaged)?;
        Ok(self.0.keys.ring()?.open(account, sealed)?)
    }

    /// Starts a run because it is due: nobody started it, and nobody said yes to anything (I4, I12).
    ///
    /// # Errors
    /// `RunUnderWay`, and what keeps the integration from syncing (I17).
    pub(crate) async fn start_due(&self, account: AccountId) -> Result<Run> {
        let ready = self.ready(account).await?;
        let order = Order { trigger: Trigger::Schedule, started_by: None, consent: Consent::None, patience: Patience::Forever };
        let active = self.0.engine.start(account, ready.source, order).await?;
        let record = active.record().clone();
        self.drive(account, active);
        Ok(record)
    }
}

/// The yes to whatever the plan says, if it was given (I12).
fn consent(options: RunOptions) -> Consent {
    if options.confirm { Consent::Everything } else { Consent::None }
}
