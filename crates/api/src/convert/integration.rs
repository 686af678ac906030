//! The integration.

use chrono::TimeDelta;
use tallyport_api_types as wire;
use tallyport_app::{Member, Picked, RunOptions, Status, StatusDetails, Workspace};
use tallyport_domain::{PrivateProjects, Quota, Settings, SourceUser};
use tallyport_http::{Answer, Refusal};

use super::{instant, person_ref, run};

pub(crate) fn status(status: Status) -> wire::Status {
    let brief = wire::Status {
        state: status.state.as_str().to_owned(),
        owner: None,
        toggl_user: None,
        selection: None,
        last_run: None,
        last_synced_at: status.last_synced_at.map(instant),
        settings: None,
        quota: None,
        message: status.message,
    };
    let Some(StatusDetails { owner, toggl_user, selection, names, last_run, settings, quota }) = status.details else {
        return brief;
    };
    wire::Status {
        owner: owner.as_ref().map(person_ref),
        toggl_user: toggl_user.map(toggl_user_of),
        selection: Some(wire::Selection { names, ..selection_of(selection) }),
        last_run: last_run.map(run),
        settings: Some(settings_of(settings)),
        quota: quota.map(quota_of),
        ..brief
    }
}

/// What the selection and the settings of a status are known by.
pub(crate) type Kept = (Option<wire::Selection>, Option<wire::Settings>);

/// The same of a status. What runs bring changes nothing of it: neither the names of workspaces.
pub(crate) fn kept_of(status: &wire::Status) -> Kept {
    let nameless = |selection: wire::Selection| wire::Selection { names: Vec::new(), ..selection };
    (status.selection.clone().map(nameless), status.settings.clone())
}

/// The same of what a status is made of.
pub(crate) fn kept(kept: &tallyport_app::Kept) -> Kept {
    (Some(selection_of(kept.selection.clone())), Some(settings_of(kept.settings)))
}

fn selection_of(selection: Picked) -> wire::Selection {
    let (all, workspaces) = match selection {
        Picked::All => (true, Vec::new()),
        Picked::These(ids) => (false, ids),
    };
    wire::Selection { all, workspaces, names: Vec::new() }
}

fn toggl_user_of(user: SourceUser) -> wire::TogglUser {
    wire::TogglUser { name: user.name, email: user.email }
}

fn settings_of(settings: Settings) -> wire::Settings {
    let private_projects = match settings.private_projects {
        PrivateProjects::Keep => "keep",
        PrivateProjects::LeaveOut => "leave-out",
    };
    wire::Settings { private_projects: private_projects.to_owned(), schedule: settings.schedule.map(|every| every.to_string()) }
}

fn quota_of(quota: Quota) -> wire::Quota {
    wire::Quota { remaining: quota.remaining, resets_at: instant(quota.resets_at) }
}

pub(crate) fn workspace(workspace: Workspace) -> wire::Workspace {
    wire::Workspace {
        external_id: workspace.id.to_string(),
        name: workspace.name,
        selected: workspace.selected,
        visible: workspace.visible,
    }
}

pub(crate) fn member(member: Member) -> wire::Member {
    wire::Member {
        email: member.email.as_str().to_owned(),
        name: member.name,
        workspaces: member.workspaces,
        joined: member.joined,
        person_id: member.person.map(|person| person.0),
        invited: member.invited,
    }
}

pub(crate) fn run_options(options: &wire::StartRun) -> RunOptions {
    let patience = options.patience_seconds.map(|seconds| TimeDelta::seconds(i64::from(seconds)));
    RunOptions { confirm: options.confirm, patience }
}

/// What was picked: all or some, never both; nothing where nothing was said.
pub(crate) fn picked(all: bool, workspaces: Option<Vec<String>>) -> Answer<Option<Picked>> {
    match (all, workspaces) {
        (true, None) => Ok(Some(Picked::All)),
        (false, Some(ids)) => Ok(Some(Picked::These(ids))),
        (false, None) => Ok(None),
        (true, Some(_)) => Err(Refusal::invalid("give either all or workspaces, not both")),
    }
}
