use serde::Deserialize;
use serde::de::IgnoredAny;
use tallyport_domain::{ExternalId, Name, SourceClient};

use super::{Row, Wire, belongs};
use crate::decode::{Id, Text};

/// A row of `/workspaces/{id}/clients`, where the workspace is called `wid` and nothing else.
#[derive(Deserialize)]
pub(crate) struct ClientRow {
    id: Id,
    wid: Option<Id>,
    workspace_id: Option<Id>,
    name: Text,
    archived: Option<bool>,
    server_deleted_at: Option<IgnoredAny>,
    total_count: Option<u64>,
}

impl Wire for ClientRow {
    type Item = SourceClient;

    fn total(&self) -> Option<u64> {
        self.total_count
    }

    fn into_row(self, workspace: Option<ExternalId>) -> Result<Row<SourceClient>, String> {
        belongs([self.wid, self.workspace_id], workspace)?;
        let client =
            SourceClient { id: self.id.into(), name: Name::from_source(&self.name.0), archived: self.archived.unwrap_or(false) };
        Ok(Row { key: self.id.into(), item: self.server_deleted_at.is_none().then_some(client) })
    }
}
