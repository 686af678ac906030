//! How an account mirrors: private projects and the schedule (I4, I21).

use tallyport_domain::{Every, PrivateProjects, SettingsChange, Trigger};

use super::{Integration, RunOptions, Status, consent};
use crate::{Actor, Error, Result, registry};

/// What to change of the settings: just what is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsToSave {
    /// `keep` or `leave-out` (I21).
    pub private_projects: Option<String>,
    /// `off`, or an interval such as `6h` (I4).
    pub schedule: Option<String>,
}

impl Integration {
    /// Saves the settings, and syncs where the integration can (I4).
    ///
    /// # Errors
    /// Administrators only; `Invalid` for words that are none of the choices, and for none at all; `NotEnabled`.
    pub async fn save_settings(&self, actor: &Actor, change: &SettingsToSave, options: RunOptions) -> Result<Status> {
        actor.administrator("change the settings of the Toggl integration")?;
        self.linked(actor.account()).await?;
        if change.private_projects.is_none() && change.schedule.is_none() {
            return Err(Error::Invalid("give private_projects, schedule or both".to_owned()));
        }
        let change = SettingsChange {
            private_projects: change.private_projects.as_deref().map(private_projects).transpose()?,
            schedule: change.schedule.as_deref().map(schedule).transpose()?,
        };
        let (by, now) = (actor.person().id, self.0.clock.now());
        let at_work = self.0.runs.cancellers(actor.account());
        self.0.store.save_settings(actor.account(), &change, by, now).await?;
        registry::cancel(&at_work);
        match self.ready(actor.account()).await {
            Ok(ready) => drop(self.launch(actor, ready.source, Trigger::Saved, consent(options), options).await?),
            // It cannot sync at this time, which the status says; what was saved is for when it can.
            Err(Error::OwnerInactive { .. } | Error::StoredTokenRejected | Error::Key(_)) => {}
            Err(other) => return Err(other),
        }
        self.status(actor).await
    }
}

fn private_projects(word: &str) -> Result<PrivateProjects> {
    match word {
        "keep" => Ok(PrivateProjects::Keep),
        "leave-out" => Ok(PrivateProjects::LeaveOut),
        other => {
            let shown: String = other.chars().take(40).collect();
            Err(Error::Invalid(format!("{shown:?} is no choice for private projects: give keep or leave-out")))
        }
    }
}

fn schedule(word: &str) -> Result<Option<Every>> {
    match word {
        "off" => Ok(None),
        other => Every::parse(other).map(Some).map_err(|error| Error::Invalid(format!("{error}, or off"))),
    }
}
