//! `tokens`.

use std::cmp::Reverse;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use tallyport_api_types::{NewToken, Token};
use tallyport_app::{App, MadeToken};
use tallyport_domain::{Scope, TokenId};
use tallyport_http::{Answer, Asked, Body, Ids, RequestKey, Signed};

use super::Routes;
use crate::page::Paging;
use crate::{convert, once};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/tokens", tokens)
        .says("tokens_list", "One's own, the newest first, revoked ones included.")
        .lists::<Token>()
        .post("/tokens", Scope::Admin, create)
        .says("tokens_create", "Makes a token, whose secret is in this answer alone.")
        .answers::<Token>(201)
        .delete("/tokens/{id}", Scope::Admin, revoke)
        .says("tokens_revoke", "Revokes a token.")
}

/// `GET tokens`: one's own, the newest first, revoked ones included (A4).
async fn tokens(State(app): State<App>, Signed(actor): Signed, Asked(paging): Asked<Paging>) -> Answer<Response> {
    paging.of(&actor, "tokens").cut(app.tokens.list(&actor).await?, |token| Reverse(token.id), convert::token)
}

/// `POST tokens`: a token, whose secret is in this answer alone (A4, E7).
async fn create(State(app): State<App>, Signed(actor): Signed, key: RequestKey, Body(new): Body<NewToken>) -> Answer<Response> {
    let once = once::asked(&key, &new, |made: &MadeToken| convert::made_token(made));
    let done = app.tokens.create(&actor, &convert::token_to_make(new), once).await?;
    Ok(once::created(done, |made| convert::made_token(&made)))
}

/// `DELETE tokens/{id}`: revokes one (A4).
async fn revoke(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Json<Token>> {
    Ok(Json(convert::token(app.tokens.revoke(&actor, TokenId(id)).await?)))
}
