//! `password-reset`: a forgotten password.

use http::Method;
use tallyport_api_types::{Reset, ResetRequest};

use crate::{Call, Client};

/// The methods on forgotten passwords.
pub struct PasswordReset<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> PasswordReset<'a> {
    /// `POST password-reset`: has a link mailed, and is answered alike whoever it is (A4, A7).
    pub fn request(&self, whom: &ResetRequest) -> Call<'a, ()> {
        self.client.call_with(Method::POST, "password-reset", whom)
    }

    /// `POST password-reset/confirm`: sets the password with that link (A7).
    pub fn confirm(&self, how: &Reset) -> Call<'a, ()> {
        self.client.call_with(Method::POST, "password-reset/confirm", how)
    }
}
