//! `setup`: a server that has no account yet.

use http::Method;
use tallyport_api_types::{SetUp, SetUpState, SignedIn};

use crate::{Call, Client};

/// The methods on setting a server up.
pub struct Setup<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Setup<'a> {
    /// `GET setup`: whether the server waits for it.
    pub fn state(&self) -> Call<'a, SetUpState> {
        self.client.call(Method::GET, "setup")
    }

    /// `POST setup`: the first account with its administrator (A3).
    pub fn set_up(&self, how: &SetUp) -> Call<'a, SignedIn> {
        self.client.call_with(Method::POST, "setup", how)
    }
}
