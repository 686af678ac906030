//! The price of a snapshot, beside the least that Toggl's lists allow.

use crate::Result;
use crate::report::Line;
use crate::server::{Server, World};

/// The largest page.
const PAGE: usize = 200;
/// Pages of these sizes may have been cut short by the server, so that another one is asked for.
const SUSPICIOUS: [usize; 4] = [50, 100, 150, 151];

pub(crate) fn run(server: &Server, sent: u32) -> Result<Vec<Line>> {
    let world = server.world()?;
    let least = least(&world);
    let met = usize::try_from(sent) == Ok(least);
    Ok(vec![Line::bound("requests", format!("{sent}, {} seen by the server", world.requests), format!("= {least}"), met)])
}

/// One for the workspaces, one for the members of the organization, and for each workspace one for its clients, a page for
/// each two hundred projects and one more where only an empty page tells their end, and a page for each two hundred tasks.
fn least(world: &World) -> usize {
    let of_workspace = world.workspaces.iter().map(|workspace| {
        let projects = workspace.projects.len();
        let uncertain = projects % PAGE == 0 || SUSPICIOUS.contains(&projects);
        let projects = projects.div_ceil(PAGE) + usize::from(uncertain);
        1 + projects.max(1) + workspace.tasks.len().div_ceil(PAGE).max(1)
    });
    2 + of_workspace.sum::<usize>()
}
