//! Previews.

use tallyport_api_types as wire;
use tallyport_app::{AsPreviewed, PrivateProject};
use tallyport_domain::plan::ItemChange;

use super::names;
use super::runs::{item, warning};

pub(crate) fn preview(previewed: AsPreviewed) -> wire::Preview {
    let mut preview = wire::Preview { requests: previewed.requests, ..wire::Preview::default() };
    preview.running_timers = previewed.time.running;
    preview.archived_hours = hours(previewed.time.seconds);
    preview.warnings = previewed.warnings.iter().map(warning).collect();
    preview.warnings.extend(previewed.hold_text().map(|message| wire::Warning {
        code: "confirmation_needed".to_owned(),
        message,
        workspace: None,
    }));
    for change in previewed.changes {
        let list = match change.item.change {
            ItemChange::Created => &mut preview.created,
            ItemChange::Renamed => &mut preview.renamed,
            ItemChange::Moved => &mut preview.moved,
            ItemChange::Archived => &mut preview.archived,
            ItemChange::Restored => &mut preview.restored,
            ItemChange::Assigned => &mut preview.assigned,
            ItemChange::Withdrawn => &mut preview.withdrawn,
            // Nobody looks for these before a sync; its history has them.
            ItemChange::ReasonChanged | ItemChange::Recolored | ItemChange::Adopted => continue,
        };
        list.push(item(change));
    }
    preview.private_projects = previewed.private_projects.iter().map(private_project).collect();
    preview
}

/// Hours, as exactly as JSON has them.
#[expect(clippy::cast_precision_loss, reason = "2^53 seconds are more than there were")]
fn hours(seconds: i64) -> f64 {
    seconds as f64 / 3600.0
}

fn private_project(project: &PrivateProject) -> wire::PrivateProject {
    wire::PrivateProject {
        external_id: project.id.to_string(),
        name: project.path.last().map_or_else(String::new, |name| name.as_str().to_owned()),
        path: names(&project.path),
        people: project.people,
    }
}
