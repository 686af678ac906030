//! `timer` and `entries`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use tallyport_api_types::{
    EntriesChange, EntriesChoice, Entry, EntryChange, EntryStep, Last, NewEntry, NewTimer, Running, Started, Step, StepChoice,
    Stopped, text,
};
use tallyport_app::App;
use tallyport_domain::{EntryId, PersonId, Scope};
use tallyport_http::{Answer, Asked, Body, Ids, IfMatch, RequestKey, Signed, Tagged};
use utoipa::ToSchema;

use super::Routes;
use crate::page::{Cursor, Listing, Paging};
use crate::{convert, once};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/timer", running)
        .says("timer_show", "The timer that runs.")
        .get("/timer/last", last)
        .says("timer_last", "What one tracked last, to go on with it.")
        .put("/timer", Scope::Track, start)
        .says("timer_start", "Starts a timer, which ends the one that runs.")
        .answers::<Started>(201)
        .delete("/timer", Scope::Track, stop)
        .says("timer_stop", "Stops the timer that is named; one that is stopped already stays as it is.")
        .answers::<Stopped>(200)
        .get("/entries", entries)
        .says("entries_list", "Timers and entries of some days, the first one first.")
        .lists::<Entry>()
        .post("/entries", Scope::Track, add)
        .says("entries_add", "Adds an entry.")
        .answers::<Entry>(201)
        .get("/entries/{id}", show)
        .says("entries_show", "A timer or an entry.")
        .patch("/entries/{id}", Scope::Track, change)
        .says("entries_change", "Changes a timer or an entry.")
        .delete("/entries/{id}", Scope::Track, delete)
        .says("entries_delete", "Takes a timer or an entry away.")
        .post("/entries/edit", Scope::Track, change_all)
        .says("entries_edit", "Changes several entries, all of them or none.")
        .post("/entries/delete", Scope::Track, delete_all)
        .says("entries_delete_all", "Takes several entries away, all of them or none.")
        .post("/entries/undo", Scope::Track, undo)
        .says("entries_undo", "Takes a step back that was made with entries.")
        .get("/entries/{id}/history", history)
        .says("entries_history", "What was done to a timer or an entry, and by whom.")
        .lists::<EntryStep>()
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Whose {
    /// Whose; one's own where it is left out.
    person: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The timer that is meant: another one that runs meanwhile is left alone.
    entry: i64,
    /// When, where it is not now: an instant, or a time of the day.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    at: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Days {
    /// The first day; today where neither is given.
    #[schema(value_type = Option<text::Date>)]
    from: Option<String>,
    /// The last day.
    #[schema(value_type = Option<text::Date>)]
    to: Option<String>,
    /// Whose; one's own where it is left out.
    person: Option<i64>,
    /// How many at most; all of them where neither this nor a cursor is given.
    #[schema(minimum = 1)]
    limit: Option<u32>,
    /// Goes on where the page ended that came with this `Next-Cursor`.
    cursor: Option<Cursor>,
}

/// `GET timer` (E1).
async fn running(State(app): State<App>, Signed(actor): Signed, Asked(whose): Asked<Whose>) -> Answer<Json<Running>> {
    let row = app.time.running(&actor, whose.person.map(PersonId)).await?;
    let now = app.time.now();
    Ok(Json(Running { timer: row.map(|row| convert::entry(&row, now)), now: convert::instant(now) }))
}

/// `GET timer/last`.
async fn last(State(app): State<App>, Signed(actor): Signed) -> Answer<Json<Last>> {
    let row = app.time.last(&actor).await?;
    Ok(Json(Last { entry: row.map(|row| convert::entry(&row, app.time.now())) }))
}

/// `PUT timer` (E1, E7).
async fn start(State(app): State<App>, Signed(actor): Signed, key: RequestKey, Body(new): Body<NewTimer>) -> Answer<Response> {
    let once = once::asked(&key, &new, convert::started);
    let (what, at) = convert::timer_to_start(new);
    let done = app.time.start(&actor, what, at.as_deref(), once).await?;
    Ok(once::created(done, |tracking| convert::started(&tracking)))
}

/// `DELETE timer?entry=` (E7).
async fn stop(State(app): State<App>, Signed(actor): Signed, key: RequestKey, Asked(which): Asked<Which>) -> Answer<Response> {
    let once = once::asked(&key, &(which.entry, &which.at), convert::stopped);
    let done = app.time.stop(&actor, EntryId(which.entry), which.at.as_deref(), once).await?;
    Ok(once::answered(StatusCode::OK, done, |tracking| convert::stopped(&tracking)))
}

/// `GET entries?from=&to=&person=` (E3).
async fn entries(State(app): State<App>, Signed(actor): Signed, Asked(days): Asked<Days>) -> Answer<Response> {
    let Days { from, to, person, limit, cursor } = days;
    let listing = Listing::of(&actor, "entries", &(&from, &to, person), (limit, cursor));
    let rows = app.time.entries(&actor, person.map(PersonId), from.as_deref(), to.as_deref()).await?;
    let now = app.time.now();
    listing.cut(rows, convert::entry_place, move |row| convert::entry(&row, now))
}

/// `POST entries` (E2, E7).
async fn add(State(app): State<App>, Signed(actor): Signed, key: RequestKey, Body(new): Body<NewEntry>) -> Answer<Response> {
    let once = once::asked(&key, &new, convert::added);
    let (person, what, when) = convert::entry_to_add(new)?;
    let done = app.time.add(&actor, person, what, &when, once).await?;
    Ok(once::created(done, |tracking| convert::added(&tracking)))
}

/// `GET entries/{id}`.
async fn show(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Tagged<Entry, Entry>> {
    let row = app.time.show(&actor, EntryId(id)).await?;
    Ok(convert::tagged_entry(&row, app.time.now()))
}

/// `PATCH entries/{id}` (E3).
async fn change(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    seen: IfMatch,
    Body(change): Body<EntryChange>,
) -> Answer<Tagged<Entry, Entry>> {
    let still = seen.still(convert::entry_seen);
    let tracking = app.time.change_if(&actor, EntryId(id), convert::entry_to_change(change), still).await?;
    Ok(convert::tagged_entry(&tracking.row, app.time.now()))
}

/// `DELETE entries/{id}` (E3).
async fn delete(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>, seen: IfMatch) -> Answer<Json<Step>> {
    let deleted = app.time.delete_if(&actor, EntryId(id), seen.still(convert::entry_seen)).await?;
    Ok(Json(convert::step(deleted.step, &[deleted.row], app.time.now())))
}

/// `POST entries/edit` (E3).
async fn change_all(State(app): State<App>, Signed(actor): Signed, Body(change): Body<EntriesChange>) -> Answer<Json<Step>> {
    let EntriesChange { entries, change } = change;
    let done = app.time.change_all(&actor, &convert::entry_ids(&entries), &convert::entry_to_change(change)).await?;
    Ok(Json(convert::step(done.number, &done.rows, app.time.now())))
}

/// `POST entries/delete` (E3).
async fn delete_all(State(app): State<App>, Signed(actor): Signed, Body(choice): Body<EntriesChoice>) -> Answer<Json<Step>> {
    let done = app.time.delete_all(&actor, &convert::entry_ids(&choice.entries)).await?;
    Ok(Json(convert::step(done.number, &done.rows, app.time.now())))
}

/// `POST entries/undo` (E3).
async fn undo(State(app): State<App>, Signed(actor): Signed, Body(choice): Body<StepChoice>) -> Answer<Json<Step>> {
    let done = app.time.undo(&actor, choice.step).await?;
    Ok(Json(convert::step(done.number, &done.rows, app.time.now())))
}

/// `GET entries/{id}/history` (E3).
async fn history(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    Asked(paging): Asked<Paging>,
) -> Answer<Response> {
    let listing = paging.of(&actor, &format!("entries/{id}/history"));
    listing.page::<i64>()?;
    let steps = app.time.history(&actor, EntryId(id)).await?;
    listing.cut(steps, |step| step.number, |step| convert::entry_step(&step))
}
