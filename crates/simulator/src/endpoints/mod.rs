//! Which path is answered by what, and what all answers have at hand.

mod clients;
mod groups;
mod me;
mod members;
mod organizations;
mod page;
mod projects;
mod since;
mod tags;
mod tasks;
mod time_entries;
mod workspaces;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::answer::{Refusal, Reply};
use crate::query::Query;
use crate::quota::Quotas;
use crate::switches::{EmptyList, Switches};
use crate::world::{Membership, Organization, User, Workspace, World};

/// One request of one person, and the world it is about.
pub(crate) struct Context<'world> {
    pub(crate) world: &'world World,
    pub(crate) switches: &'world Switches,
    pub(crate) quotas: &'world Quotas,
    pub(crate) reader: &'world User,
    pub(crate) token: &'world str,
    pub(crate) query: &'world Query,
    pub(crate) now: DateTime<Utc>,
}

type Answered = Result<Reply, Refusal>;

/// A workspace, and the reader's place in it.
type Seen<'world> = (&'world Workspace, &'world Membership);

impl<'world> Context<'world> {
    /// Answers the path that these segments make.
    pub(crate) fn answer(&self, segments: &[&str]) -> Answered {
        match segments {
            ["me", rest @ ..] => self.answer_me(rest),
            ["workspaces"] => self.workspaces(),
            ["workspaces", id, rest @ ..] => self.answer_workspace(id, rest),
            ["organizations", id, rest @ ..] => self.answer_organization(id, rest),
            _ => Err(Refusal::not_found()),
        }
    }

    fn answer_me(&self, segments: &[&str]) -> Answered {
        match segments {
            [] => self.me(),
            ["logged"] => Ok(Reply { body: Vec::new(), headers: Vec::new() }),
            ["workspaces"] => self.workspaces(),
            ["organizations"] => Ok(self.organizations()),
            ["quota"] => Ok(self.quota()),
            ["features"] => Ok(self.features()),
            ["clients"] => self.my_clients(),
            ["projects"] => self.my_projects(),
            ["projects", "paginated"] => self.my_projects_paginated(),
            ["tasks"] => self.my_tasks(),
            ["tags"] => Ok(self.my_tags()),
            ["time_entries"] => self.time_entries(),
            ["time_entries", "current"] => Ok(self.current_time_entry()),
            ["time_entries", id] => self.time_entry(id),
            _ => Err(Refusal::not_found()),
        }
    }

    fn answer_workspace(&self, id: &str, segments: &[&str]) -> Answered {
        let seen = self.workspace(id)?;
        match segments {
            [] => Ok(self.workspace_alone(seen)),
            _ if seen.0.suspended_at.is_some() => Err(Refusal::new(403, "Workspace is suspended")),
            ["clients"] => self.clients(seen),
            ["clients", client] => clients::alone(seen, client),
            ["projects"] => self.projects(seen),
            ["projects", "templates"] => Ok(self.templates(seen)),
            ["projects", project] => self.project(seen, project),
            ["projects", project, "tasks"] => self.tasks_of_project(seen, project),
            ["projects", project, "tasks", task] => self.task(seen, project, task),
            ["tasks"] => self.tasks(seen),
            ["tasks", "basic"] => self.basic_tasks(seen),
            ["users"] => self.users(seen),
            ["workspace_users"] => self.workspace_users(seen),
            ["groups"] => self.groups(seen),
            ["project_users"] => self.project_users(seen),
            ["tags"] => Ok(self.tags(seen)),
            _ => Err(Refusal::not_found()),
        }
    }

    fn answer_organization(&self, id: &str, segments: &[&str]) -> Answered {
        let organization = self.organization(id)?;
        match segments {
            [] => Ok(self.organization_alone(organization)),
            ["users"] => self.organization_users(organization),
            ["groups"] => self.organization_groups(organization, None),
            ["workspaces", workspace, rest @ ..] => {
                let seen = self.workspace(workspace)?;
                if seen.0.organization != organization.id {
                    return Err(Refusal::not_found());
                }
                match rest {
                    ["workspace_users"] => self.organization_workspace_users(seen),
                    ["groups"] => self.organization_groups(organization, Some(seen.0)),
                    _ => Err(Refusal::not_found()),
                }
            }
            _ => Err(Refusal::not_found()),
        }
    }

    /// The workspace of that id, if the reader belongs to it.
    fn workspace(&self, id: &str) -> Result<Seen<'world>, Refusal> {
        let id: i64 = id.parse().map_err(|_| Refusal::bad_request("Missing or invalid workspace_id"))?;
        let workspace = self.world.workspace(id).filter(|workspace| workspace.deleted_at.is_none());
        let seen = workspace.and_then(|workspace| Some((workspace, workspace.active_member(self.reader.id)?)));
        seen.ok_or_else(|| match self.switches.hidden_workspace_status {
            403 => Refusal::forbidden(),
            status => Refusal::new(status, "Resource can not be found"),
        })
    }

    fn organization(&self, id: &str) -> Result<&'world Organization, Refusal> {
        let id: i64 = id.parse().map_err(|_| Refusal::bad_request("Missing or invalid organization_id"))?;
        let organization = self.world.organization(id);
        let belongs = |organization: &&Organization| organization.members.iter().any(|member| member.user == self.reader.id);
        organization.filter(belongs).ok_or_else(Refusal::forbidden)
    }

    /// A list as the API writes it: `null` when there is nothing in it.
    fn list<T: Serialize>(&self, rows: &[T]) -> Reply {
        match self.switches.empty_lists {
            EmptyList::Null if rows.is_empty() => Reply::json(&()),
            _ => Reply::json(&rows),
        }
    }
}

/// Parses an id in a path.
fn id_in_path(text: &str, name: &str) -> Result<i64, Refusal> {
    let refusal = || Refusal::bad_request(format!("We're expecting an integer as part of the url for {name}"));
    text.parse().map_err(|_| refusal())
}
