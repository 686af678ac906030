//! `invitations` and `outbox`.

use std::cmp::Reverse;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::{Method, StatusCode};
use secrecy::SecretString;
use tallyport_api_types::{Acceptance, Invitation, Invite, Invited, Joined, LinkSecret, Resend, TroubledMail};
use tallyport_app::{App, InvitationView};
use tallyport_domain::{InvitationId, Scope};
use tallyport_http::{Answer, Asked, Body, Ids, Open, OptionalBody, RequestKey, SecretBody, Signed};

use super::Routes;
use crate::page::Paging;
use crate::{convert, once};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/invitations", invitations)
        .says("invitations_list", "All invitations, the newest first.")
        .lists::<Invitation>()
        .post("/invitations", Scope::Admin, invite)
        .says("invitations_create", "Invites people, all or none; where no mail brings a link, this answer alone has it.")
        .answers::<Vec<Invitation>>(201)
        .delete("/invitations/{id}", Scope::Admin, revoke)
        .says("invitations_revoke", "Takes an invitation back.")
        .post("/invitations/{id}/resend", Scope::Admin, resend)
        .says("invitations_resend", "Gives an invitation another link, by mail or by hand; the old one stops working.")
        .open(Method::POST, "/invitations/look", look)
        .says("invitations_look", "What the link of an invitation offers; looking changes nothing.")
        .open(Method::POST, "/invitations/accept", accept)
        .says("invitations_accept", "Joins by the link of an invitation, once; signing in comes after.")
        .status(201)
        .get("/outbox", outbox)
        .says("outbox_list", "Mail that wants a person's eye, the newest first.")
        .lists::<TroubledMail>()
}

/// `GET invitations`: all of them, the newest first (N1).
async fn invitations(State(app): State<App>, Signed(actor): Signed, Asked(paging): Asked<Paging>) -> Answer<Response> {
    let invitations = app.invitations.list(&actor).await?;
    paging.of(&actor, "invitations").cut(invitations, |view| Reverse(view.invitation.id), |view| convert::invitation(&view))
}

/// `POST invitations`: invites people, all or none; where no mail brings a link, this answer alone has it (N1, N3, E7).
async fn invite(State(app): State<App>, Signed(actor): Signed, key: RequestKey, Body(new): Body<Invite>) -> Answer<Response> {
    let once = once::asked(&key, &new, listed);
    let done = app.invitations.invite(&actor, &new.emails, new.role.as_deref(), once).await?;
    Ok(once::created(done, |made| listed(&made)))
}

/// `DELETE invitations/{id}`: takes one back (N2).
async fn revoke(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Json<Invitation>> {
    Ok(Json(convert::invitation(&app.invitations.revoke(&actor, InvitationId(id)).await?)))
}

/// `POST invitations/{id}/resend`: another link, by mail or by hand; the old one stops working (N2).
async fn resend(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    OptionalBody(how): OptionalBody<Resend>,
) -> Answer<Json<Invitation>> {
    Ok(Json(convert::invitation(&app.invitations.resend(&actor, InvitationId(id), how.by_hand).await?)))
}

/// `POST invitations/look`: what a link offers; nothing changes by looking.
async fn look(State(app): State<App>, Open(visitor): Open, SecretBody(link): SecretBody<LinkSecret>) -> Answer<Json<Invited>> {
    Ok(Json(convert::offer(app.invitations.look(visitor.caller, &link.secret).await?)))
}

/// `POST invitations/accept`: joins by a link, once; signing in comes after (N2, P4).
async fn accept(
    State(app): State<App>,
    Open(visitor): Open,
    SecretBody(by): SecretBody<Acceptance>,
) -> Answer<(StatusCode, Json<Joined>)> {
    let password = SecretString::from(by.password);
    let joined = app.invitations.accept(visitor.caller, &by.secret, &by.name, &password).await?;
    Ok((StatusCode::CREATED, Json(convert::joined(joined))))
}

/// `GET outbox`: mail that wants a person's eye, the newest first (N3).
async fn outbox(State(app): State<App>, Signed(actor): Signed, Asked(paging): Asked<Paging>) -> Answer<Response> {
    let mails = app.outbox.troubled(&actor).await?;
    paging.of(&actor, "outbox").cut(mails, |mail| Reverse(mail.id), convert::troubled_mail)
}

fn listed(views: &[InvitationView]) -> Vec<Invitation> {
    views.iter().map(convert::invitation).collect()
}
