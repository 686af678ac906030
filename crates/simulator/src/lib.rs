//! A stand-in for Toggl Track's API v9, for tests and demonstrations.
//!
//! A [`World`] holds organizations, people, workspaces, clients, projects and tasks. A [`Simulator`] answers requests
//! about it as Toggl would: the same shapes, the same defaults that hide things, the same limits, and on demand the
//! same faults. A [`Server`] puts it on a socket of 127.0.0.1.
//!
//! ```
//! use tallyport_simulator::{Fault, How, NewProject, Plan, Server, Simulator, World};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio")?;
//! let client = world.add_client(workspace, "Café Ñandú")?;
//! let project = world.add_project(workspace, NewProject::named("Website").under(client))?;
//! world.add_task(project, "Design")?;
//!
//! let server = Server::start(Simulator::new(world))?;
//! assert!(server.url().ends_with("/api/v9"));
//!
//! // Later, while a client is at work:
//! let simulator = server.simulator();
//! simulator.change(|world| world.rename_project(project, "Website 2027"))?;
//! simulator.inject(Fault::on("/tasks", How::status(503)).first(1));
//! assert!(simulator.requests().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! Where it is not known what Toggl does, a field of [`Switches`] chooses. What needs no socket calls
//! [`Simulator::answer`] and acts out the [`Delivery`] of the [`Answer`] itself.

mod answer;
mod auth;
mod clock;
mod control;
mod endpoints;
mod faults;
mod log;
mod query;
mod quota;
mod random;
mod rate;
pub mod secrets;
mod server;
mod simulator;
mod state;
mod switches;
mod times;
mod world;

pub use answer::{Answer, Body, Delivery};
pub use clock::{Clock, start};
pub use control::{Consumption, Orders};
pub use faults::{Fault, How, When};
pub use log::RequestRecord;
pub use quota::Bucket;
pub use server::Server;
pub use simulator::{BASE_PATH, Simulator};
pub use switches::{AboveCap, EmptyList, ProjectOrder, QuotaMode, RateLimit, Switches};
pub use world::{
    Change, Client, Group, Membership, NewProject, Organization, OrganizationMember, Outcome, Plan, Project, Role, Size, Tag,
    Task, TimeEntry, UnknownId, User, Workspace, World,
};
