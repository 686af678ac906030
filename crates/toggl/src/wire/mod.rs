//! Toggl's shapes, and what becomes of them. Nobody else knows them.

mod client;
mod me;
mod member;
mod project;
mod task;
mod workspace;

use std::hash::Hash;

use http::HeaderMap;
use serde::{Deserialize, Serialize};
use tallyport_domain::ExternalId;

use crate::decode::{self, Id, Null};

pub(crate) use client::ClientRow;
pub(crate) use me::me;
pub(crate) use member::{OrganizationUser, OrganizationUserRow, UserRow, WorkspaceMember};
pub(crate) use project::ProjectRow;
pub(crate) use task::tasks;
pub(crate) use workspace::{Seen, WorkspaceRow};

/// By what a row is told from the others of its list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Key {
    Id(i64),
    /// Somebody without a number.
    Text(String),
}

impl From<Id> for Key {
    fn from(id: Id) -> Self {
        Self::Id(id.0)
    }
}

/// One row of a list: what it is, or nothing where Toggl says that it is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row<T> {
    pub(crate) key: Key,
    pub(crate) item: Option<T>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<Row<T>>,
    /// How many rows the whole list has, where Toggl says so.
    pub(crate) total: Option<u64>,
    /// How many rows a full page has, where Toggl says so.
    pub(crate) size: Option<u64>,
}

/// A row as Toggl writes it.
pub(crate) trait Wire: for<'de> Deserialize<'de> {
    type Item;

    /// How many there are in all, where the row says so.
    fn total(&self) -> Option<u64> {
        None
    }

    /// Takes the row as one of that workspace's.
    ///
    /// # Errors
    /// In words, where it cannot be one.
    fn into_row(self, workspace: Option<ExternalId>) -> Result<Row<Self::Item>, String>;
}

/// Reads a page that is a bare list.
pub(crate) fn page<W: Wire>(
    body: &[u8],
    headers: &HeaderMap,
    workspace: Option<ExternalId>,
    null: Null,
) -> Result<Page<W::Item>, String> {
    let mut rows = Vec::new();
    let mut told = None;
    decode::rows::<W>(body, null, &mut |row| {
        // Zero in a row of a list is a number that was not filled in.
        if let Some(total) = row.total().filter(|total| *total > 0)
            && *told.get_or_insert(total) != total
        {
            return Err("its total_count is not that of the rows before".to_owned());
        }
        rows.push(row.into_row(workspace)?);
        Ok(())
    })?;
    let number = |name| headers.get(name).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Ok(Page { rows, total: told.or_else(|| number("x-records")), size: number("x-page-size").filter(|size| *size > 0) })
}

/// Checks that a row belongs to the workspace that was asked for: another's would end up in the wrong tree.
fn belongs(found: [Option<Id>; 2], workspace: Option<ExternalId>) -> Result<(), String> {
    match (found.into_iter().flatten().find(|found| Some(ExternalId::from(*found)) != workspace), workspace) {
        (Some(found), Some(workspace)) => Err(format!("it belongs to workspace {}, not {workspace}", found.0)),
        _ => Ok(()),
    }
}
