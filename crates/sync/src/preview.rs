//! What a sync would change (I13).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tallyport_domain::plan::{Consent, Hold, Item, ItemChange, Plan, Terms, plan};
use tallyport_domain::{Clock, Content, ExternalId, Identity, Name, ReadRequest, Selection, Snapshot, Source};
use tallyport_storage::SyncState;

use crate::patience::Waits;
use crate::reading::PreviewParts;
use crate::{Patience, SyncError};

/// A plan that was not applied, and what it was computed from.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What would change.
    pub plan: Plan,
    /// The same item by item.
    pub items: Vec<Item>,
    /// Tree and people that it was computed from.
    pub state: SyncState,
    /// What the reading cost, and so about what the sync will.
    pub requests: u32,
    /// Private projects that would come in.
    pub private: Vec<PrivateProject>,
    /// Why the sync would need a yes, if it would (I12).
    pub hold: Option<Hold>,
}

/// A private project that would become visible here (I13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateProject {
    /// Its number in the source.
    pub project: ExternalId,
    /// The names down to it.
    pub path: Vec<Name>,
    /// The workspace it belongs to.
    pub workspace: ExternalId,
}

pub(crate) async fn preview(
    clock: &dyn Clock,
    source: &dyn Source,
    state: SyncState,
    what_if: Option<&Selection>,
    patience: Patience,
) -> Result<Preview, SyncError> {
    let selection = what_if.unwrap_or(&state.selection);
    let request = ReadRequest { selection: Some(selection.clone()), known: state.current.known(), kept: Vec::new() };
    let parts = PreviewParts { clock, waits: Waits::new(patience), read: Mutex::default() };
    let reading = source.read(request, &parts).await?;
    let terms = Terms { selection, settings: &state.settings, roster: &state.roster, at: clock.now() };
    let plan = plan(&state.current, &reading.snapshot, terms);
    let items: Vec<Item> = plan.items(&state.current).collect();
    let private = private(&reading.snapshot, &items);
    let requests = parts.read.into_inner().unwrap_or_else(PoisonError::into_inner).requests;
    let hold = plan.hold(&state.current, &Consent::None);
    Ok(Preview { plan, items, state, requests, private, hold })
}

/// The private projects among what would come in or come back.
fn private(snapshot: &Snapshot, items: &[Item]) -> Vec<PrivateProject> {
    let read = snapshot.workspaces.iter().filter_map(|read| match &read.content {
        Content::Read(content) => Some((read.workspace.id, content)),
        Content::NotSelected | Content::Refused(_) => None,
    });
    let workspace_of: HashMap<ExternalId, ExternalId> = read
        .flat_map(|(workspace, content)| {
            let private = content.projects.iter().filter(|project| project.private);
            private.map(move |project| (project.id, workspace))
        })
        .collect();
    let coming = items.iter().filter(|item| matches!(item.change, ItemChange::Created | ItemChange::Restored));
    coming
        .filter_map(|item| match item.identity {
            Some(Identity::Project(project)) => {
                let workspace = *workspace_of.get(&project)?;
                Some(PrivateProject { project, path: item.path.clone(), workspace })
            }
            _ => None,
        })
        .collect()
}
