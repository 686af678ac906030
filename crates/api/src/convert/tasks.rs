//! Tasks.

use tallyport_api_types as wire;
use tallyport_app::{TaskRow, WhyReason};
use tallyport_domain::Identity;

use super::{instant, person_ref};

/// The one integration there is.
const TOGGL: &str = "toggl";

pub(crate) fn task(row: TaskRow) -> wire::Task {
    let TaskRow { task, level, path, trackable } = row;
    let origin = |identity: Identity| wire::Origin {
        integration: TOGGL.to_owned(),
        kind: identity.kind().as_str().to_owned(),
        external_id: identity.external_id().map(|id| id.to_string()),
    };
    let imported = task.origin.imported();
    wire::Task {
        id: task.id.0,
        parent_id: task.parent.map(|parent| parent.0),
        name: task.name.into(),
        level,
        path: path.into_iter().map(String::from).collect(),
        color: task.color.map(|color| color.to_string()),
        archived: task.archived.is_some(),
        archived_reason: task.archived.map(|archived| archived.reason.as_str().to_owned()),
        archived_at: task.archived.map(|archived| instant(archived.at)),
        origin: imported.map(origin),
        read_only: imported.is_some(),
        trackable,
    }
}

pub(crate) fn why((row, reasons): (TaskRow, Vec<WhyReason>)) -> wire::Why {
    let reason = |reason: WhyReason| wire::WhyReason {
        rule: reason.rule.to_owned(),
        text: reason.text,
        run: reason.run.map(|run| run.0),
        at: reason.at.map(instant),
        before: reason.before,
        after: reason.after,
        person: reason.person.as_ref().map(person_ref),
    };
    wire::Why { task: task(row), reasons: reasons.into_iter().map(reason).collect() }
}
