//! `events`: what happens in the account, as it happens (E6).

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, stream};
use http::HeaderMap;
use serde::Deserialize;
use tallyport_app::{App, Follower, Heard};
use tallyport_http::{Answer, Asked, Refusal, Signed};
use utoipa::ToSchema;

use super::Routes;
use crate::convert;

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/events", events)
        .says(
            "events_follow",
            "Changes as they happen: events `ready`, `change`, and `read_again` where too much happened to be told one by one.",
        )
        .streams::<tallyport_api_types::Change>()
        .hears("Last-Event-ID", "^-?[0-9]{1,18}$", "The id of the event that was heard last; goes before `after`.")
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct From {
    /// The id of the event to go on from; from now on where it is left out.
    after: Option<i64>,
}

/// `GET events?after=`: changes as they happen, after the one that `Last-Event-ID` or `after` names, else from now on.
///
/// Events are `ready` (the number to go on from), `change`, and `read_again` where too much happened to be told one by one. The
/// stream ends when the person may not come in any more, within two seconds.
async fn events(State(app): State<App>, Signed(actor): Signed, Asked(from): Asked<From>, headers: HeaderMap) -> Answer<Response> {
    let after = last_heard(&headers)?.or(from.after);
    let follower = app.changes.follow(actor, after).await?;
    Ok(Sse::new(as_sent(follower)).into_response())
}

/// What a client that was here before heard last.
fn last_heard(headers: &HeaderMap) -> Result<Option<i64>, Refusal> {
    let Some(header) = headers.get("last-event-id") else { return Ok(None) };
    let number = header.to_str().ok().and_then(|text| text.trim().parse().ok());
    number.map(Some).ok_or_else(|| Refusal::invalid("Last-Event-ID is not the number of an event"))
}

fn as_sent(follower: Follower) -> impl Stream<Item = Result<Event, axum::Error>> + Send + 'static {
    stream::unfold(follower, |mut follower| async move {
        let event = match follower.next().await? {
            Heard::Ready(number) => Ok(Event::default().event("ready").id(number.to_string()).data("{}")),
            Heard::ReadAgain(number) => Ok(Event::default().event("read_again").id(number.to_string()).data("{}")),
            Heard::Quiet => Ok(Event::default().comment("still here")),
            Heard::Change(seen) => {
                let number = seen.number.to_string();
                Event::default().event("change").id(number).json_data(convert::seen(&seen))
            }
        };
        Some((event, follower))
    })
}
