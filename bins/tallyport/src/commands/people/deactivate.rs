//! `people deactivate`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Deactivate somebody: their time stays, their automatic assignments end
#[derive(Debug, Args)]
pub(crate) struct Deactivate {
    /// Their address, or their number
    email: String,
}

impl Deactivate {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let person = find::person(session.client(), &self.email).await?;
        let people = session.client().people();
        let call = async |confirm| people.deactivate(person.id, confirm).answer().await;
        let done = session.with_yes(out, "Deactivate them anyway?", call).await?;
        out.kept(&done.body, |page| render::people::list(std::slice::from_ref(&done.value), page))
    }
}
