//! `/sign-in` (A4).

use askama::Template;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use http::header::SET_COOKIE;
use secrecy::SecretString;
use serde::Deserialize;
use tallyport_app::{App, Error, SignedIn};
use tallyport_http::{Asked, Refusal, keep_session};

use crate::form::{Fields, Problem};
use crate::home::Done;
use crate::page::{Page, Shown, lead_to, local};
use crate::visit::{Known, Visit};

/// The form, on its own page or in place of one that needs somebody signed in.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn {
    heading: &'static str,
    /// The only account of the server.
    account: Option<String>,
    several: bool,
    /// Whether a link to set a new password can be mailed.
    mails: bool,
    news: Option<&'static str>,
    problem: Option<Problem>,
    typed: Typed,
}

impl SignIn {
    /// The form, after which one goes on at a path.
    pub(crate) async fn before(app: &App, heading: &'static str, next: &str) -> Shown<Self> {
        let mut accounts = app.accounts.list().await?;
        let several = accounts.len() > 1;
        let account = if several { None } else { accounts.pop().map(|account| account.name) };
        let typed = Typed { next: if next == "/" { String::new() } else { next.to_owned() }, ..Typed::default() };
        Ok(Self { heading, account, several, mails: app.sends_mail(), news: None, problem: None, typed })
    }
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    account: String,
    email: String,
    password: String,
    next: String,
}

/// Where to go on.
#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

const HEADING: &str = "Sign in";

/// What to look at where several accounts may be meant.
const SEVERAL: &str = "Check the account, the email and the password, or ask for a link below.";

/// `GET /sign-in?next=`.
pub(crate) async fn show(
    State(app): State<App>,
    Known(actor): Known,
    next: Result<Asked<Next>, Refusal>,
    done: Result<Asked<Done>, Refusal>,
) -> Shown<Response> {
    let next = next.map(|Asked(next)| next.next).unwrap_or_default();
    let next = local(&next);
    if actor.is_some() {
        return Ok(lead_to(next));
    }
    if app.set_ups.is_needed().await? {
        return Ok(lead_to("/setup"));
    }
    let form = SignIn::before(&app, HEADING, next).await?;
    Ok(Page::new(&SignIn { news: done.ok().and_then(|Asked(done)| done.news()), ..form }).into_response())
}

/// `POST /sign-in`: begins a session.
pub(crate) async fn send(State(app): State<App>, Visit(visitor): Visit, Fields(mut typed): Fields<Typed>) -> Shown<Response> {
    let with = tallyport_app::SignIn {
        email: typed.email.clone(),
        password: SecretString::from(std::mem::take(&mut typed.password)),
        account: Some(typed.account.clone()).filter(|account| !account.trim().is_empty()),
    };
    match app.sessions.sign_in(&visitor, &with).await {
        Ok(signed) => Ok(kept(&app, &signed, local(&typed.next))),
        Err(error) => {
            let refused = matches!(error, Error::SignInRefused);
            let problem = Problem::of(error)?;
            let status = problem.status;
            let form = SignIn::before(&app, HEADING, local(&typed.next)).await?;
            let problem = if refused && form.several { problem.hint(SEVERAL) } else { problem };
            let typed = Typed { next: form.typed.next, ..typed };
            Ok(Page::new(&SignIn { problem: Some(problem), typed, ..form }).wrong(status).into_response())
        }
    }
}

/// Leads somebody on who has just signed in.
pub(crate) fn kept(app: &App, signed: &SignedIn, next: &str) -> Response {
    (AppendHeaders([(SET_COOKIE, keep_session(app.site(), &signed.secret))]), lead_to(next)).into_response()
}
