//! `/reset` and `/reset/{secret}`: passwords that were forgotten (A7).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use secrecy::SecretString;
use serde::Deserialize;
use tallyport_app::{App, Error};
use tallyport_http::{Asked, Refusal};

use crate::form::{Fields, Problem};
use crate::page::{Broken, Message, NO_LINK, Page, Shown, TO_SIGN_IN, lead_to};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "reset_ask.html")]
struct Ask {
    several: bool,
    problem: Option<Problem>,
    typed: Whose,
}

/// Whose password it is.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Whose {
    account: String,
    email: String,
}

/// Whether a link was asked for on the page before.
#[derive(Deserialize)]
pub(crate) struct Sent {
    sent: Option<u8>,
}

/// `GET /reset`: asks for a link, or says that one was asked for.
pub(crate) async fn show_ask(State(app): State<App>, sent: Result<Asked<Sent>, Refusal>) -> Shown {
    if !app.sends_mail() {
        let text = "This server sends no mail. An administrator of the account can make a link for you.".to_owned();
        return Ok(Page::new(&Message { heading: "Set a new password", text, code: String::new(), way: TO_SIGN_IN }));
    }
    if sent.is_ok_and(|Asked(sent)| sent.sent.is_some()) {
        let text = "If somebody here has this address, a mail with a link is on its way to it. The link works once, for an hour.";
        return Ok(Page::new(&Message {
            heading: "Look into your mail",
            text: text.to_owned(),
            code: String::new(),
            way: TO_SIGN_IN,
        }));
    }
    Ok(Page::new(&Ask { several: several(&app).await?, problem: None, typed: Whose::default() }))
}

/// `POST /reset`: has a link mailed; answered alike whoever it is (A4).
pub(crate) async fn ask(State(app): State<App>, Visit(visitor): Visit, Fields(typed): Fields<Whose>) -> Shown<Response> {
    let account = Some(typed.account.as_str()).filter(|account| !account.trim().is_empty());
    match app.resets.ask(visitor.caller, &typed.email, account).await {
        Ok(()) => Ok(lead_to("/reset?sent=1")),
        Err(error) => {
            let problem = Problem::of(error)?;
            let status = problem.status;
            let ask = Ask { several: several(&app).await?, problem: Some(problem), typed };
            Ok(Page::new(&ask).wrong(status).into_response())
        }
    }
}

async fn several(app: &App) -> Shown<bool> {
    Ok(app.accounts.list().await?.len() > 1)
}

#[derive(Template)]
#[template(path = "reset.html")]
struct Reset {
    account: String,
    email: String,
    problem: Option<Problem>,
}

/// What was typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    password: String,
}

/// `GET /reset/{secret}`: for whom the link is.
pub(crate) async fn show(State(app): State<App>, Visit(visitor): Visit, Path(secret): Path<String>) -> Shown {
    let (account, person) = app.resets.look(visitor.caller, &secret).await.map_err(dead)?;
    let email = person.email.as_str().to_owned();
    Ok(Page::new(&Reset { account: account.name, email, problem: None }).with_link())
}

/// `POST /reset/{secret}`: sets the password.
pub(crate) async fn send(
    State(app): State<App>,
    Visit(visitor): Visit,
    Path(secret): Path<String>,
    Fields(typed): Fields<Typed>,
) -> Shown<Response> {
    match app.resets.confirm(visitor.caller, &secret, &SecretString::from(typed.password)).await {
        Ok(()) => Ok(lead_to("/sign-in?done=password")),
        Err(error @ Error::Password(_)) => {
            let problem = Problem::of(error)?;
            let status = problem.status;
            let (account, person) = app.resets.look(visitor.caller, &secret).await.map_err(dead)?;
            let email = person.email.as_str().to_owned();
            let page = Reset { account: account.name, email, problem: Some(problem) };
            Ok(Page::new(&page).wrong(status).with_link().into_response())
        }
        Err(error) => Err(dead(error)),
    }
}

/// A link by which nobody sets a password.
fn dead(error: Error) -> Broken {
    match error {
        Error::Secret(_) => Broken::new(NO_LINK, error, Some(("/reset", "Send me a new link"))),
        Error::LinkDead => Broken::new("This link is over", error, Some(("/reset", "Send me a new link"))),
        other => other.into(),
    }
}
