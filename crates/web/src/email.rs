//! `/email/{secret}`: another address, which the link proves (A6).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use tallyport_app::{App, Error};

use crate::page::{Broken, NO_LINK, Page, Shown, lead_to};
use crate::sign_in::SignIn;
use crate::visit::{Known, Visit};

#[derive(Template)]
#[template(path = "email.html")]
struct NewEmail {
    new: String,
    current: String,
}

/// `GET /email/{secret}`: what would change, for the one who asked for it.
pub(crate) async fn show(
    State(app): State<App>,
    Visit(visitor): Visit,
    Known(actor): Known,
    Path(secret): Path<String>,
) -> Shown {
    let Some(actor) = actor else { return sign_in_first(&app, &secret).await };
    let new = app.me.look_at_email(&actor, visitor.caller, &secret).await.map_err(dead)?;
    let page = NewEmail { new: new.as_str().to_owned(), current: actor.person().email.as_str().to_owned() };
    Ok(Page::new(&page).with_link())
}

/// `POST /email/{secret}`: takes the address.
pub(crate) async fn send(
    State(app): State<App>,
    Visit(visitor): Visit,
    Known(actor): Known,
    Path(secret): Path<String>,
) -> Shown<Response> {
    let Some(actor) = actor else { return Ok(sign_in_first(&app, &secret).await?.into_response()) };
    app.me.confirm_email(&actor, visitor.caller, &secret).await.map_err(dead)?;
    Ok(lead_to("/?done=email"))
}

/// The form to sign in with, in place of a redirect that would write the secret into another address.
async fn sign_in_first(app: &App, secret: &str) -> Shown {
    let form = SignIn::before(app, "Sign in to take your new email", crate::page::local(&format!("/email/{secret}"))).await?;
    Ok(Page::new(&form).with_link())
}

/// A link by which nobody's address changes.
fn dead(error: Error) -> Broken {
    match error {
        Error::Secret(_) => Broken::new(NO_LINK, error, Some(("/", "Back to the start"))),
        Error::LinkDead => Broken::new("This link is over", error, Some(("/", "Back to the start"))),
        other => other.into(),
    }
}
