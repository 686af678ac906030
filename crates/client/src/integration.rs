//! `integrations/toggl`: the link to Toggl.

use std::time::Duration;

use http::Method;
use tallyport_api_types::{
    Adopted, ApiToken, EnabledStatus, Imported, Member, OptionalApiToken, Preview, PreviewRequest, Run, SelectionChange,
    SettingsChange, Status, Workspace,
};

use crate::{Call, Client};

/// How much longer an answer may take where Toggl is asked for it, which is asked again where it does not answer.
const ASKING_TOGGL: Duration = Duration::from_mins(3);

/// The methods on the integration.
pub struct Integration<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Integration<'a> {
    /// `GET`: how it stands.
    pub fn status(&self) -> Call<'a, Status> {
        self.client.call(Method::GET, "integrations/toggl")
    }

    /// `PUT`: enables it with a token, which is checked against Toggl first (I2).
    pub fn enable(&self, token: &ApiToken) -> Call<'a, EnabledStatus> {
        self.client.call_with(Method::PUT, "integrations/toggl", token).once().patient(ASKING_TOGGL)
    }

    /// `DELETE ?imported=`: unlinks it (I15).
    pub fn unlink(&self, imported: Imported) -> Call<'a, Status> {
        let word = match imported {
            Imported::Archive => "archive",
            Imported::Keep => "keep",
        };
        self.client.call(Method::DELETE, &format!("integrations/toggl?imported={word}"))
    }

    /// `POST re-enable`: answers the run that brings everything up to date (I16).
    pub fn re_enable(&self, token: &OptionalApiToken) -> Call<'a, Run> {
        self.client.call_with(Method::POST, "integrations/toggl/re-enable", token).once().patient(ASKING_TOGGL)
    }

    /// `GET workspaces`: those to choose from.
    pub fn workspaces(&self) -> Call<'a, Vec<Workspace>> {
        self.client.call(Method::GET, "integrations/toggl/workspaces").patient(ASKING_TOGGL)
    }

    /// `PUT selection`: answers the run that follows (I3).
    pub fn select(&self, selection: &SelectionChange) -> Call<'a, Run> {
        self.client.call_with(Method::PUT, "integrations/toggl/selection", selection).once().patient(ASKING_TOGGL)
    }

    /// `POST preview`: what a sync would change (I13).
    pub fn preview(&self, what: &PreviewRequest) -> Call<'a, Preview> {
        let waiting = Duration::from_secs(what.patience_seconds.unwrap_or_default().into());
        self.client.call_with(Method::POST, "integrations/toggl/preview", what).patient(ASKING_TOGGL + waiting)
    }

    /// `GET members` of the mirrored workspaces (N1).
    pub fn members(&self) -> Call<'a, Vec<Member>> {
        self.client.call(Method::GET, "integrations/toggl/members").patient(ASKING_TOGGL)
    }

    /// `PUT settings`: answers the status, whose last run is the one that follows (I4).
    pub fn set(&self, settings: &SettingsChange) -> Call<'a, Status> {
        self.client.call_with(Method::PUT, "integrations/toggl/settings", settings).once()
    }

    /// `POST cancel`: ends the run that is under way; answers none where none is (I11).
    pub fn cancel(&self) -> Call<'a, Option<Run>> {
        self.client.call(Method::POST, "integrations/toggl/cancel")
    }

    /// `POST adopt-assignments`: turns automatic assignments into manual ones (P8).
    pub fn adopt_assignments(&self) -> Call<'a, Adopted> {
        self.client.call(Method::POST, "integrations/toggl/adopt-assignments")
    }
}
