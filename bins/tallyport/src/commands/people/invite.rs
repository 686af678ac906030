//! `people invite`.

use clap::Args;
use tallyport_api_types::Invite as Order;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// Ask people to join by mail, all of them or nobody; without mail their links are shown, to hand over
#[derive(Debug, Args)]
pub(crate) struct Invite {
    /// Their addresses
    #[arg(required = true, value_name = "EMAIL")]
    emails: Vec<String>,
    /// What they will be: administrator, manager or member
    #[arg(long, default_value = "member")]
    role: String,
}

impl Invite {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let order = Order { emails: self.emails, role: Some(self.role) };
        let call = session.client().invitations().invite(&order);
        out.show(call, |invitations, page| render::invitations::sent(invitations, page)).await
    }
}
