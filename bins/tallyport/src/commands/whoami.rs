//! `whoami`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// Who acts, and where
#[derive(Debug, Args)]
pub(crate) struct Whoami {}

impl Whoami {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        out.show(session.client().me().get(), render::me::draw).await
    }
}
