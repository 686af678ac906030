//! `password-reset`.

use axum::extract::State;
use http::{Method, StatusCode};
use secrecy::SecretString;
use tallyport_api_types::{Reset, ResetRequest};
use tallyport_app::App;
use tallyport_http::{Answer, Body, Open, SecretBody};

use super::Routes;

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .open(Method::POST, "/password-reset", ask)
        .says("password_reset_ask", "Mails a link to who has this address; answered alike whoever it is.")
        .status(202)
        .open(Method::POST, "/password-reset/confirm", confirm)
        .says("password_reset_confirm", "Sets the password that a link is for.")
}

/// `POST password-reset`: a mail with a link for who has this address; answered alike whoever it is (A4, A7).
async fn ask(State(app): State<App>, Open(visitor): Open, Body(asked): Body<ResetRequest>) -> Answer<StatusCode> {
    app.resets.ask(visitor.caller, &asked.email, asked.account.as_deref()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// `POST password-reset/confirm`: sets the password that a link is for (A7).
async fn confirm(State(app): State<App>, Open(visitor): Open, SecretBody(reset): SecretBody<Reset>) -> Answer<StatusCode> {
    app.resets.confirm(visitor.caller, &reset.secret, &SecretString::from(reset.password)).await?;
    Ok(StatusCode::NO_CONTENT)
}
