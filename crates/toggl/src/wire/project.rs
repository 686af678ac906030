use serde::Deserialize;
use serde::de::IgnoredAny;
use tallyport_domain::{Color, ExternalId, Name, SourceProject};

use super::{Row, Wire, belongs};
use crate::decode::{Id, Text};

/// A row of `/workspaces/{id}/projects`, which spells some things twice.
///
/// Its `status` follows the calendar and is not looked at: an "ended" project is still active.
#[derive(Deserialize)]
pub(crate) struct ProjectRow {
    id: Id,
    workspace_id: Option<Id>,
    wid: Option<Id>,
    client_id: Option<Id>,
    cid: Option<Id>,
    name: Text,
    active: Option<bool>,
    template: Option<bool>,
    is_private: Option<bool>,
    color: Option<Text>,
    billable: Option<bool>,
    server_deleted_at: Option<IgnoredAny>,
    total_count: Option<u64>,
}

impl Wire for ProjectRow {
    type Item = SourceProject;

    fn total(&self) -> Option<u64> {
        self.total_count
    }

    fn into_row(self, workspace: Option<ExternalId>) -> Result<Row<SourceProject>, String> {
        belongs([self.workspace_id, self.wid], workspace)?;
        let project = SourceProject {
            id: self.id.into(),
            client: self.client_id.or(self.cid).map(Into::into),
            name: Name::from_source(&self.name.0),
            // What is not said to be archived is not: archiving is what people would notice.
            active: self.active.unwrap_or(true),
            template: self.template.unwrap_or(false),
            private: self.is_private.unwrap_or(false),
            color: self.color.and_then(|color| Color::parse(&color.0)),
            billable: self.billable,
        };
        Ok(Row { key: self.id.into(), item: self.server_deleted_at.is_none().then_some(project) })
    }
}
