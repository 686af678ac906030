//! Who acts.

use axum::extract::FromRequestParts;
use http::request::Parts;
use tallyport_app::{Actor, App, Error};
use tallyport_domain::{AccountId, PersonId};

use crate::problem::Refusal;

/// Says in whose name a request comes: an extension that the same process adds to it, and that no header can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActingAs {
    account: AccountId,
    person: PersonId,
}

impl ActingAs {
    /// In the name of this person.
    #[must_use]
    pub fn new(account: AccountId, person: PersonId) -> Self {
        Self { account, person }
    }
}

/// The person who acts, read anew for each request, so that a role that was taken away is gone at once.
pub(crate) struct Signed(pub(crate) Actor);

impl FromRequestParts<App> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let acting = parts.extensions.get::<ActingAs>().copied().ok_or(Error::SignInRequired)?;
        Ok(Self(app.actor(acting.account, acting.person).await?))
    }
}
