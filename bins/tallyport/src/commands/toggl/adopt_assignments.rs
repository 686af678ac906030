//! `toggl adopt-assignments`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::render::text::count;
use crate::session::Session;

/// Turn Toggl's automatic assignments into ones made by hand, for a team that gives up its Toggl seats
#[derive(Debug, Args)]
pub(crate) struct AdoptAssignments {}

impl AdoptAssignments {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let call = session.client().integration().adopt_assignments();
        out.show(call, |done, _| format!("{} by hand from now on\n", count(done.adopted, "assignment", "assignments"))).await
    }
}
