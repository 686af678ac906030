//! `people role`.

use clap::Args;
use tallyport_api_types::PersonChange;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Give somebody another role
#[derive(Debug, Args)]
pub(crate) struct Role {
    /// Their address, or their number
    email: String,
    /// administrator, manager or member
    role: String,
}

impl Role {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let person = find::person(session.client(), &self.email).await?;
        let change = PersonChange { role: Some(self.role), email: None };
        let call = session.client().people().change(person.id, &change);
        out.show(call, |person, page| render::people::list(std::slice::from_ref(person), page)).await
    }
}
