//! `setup`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::{Method, StatusCode};
use secrecy::SecretString;
use tallyport_api_types::{SetUp, SetUpState, SignedIn};
use tallyport_app::{AccountToSetUp, App};
use tallyport_http::{Answer, Open, SecretBody};

use super::{Routes, session};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .open(Method::GET, "/setup", state)
        .says("setup_show", "Whether this server waits to be set up.")
        .open(Method::POST, "/setup", set_up)
        .says("setup_do", "Makes the first account with its administrator, who is signed in by that.")
        .answers::<SignedIn>(201)
}

/// `GET setup`: whether this server waits to be set up (A3).
async fn state(State(app): State<App>) -> Answer<Json<SetUpState>> {
    Ok(Json(SetUpState { needed: app.set_ups.is_needed().await? }))
}

/// `POST setup`: the first account with its administrator, who is signed in by that (A3).
async fn set_up(State(app): State<App>, Open(visitor): Open, SecretBody(new): SecretBody<SetUp>) -> Answer<Response> {
    let new = AccountToSetUp {
        code: SecretString::from(new.code),
        account: new.account,
        email: new.email,
        name: new.name,
        password: SecretString::from(new.password),
        timezone: new.timezone,
    };
    Ok(session::begun(&app, StatusCode::CREATED, app.set_ups.set_up(&visitor, new).await?))
}
