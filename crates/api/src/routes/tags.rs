//! `tags`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use tallyport_api_types::{Tag, TagChange, TagMerge};
use tallyport_app::App;
use tallyport_domain::{Scope, TagId};
use tallyport_http::{Answer, Asked, Body, Ids, Signed};

use super::Routes;
use crate::convert;
use crate::page::Paging;

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/tags", list)
        .says("tags_list", "The tags of the account, by name; they are made as people type them.")
        .lists::<Tag>()
        .patch("/tags/{id}", Scope::Manage, rename)
        .says("tags_rename", "Calls a tag something else, wherever it is.")
        .post("/tags/{id}/merge", Scope::Manage, merge)
        .says("tags_merge", "Makes one tag of two.")
        .delete("/tags/{id}", Scope::Manage, remove)
        .says("tags_remove", "Takes a tag from whatever has it, and away.")
}

/// `GET tags`.
async fn list(State(app): State<App>, Signed(actor): Signed, Asked(paging): Asked<Paging>) -> Answer<Response> {
    let tags = app.tags.list(&actor).await?;
    paging.of(&actor, "tags").cut(tags, |tag| tag.name.key().to_owned(), |tag| convert::tag(&tag))
}

/// `PATCH tags/{id}`.
async fn rename(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    Body(change): Body<TagChange>,
) -> Answer<Json<Tag>> {
    Ok(Json(convert::tag(&app.tags.rename(&actor, TagId(id), &change.name).await?)))
}

/// `POST tags/{id}/merge`.
async fn merge(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    Body(merge): Body<TagMerge>,
) -> Answer<Json<Tag>> {
    Ok(Json(convert::tag(&app.tags.merge(&actor, TagId(id), TagId(merge.into)).await?)))
}

/// `DELETE tags/{id}`.
async fn remove(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<StatusCode> {
    app.tags.remove(&actor, TagId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
