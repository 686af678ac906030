//! `/setup`: the first account of a server (A3).

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use tallyport_app::{AccountToSetUp, App, Error};
use tallyport_domain::Name;

use crate::form::{Fields, Problem};
use crate::page::{Message, Page, Shown, TO_SIGN_IN};
use crate::sign_in;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUp {
    problem: Option<Problem>,
    typed: Typed,
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    code: String,
    account: String,
    name: String,
    email: String,
    password: String,
    timezone: String,
}

/// `GET /setup`.
pub(crate) async fn show(State(app): State<App>) -> Shown {
    if !app.set_ups.is_needed().await? {
        return Ok(over());
    }
    let typed = Typed { timezone: "UTC".to_owned(), ..Typed::default() };
    Ok(Page::new(&SetUp { problem: None, typed }))
}

/// `POST /setup`: makes the account and signs its administrator in.
pub(crate) async fn send(State(app): State<App>, Visit(visitor): Visit, Fields(mut typed): Fields<Typed>) -> Shown<Response> {
    let new = AccountToSetUp {
        code: SecretString::from(typed.code.as_str()),
        account: typed.account.clone(),
        email: typed.email.clone(),
        name: typed.name.clone(),
        password: SecretString::from(std::mem::take(&mut typed.password)),
        timezone: Some(typed.timezone.trim().to_owned()).filter(|zone| !zone.is_empty()),
    };
    match app.set_ups.set_up(&visitor, new).await {
        Ok(signed) => Ok(sign_in::kept(&app, &signed, "/")),
        Err(_) if !app.set_ups.is_needed().await? => Ok(over().into_response()),
        Err(error) => {
            let names_account = matches!(error, Error::Name(_)) && Name::typed(&typed.account).is_err();
            let problem = Problem::of(error)?;
            let problem = if names_account { problem.at("account") } else { problem };
            let status = problem.status;
            Ok(Page::new(&SetUp { problem: Some(problem), typed }).wrong(status).into_response())
        }
    }
}

/// There is an account.
fn over() -> Page {
    let text = "It has an account. An administrator of the account adds people.".to_owned();
    let message = Message { heading: "This server is set up", text, code: String::new(), way: TO_SIGN_IN };
    Page::new(&message).status(StatusCode::GONE)
}
