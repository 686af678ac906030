//! `me` and `people`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Deserialize;
use tallyport_api_types::{Confirmation, NewPerson, Person, PersonChange};
use tallyport_app::App;
use tallyport_domain::PersonId;

use super::Routes;
use crate::acting::Signed;
use crate::extract::{Asked, Body, Ids, OneOrMany, OptionalBody};
use crate::problem::Answer;
use crate::{convert, list};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/me", me)
        .get("/people", people)
        .post("/people", add)
        .patch("/people/{id}", change)
        .post("/people/{id}/deactivate", deactivate)
        .post("/people/{id}/reactivate", reactivate)
        .get("/people/{id}/access", access)
}

/// `GET me`: who acts.
async fn me(Signed(actor): Signed) -> Json<Person> {
    Json(convert::person(actor.person().clone()))
}

/// `GET people`: everybody, the deactivated included.
async fn people(State(app): State<App>, Signed(actor): Signed) -> Answer<Response> {
    let people = app.people.list(&actor).await?;
    Ok(list::array(people.into_iter().map(convert::person)))
}

/// `POST people`: one person, or a list that is added whole or not at all (A6).
async fn add(State(app): State<App>, Signed(actor): Signed, new: OneOrMany<NewPerson>) -> Answer<Response> {
    let (new, one) = match new {
        OneOrMany::One(person) => (vec![person], true),
        OneOrMany::Many(people) => (people, false),
    };
    let added = app.people.add(&actor, new.into_iter().map(convert::person_to_add).collect()).await?;
    let mut added: Vec<Person> = added.into_iter().map(convert::person).collect();
    Ok(match added.pop() {
        Some(person) if one => (StatusCode::CREATED, Json(person)).into_response(),
        last => {
            added.extend(last);
            (StatusCode::CREATED, Json(added)).into_response()
        }
    })
}

/// `PATCH people/{id}`: another role or another address (A5, A6).
async fn change(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    Body(change): Body<PersonChange>,
) -> Answer<Json<Person>> {
    let person = app.people.change(&actor, PersonId(id), change.role.as_deref(), change.email.as_deref()).await?;
    Ok(Json(convert::person(person)))
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhichAccess {
    #[serde(default)]
    effective: bool,
}

/// `GET people/{id}/access`: the tasks somebody is assigned to, or with `effective` all they have by that (P1).
async fn access(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    Asked(which): Asked<WhichAccess>,
) -> Answer<Response> {
    let rows = app.people.access(&actor, PersonId(id), which.effective).await?;
    Ok(list::array(rows.into_iter().map(convert::access)))
}
