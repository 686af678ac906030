//! `people reset-password`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Give somebody a link to set another password with; without mail it is shown, to hand over
#[derive(Debug, Args)]
pub(crate) struct ResetPassword {
    /// Their address, or their number
    email: String,
}

impl ResetPassword {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let person = find::person(session.client(), &self.email).await?;
        let call = session.client().people().reset_password(person.id);
        out.show(call, |handed, _| match &handed.link {
            Some(link) => format!("{}\n", render::text::harmless(link)),
            None => format!("A link is on its way to {}\n", render::text::harmless(&person.email)),
        })
        .await
    }
}
