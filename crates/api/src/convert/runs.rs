//! Runs, their changes and their progress.

use tallyport_api_types as wire;
use tallyport_app::{Change, Error, Phase, Progress, RunProblem, RunView, warning_code, warning_text, warning_workspace};
use tallyport_domain::plan::{Item, ItemChange, Warning};
use tallyport_domain::{Identity, ListProof};

use super::{instant, names, person_ref};

pub(crate) fn run(view: RunView) -> wire::Run {
    let RunView { run, started_by, duration } = view;
    let error = RunProblem::of(&run).map(|problem| wire::RunError {
        code: problem.code.as_str().to_owned(),
        message: problem.message,
        hint: problem.hint,
    });
    let counts = run.counts;
    wire::Run {
        id: run.id.0,
        outcome: run.outcome.as_str().to_owned(),
        trigger: run.trigger.as_str().to_owned(),
        started_by: started_by.as_ref().map(person_ref),
        started_at: instant(run.started_at),
        duration_ms: duration.num_milliseconds(),
        requests: run.requests,
        created: counts.created,
        renamed: counts.renamed,
        moved: counts.moved,
        archived: counts.archived,
        restored: counts.restored,
        unchanged: counts.unchanged,
        assigned: counts.assigned,
        withdrawn: counts.withdrawn,
        waiting_until: run.waiting_until.map(instant),
        error,
        warnings: run.warnings.iter().map(warning).collect(),
        proof: run.proof.lists.into_iter().map(proof).collect(),
    }
}

pub(crate) fn warning(warning: &Warning) -> wire::Warning {
    wire::Warning {
        code: warning_code(warning).to_owned(),
        message: warning_text(warning),
        workspace: Some(warning_workspace(warning).as_str().to_owned()),
    }
}

fn proof(list: ListProof) -> wire::ListProof {
    wire::ListProof {
        list: list.list,
        workspace: list.workspace.map(|id| id.to_string()),
        pages: list.pages,
        rows: list.rows,
        total: list.total,
        read_twice: list.read_twice,
    }
}

pub(crate) fn change(change: Change) -> wire::RunChange {
    wire::RunChange { change: change_word(change.item.change).to_owned(), item: item(change) }
}

fn change_word(change: ItemChange) -> &'static str {
    match change {
        ItemChange::Created => "created",
        ItemChange::Renamed => "renamed",
        ItemChange::Moved => "moved",
        ItemChange::Archived => "archived",
        ItemChange::Restored => "restored",
        ItemChange::ReasonChanged => "reason_changed",
        ItemChange::Recolored => "recolored",
        ItemChange::Adopted => "adopted",
        ItemChange::Assigned => "assigned",
        ItemChange::Withdrawn => "withdrawn",
    }
}

pub(crate) fn item(change: Change) -> wire::Item {
    let Change { item, person } = change;
    let Item { task, identity, name, path, reason, old_reason, old_name, old_path, .. } = item;
    wire::Item {
        id: task.map(|task| task.0),
        kind: identity.map(|identity| identity.kind().as_str().to_owned()),
        external_id: identity.and_then(Identity::external_id).map(|id| id.to_string()),
        name: name.into(),
        path: names(&path),
        reason: reason.map(|reason| reason.as_str().to_owned()),
        old_reason: old_reason.map(|reason| reason.as_str().to_owned()),
        old_name: old_name.map(String::from),
        old_path: old_path.as_deref().map(names),
        person: person.as_ref().map(person_ref),
    }
}

pub(crate) fn progress(progress: Progress) -> wire::Progress {
    let phase = match progress.phase {
        Phase::Reading => "reading",
        Phase::Waiting => "waiting",
        Phase::Applying => "applying",
        Phase::Ended => "ended",
    };
    let read = progress.read;
    wire::Progress {
        phase: phase.to_owned(),
        workspaces_done: read.workspaces_done,
        workspaces: read.workspaces,
        workspace: read.workspace.map(String::from),
        list: read.list,
        pages: read.pages,
        items: read.items,
        requests: read.requests,
        requests_expected: read.requests_expected,
        requests_left: read.quota.map(|quota| quota.remaining),
        waiting_until: progress.waiting_until.map(instant),
        error: None,
    }
}

/// The last word on a run whose end could not be recorded.
pub(crate) fn lost(error: &Error) -> wire::Progress {
    let error = wire::RunError { code: error.code().to_string(), message: error.to_string(), hint: error.hint() };
    wire::Progress { phase: "ended".to_owned(), error: Some(error), ..wire::Progress::default() }
}
