//! `me`.

use clap::{Args, Subcommand};
use tallyport_api_types::{Code, MeChange};

use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// What you decide for yourself
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Me {
    Set(Set),
}

/// Change your name, time zone or first day of the week; "" takes the account's
#[derive(Debug, Args)]
pub(crate) struct Set {
    /// What you are called
    #[arg(long)]
    name: Option<String>,
    /// Your time zone, such as Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// The first day of your week: monday to sunday
    #[arg(long, value_name = "DAY")]
    week_start: Option<String>,
}

impl Me {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let Self::Set(Set { name, timezone, week_start }) = self;
        let change = MeChange { name, timezone, week_start };
        if change == MeChange::default() {
            let failure = Failure::new(Code::InvalidRequest, "it is not said what to change");
            return Err(failure.hint("Give --name, --timezone or --week-start.").into());
        }
        out.show(session.client().me().change(&change), render::me::draw).await
    }
}
