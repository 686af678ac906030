//! Clients: one unpaged list, active ones only unless asked otherwise.

use std::collections::HashSet;

use serde::Serialize;

use super::since::listed;
use super::{Answered, Context, Seen, id_in_path};
use crate::answer::{Refusal, Reply};
use crate::times::Seconds;
use crate::world::{Client, Membership, Role, Workspace};

/// A client, which calls its workspace `wid` and nothing else.
#[derive(Serialize)]
pub(super) struct ClientRow<'a> {
    id: i64,
    wid: i64,
    archived: bool,
    name: &'a str,
    at: Seconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_deleted_at: Option<Seconds>,
    creator_id: i64,
}

impl<'a> ClientRow<'a> {
    pub(super) fn new(workspace: i64, client: &'a Client) -> Self {
        Self {
            id: client.id,
            wid: workspace,
            archived: client.archived,
            name: &client.name,
            at: Seconds(client.at),
            server_deleted_at: client.deleted_at.map(Seconds),
            creator_id: client.creator,
        }
    }
}

impl Context<'_> {
    pub(super) fn clients(&self, (workspace, reader): Seen<'_>) -> Answered {
        let archived = match self.query.get("status") {
            None | Some("active") => Some(false),
            Some("archived") => Some(true),
            Some("both") => None,
            Some(_) => return Err(Refusal::bad_request("Invalid status")),
        };
        let name = self.query.get("name").map(str::to_lowercase);
        let hidden = self.hidden_clients(workspace, reader);
        let rows: Vec<_> = workspace
            .clients
            .iter()
            .filter(|client| client.deleted_at.is_none() && !hidden.contains(&client.id))
            .filter(|client| archived.is_none_or(|archived| client.archived == archived))
            .filter(|client| name.as_ref().is_none_or(|name| client.name.to_lowercase().contains(name)))
            .map(|client| ClientRow::new(workspace.id, client))
            .collect();
        Ok(self.list(&rows))
    }

    /// The clients all of whose projects are hidden from the reader.
    fn hidden_clients(&self, workspace: &Workspace, reader: &Membership) -> HashSet<i64> {
        if reader.role == Role::Admin || !self.switches.clients_limited {
            return HashSet::new();
        }
        let present = || workspace.projects.iter().filter(|project| project.deleted_at.is_none());
        let hidden = present().filter(|project| !project.visible_to(reader)).filter_map(|project| project.client);
        let visible = present().filter(|project| project.visible_to(reader)).filter_map(|project| project.client);
        &hidden.collect::<HashSet<_>>() - &visible.collect()
    }

    pub(super) fn my_clients(&self) -> Answered {
        let since = self.since()?;
        let rows: Vec<_> = self
            .world
            .workspaces_of(self.reader.id)
            .flat_map(|(workspace, reader)| {
                let hidden = self.hidden_clients(workspace, reader);
                let shown = workspace.clients.iter().filter(move |client| !hidden.contains(&client.id));
                shown.map(|client| (workspace.id, client))
            })
            .filter(|(_, client)| listed(since, client.at, client.deleted_at))
            .filter(|(_, client)| since.is_some() || !client.archived)
            .map(|(workspace, client)| ClientRow::new(workspace, client))
            .collect();
        Ok(self.list(&rows))
    }
}

/// One client by its id.
pub(super) fn alone((workspace, _): Seen<'_>, id: &str) -> Answered {
    let id = id_in_path(id, "client_id")?;
    let mut clients = workspace.clients.iter().filter(|client| client.deleted_at.is_none());
    let client = clients.find(|client| client.id == id);
    let client = client.ok_or_else(|| Refusal::new(404, format!("No client with ID {id} was found")))?;
    Ok(Reply::json(&ClientRow::new(workspace.id, client)))
}
