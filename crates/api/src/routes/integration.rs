//! `integrations/toggl` but its runs.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use tallyport_api_types::{
    Adopted, ApiToken, EnabledStatus, Imported, Member, OptionalApiToken, Preview, PreviewRequest, Run, SelectionChange,
    SettingsChange, Status, Workspace,
};
use tallyport_app::{App, Done, RunOptions, RunView, SettingsToSave};
use tallyport_domain::{Fate, Scope};
use tallyport_http::{Answer, Asked, Body, IfMatch, OptionalBody, Refusal, RequestKey, SecretBody, Signed, Tagged, tagged};
use utoipa::ToSchema;

use super::Routes;
use crate::convert::Kept;
use crate::page::Paging;
use crate::{convert, once};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/integrations/toggl", status)
        .says("toggl_status", "How the link stands; more of it for administrators.")
        .put("/integrations/toggl", Scope::Admin, enable)
        .says("toggl_enable", "Links Toggl with an API token; a run follows where workspaces are selected still.")
        .answers::<EnabledStatus>(200)
        .delete("/integrations/toggl", Scope::Admin, unlink)
        .says("toggl_unlink", "Unlinks Toggl and destroys the token.")
        .post("/integrations/toggl/re-enable", Scope::Admin, re_enable)
        .says("toggl_re_enable", "Gives the link another owner or another token, and tells the run that follows.")
        .answers::<Run>(202)
        .get("/integrations/toggl/workspaces", workspaces)
        .says("toggl_workspaces", "The workspaces to choose from.")
        .put("/integrations/toggl/selection", Scope::Admin, select)
        .says("toggl_select", "Saves what is mirrored, and tells the run that follows.")
        .answers::<Run>(202)
        .post("/integrations/toggl/preview", Scope::Admin, preview)
        .says("toggl_preview", "What a sync would change, with this selection or the saved one; changes nothing.")
        .get("/integrations/toggl/members", members)
        .says("toggl_members", "The people of the mirrored workspaces.")
        .lists::<Member>()
        .put("/integrations/toggl/settings", Scope::Admin, settings)
        .says("toggl_settings", "Changes how it mirrors; the last run of the answer is the one that follows.")
        .answers::<Status>(200)
        .post("/integrations/toggl/adopt-assignments", Scope::Admin, adopt_assignments)
        .says("toggl_adopt_assignments", "Turns automatic assignments into manual ones.")
}

/// `GET integrations/toggl`: how it stands; more of it for administrators (I1).
async fn status(State(app): State<App>, Signed(actor): Signed) -> Answer<Tagged<Status, Kept>> {
    let shown = convert::status(app.integration.status(&actor).await?);
    Ok(Tagged { of: Some(convert::kept_of(&shown)), shown })
}

/// `PUT integrations/toggl`: enables it with a token; the status has the run that follows, if one does (I2, I16, E7).
async fn enable(
    State(app): State<App>,
    Signed(actor): Signed,
    key: RequestKey,
    SecretBody(body): SecretBody<ApiToken>,
) -> Answer<Response> {
    let once = once::asked(&key, &body, |enabled: &Enabled| enabled_status(enabled.clone()));
    let options = convert::run_options(&body.run);
    let done = app.integration.enable_once(&actor, &SecretString::from(body.api_token), options, once).await?;
    Ok(once::answered(StatusCode::OK, done, enabled_status))
}

/// The status of what was enabled, and the workspaces to choose from.
type Enabled = (tallyport_app::Status, Vec<tallyport_app::Workspace>);

fn enabled_status((status, workspaces): Enabled) -> EnabledStatus {
    let workspaces = workspaces.into_iter().map(convert::workspace).collect();
    EnabledStatus { status: convert::status(status), workspaces }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhatBecomes {
    /// What becomes of the imported tasks; has to be said.
    #[schema(required)]
    imported: Option<Imported>,
}

/// `DELETE integrations/toggl?imported=archive|keep`: unlinks it (I15).
async fn unlink(State(app): State<App>, Signed(actor): Signed, Asked(what): Asked<WhatBecomes>) -> Answer<Json<Status>> {
    let fate = match what.imported {
        Some(Imported::Archive) => Fate::Archive,
        Some(Imported::Keep) => Fate::Keep,
        None => return Err(Refusal::invalid("say what becomes of the imported tasks: imported=archive or imported=keep")),
    };
    Ok(Json(convert::status(app.integration.unlink(&actor, fate).await?)))
}

/// `POST integrations/toggl/re-enable`: another owner or another token; answers the run that follows (I16, E7).
async fn re_enable(
    State(app): State<App>,
    Signed(actor): Signed,
    key: RequestKey,
    SecretBody(body): SecretBody<OptionalApiToken>,
) -> Answer<Response> {
    let once = once::asked(&key, &body, |run: &RunView| convert::run(run.clone()));
    let options = convert::run_options(&body.run);
    let token = body.api_token.map(SecretString::from);
    Ok(once::accepted(app.integration.re_enable_once(&actor, token.as_ref(), options, once).await?, convert::run))
}

/// `GET integrations/toggl/workspaces`: those to choose from (I3).
async fn workspaces(State(app): State<App>, Signed(actor): Signed) -> Answer<Json<Vec<Workspace>>> {
    let workspaces = app.integration.workspaces(&actor).await?;
    Ok(Json(workspaces.into_iter().map(convert::workspace).collect()))
}

/// `PUT integrations/toggl/selection`: saves what is mirrored; answers the run that follows (I3, E7).
async fn select(
    State(app): State<App>,
    Signed(actor): Signed,
    seen: IfMatch,
    key: RequestKey,
    Body(change): Body<SelectionChange>,
) -> Answer<Response> {
    let once = once::asked(&key, &change, |run: &RunView| convert::run(run.clone()));
    let Some(picked) = convert::picked(change.all, change.workspaces)? else {
        return Err(Refusal::invalid("give all or workspaces"));
    };
    let (options, still) = (convert::run_options(&change.run), seen.still(convert::kept));
    let done = app.integration.select_once(&actor, &picked, change.confirm, options, still, once).await?;
    Ok(once::accepted(done, convert::run))
}

/// `POST integrations/toggl/preview`: what a sync would change, with this selection or the saved one (I13).
async fn preview(
    State(app): State<App>,
    Signed(actor): Signed,
    OptionalBody(what): OptionalBody<PreviewRequest>,
) -> Answer<Json<Preview>> {
    let picked = convert::picked(what.all, what.workspaces)?;
    let run = tallyport_api_types::StartRun { confirm: false, patience_seconds: what.patience_seconds };
    let options: RunOptions = convert::run_options(&run);
    Ok(Json(convert::preview(app.integration.preview(&actor, picked.as_ref(), options).await?)))
}

/// `GET integrations/toggl/members`: the people of the mirrored workspaces (N1).
async fn members(State(app): State<App>, Signed(actor): Signed, Asked(paging): Asked<Paging>) -> Answer<Response> {
    let members = app.integration.members(&actor).await?;
    paging.of(&actor, "members").cut(members, tallyport_app::Member::key, convert::member)
}

/// `PUT integrations/toggl/settings`: answers the status, whose last run is the one that follows (I4, I21, E7).
async fn settings(
    State(app): State<App>,
    Signed(actor): Signed,
    seen: IfMatch,
    key: RequestKey,
    Body(change): Body<SettingsChange>,
) -> Answer<Response> {
    let once = once::asked(&key, &change, |status: &tallyport_app::Status| convert::status(status.clone()));
    let (options, still) = (convert::run_options(&change.run), seen.still(convert::kept));
    let change = SettingsToSave { private_projects: change.private_projects, schedule: change.schedule };
    let done = app.integration.save_settings_once(&actor, &change, options, still, once).await?;
    // What was answered before is known by what stood in it then.
    let kept = match &done {
        Done::Now(status) => convert::kept_of(&convert::status(status.clone())),
        Done::Before(answer) => serde_json::from_slice(answer).map(|status| convert::kept_of(&status)).unwrap_or_default(),
    };
    Ok(tagged(once::answered(StatusCode::OK, done, convert::status), &kept))
}

/// `POST integrations/toggl/adopt-assignments`: turns automatic assignments into manual ones (P8).
async fn adopt_assignments(State(app): State<App>, Signed(actor): Signed) -> Answer<Json<Adopted>> {
    Ok(Json(Adopted { adopted: app.integration.adopt_assignments(&actor).await? }))
}
