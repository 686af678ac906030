//! `toggl settings`.

use clap::{Args, ValueEnum};
use tallyport_api_types::SettingsChange;

use crate::failure::Stop;
use crate::follow::{self, Patience};
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// Change how the account mirrors, and sync; without options: show it
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Whether Toggl's private projects come over
    #[arg(long, value_enum)]
    private_projects: Option<PrivateProjects>,
    /// Sync by itself: off, or how often, such as 6h
    #[arg(long, value_name = "off|6h")]
    schedule: Option<String>,
    #[command(flatten)]
    patience: Patience,
}

/// What becomes of private projects.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum PrivateProjects {
    Keep,
    LeaveOut,
}

impl PrivateProjects {
    fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::LeaveOut => "leave-out",
        }
    }
}

impl Settings {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let integration = session.client().integration();
        if self.private_projects.is_none() && self.schedule.is_none() {
            return out.show(integration.status(), render::status::draw).await;
        }
        let order = self.patience.order(session);
        let private_projects = self.private_projects.map(|choice| choice.as_str().to_owned());
        let change = SettingsChange { private_projects, schedule: self.schedule, run: order.clone() };
        let saved = integration.set(&change).await?;
        let under_way = saved.last_run.filter(follow::is_under_way);
        let ended = match under_way {
            Some(started) => Some(follow::to_its_end(session, out, &started, &order).await?),
            None => None,
        };
        out.show(integration.status(), render::status::draw).await?;
        match ended {
            Some(ended) => follow::judge(session, &ended).await,
            None => Ok(()),
        }
    }
}
