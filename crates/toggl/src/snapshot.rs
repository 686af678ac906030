//! The cheapest complete snapshot: which lists are read, in which order, and what a refusal of one means (I8, I10).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::lock::Mutex;
use futures_util::{StreamExt, TryStreamExt, stream};
use tallyport_domain::{
    Content, ExternalId, Kind, Known, ListProof, Parts, Proof, ReadRequest, Reading, Selection, Snapshot, SourceError,
    SourceTask, WorkspaceContent, WorkspaceSnapshot,
};

use crate::asker::{Asker, Connection, Trouble};
use crate::endpoint::{Bucket, Endpoint};
use crate::lists::{self, Workspace};
use crate::members::Members;
use crate::pages;
use crate::plan::Plan;
use crate::resume::Kept;
use crate::wire::Seen;

/// Reads everything that is asked for.
pub(crate) async fn read(connection: &Connection, request: ReadRequest, parts: &dyn Parts) -> Result<Reading, SourceError> {
    let asker = Asker::new(connection, parts);
    let kept = Kept::new(connection.credential.seal(&connection.base), request.kept);
    let selection = request.selection.unwrap_or(Selection::All);
    asker.tracker().expect("workspaces", 1);
    let (visible, proof) = visible(&asker, &kept).await?;

    let selected: Vec<&Seen> = visible.iter().filter(|seen| selection.holds(seen.id())).collect();
    let Plan { together, not_before } = Plan::new(&asker, &kept, &request.known, &selected);
    asker.tracker().state.workspaces = u32::try_from(selected.len()).unwrap_or(u32::MAX);

    let (members, token_proven) = (Mutex::new(Members::together(together)), Mutex::default());
    let reader = Reader { asker, kept, known: request.known, selection, not_before, members, token_proven };
    let (workspaces, proofs) = reader.workspaces(visible).await?;
    let lists = std::iter::once(proof).chain(proofs).collect();
    Ok(Reading { snapshot: Snapshot { workspaces }, proof: Proof { lists } })
}

/// Reads the visible workspaces alone.
pub(crate) async fn workspaces(connection: &Connection, parts: &dyn Parts) -> Result<Vec<Seen>, SourceError> {
    let asker = Asker::new(connection, parts);
    let kept = Kept::new(connection.credential.seal(&connection.base), Vec::new());
    Ok(visible(&asker, &kept).await?.0)
}

async fn visible(asker: &Asker<'_>, kept: &Kept) -> Result<(Vec<Seen>, ListProof), SourceError> {
    Ok(pages::read(asker, kept, &lists::workspaces()).await?)
}

/// What all workspaces of one reading have in common.
struct Reader<'a> {
    asker: Asker<'a>,
    kept: Kept,
    known: Known,
    selection: Selection,
    /// From when on kept pages of each bucket are good.
    not_before: HashMap<Bucket, DateTime<Utc>>,
    /// Locked while members are read: what is found out for one workspace is not asked again for the next.
    members: Mutex<Members>,
    /// Whether Toggl took the token after it had refused a list.
    token_proven: Mutex<bool>,
}

impl Reader<'_> {
    /// Reads the workspaces, side by side where that is allowed.
    async fn workspaces(&self, visible: Vec<Seen>) -> Result<(Vec<WorkspaceSnapshot>, Vec<ListProof>), SourceError> {
        let mut readings = Vec::with_capacity(visible.len());
        for seen in visible {
            readings.push(self.workspace(seen));
        }
        let side_by_side = self.asker.connection.limits.side_by_side();
        let read: Vec<(WorkspaceSnapshot, Vec<ListProof>)> = stream::iter(readings).buffered(side_by_side).try_collect().await?;
        self.asker.tracker().finish();
        self.asker.report();
        let (workspaces, proofs): (Vec<_>, Vec<_>) = read.into_iter().unzip();
        Ok((workspaces, proofs.into_iter().flatten().collect()))
    }

    /// Reads a workspace, if it is selected. One that refuses its lists stays as it is, and the others go on (I8).
    async fn workspace(&self, seen: Seen) -> Result<(WorkspaceSnapshot, Vec<ListProof>), SourceError> {
        let mut proofs = Vec::new();
        let content = if self.selection.holds(seen.id()) {
            self.asker.tracker().state.workspace = Some(seen.workspace.name.clone());
            let not_before = self.not_before.get(&lists::bucket(&seen)).copied();
            let workspace = Workspace { seen: &seen, not_before };
            let content = match self.content(workspace, &mut proofs).await {
                Ok(content) => Content::Read(content),
                Err(trouble) => Content::Refused(self.refused(seen.id(), trouble).await?),
            };
            self.asker.tracker().state.workspaces_done += 1;
            self.asker.report();
            content
        } else {
            Content::NotSelected
        };
        Ok((WorkspaceSnapshot { workspace: seen.workspace, content }, proofs))
    }

    /// Reads the lists of a workspace: clients before projects before tasks, so that what a later one names is either in
    /// an earlier one or new.
    async fn content(&self, workspace: Workspace<'_>, proofs: &mut Vec<ListProof>) -> Result<WorkspaceContent, Trouble> {
        let Self { asker, kept, known, members, .. } = self;
        let known = |kind| known.of(workspace.seen.id(), kind);
        let (clients, proof) = pages::read(asker, kept, &workspace.clients()).await?;
        proofs.push(proof);
        let (projects, proof) = pages::read(asker, kept, &workspace.projects(known(Kind::Project))).await?;
        proofs.push(proof);
        let tasks = tasks(asker, kept, workspace, known(Kind::Task), proofs).await?;
        let members = members.lock().await.of(asker, kept, workspace, proofs).await?;
        Ok(WorkspaceContent { clients, projects, tasks, members })
    }

    /// Says what trouble with a workspace's own lists means: a text where only they are refused, else the end.
    async fn refused(&self, workspace: ExternalId, trouble: Trouble) -> Result<String, SourceError> {
        for list in ["clients", "projects", "tasks", "members"] {
            self.asker.tracker().expect(&lists::id(workspace, list), 0);
        }
        let refusal = match trouble {
            Trouble::Refused(refusal) if !refusal.login => refusal,
            trouble => return Err(trouble.into()),
        };
        if matches!(refusal.status, 401 | 403) {
            self.prove_token().await?;
        }
        if !matches!(refusal.status, 403 | 404) {
            return Err(refusal.into());
        }
        Ok(SourceError::from(refusal).to_string())
    }

    /// Finds out whether Toggl still takes the token, once in a reading: a second refusal of the same kind would be as dear.
    async fn prove_token(&self) -> Result<(), SourceError> {
        let mut proven = self.token_proven.lock().await;
        if *proven {
            return Ok(());
        }
        self.asker.get(&Endpoint::me()).await?;
        *proven = true;
        Ok(())
    }
}

/// Tasks, where the plan has any: what cannot be read is not taken for gone (I10).
async fn tasks(
    asker: &Asker<'_>,
    kept: &Kept,
    workspace: Workspace<'_>,
    known: &[ExternalId],
    proofs: &mut Vec<ListProof>,
) -> Result<Option<Vec<SourceTask>>, Trouble> {
    if workspace.seen.premium == Some(false) {
        return Ok(None);
    }
    match pages::read(asker, kept, &workspace.tasks(known)).await {
        Ok((tasks, proof)) => {
            proofs.push(proof);
            Ok(Some(tasks))
        }
        Err(Trouble::NotInPlan) => {
            asker.tracker().expect(&lists::id(workspace.seen.id(), "tasks"), 0);
            Ok(None)
        }
        Err(trouble) => Err(trouble),
    }
}
