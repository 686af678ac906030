//! The cheapest complete snapshot: which lists are read, in which order, and what a refusal of one means (I8, I10).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::lock::Mutex;
use futures_util::{StreamExt, TryStreamExt, stream};
use tallyport_domain::{
    Content, ExternalId, Kind, Known, ListProof, Parts, Proof, ReadRequest, Reading, Selection, Snapshot, SourceError,
    SourceTask, WorkspaceContent, WorkspaceSnapshot,
};

use crate::asker::{Asker, Connection, Trouble};
use crate::classify::Refusal;
use crate::endpoint::{Bucket, Endpoint};
use crate::lists::{self, Of};
use crate::members::{Members, WORTH_IT};
use crate::pages;
use crate::resume::Kept;
use crate::wire::Seen;

/// What an hour allows, without a paid plan and with one.
const FREE: u32 = 30;
const PAID: u32 = 240;
/// The largest page, by which lists are priced.
const PAGE: usize = 200;

/// Reads everything that is asked for.
pub(crate) async fn read(connection: &Connection, request: ReadRequest, parts: &dyn Parts) -> Result<Reading, SourceError> {
    let key = connection.credential.seal(&connection.base);
    let reader = Reader {
        asker: Asker::new(connection, parts),
        kept: Kept::new(key, request.kept),
        known: request.known,
        selection: request.selection.unwrap_or(Selection::All),
        members: Mutex::default(),
        token_proven: Mutex::default(),
    };
    reader.read().await
}

/// Reads the visible workspaces alone.
pub(crate) async fn workspaces(connection: &Connection, parts: &dyn Parts) -> Result<Vec<Seen>, SourceError> {
    let asker = Asker::new(connection, parts);
    let kept = Kept::new(connection.credential.seal(&connection.base), Vec::new());
    Ok(visible(&asker, &kept).await?.0)
}

async fn visible(asker: &Asker<'_>, kept: &Kept) -> Result<(Vec<Seen>, ListProof), SourceError> {
    pages::read(asker, kept, &lists::workspaces()).await.map_err(|trouble| match trouble {
        Trouble::Refused(refusal) if refusal.login => rejected(&refusal),
        Trouble::Refused(refusal) => refusal.into(),
        Trouble::Failed(error) => error,
        Trouble::NotInPlan => unreachable!("a list that every plan has is never missing from one"),
    })
}

/// The error for a token that Toggl refused.
pub(crate) fn rejected(refusal: &Refusal) -> SourceError {
    SourceError::TokenRejected { detail: format!("status {}: {}", refusal.status, refusal.detail) }
}

struct Reader<'a> {
    asker: Asker<'a>,
    kept: Kept,
    known: Known,
    selection: Selection,
    /// Locked while members are read: what is found out for one workspace is not asked again for the next.
    members: Mutex<Members>,
    /// Whether Toggl took the token after it had refused a list.
    token_proven: Mutex<bool>,
}

/// From when on kept pages of each bucket are good.
type NotBefore = HashMap<Bucket, DateTime<Utc>>;

impl Reader<'_> {
    async fn read(mut self) -> Result<Reading, SourceError> {
        self.asker.tracker().expect("workspaces", 1);
        let (visible, proof) = visible(&self.asker, &self.kept).await?;
        let selected = visible.iter().filter(|seen| self.selection.holds(seen.id()));
        let selected: Vec<Seen> = selected.cloned().collect();
        let not_before = self.plan(&selected);

        let mut readings = Vec::with_capacity(visible.len());
        for seen in visible {
            readings.push(self.workspace(seen, &not_before));
        }
        let side_by_side = self.asker.connection.limits.side_by_side();
        let read: Vec<(WorkspaceSnapshot, Vec<ListProof>)> = stream::iter(readings).buffered(side_by_side).try_collect().await?;
        let (workspaces, proofs): (_, Vec<_>) = read.into_iter().unzip();
        self.asker.tracker().finish();
        self.asker.report();
        let lists = std::iter::once(proof).chain(proofs.into_iter().flatten()).collect();
        Ok(Reading { snapshot: Snapshot { workspaces }, proof: Proof { lists } })
    }

    /// Prices the lists that will be read, and says from when on kept pages are good: for as many of a bucket's
    /// windows as the price needs, plus one (I19).
    fn plan(&mut self, selected: &[Seen]) -> NotBefore {
        let mut by_organization: HashMap<i64, Vec<&Seen>> = HashMap::new();
        for seen in selected {
            if let Some(organization) = seen.organization {
                by_organization.entry(organization).or_default().push(seen);
            }
        }
        let mut prices: HashMap<Bucket, (u32, u32)> = HashMap::new();
        for (organization, workspaces) in by_organization {
            if workspaces.len() >= WORTH_IT && workspaces.iter().all(|seen| seen.workspace.administered) {
                let ids: Vec<ExternalId> = workspaces.iter().map(|seen| seen.id()).collect();
                let list = lists::organization_users(organization, &ids, None).id;
                let price = self.price(&list, 0);
                self.asker.tracker().expect(&list, price);
                prices.insert(Bucket::Organization(organization), (price, FREE));
                self.members.get_mut().together.insert(organization, ids);
            }
        }
        for seen in selected {
            let of = Of { seen, not_before: None };
            let known = |kind| self.known.of(seen.id(), kind).len();
            let together = &self.members.get_mut().together;
            let together = seen.organization.is_some_and(|organization| together.contains_key(&organization));
            let lists = [
                ("clients", Some(0)),
                ("projects", Some(known(Kind::Project))),
                ("tasks", (seen.premium != Some(false)).then(|| known(Kind::Task))),
                ("members", (!together).then_some(0)),
            ];
            let (sum, allowance) = prices.entry(of.bucket()).or_insert((0, FREE));
            for (list, known) in lists {
                let Some(known) = known else { continue };
                let id = of.id(list);
                let price = self.kept.pages(&id).max(price(known));
                *sum += price;
                self.asker.tracker().expect(&id, price);
            }
            if seen.premium == Some(true) {
                *allowance = PAID;
            }
        }
        self.asker.tracker().state.workspaces = u32::try_from(selected.len()).unwrap_or(u32::MAX);
        let now = self.asker.now();
        let reserve = self.asker.connection.limits.reserve();
        let oldest = |(sum, allowance): (u32, u32)| {
            let windows = sum.div_ceil(allowance.saturating_sub(reserve).max(1)) + 1;
            now - TimeDelta::hours(windows.min(1000).into())
        };
        prices.into_iter().map(|(bucket, price)| (bucket, oldest(price))).collect()
    }

    fn price(&self, list: &str, known: usize) -> u32 {
        self.kept.pages(list).max(price(known))
    }

    /// Reads a workspace, if it is selected. One that refuses its lists stays as it is, and the others go on (I8).
    async fn workspace(&self, seen: Seen, not_before: &NotBefore) -> Result<(WorkspaceSnapshot, Vec<ListProof>), SourceError> {
        let mut proofs = Vec::new();
        let content = if self.selection.holds(seen.id()) {
            self.asker.tracker().state.workspace = Some(seen.workspace.name.clone());
            let bucket = Of { seen: &seen, not_before: None }.bucket();
            let of = Of { seen: &seen, not_before: not_before.get(&bucket).copied() };
            let content = match self.content(of, &mut proofs).await {
                Ok(content) => Content::Read(content),
                Err(trouble) => self.refused(of, trouble).await?,
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
    async fn content(&self, of: Of<'_>, proofs: &mut Vec<ListProof>) -> Result<WorkspaceContent, Trouble> {
        let Self { asker, kept, known, members, .. } = self;
        let known = |kind| known.of(of.seen.id(), kind);
        let (clients, proof) = pages::read(asker, kept, &of.clients()).await?;
        proofs.push(proof);
        let (projects, proof) = pages::read(asker, kept, &of.projects(known(Kind::Project))).await?;
        proofs.push(proof);
        let tasks = tasks(asker, kept, of, known(Kind::Task), proofs).await?;
        let members = members.lock().await.of(asker, kept, of, proofs).await?;
        Ok(WorkspaceContent { clients, projects, tasks, members })
    }

    /// What there is of a workspace with whose lists there is trouble.
    async fn refused(&self, of: Of<'_>, trouble: Trouble) -> Result<Content, SourceError> {
        for list in ["clients", "projects", "tasks", "members"] {
            self.asker.tracker().expect(&of.id(list), 0);
        }
        self.settle(trouble).await.map(Content::Refused)
    }

    /// Says what trouble with a workspace's own lists means: a text where only they are refused, else the end.
    async fn settle(&self, trouble: Trouble) -> Result<String, SourceError> {
        let refusal = match trouble {
            Trouble::Failed(error) => return Err(error),
            Trouble::NotInPlan => unreachable!("only tasks are missing from a plan, and those are read without"),
            Trouble::Refused(refusal) => refusal,
        };
        if refusal.login {
            return Err(rejected(&refusal));
        }
        if matches!(refusal.status, 401 | 403) {
            self.prove_token().await?;
        }
        match refusal.status {
            403 | 404 => Ok(SourceError::from(refusal).to_string()),
            _ => Err(refusal.into()),
        }
    }

    /// Finds out whether Toggl still takes the token, once in a reading: a second refusal of the same kind would be as dear.
    async fn prove_token(&self) -> Result<(), SourceError> {
        let mut proven = self.token_proven.lock().await;
        if *proven {
            return Ok(());
        }
        match self.asker.get(&Endpoint::me()).await {
            Ok(_) => {
                *proven = true;
                Ok(())
            }
            Err(Trouble::Refused(refusal)) if refusal.login => Err(rejected(&refusal)),
            Err(Trouble::Refused(refusal)) => Err(refusal.into()),
            Err(Trouble::Failed(error)) => Err(error),
            Err(Trouble::NotInPlan) => unreachable!("every plan has its own person"),
        }
    }
}

/// Tasks, where the plan has any: what cannot be read is not taken for gone (I10).
async fn tasks(
    asker: &Asker<'_>,
    kept: &Kept,
    of: Of<'_>,
    known: &[ExternalId],
    proofs: &mut Vec<ListProof>,
) -> Result<Option<Vec<SourceTask>>, Trouble> {
    if of.seen.premium == Some(false) {
        return Ok(None);
    }
    match pages::read(asker, kept, &of.tasks(known)).await {
        Ok((tasks, proof)) => {
            proofs.push(proof);
            Ok(Some(tasks))
        }
        Err(Trouble::NotInPlan) => {
            asker.tracker().expect(&of.id("tasks"), 0);
            Ok(None)
        }
        Err(trouble) => Err(trouble),
    }
}

/// How many requests a list of so many items takes, as far as is known.
fn price(known: usize) -> u32 {
    u32::try_from(known.div_ceil(PAGE)).unwrap_or(u32::MAX).max(1)
}
