//! `/` and `/sign-out`.

use askama::Template;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use http::header::SET_COOKIE;
use serde::Deserialize;
use tallyport_app::App;
use tallyport_http::{Asked, Refusal, forget_session};

use crate::page::{Page, Shown, lead_to};
use crate::visit::{Known, Visit};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    account: String,
    name: String,
    role: &'static str,
    email: String,
    news: Option<&'static str>,
}

/// What was done on the page before.
#[derive(Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    /// It in words; nothing for a word that no page of ours has.
    pub(crate) fn news(&self) -> Option<&'static str> {
        Some(match self.done.as_str() {
            "password" => "Your new password is set. Sign in with it.",
            "joined" => "You have joined. Sign in with your new password.",
            "email" => "Your new email is taken. Sign in with it from now on.",
            "signed-out" => "You are signed out.",
            _ => return None,
        })
    }
}

/// `GET /`: who is signed in, or the way there.
pub(crate) async fn show(State(app): State<App>, Known(actor): Known, done: Result<Asked<Done>, Refusal>) -> Shown<Response> {
    let Some(actor) = actor else {
        let needed = app.set_ups.is_needed().await?;
        return Ok(lead_to(if needed { "/setup" } else { "/sign-in" }));
    };
    let person = actor.person();
    let home = Home {
        account: app.sessions.account(&actor).await?.name,
        name: person.name.clone(),
        role: person.role.as_str(),
        email: person.email.as_str().to_owned(),
        news: done.ok().and_then(|Asked(done)| done.news()),
    };
    Ok(Page::new(&home).into_response())
}

/// `POST /sign-out`: ends the session.
pub(crate) async fn sign_out(State(app): State<App>, _: Visit, Known(actor): Known) -> Shown<Response> {
    if let Some(actor) = actor {
        app.sessions.sign_out(&actor).await?;
    }
    let forget = AppendHeaders([(SET_COOKIE, forget_session(app.site()))]);
    Ok((forget, lead_to("/sign-in?done=signed-out")).into_response())
}
