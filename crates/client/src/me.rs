//! `me`: oneself.

use http::Method;
use tallyport_api_types::{LinkSecret, Me, MeChange, NewEmail, PasswordChange, Person, Session};

use crate::{Call, Client};

/// The methods on oneself.
pub struct Myself<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Myself<'a> {
    /// `GET me`: who acts, with what they decided for themselves (E5).
    pub fn get(&self) -> Call<'a, Me> {
        self.client.call(Method::GET, "me")
    }

    /// `PATCH me`: another name, zone, or first day of the week.
    pub fn change(&self, change: &MeChange) -> Call<'a, Me> {
        self.client.call_with(Method::PATCH, "me", change)
    }

    /// `POST me/password`: another password; one's other sessions end (A4).
    pub fn change_password(&self, change: &PasswordChange) -> Call<'a, ()> {
        self.client.call_with(Method::POST, "me/password", change)
    }

    /// `POST me/email`: another address, once a link that is sent there is used (A6).
    pub fn change_email(&self, to: &NewEmail) -> Call<'a, ()> {
        self.client.call_with(Method::POST, "me/email", to)
    }

    /// `POST me/email/confirm`: uses that link.
    pub fn confirm_email(&self, link: &LinkSecret) -> Call<'a, Person> {
        self.client.call_with(Method::POST, "me/email/confirm", link)
    }

    /// `GET me/sessions`: where one is signed in.
    pub fn sessions(&self) -> Call<'a, Vec<Session>> {
        self.client.call(Method::GET, "me/sessions")
    }

    /// `DELETE me/sessions/{id}`: ends one of them.
    pub fn end_session(&self, id: i64) -> Call<'a, ()> {
        self.client.call(Method::DELETE, &format!("me/sessions/{id}"))
    }
}
