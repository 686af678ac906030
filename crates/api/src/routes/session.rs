//! `session`.

use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use http::header::SET_COOKIE;
use http::{Method, StatusCode};
use secrecy::SecretString;
use tallyport_api_types::SignedIn;
use tallyport_app::{App, SignIn};
use tallyport_domain::Scope;
use tallyport_http::{Answer, Open, SecretBody, Signed, forget_session, keep_session};

use super::Routes;
use crate::convert;

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/session", session)
        .says("session_show", "Who is signed in, and where.")
        .open(Method::POST, "/session", sign_in)
        .says(
            "session_sign_in",
            "Signs in with address and password: a session with a cookie, or the API token that is asked for.",
        )
        .answers::<SignedIn>(200)
        .delete("/session", Scope::Read, sign_out)
        .says("session_sign_out", "Ends the session or revokes the token that one comes with.")
        .answers_nothing(204)
}

/// `GET session`: who is signed in, and where.
async fn session(State(app): State<App>, Signed(actor): Signed) -> Answer<Json<SignedIn>> {
    let account = app.sessions.account(&actor).await?;
    Ok(Json(convert::signed_in(account, actor.person().clone(), None)))
}

/// `POST session`: signs in with address and password: a session with a cookie, or the API token that is asked for (A4).
async fn sign_in(
    State(app): State<App>,
    Open(visitor): Open,
    SecretBody(body): SecretBody<tallyport_api_types::SignIn>,
) -> Answer<Response> {
    let with = SignIn { email: body.email, password: SecretString::from(body.password), account: body.account };
    let Some(token) = body.token.map(convert::token_to_make) else {
        return Ok(begun(&app, StatusCode::OK, app.sessions.sign_in(&visitor, &with).await?));
    };
    let signed = app.sessions.sign_in_with_token(&visitor, &with, &token).await?;
    Ok(Json(convert::signed_in(signed.account, signed.person, Some(&signed.secret))).into_response())
}

/// `DELETE session`: ends the session or revokes the token that one comes with (A4).
async fn sign_out(State(app): State<App>, Signed(actor): Signed) -> Answer<Response> {
    app.sessions.sign_out(&actor).await?;
    let forget = AppendHeaders([(SET_COOKIE, forget_session(app.site()))]);
    Ok((StatusCode::NO_CONTENT, forget).into_response())
}

/// The answer to who has just signed in, with the cookie.
pub(super) fn begun(app: &App, status: StatusCode, signed: tallyport_app::SignedIn) -> Response {
    let cookie = AppendHeaders([(SET_COOKIE, keep_session(app.site(), &signed.secret))]);
    (status, cookie, Json(convert::signed_in(signed.account, signed.person, None))).into_response()
}
