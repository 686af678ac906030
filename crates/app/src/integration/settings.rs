//! How an account mirrors: private projects and the schedule (I4, I21).

use tallyport_domain::{Every, PrivateProjects, Settings, SettingsChange, Trigger};
use tallyport_storage::{Done, Integration as Link, Once, Saved, Still, What};

use super::step::{Around, Launch, Step};
use super::{Integration, Picked, RunOptions, Status, consent};
use crate::{Actor, Error, Result};

/// What to change of the settings: just what is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsToSave {
    /// `keep` or `leave-out` (I21).
    pub private_projects: Option<String>,
    /// `off`, or an interval such as `6h` (I4).
    pub schedule: Option<String>,
}

/// What administrators keep of the integration: by this they know whether somebody else changed it meanwhile. What runs bring
/// changes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What is mirrored.
    pub selection: Picked,
    /// How it is mirrored.
    pub settings: Settings,
}

impl Kept {
    pub(super) fn of(link: &Link) -> Self {
        Self { selection: Picked::of(&link.selection), settings: link.settings }
    }
}

impl Integration {
    /// Saves the settings, and syncs where the integration can (I4).
    ///
    /// # Errors
    /// Administrators only; `Invalid` for words that are none of the choices, and for none at all; `NotEnabled`.
    pub async fn save_settings(&self, actor: &Actor, change: &SettingsToSave, options: RunOptions) -> Result<Status> {
        Ok(self.save_settings_once(actor, change, options, None, None).await?.now())
    }

    /// The same where selection and settings are still as they were seen, for a request that may come twice (E7).
    ///
    /// # Errors
    /// As [`Integration::save_settings`]; `Changed`, `ReplayDiffers`, `InFlight`.
    pub async fn save_settings_once(
        &self,
        actor: &Actor,
        change: &SettingsToSave,
        options: RunOptions,
        still: Option<Still<Kept>>,
        once: Option<Once<Status>>,
    ) -> Result<Done<Status>> {
        actor.administrator("change the settings of the Toggl integration")?;
        let still = still.map(|still| still.of(Kept::of));
        self.0.once(actor, once, |once| self.saving_settings(actor, change, options, still, once)).await
    }

    async fn saving_settings(
        &self,
        actor: &Actor,
        change: &SettingsToSave,
        options: RunOptions,
        still: Option<Still<Link>>,
        once: Option<Once<Status>>,
    ) -> Result<Done<Status>> {
        let link = self.linked(actor.account()).await?;
        if change.private_projects.is_none() && change.schedule.is_none() {
            return Err(Error::Invalid("give private_projects, schedule or both".to_owned()));
        }
        let change = SettingsChange {
            private_projects: change.private_projects.as_deref().map(private_projects).transpose()?,
            schedule: change.schedule.as_deref().map(schedule).transpose()?,
        };
        let launch = match self.ready(actor.account()).await {
            Ok(ready) => Some(Launch { source: ready.source, trigger: Trigger::Saved, consent: consent(options), options }),
            // It cannot sync at this time, which the status says; what is saved is for when it can.
            Err(Error::OwnerInactive { .. } | Error::StoredTokenRejected | Error::Key(_)) => None,
            Err(other) => return Err(other),
        };
        let (standing, last_run) = (self.standing(actor, &link).await?, self.last_run(actor, &link).await?);
        let around = Around::of(actor, self.0.clock.now()).and(last_run.as_ref());
        let shown = move |saved: &Saved| standing.status(&saved.integration, around.last_run(saved));
        let step = Step { what: What::Settings(change), still, launch };
        let done = self.take(actor, step, once.map(|once| once.of(shown.clone()))).await?;
        Ok(done.map(|saved| shown(&saved)))
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
