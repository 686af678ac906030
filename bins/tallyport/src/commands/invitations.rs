//! `invitations`.

use clap::{Args, Subcommand};
use tallyport_api_types::Resend as How;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Who was asked to join
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Invitations {
    List(List),
    Resend(Resend),
    Revoke(Revoke),
}

/// Everybody who was asked, with what became of it
#[derive(Debug, Args)]
pub(crate) struct List {}

/// Send another link; the one before stops working
#[derive(Debug, Args)]
pub(crate) struct Resend {
    /// Their address, or the invitation's number
    invitation: String,
    /// Show the link to hand over instead of mailing it
    #[arg(long)]
    by_hand: bool,
}

/// Take an invitation back
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Their address, or the invitation's number
    invitation: String,
}

impl Invitations {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let invitations = session.client().invitations();
        match self {
            Self::List(List {}) => {
                let draw = |invitations: &Vec<_>, page: &_| match invitations.as_slice() {
                    [] => "Nobody was invited\n".to_owned(),
                    invitations => render::invitations::list(invitations, page),
                };
                out.show(invitations.list(), draw).await
            }
            Self::Resend(Resend { invitation, by_hand }) => {
                let id = find::invitation(session.client(), &invitation).await?;
                let draw = |one: &_, page: &_| render::invitations::sent(std::slice::from_ref(one), page);
                out.show(invitations.resend(id, &How { by_hand }), draw).await
            }
            Self::Revoke(Revoke { invitation }) => {
                let id = find::invitation(session.client(), &invitation).await?;
                let draw = |one: &_, page: &_| render::invitations::list(std::slice::from_ref(one), page);
                out.show(invitations.revoke(id), draw).await
            }
        }
    }
}
