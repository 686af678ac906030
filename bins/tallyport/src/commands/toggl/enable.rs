//! `toggl enable`.

use clap::Args;
use secrecy::ExposeSecret;
use tallyport_api_types::{ApiToken, EnabledStatus};

use crate::failure::Stop;
use crate::follow::{self, Patience};
use crate::out::Out;
use crate::render;
use crate::secrets::TokenSource;
use crate::session::Session;

/// Link a Toggl Track account by its API token, from standard input, a file, or `TOGGL_API_TOKEN`
#[derive(Debug, Args)]
pub(crate) struct Enable {
    #[command(flatten)]
    token: TokenSource,
    #[command(flatten)]
    patience: Patience,
}

impl Enable {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let integration = session.client().integration();
        let order = self.patience.order(session);
        let token = ApiToken { api_token: self.token.needed(out)?.expose_secret().to_owned(), run: order.clone() };
        let EnabledStatus { mut status, workspaces } = integration.enable(&token).await?;
        // After unlinking it goes on with what was selected before (I16).
        let ended = match &status.last_run {
            Some(run) if follow::is_under_way(run) => Some(follow::to_its_end(session, out, run, &order).await?),
            _ => None,
        };
        if ended.is_some() {
            status = integration.status().await?;
        }
        let selects = status.selection.as_ref().is_some_and(|selection| selection.all || !selection.workspaces.is_empty());
        out.record(&EnabledStatus { status, workspaces }, |enabled, page| {
            let workspaces = render::workspaces::list(&enabled.workspaces, page);
            format!("{}\n{workspaces}", render::status::draw(&enabled.status, page))
        })?;
        if !out.is_json() && !selects {
            out.note("Next: `tallyport toggl select --all`, or `tallyport toggl select ID...`");
        }
        match ended {
            Some(ended) => follow::judge(session, &ended).await,
            None => Ok(()),
        }
    }
}
