//! `doctor`.

use clap::Args;
use serde::Serialize;
use tallyport_compose::{Finding, State, chores};

use crate::cli::Globals;
use crate::failure::Stop;
use crate::out::Out;
use crate::session::refused;
use crate::{database, render};

/// Look at the database, its place and its keys, changing nothing; exit 1 where something is wrong
#[derive(Debug, Args)]
pub(crate) struct Doctor {}

/// What `doctor` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Examined {
    pub(crate) healthy: bool,
    pub(crate) checks: Vec<Check>,
}

/// What a check found.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    #[serde(rename = "check")]
    pub(crate) name: &'static str,
    pub(crate) state: &'static str,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
}

impl From<Finding> for Check {
    fn from(finding: Finding) -> Self {
        let state = match finding.state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Bad => "bad",
        };
        Self { name: finding.check, state, message: finding.message, hint: finding.hint }
    }
}

impl Doctor {
    pub(crate) async fn run(self, globals: &Globals, out: &Out) -> Result<(), Stop> {
        let options = database::options(globals, false)?;
        let findings = chores::examine(&options).await.map_err(|error| refused(&error))?;
        let healthy = findings.iter().all(|finding| finding.state != State::Bad);
        let examined = Examined { healthy, checks: findings.into_iter().map(Check::from).collect() };
        out.record(&examined, render::doctor::draw)?;
        if healthy { Ok(()) } else { Err(Stop::Told(1)) }
    }
}
