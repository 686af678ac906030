//! `toggl preview`.

use clap::Args;
use tallyport_api_types::PreviewRequest;

use super::choice::Choice;
use crate::failure::Stop;
use crate::follow::Patience;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// What a sync would change, without changing it; with a choice of workspaces: what that choice would
#[derive(Debug, Args)]
pub(crate) struct Preview {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    patience: Patience,
}

impl Preview {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let mut what = PreviewRequest { patience_seconds: Some(self.patience.seconds()), ..PreviewRequest::default() };
        if self.choice.is_given() {
            let chosen = self.choice.read(session).await?;
            what.all = chosen.is_all();
            what.workspaces = chosen.ids();
        }
        out.show(session.client().integration().preview(&what), render::preview::draw).await
    }
}
