//! `/accept/{secret}`: joining by an invitation (N2).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use secrecy::SecretString;
use serde::Deserialize;
use tallyport_app::{App, Error, Offer, SignIn};

use crate::form::{Fields, Problem};
use crate::page::{Broken, NO_LINK, Page, Shown, TO_SIGN_IN, lead_to};
use crate::sign_in;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "accept.html")]
struct Accept {
    account: String,
    invited_by: String,
    email: String,
    until: Option<String>,
    problem: Option<Problem>,
    typed: Typed,
}

impl Accept {
    fn of(offer: Offer) -> Self {
        let zone = &offer.account.zone;
        Self {
            until: offer.expires_at.map(|until| format!("{} ({zone})", zone.written(until))),
            account: offer.account.name,
            invited_by: offer.invited_by.name,
            email: offer.email.as_str().to_owned(),
            problem: None,
            typed: Typed::default(),
        }
    }
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    name: String,
    password: String,
}

/// `GET /accept/{secret}`: what the invitation offers.
pub(crate) async fn show(State(app): State<App>, Visit(visitor): Visit, Path(secret): Path<String>) -> Shown {
    let offer = app.invitations.look(visitor.caller, &secret).await.map_err(dead)?;
    Ok(Page::new(&Accept::of(offer)).with_link())
}

/// `POST /accept/{secret}`: joins, and signs in.
pub(crate) async fn send(
    State(app): State<App>,
    Visit(visitor): Visit,
    Path(secret): Path<String>,
    Fields(typed): Fields<Typed>,
) -> Shown<Response> {
    let Typed { name, password } = typed;
    let password = SecretString::from(password);
    match app.invitations.accept(visitor.caller, &secret, &name, &password).await {
        Ok((account, person)) => {
            let email = person.email.as_str().to_owned();
            let with = SignIn { email, password, account: Some(account.id.to_string()) };
            let signed = app.sessions.sign_in(&visitor, &with).await;
            Ok(signed.map_or_else(|_| lead_to("/sign-in?done=joined"), |signed| sign_in::kept(&app, &signed, "/")))
        }
        Err(error @ (Error::Name(_) | Error::Password(_))) => {
            let problem = Problem::of(error)?;
            let status = problem.status;
            let offer = app.invitations.look(visitor.caller, &secret).await.map_err(dead)?;
            let typed = Typed { name, ..Typed::default() };
            let page = Accept { problem: Some(problem), typed, ..Accept::of(offer) };
            Ok(Page::new(&page).wrong(status).with_link().into_response())
        }
        Err(error) => Err(dead(error)),
    }
}

/// A link by which nobody joins.
fn dead(error: Error) -> Broken {
    match error {
        taken if taken.code().as_str() == "email_taken" => {
            let text = "Somebody joined with the email of this invitation. If that was you, sign in with it.";
            Broken::saying("You are in this account already", text, taken, TO_SIGN_IN)
        }
        Error::Secret(_) => Broken::new(NO_LINK, error, TO_SIGN_IN),
        Error::LinkDead | Error::InvitationOver(_) => Broken::new("This invitation is over", error, TO_SIGN_IN),
        other => other.into(),
    }
}
