//! `toggl unlink`.

use clap::Args;
use tallyport_api_types::{Code, Imported};

use crate::ask;
use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// End the link and destroy the token; time entries stay either way
#[derive(Debug, Args)]
pub(crate) struct Unlink {
    /// Archive the imported tasks
    #[arg(long, conflicts_with = "keep")]
    archive: bool,
    /// Keep the imported tasks as your own
    #[arg(long)]
    keep: bool,
}

impl Unlink {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let imported = self.imported(out)?;
        out.show(session.client().integration().unlink(imported), render::status::draw).await
    }

    fn imported(&self, out: &Out) -> Result<Imported, Stop> {
        const ARCHIVE: &str = "Archive them";
        const KEEP: &str = "Keep them as tasks of your own";
        match (self.archive, self.keep) {
            (true, _) => Ok(Imported::Archive),
            (false, true) => Ok(Imported::Keep),
            (false, false) if out.can_ask() => {
                let answer = ask::one_of("What becomes of the imported tasks?", vec![ARCHIVE, KEEP])?;
                Ok(if answer == KEEP { Imported::Keep } else { Imported::Archive })
            }
            (false, false) => {
                let failure = Failure::new(Code::InvalidRequest, "it is not said what becomes of the imported tasks");
                Err(failure.hint("Give --archive, or --keep to make them tasks of your own.").into())
            }
        }
    }
}
