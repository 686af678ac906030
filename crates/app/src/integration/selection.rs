//! Which workspaces are mirrored (I3).

use std::collections::BTreeSet;

use tallyport_domain::plan::Consent;
use tallyport_domain::{ExternalId, Selection, SortKey, SourceWorkspace, Trigger};
use tallyport_storage::{Done, Integration as Link, Once, Still, What, WorkspaceTasks};

use super::step::{Launch, Step};
use super::{Integration, Kept, Picked, Ready, RunOptions, RunView};
use crate::wording::{counted, path_text};
use crate::{Actor, Error, Result};

/// How many paths of a workspace are named before a yes is asked for.
const PATHS: usize = 10;

/// A workspace to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its id in Toggl.
    pub id: ExternalId,
    /// Its name.
    pub name: String,
    /// Whether it is mirrored.
    pub selected: bool,
    /// Whether the token sees it.
    pub visible: bool,
}

impl Integration {
    /// The workspaces to choose from: those that the token sees, and those selected that it does not see any more (I3).
    ///
    /// # Errors
    /// Administrators only; what keeps the integration from syncing (I17), and errors of Toggl.
    pub async fn workspaces(&self, actor: &Actor) -> Result<Vec<Workspace>> {
        actor.administrator("see the workspaces in Toggl")?;
        let Ready { link, source } = self.ready(actor.account()).await?;
        let visible = self.heeded(actor, &link, source.workspaces().await).await?;
        Ok(to_choose_from(&link, &visible))
    }

    /// Saves the selection and syncs at once (I3).
    ///
    /// # Errors
    /// Administrators only; `UnknownWorkspace` for one that is neither visible nor was selected; `ConfirmationNeeded` for a
    /// selection that archives something, or is empty, without `confirmed`; what keeps the integration from syncing (I17).
    pub async fn select(&self, actor: &Actor, picked: &Picked, confirmed: bool, options: RunOptions) -> Result<RunView> {
        Ok(self.select_once(actor, picked, confirmed, options, None, None).await?.now())
    }

    /// The same where selection and settings are still as they were seen, for a request that may come twice (E7).
    ///
    /// # Errors
    /// As [`Integration::select`]; `Changed`, `ReplayDiffers`, `InFlight`.
    pub async fn select_once(
        &self,
        actor: &Actor,
        picked: &Picked,
        confirmed: bool,
        options: RunOptions,
        still: Option<Still<Kept>>,
        once: Option<Once<RunView>>,
    ) -> Result<Done<RunView>> {
        actor.administrator("select workspaces")?;
        let still = still.map(|still| still.of(Kept::of));
        self.0.once(actor, once, |once| self.selecting(actor, picked, confirmed, options, still, once)).await
    }

    async fn selecting(
        &self,
        actor: &Actor,
        picked: &Picked,
        confirmed: bool,
        options: RunOptions,
        still: Option<Still<Link>>,
        once: Option<Once<RunView>>,
    ) -> Result<Done<RunView>> {
        let selection = picked.read()?;
        let Ready { link, source } = self.ready(actor.account()).await?;
        // Who is too late need not be asked for a yes first.
        still.as_ref().map_or(Ok(()), |still| still.check(&link))?;
        let archives = self.0.store.archived_by_deselecting(actor.account(), &selection).await?;
        let needs_yes = !confirmed && (selection == Selection::none() || !archives.is_empty());
        // Toggl need not be asked about what was selected before only to ask for a yes afterwards.
        if needs_yes && refuse_unknown(&selection, &link, &[]).is_ok() {
            return Err(self.deselection(actor, &archives).await?);
        }
        let visible = self.heeded(actor, &link, source.workspaces().await).await?;
        refuse_unknown(&selection, &link, &visible)?;
        if needs_yes {
            return Err(self.deselection(actor, &archives).await?);
        }
        let consent = if options.confirm {
            Consent::Everything
        } else {
            Consent::Selection(archives.into_iter().flat_map(|workspace| workspace.tasks).collect())
        };
        let launch = Some(Launch { source, trigger: Trigger::Saved, consent, options });
        self.launch(actor, Step { what: What::Selection { selection, seen: visible }, still, launch }, once).await
    }

    /// Names what a save would archive, workspace by workspace (I3).
    async fn deselection(&self, actor: &Actor, archives: &[WorkspaceTasks]) -> Result<Error> {
        let count: usize = archives.iter().map(|workspace| workspace.tasks.len()).sum();
        let mut details = Vec::new();
        for workspace in archives {
            details.push(format!("{}: {}", workspace.name, tasks(workspace.tasks.len())));
            for task in workspace.tasks.iter().take(PATHS) {
                let row = self.0.store.task(actor.account(), actor.viewer(), *task).await?;
                details.extend(row.map(|row| format!("  {}", path_text(&row.path))));
            }
            if let Some(more) = workspace.tasks.len().checked_sub(PATHS).filter(|more| *more > 0) {
                details.push(format!("  and {more} more"));
            }
        }
        let what = if archives.is_empty() {
            "an empty selection mirrors nothing".to_owned()
        } else {
            format!("saving this selection archives {}", tasks(count))
        };
        Ok(Error::ConfirmationNeeded { what, details })
    }
}

fn tasks(count: usize) -> String {
    counted(u64::try_from(count).unwrap_or(u64::MAX), "task", "tasks")
}

/// Refuses picks that the token does not see, unless they were selected before (I3).
pub(super) fn refuse_unknown(selection: &Selection, link: &Link, visible: &[SourceWorkspace]) -> Result<()> {
    let Selection::Only(picked) = selection else { return Ok(()) };
    let sees: BTreeSet<ExternalId> = visible.iter().map(|workspace| workspace.id).collect();
    let unknown: Vec<String> =
        picked.iter().filter(|id| !sees.contains(id) && !was_selected(link, **id)).map(ToString::to_string).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let known = to_choose_from(link, visible).into_iter().map(|workspace| format!("{}  {}", workspace.id, workspace.name));
    Err(Error::UnknownWorkspace { unknown, known: known.collect() })
}

fn was_selected(link: &Link, workspace: ExternalId) -> bool {
    link.selection.holds(workspace)
        && (link.selection != Selection::All || link.workspaces.iter().any(|(id, _)| *id == workspace))
}

/// The workspaces that can be picked, by name as people expect, then by id.
pub(super) fn to_choose_from(link: &Link, visible: &[SourceWorkspace]) -> Vec<Workspace> {
    let seen: BTreeSet<ExternalId> = visible.iter().map(|workspace| workspace.id).collect();
    let name_of = |id| link.workspaces.iter().find(|(known, _)| *known == id).map_or_else(String::new, |(_, name)| name.clone());
    let known = link.workspaces.iter().map(|(id, _)| *id);
    let picked = match &link.selection {
        Selection::All => known.collect::<BTreeSet<_>>(),
        Selection::Only(picked) => picked.clone(),
    };
    let gone = picked.difference(&seen).map(|id| Workspace { id: *id, name: name_of(*id), selected: true, visible: false });
    let visible = visible.iter().map(|workspace| Workspace {
        id: workspace.id,
        name: workspace.name.as_str().to_owned(),
        selected: link.selection.holds(workspace.id),
        visible: true,
    });
    let mut all: Vec<Workspace> = visible.chain(gone).collect();
    all.sort_by_cached_key(|workspace| (SortKey::of(&workspace.name), workspace.id));
    all
}
