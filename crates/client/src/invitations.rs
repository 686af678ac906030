//! `invitations`: asking people to join.

use http::Method;
use tallyport_api_types::{Acceptance, Invitation, Invite, Invited, Joined, LinkSecret, Resend, TroubledMail};

use crate::{Call, Client};

/// The methods on invitations.
pub struct Invitations<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Invitations<'a> {
    /// `GET invitations`: the newest first (N1).
    pub fn list(&self) -> Call<'a, Vec<Invitation>> {
        self.client.call(Method::GET, "invitations")
    }

    /// `POST invitations`: invites all of them or nobody; links that no mail brings are answered this once (N1, N3).
    pub fn invite(&self, whom: &Invite) -> Call<'a, Vec<Invitation>> {
        self.client.call_with(Method::POST, "invitations", whom).once()
    }

    /// `POST invitations/{id}/resend`: with another link, by mail or by hand; the one before stops working (N2).
    pub fn resend(&self, id: i64, how: &Resend) -> Call<'a, Invitation> {
        self.client.call_with(Method::POST, &format!("invitations/{id}/resend"), how)
    }

    /// `DELETE invitations/{id}`: takes one back (N2).
    pub fn revoke(&self, id: i64) -> Call<'a, Invitation> {
        self.client.call(Method::DELETE, &format!("invitations/{id}"))
    }

    /// `POST invitations/look`: what a link offers.
    pub fn look(&self, link: &LinkSecret) -> Call<'a, Invited> {
        self.client.call_with(Method::POST, "invitations/look", link)
    }

    /// `POST invitations/accept`: joins; signing in comes after (N2).
    pub fn accept(&self, how: &Acceptance) -> Call<'a, Joined> {
        self.client.call_with(Method::POST, "invitations/accept", how)
    }

    /// `GET outbox`: mail that wants a person's eye, the newest first (N3).
    pub fn troubled_mail(&self) -> Call<'a, Vec<TroubledMail>> {
        self.client.call(Method::GET, "outbox")
    }
}
