use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use tallyport_domain::{ExternalId, Name, SourceWorkspace};

use super::{Row, Wire};
use crate::decode::{Id, Text};

/// A row of `/me/workspaces`.
#[derive(Deserialize)]
pub(crate) struct WorkspaceRow {
    id: Id,
    organization_id: Option<Id>,
    name: Text,
    premium: Option<bool>,
    admin: Option<bool>,
    role: Option<Text>,
    server_deleted_at: Option<IgnoredAny>,
}

/// A visible workspace, with what the reading of its lists depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) workspace: SourceWorkspace,
    pub(crate) organization: Option<i64>,
    /// Whether its plan has tasks, where Toggl says so.
    pub(crate) premium: Option<bool>,
}

impl Seen {
    pub(crate) fn id(&self) -> ExternalId {
        self.workspace.id
    }
}

impl Wire for WorkspaceRow {
    type Item = Seen;

    fn into_row(self, _: Option<ExternalId>) -> Result<Row<Seen>, String> {
        let administered = self.admin == Some(true) || self.role.is_some_and(|role| role.0 == "admin");
        let workspace = SourceWorkspace { id: self.id.into(), name: Name::from_source(&self.name.0), administered };
        let seen = Seen { workspace, organization: self.organization_id.map(|id| id.0), premium: self.premium };
        Ok(Row { key: self.id.into(), item: self.server_deleted_at.is_none().then_some(seen) })
    }
}
