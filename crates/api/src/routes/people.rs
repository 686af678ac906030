//! `people`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use tallyport_api_types::{Access, Confirmation, HandedLink, NewPerson, Person, PersonChange};
use tallyport_app::App;
use tallyport_domain::{PersonId, Scope, SortKey};
use tallyport_http::{Answer, Asked, Body, Ids, IfMatch, OneOrMany, OptionalBody, RequestKey, Signed, Tagged};
use utoipa::ToSchema;

use super::Routes;
use crate::page::{Cursor, Listing, Paging};
use crate::{convert, once};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/people", people)
        .says("people_list", "Everybody of the account, the deactivated included.")
        .lists::<Person>()
        .post("/people", Scope::Admin, add)
        .says("people_add", "Adds one person, or a list whole or not at all; answers as it was asked.")
        .answers::<Added>(201)
        .get("/people/{id}", show)
        .says("people_show", "One person.")
        .patch("/people/{id}", Scope::Admin, change)
        .says("people_change", "Gives somebody another role or another address.")
        .post("/people/{id}/deactivate", Scope::Admin, deactivate)
        .says("people_deactivate", "Keeps somebody out; their time stays.")
        .post("/people/{id}/reactivate", Scope::Admin, reactivate)
        .says("people_reactivate", "Lets somebody in again.")
        .post("/people/{id}/reset-password", Scope::Admin, reset_password)
        .says("people_reset_password", "Makes a link for somebody who forgot their password, mailed or to be handed over.")
        .get("/people/{id}/access", access)
        .says("people_access", "The tasks somebody is assigned to, or all that they have by that.")
        .lists::<Access>()
}

/// `GET people`: everybody, the deactivated included.
async fn people(State(app): State<App>, Signed(actor): Signed, Asked(paging): Asked<Paging>) -> Answer<Response> {
    let people = app.people.list(&actor).await?;
    paging.of(&actor, "people").cut(people, |person| (SortKey::of(&person.name), person.id), convert::person)
}

/// `POST people`: one person, or a list that is added whole or not at all (A6).
async fn add(State(app): State<App>, Signed(actor): Signed, key: RequestKey, new: OneOrMany<NewPerson>) -> Answer<Response> {
    let (new, shown, is_list): (_, fn(&[_]) -> Added, _) = match new {
        OneOrMany::One(person) => (vec![person], one, false),
        OneOrMany::Many(people) => (people, many, true),
    };
    let nameable: Vec<NewPerson> = new.iter().map(|person| NewPerson { password: None, ..person.clone() }).collect();
    let once = once::asked(&key, &(is_list, nameable), shown);
    let done = app.people.add_once(&actor, new.into_iter().map(convert::person_to_add).collect(), once).await?;
    Ok(once::created(done, |added| shown(&added)))
}

/// What was asked for: one person or a list.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Added {
    One(Person),
    Many(Vec<Person>),
}

fn one(added: &[tallyport_domain::Person]) -> Added {
    added.first().cloned().map_or(Added::Many(Vec::new()), |person| Added::One(convert::person(person)))
}

fn many(added: &[tallyport_domain::Person]) -> Added {
    Added::Many(added.iter().cloned().map(convert::person).collect())
}

/// `GET people/{id}`.
async fn show(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Tagged<Person>> {
    Ok(Tagged::whole(convert::person(app.people.show(&actor, PersonId(id)).await?)))
}

/// `PATCH people/{id}`: another role or another address (A5, A6).
async fn change(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    seen: IfMatch,
    Body(change): Body<PersonChange>,
) -> Answer<Tagged<Person>> {
    let still = seen.still(|person: &tallyport_domain::Person| convert::person(person.clone()));
    let (role, email) = (change.role.as_deref(), change.email.as_deref());
    Ok(Tagged::whole(convert::person(app.people.change_if(&actor, PersonId(id), role, email, still).await?)))
}

/// `POST people/{id}/deactivate`: with a yes where the integration loses its owner (A5, I17).
async fn deactivate(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    OptionalBody(yes): OptionalBody<Confirmation>,
) -> Answer<Json<Person>> {
    Ok(Json(convert::person(app.people.deactivate(&actor, PersonId(id), yes.confirm).await?)))
}

/// `POST people/{id}/reactivate` (A5).
async fn reactivate(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Json<Person>> {
    Ok(Json(convert::person(app.people.reactivate(&actor, PersonId(id)).await?)))
}

/// `POST people/{id}/reset-password`: a link for who forgot theirs, mailed or to be handed over (A7, N3).
async fn reset_password(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Json<HandedLink>> {
    let link = app.resets.hand_over(&actor, PersonId(id)).await?;
    Ok(Json(HandedLink { mailed: link.is_none(), link }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhichAccess {
    /// All that they have by their assignments, not just what they are assigned to.
    #[serde(default)]
    effective: bool,
    /// How many at most; all of them where neither this nor a cursor is given.
    #[schema(minimum = 1)]
    limit: Option<u32>,
    /// Goes on where the page ended that came with this `Next-Cursor`.
    cursor: Option<Cursor>,
}

/// `GET people/{id}/access`: the tasks somebody is assigned to, or with `effective` all they have by that (P1).
async fn access(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    Asked(which): Asked<WhichAccess>,
) -> Answer<Response> {
    let list = Listing::of(&actor, "access", &(id, which.effective), (which.limit, which.cursor));
    let access = app.people.access_page(&actor, PersonId(id), which.effective, &list.page()?).await?;
    Ok(list.answer(access, convert::access))
}
