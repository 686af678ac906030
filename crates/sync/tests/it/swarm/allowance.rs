//! 14: requests are few, a second apart, and none is sent while the allowance is spent (I18, I19).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{ExternalId, Selection};
use tallyport_simulator::{Role, World};

use super::truth::Truth;
use super::wire::Asked;

/// What is left to the owner's other apps.
const RESERVE: i64 = 3;

/// Windows last an hour; what claims more than two was said while the clock was set.
const LONGEST: TimeDelta = TimeDelta::hours(2);

/// The allowance that a request counts against: an organization's, or the person's own.
fn bucket(world: &World, target: &str) -> Option<i64> {
    let mut segments = target.split(['/', '?']).skip(1);
    let (kind, id) = (segments.next()?, segments.next().and_then(|id| id.parse::<i64>().ok()));
    match kind {
        "organizations" => id,
        "workspaces" => id.and_then(|id| world.workspace(id)).map(|workspace| workspace.organization),
        _ => None,
    }
}

/// Checks what one adapter sent in one run, with no clock set back in it; a clock that jumps ahead breaks the pace once.
pub(crate) fn kept(world: &World, asked: &[Asked], jumped: bool) {
    let mut known: HashMap<Option<i64>, (i64, DateTime<Utc>)> = HashMap::new();
    for pair in asked.windows(2) {
        let apart = pair[1].at - pair[0].at;
        assert!(jumped || apart >= TimeDelta::seconds(1), "{:?} came {apart} after {:?}", pair[1], pair[0]);
    }
    for request in asked {
        let bucket = bucket(world, &request.target);
        if let Some((left, full)) = known.get(&bucket)
            && (0..=RESERVE).contains(left)
        {
            assert!(request.at >= *full, "{request:?} was sent with {left} left until {full}");
        }
        if let Some((left, full)) = request.left {
            known.insert(bucket, (left, full.min(request.at + LONGEST)));
        }
    }
}

/// The most requests that a reading without faults sends: what the lists take, and where they may have to be read twice.
pub(crate) fn most(truth: &Truth<'_>, selection: &Selection) -> usize {
    let selected: Vec<_> =
        truth.visible().into_iter().filter(|(workspace, _)| selection.holds(ExternalId(workspace.id))).collect();
    // The list of workspaces, and one question whether the token itself is good where a list was refused.
    let mut most = 2;
    for (workspace, reader) in &selected {
        let projects = workspace.projects.iter().filter(|project| truth.listed(project, reader)).count();
        let tasks = workspace.tasks.iter().filter(|task| task.deleted_at.is_none()).count();
        let projects = pages(projects, truth.switches.projects_cap, truth.switches.total_count_in_projects);
        let twice = if projects > 1 && !truth.switches.total_count_in_projects { 2 } else { 1 };
        let members = if reader.role == Role::Admin { 1 } else { 3 };
        most += 1 + projects * twice + tasks.div_ceil(truth.switches.tasks_cap).max(1) + members;
        most += usize::from(workspace.members.len() >= 50);
    }
    let mut organizations: Vec<i64> = selected.iter().map(|(workspace, _)| workspace.organization).collect();
    organizations.sort_unstable();
    organizations.dedup();
    most + organizations.len()
}

fn pages(rows: usize, cap: usize, totals: bool) -> usize {
    let whole = rows.div_ceil(cap).max(1);
    let suspicious = [50, 100, 150, 151].contains(&rows);
    if totals { whole } else { rows / cap + 1 + usize::from(rows < cap && suspicious) }
}
