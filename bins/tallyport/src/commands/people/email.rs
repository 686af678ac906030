//! `people email`.

use clap::Args;
use tallyport_api_types::PersonChange;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Give somebody another address, by which Toggl's members are matched
#[derive(Debug, Args)]
pub(crate) struct Email {
    /// Their address so far, or their number
    email: String,
    /// The new address
    new: String,
}

impl Email {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let person = find::person(session.client(), &self.email).await?;
        let change = PersonChange { role: None, email: Some(self.new) };
        let call = session.client().people().change(person.id, &change);
        out.show(call, |person, page| render::people::list(std::slice::from_ref(person), page)).await
    }
}
