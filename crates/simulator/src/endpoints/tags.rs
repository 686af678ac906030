//! Tags.

use serde::Serialize;

use super::{Context, Seen};
use crate::answer::Reply;
use crate::times::Fine;
use crate::world::Tag;

#[derive(Serialize)]
pub(super) struct TagRow<'a> {
    id: i64,
    workspace_id: i64,
    name: &'a str,
    at: Fine,
    creator_id: i64,
}

impl<'a> TagRow<'a> {
    pub(super) fn new(workspace: i64, tag: &'a Tag) -> Self {
        Self { id: tag.id, workspace_id: workspace, name: &tag.name, at: Fine(tag.at), creator_id: tag.creator }
    }
}

impl Context<'_> {
    pub(super) fn tags(&self, (workspace, _): Seen<'_>) -> Reply {
        let rows: Vec<_> = workspace.tags.iter().map(|tag| TagRow::new(workspace.id, tag)).collect();
        self.list(&rows)
    }

    pub(super) fn my_tags(&self) -> Reply {
        let own = self.world.workspaces_of(self.reader.id);
        let tags = own.flat_map(|(workspace, _)| workspace.tags.iter().map(|tag| TagRow::new(workspace.id, tag)));
        let rows: Vec<_> = tags.collect();
        self.list(&rows)
    }
}
