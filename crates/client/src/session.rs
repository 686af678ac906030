//! `session`: signing in and out.

use http::Method;
use tallyport_api_types::{SignIn, SignedIn};

use crate::{Call, Client};

/// The methods on the session.
pub struct Sessions<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Sessions<'a> {
    /// `POST session`: signs in, with a token in the answer where one is asked for (A4).
    pub fn sign_in(&self, how: &SignIn) -> Call<'a, SignedIn> {
        self.client.call_with(Method::POST, "session", how)
    }

    /// `GET session`: who is signed in, and where.
    pub fn current(&self) -> Call<'a, SignedIn> {
        self.client.call(Method::GET, "session")
    }

    /// `DELETE session`: signs out.
    pub fn sign_out(&self) -> Call<'a, ()> {
        self.client.call(Method::DELETE, "session")
    }
}
