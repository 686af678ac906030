//! `toggl enable`.

use clap::Args;
use secrecy::ExposeSecret;
use tallyport_api_types::ApiToken;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::secrets::TokenSource;
use crate::session::Session;

/// Link a Toggl Track account by its API token, from standard input, a file, or `TOGGL_API_TOKEN`
#[derive(Debug, Args)]
pub(crate) struct Enable {
    #[command(flatten)]
    token: TokenSource,
}

impl Enable {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let token = ApiToken { api_token: self.token.needed(out)?.expose_secret().to_owned() };
        out.show(session.client().integration().enable(&token), |enabled, page| {
            let workspaces = render::workspaces::list(&enabled.workspaces, page);
            format!("{}\n{workspaces}", render::status::draw(&enabled.status, page))
        })
        .await?;
        if !out.is_json() {
            out.note("Next: `tallyport toggl select --all`, or `tallyport toggl select ID...`");
        }
        Ok(())
    }
}
