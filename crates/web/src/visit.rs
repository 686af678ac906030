//! Who looks at a page.

use axum::extract::FromRequestParts;
use http::request::Parts;
use tallyport_app::{Actor, App, Visitor};
use tallyport_domain::Scope;
use tallyport_http::{Needs, Open, Signed};

use crate::page::Broken;

/// Somebody, signed in or not. What they send comes from a page of ours.
pub(crate) struct Visit(pub(crate) Visitor);

impl FromRequestParts<App> for Visit {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Broken> {
        let Open(visitor) = Open::from_request_parts(parts, app).await?;
        Ok(Self(visitor))
    }
}

/// Who is signed in, if anybody is.
pub(crate) struct Known(pub(crate) Option<Actor>);

impl FromRequestParts<App> for Known {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Broken> {
        // A person's own pages do what the person may, so a token that may less does not open them.
        parts.extensions.insert(Needs(Scope::Admin));
        match Signed::from_request_parts(parts, app).await {
            Ok(Signed(actor)) => Ok(Self(Some(actor))),
            Err(refusal) if refusal.problem().status == 401 => Ok(Self(None)),
            Err(refusal) => Err(refusal.into()),
        }
    }
}
