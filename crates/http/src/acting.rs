//! Who acts.

use axum::extract::FromRequestParts;
use http::header::{self, HeaderMap, HeaderValue};
use http::request::Parts;
use tallyport_api_types::Code;
use tallyport_app::{Actor, App, Error, Visitor};
use tallyport_domain::{AccountId, BadSecret, PersonId, Scope, Secret, SecretKind};

use crate::{Refusal, cookie, cross_site, peer};

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

/// The scope that the route of a request needs; a route puts it into each request (A4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs(pub Scope);

/// The person who acts, read anew for each request, so that what was taken away is gone at once.
///
/// This process vouches for them, or they come with an API token in `Authorization`, else with a session in a cookie. A request
/// with the header is not looked at for cookies; one with a cookie that changes something has to come from our own pages (A4).
#[derive(Debug)]
pub struct Signed(pub Actor);

impl FromRequestParts<App> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        // A route that asks who acts and does not say what it needs is refused rather than open.
        let Needs(needed) = parts.extensions.get().copied().ok_or(Error::Internal)?;
        let actor = match parts.extensions.get::<ActingAs>() {
            Some(acting) => app.actor(acting.account, acting.person).await?,
            None => from_outside(parts, app).await?,
        };
        actor.within(needed)?;
        Ok(Self(actor))
    }
}

async fn from_outside(parts: &Parts, app: &App) -> Result<Actor, Refusal> {
    let caller = peer::caller(parts);
    if let Some(given) = parts.headers.get(header::AUTHORIZATION) {
        return match token(given) {
            Ok(secret) => Ok(app.bearer_from(caller, &secret).await?),
            Err(wrong) => Err(not_a_token(app.stranger(caller), wrong)),
        };
    }
    let Some(text) = cookie::session(&parts.headers, app.site()) else { return Err(Error::SignInRequired.into()) };
    cross_site::check(parts, app.site(), true)?;
    match Secret::parse(SecretKind::Session, text) {
        Ok(secret) => Ok(app.bearer_from(caller, &secret).await?),
        Err(_) => Err(app.stranger(caller).into()),
    }
}

/// The token of an `Authorization` header; nothing inside for another way to sign in than a bearer's.
fn token(given: &HeaderValue) -> Result<Secret, Option<BadSecret>> {
    let given = given.to_str().map_err(|_| None)?;
    let (scheme, text) = given.split_once(' ').ok_or(None)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(None);
    }
    Secret::parse(SecretKind::Token, text).map_err(Some)
}

fn not_a_token(error: Error, wrong: Option<BadSecret>) -> Refusal {
    let Error::SignInRequired = error else { return error.into() };
    let what = wrong.map_or_else(|| "this is no bearer token".to_owned(), |wrong| wrong.to_string());
    let hint = format!("Look at the Authorization header: {what}. It is written `Bearer tpt_…`, with an API token.");
    Refusal::new(Code::SignInRequired, error.to_string()).hint(hint)
}

/// Somebody who need not be signed in. What they send comes from our own pages or from no page at all (A4).
#[derive(Debug)]
pub struct Open(pub Visitor);

impl FromRequestParts<App> for Open {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        if parts.extensions.get::<ActingAs>().is_some() {
            return Ok(Self(Visitor { client: client(&parts.headers), ..Visitor::default() }));
        }
        let session = cookie::session(&parts.headers, app.site());
        cross_site::check(parts, app.site(), session.is_some())?;
        let session = session.and_then(|text| Secret::parse(SecretKind::Session, text).ok());
        Ok(Self(Visitor { caller: peer::caller(parts), client: client(&parts.headers), session }))
    }
}

fn client(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // A4
    fn a_header_that_holds_no_token_says_what_it_holds_without_it() {
        let wrong = |text: &str| {
            let refusal = not_a_token(Error::SignInRequired, token(&HeaderValue::from_str(text).unwrap()).unwrap_err());
            format!("{refusal:?}")
        };
        assert!(wrong("Bearer 0123456789abcdef0123456789abcdef").contains("not a Tallyport API token"));
        assert!(wrong("bearer tpi_sesame").contains("and this is a Tallyport invitation"), "{}", wrong("bearer tpi_sesame"));
        assert!(wrong("Bearer tpt_sesame").contains("cut off or mistyped"));
        for text in ["Basic c2VzYW1lOmFwaV90b2tlbg==", "sesame", "", "Bearer"] {
            assert!(wrong(text).contains("no bearer token"), "{text}");
        }
        for text in ["Bearer sesame", "Bearer tpt_sesame", "Bearer tpi_sesame", "sesame", "Basic sesame"] {
            assert!(!wrong(text).contains("sesame"), "{text}");
        }
    }
}
