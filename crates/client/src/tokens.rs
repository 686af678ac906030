//! `tokens`: one's own API tokens.

use http::Method;
use tallyport_api_types::{NewToken, Token};

use crate::{Call, Client};

/// The methods on API tokens.
pub struct Tokens<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Tokens<'a> {
    /// `GET tokens`: the newest first, revoked ones included.
    pub fn list(&self) -> Call<'a, Vec<Token>> {
        self.client.call(Method::GET, "tokens")
    }

    /// `POST tokens`: makes one, whose text is answered this once (A4).
    pub fn create(&self, token: &NewToken) -> Call<'a, Token> {
        self.client.call_with(Method::POST, "tokens", token).once()
    }

    /// `DELETE tokens/{id}`: revokes one.
    pub fn revoke(&self, id: i64) -> Call<'a, Token> {
        self.client.call(Method::DELETE, &format!("tokens/{id}"))
    }
}
