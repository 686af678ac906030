//! `timesheet`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use tallyport_api_types::{CellText, Filled, Timesheet, text};
use tallyport_app::{App, SheetDays};
use tallyport_domain::{PersonId, Scope};
use tallyport_http::{Answer, Asked, Body, Refusal, RequestKey, Signed};
use utoipa::ToSchema;

use super::Routes;
use crate::{convert, once};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/timesheet", show)
        .says("timesheet_show", "A person's time by task and day, of a week where nothing else is asked for.")
        .put("/timesheet/cell", Scope::Track, fill)
        .says("timesheet_fill", "Makes a task have so much time on a day.")
        .answers::<Filled>(200)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// A day of the week that is meant; today where nothing is given.
    #[schema(value_type = Option<text::Date>)]
    date: Option<String>,
    /// `week`, or `day` for that day alone.
    #[schema(pattern = "^(day|week)$")]
    span: Option<String>,
    /// The first day, in place of a date.
    #[schema(value_type = Option<text::Date>)]
    from: Option<String>,
    /// The last day; today where only the first is given.
    #[schema(value_type = Option<text::Date>)]
    to: Option<String>,
    /// Whose; one's own where it is left out.
    person: Option<i64>,
}

/// `GET timesheet` (E5).
async fn show(State(app): State<App>, Signed(actor): Signed, Asked(wanted): Asked<Wanted>) -> Answer<Json<Timesheet>> {
    let Wanted { date, span, from, to, person } = wanted;
    let day_alone = match span.as_deref() {
        None | Some("week") => false,
        Some("day") => true,
        Some(_) => return Err(Refusal::invalid("span is day or week")),
    };
    if (from.is_some() || to.is_some()) && (date.is_some() || span.is_some()) {
        return Err(Refusal::invalid("give either from and to, or a date with a span"));
    }
    let sheet = app.timesheets.show(&actor, person.map(PersonId), &SheetDays { date, day_alone, from, to }).await?;
    Ok(Json(convert::timesheet(&sheet, app.time.now())))
}

/// `PUT timesheet/cell` (E2, E7, E9).
async fn fill(State(app): State<App>, Signed(actor): Signed, key: RequestKey, Body(cell): Body<CellText>) -> Answer<Response> {
    let once = once::asked(&key, &cell, convert::filled);
    let person = cell.person_id.map(PersonId);
    let done = app.timesheets.fill(&actor, person, &convert::cell_to_fill(cell), once).await?;
    Ok(once::answered(StatusCode::OK, done, |filled| convert::filled(&filled)))
}
