//! `toggl re-enable`.

use clap::Args;
use secrecy::ExposeSecret;
use tallyport_api_types::{OptionalApiToken, StartRun};

use crate::failure::Stop;
use crate::follow::{self, Patience};
use crate::out::Out;
use crate::secrets::TokenSource;
use crate::session::Session;

/// Link again, with a token of yours or the one that is stored, and sync; you become the owner
#[derive(Debug, Args)]
pub(crate) struct ReEnable {
    #[command(flatten)]
    token: TokenSource,
    #[command(flatten)]
    patience: Patience,
}

impl ReEnable {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let token = self.token.given(out)?;
        let order = self.patience.order(session);
        let re_enable = async |confirm| {
            let run = StartRun { confirm, ..order.clone() };
            let api_token = token.as_ref().map(|token| token.expose_secret().to_owned());
            session.client().integration().re_enable(&OptionalApiToken { api_token, run }).await
        };
        let started = session.with_yes(out, "Re-enable and overwrite these?", re_enable).await?;
        follow::finish(session, out, &started, &order).await
    }
}
