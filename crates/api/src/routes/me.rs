//! `me`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use secrecy::SecretString;
use tallyport_api_types::{LinkSecret, Me, MeChange, NewEmail, PasswordChange, Person, Session};
use tallyport_app::App;
use tallyport_domain::{Scope, SessionId};
use tallyport_http::{Answer, Body, Ids, Open, SecretBody, Signed};

use super::Routes;
use crate::convert;

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/me", me)
        .says("me_show", "Who is signed in, with what they decided for themselves.")
        .patch("/me", Scope::Admin, change)
        .says("me_change", "Changes name, zone or first day of the week.")
        .post("/me/password", Scope::Admin, set_password)
        .says("me_set_password", "Sets another password; one's other sessions end.")
        .post("/me/email", Scope::Admin, ask_for_email)
        .says("me_ask_for_email", "Sends a link to another address, which proves it.")
        .status(202)
        .post("/me/email/confirm", Scope::Admin, confirm_email)
        .says("me_confirm_email", "Takes the address that a link proves.")
        .get("/me/sessions", sessions)
        .says("me_sessions", "Where one is signed in.")
        .delete("/me/sessions/{id}", Scope::Admin, end_session)
        .says("me_end_session", "Signs one out elsewhere.")
}

/// `GET me`: who acts, with what they decided for themselves (E5).
async fn me(State(app): State<App>, Signed(actor): Signed) -> Answer<Json<Me>> {
    Ok(Json(convert::me(app.me.show(&actor).await?)))
}

/// `PATCH me`: name, zone, first day of the week (E5).
async fn change(State(app): State<App>, Signed(actor): Signed, Body(change): Body<MeChange>) -> Answer<Json<Me>> {
    Ok(Json(convert::me(app.me.change(&actor, &convert::me_to_change(change)).await?)))
}

/// `POST me/password`: another password; one's other sessions end (A4).
async fn set_password(
    State(app): State<App>,
    Signed(actor): Signed,
    Open(visitor): Open,
    SecretBody(change): SecretBody<PasswordChange>,
) -> Answer<StatusCode> {
    let (current, new) = (SecretString::from(change.current), SecretString::from(change.new));
    app.me.set_password(&actor, visitor.caller, &current, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST me/email`: a link to another address, which proves it (A6).
async fn ask_for_email(
    State(app): State<App>,
    Signed(actor): Signed,
    Open(visitor): Open,
    Body(new): Body<NewEmail>,
) -> Answer<StatusCode> {
    app.me.ask_for_email(&actor, visitor.caller, &new.email).await?;
    Ok(StatusCode::ACCEPTED)
}

/// `POST me/email/confirm`: takes the address that a link proves (A6, P4).
async fn confirm_email(
    State(app): State<App>,
    Signed(actor): Signed,
    Open(visitor): Open,
    SecretBody(link): SecretBody<LinkSecret>,
) -> Answer<Json<Person>> {
    Ok(Json(convert::person(app.me.confirm_email(&actor, visitor.caller, &link.secret).await?)))
}

/// `GET me/sessions`: where one is signed in (A4).
async fn sessions(State(app): State<App>, Signed(actor): Signed) -> Answer<Json<Vec<Session>>> {
    Ok(Json(app.sessions.list(&actor).await?.into_iter().map(convert::session).collect()))
}

/// `DELETE me/sessions/{id}`: signs one out elsewhere (A4).
async fn end_session(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<StatusCode> {
    app.sessions.end(&actor, SessionId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
