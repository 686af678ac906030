//! `integrations/toggl/runs`, and `cancel`, which ends one.

use std::cmp::Reverse;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, stream};
use http::StatusCode;
use serde::Deserialize;
use tallyport_api_types::{Progress, Run, RunChange, RunDetail, StartRun};
use tallyport_app::{Actor, App, Change, Events, Listed, Page, Phase, RunView};
use tallyport_domain::{RunId, Scope};
use tallyport_http::{Answer, Asked, Ids, OptionalBody, RequestKey, Signed};
use utoipa::ToSchema;

use super::Routes;
use crate::page::{Cursor, Listing, Paging};
use crate::{convert, list, once};

/// How many runs or changes are read at once, and so the most that a page of them has.
const READ: u32 = 1000;

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .post("/integrations/toggl/cancel", Scope::Admin, cancel)
        .says("runs_cancel", "Ends the run under way; answers nothing where none is.")
        .answers::<Run>(200)
        .answers_nothing(204)
        .get("/integrations/toggl/runs", runs)
        .says("runs_list", "The runs, the newest first.")
        .lists::<Run>()
        .post("/integrations/toggl/runs", Scope::Admin, start)
        .says("runs_start", "Starts a sync and answers while it works.")
        .answers::<Run>(202)
        .get("/integrations/toggl/runs/{id}", run)
        .says("runs_show", "A run with what it changed, or without that where `changes` is false.")
        .answers::<RunDetail>(200)
        .get("/integrations/toggl/runs/{id}/changes", changes)
        .says("runs_changes", "What a run changed, or would have changed, in order.")
        .lists::<RunChange>()
        .get("/integrations/toggl/runs/{id}/events", events)
        .says("runs_events", "How far a run is, until it has ended: events `progress`.")
        .streams::<Progress>()
        .post("/integrations/toggl/runs/{id}/confirm", Scope::Admin, confirm)
        .says("runs_confirm", "Says yes to a held run, and tells the run that carries it out.")
        .answers::<Run>(202)
        .post("/integrations/toggl/runs/{id}/reject", Scope::Admin, reject)
        .says("runs_reject", "Says no to a held run.")
}

/// `POST integrations/toggl/cancel`: ends the run under way; says nothing where none is (I11).
async fn cancel(State(app): State<App>, Signed(actor): Signed) -> Answer<Response> {
    Ok(match app.integration.cancel(&actor).await? {
        Some(run) => Json(convert::run(run)).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhichRuns {
    /// How many at most; 100 where it is left out, and never more than 1000.
    #[schema(minimum = 1)]
    limit: Option<u32>,
    /// Goes on where the page ended that came with this `Next-Cursor`.
    cursor: Option<Cursor>,
}

/// `GET integrations/toggl/runs`: the newest first (I14).
async fn runs(State(app): State<App>, Signed(actor): Signed, Asked(which): Asked<WhichRuns>) -> Answer<Response> {
    let list = Listing::of(&actor, "runs", &(), (which.limit.map(|limit| limit.min(READ)), which.cursor)).never_whole();
    let page: Page<Reverse<RunId>> = list.page()?;
    let before = page.after.map(|Reverse(run)| run);
    // One more than is wanted, which tells whether there is more.
    let runs = app.integration.runs(&actor, before, page.limit.unwrap_or(READ) + 1).await?;
    Ok(list.answer(page.cut(runs, |view| Reverse(view.run.id)), convert::run))
}

/// `POST integrations/toggl/runs`: "Sync now"; answers while it works (I4, I11, E7).
async fn start(
    State(app): State<App>,
    Signed(actor): Signed,
    key: RequestKey,
    OptionalBody(how): OptionalBody<StartRun>,
) -> Answer<Response> {
    let once = once::asked(&key, &how, |run: &RunView| convert::run(run.clone()));
    Ok(once::accepted(app.integration.start_once(&actor, convert::run_options(&how), once).await?, convert::run))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HowMuch {
    /// Whether what it changed is told too; it is where this is left out.
    changes: Option<bool>,
}

/// `GET integrations/toggl/runs/{id}`: the run with what it changed; without that where `changes=false` (I14).
async fn run(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>, Asked(how): Asked<HowMuch>) -> Answer<Response> {
    let run = convert::run(app.integration.run(&actor, RunId(id)).await?);
    if how.changes == Some(false) {
        return Ok(Json(run).into_response());
    }
    let mut opening = Vec::new();
    list::write(&mut opening, &run);
    opening.pop();
    opening.extend_from_slice(b",\"changes\":");
    changes_between(app, actor, RunId(id), opening, b"}").await
}

/// `GET integrations/toggl/runs/{id}/changes`: what it changed, or would have changed, in order (I14).
async fn changes(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    Asked(paging): Asked<Paging>,
) -> Answer<Response> {
    app.integration.run(&actor, RunId(id)).await?;
    let list = paging.of(&actor, &format!("changes {id}"));
    let Page { after, limit: Some(limit) } = list.page()? else {
        return changes_between(app, actor, RunId(id), Vec::new(), b"").await;
    };
    // What a run changed is written once, so that the number of a change is its key.
    let (passed, limit) = (after.unwrap_or(0), limit.min(READ));
    let mut rows = app.integration.changes(&actor, RunId(id), passed, limit + 1).await?;
    let goes_on = u32::try_from(rows.len()).is_ok_and(|read| read > limit);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(list.answer(Listed { rows, next: goes_on.then_some(passed + limit) }, convert::change))
}

/// `GET integrations/toggl/runs/{id}/events`: how far it is, until it has ended (I3).
async fn events(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Response> {
    let events = app.integration.events(&actor, RunId(id)).await?;
    Ok(Sse::new(as_sent(events)).keep_alive(KeepAlive::default()).into_response())
}

/// `POST integrations/toggl/runs/{id}/confirm`: a yes to a held run; answers the run that carries it out (I12, E7).
async fn confirm(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    key: RequestKey,
    OptionalBody(how): OptionalBody<StartRun>,
) -> Answer<Response> {
    let once = once::asked(&key, &how, |run: &RunView| convert::run(run.clone()));
    let done = app.integration.confirm_once(&actor, RunId(id), convert::run_options(&how), once).await?;
    Ok(once::accepted(done, convert::run))
}

/// `POST integrations/toggl/runs/{id}/reject`: a no to a held run (I12).
async fn reject(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Json<Run>> {
    Ok(Json(convert::run(app.integration.reject(&actor, RunId(id)).await?)))
}

/// The changes of a run as an array between `opening` and `closing`, read from the store as they are sent.
///
/// The first of them are read before anything is sent, so that what is wrong at once is a problem and no torn body.
async fn changes_between(app: App, actor: Actor, run: RunId, mut opening: Vec<u8>, closing: &'static [u8]) -> Answer<Response> {
    let first = app.integration.changes(&actor, run, 0, READ).await?;
    opening.push(b'[');
    let pages = stream::unfold(Some((first, 0, opening)), move |page| {
        let (app, actor) = (app.clone(), actor.clone());
        async move {
            let (changes, skipped, mut piece) = page?;
            let read = u32::try_from(changes.len()).unwrap_or(u32::MAX);
            write_page(&mut piece, changes, skipped == 0);
            if read < READ {
                piece.push(b']');
                piece.extend_from_slice(closing);
                return Some((Ok(Bytes::from(piece)), None));
            }
            let skipped = skipped + read;
            match app.integration.changes(&actor, run, skipped, READ).await {
                Ok(next) => Some((Ok(Bytes::from(piece)), Some((next, skipped, Vec::new())))),
                Err(error) => Some((Err(error), None)),
            }
        }
    });
    Ok(list::json(pages))
}

fn write_page(piece: &mut Vec<u8>, changes: Vec<Change>, first_page: bool) {
    for (at, change) in changes.into_iter().enumerate() {
        if at > 0 || !first_page {
            piece.push(b',');
        }
        list::write(piece, &convert::change(change));
    }
}

/// Each progress as an event; a stream that broke off is one that its reader opens again.
fn as_sent(events: Events) -> impl Stream<Item = Result<Event, axum::Error>> + Send + 'static {
    stream::unfold(Some(events), |events| async move {
        let mut events = events?;
        let (ended, progress) = match events.next().await? {
            Ok(progress) => (progress.phase == Phase::Ended, convert::progress(progress)),
            Err(error) => (true, convert::lost(&error)),
        };
        let event = Event::default().event("progress").json_data(progress);
        Some((event, (!ended).then_some(events)))
    })
}
