//! `people reactivate`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Bring somebody back, with the automatic assignments that Toggl's members give
#[derive(Debug, Args)]
pub(crate) struct Reactivate {
    /// Their address, or their number
    email: String,
}

impl Reactivate {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let person = find::person(session.client(), &self.email).await?;
        let call = session.client().people().reactivate(person.id);
        out.show(call, |person, page| render::people::list(std::slice::from_ref(person), page)).await
    }
}
