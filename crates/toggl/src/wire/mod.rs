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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODIES: [&str; 4] = [
        r##"[{"id":31,"wid":11,"workspace_id":11,"name":"a\ud800","archived":true,"active":null,"total_count":1,"color":"#0b83d9"}]"##,
        r#"{"total_count":1,"page":1,"per_page":50,"data":[{"id":51,"name":"b","workspace_id":11,"project_id":41}]}"#,
        r#"{"id":9,"email":"ada@example.test","fullname":"Ada","api_token":"x"}"#,
        r#"[{"id":5,"email":"a@x.test","joined":true,"groups":[{}],"workspaces":[{"workspace_id":11,"active":true}]}]"#,
    ];

    fn read_as_everything(body: &[u8]) {
        let (headers, here) = (HeaderMap::new(), Some(ExternalId(11)));
        let _ = me(body);
        let _ = tasks(body, ExternalId(11), 1);
        let _ = page::<WorkspaceRow>(body, &headers, None, Null::Nonsense);
        let _ = page::<ClientRow>(body, &headers, here, Null::Empty);
        let _ = page::<ProjectRow>(body, &headers, here, Null::Empty);
        let _ = page::<UserRow>(body, &headers, here, Null::Empty);
        let _ = page::<OrganizationUserRow>(body, &headers, None, Null::Empty);
    }

    proptest! {
        #[test] // I10
        fn no_body_makes_the_reading_panic(body in any::<Vec<u8>>()) {
            read_as_everything(&body);
        }

        #[test] // I10
        fn nor_does_a_good_one_with_a_part_of_another_in_it(
            (one, other) in (0..BODIES.len(), 0..BODIES.len()),
            (at, from, until) in (0_usize..120, 0_usize..120, 0_usize..120),
        ) {
            let (one, other) = (BODIES[one].as_bytes(), BODIES[other].as_bytes());
            let (at, from) = (at % one.len(), from % other.len());
            let until = from.max(until % other.len());
            read_as_everything(&[&one[..at], &other[from..until], &one[at..]].concat());
        }
    }

    #[test] // I20
    fn a_total_is_that_of_every_row_or_of_none() {
        let read = |body: &str| page::<ProjectRow>(body.as_bytes(), &HeaderMap::new(), Some(ExternalId(11)), Null::Empty);
        let total = |body| read(body).map(|page| page.total);
        assert_eq!(total(r#"[{"id":1,"name":"a","total_count":2},{"id":2,"name":"b","total_count":2}]"#), Ok(Some(2)));
        assert_eq!(total(r#"[{"id":1,"name":"a","total_count":0},{"id":2,"name":"b"}]"#), Ok(None));
        assert!(total(r#"[{"id":1,"name":"a","total_count":2},{"id":2,"name":"b","total_count":3}]"#).is_err());
        assert!(total(r#"[{"id":1,"name":"a","total_count":-2}]"#).is_err());
    }
}
