//! The link to Toggl as an administrator manages it (I2, I3, I15, I16).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{
    AccountId, Email, ExternalId, Fate, PersonId, Quota, Run, RunId, Selection, Settings, SettingsChange, SourceUser,
    SourceWorkspace, TaskId,
};

use crate::{BeginRun, Begun, Done, Once, Result, Still};

/// The integration of an account.
#[async_trait]
pub trait IntegrationStore: Send + Sync {
    /// The integration, if it was ever enabled.
    async fn integration(&self, account: AccountId) -> Result<Option<Integration>>;

    /// Saves what an administrator decided about it, and opens the run that follows: both in one step, if it is still as it was seen,
    /// and once under its key. Where another run is at work instead, [`Saved::begun`] says so, and the key stays free.
    ///
    /// # Errors
    /// `Integration` where it is not in the state that this needs; `Changed`, `ReplayDiffers`; and as
    /// [`SyncStore::begin_run`](crate::SyncStore::begin_run).
    async fn save(&self, account: AccountId, save: Save) -> Result<Done<Saved>>;

    /// Enables it for the first time: [`What::Enable`].
    ///
    /// # Errors
    /// As [`IntegrationStore::save`].
    async fn enable(&self, account: AccountId, enable: &Enable) -> Result<()> {
        self.save(account, Save::of(What::Enable(enable.clone()), enable.owner, enable.now)).await.map(drop)
    }

    /// Makes somebody the owner: [`What::ReEnable`].
    ///
    /// # Errors
    /// As [`IntegrationStore::save`].
    async fn re_enable(&self, account: AccountId, enable: &Enable) -> Result<()> {
        self.save(account, Save::of(What::ReEnable(enable.clone()), enable.owner, enable.now)).await.map(drop)
    }

    /// Saves the selection: [`What::Selection`].
    ///
    /// # Errors
    /// As [`IntegrationStore::save`].
    async fn select(
        &self,
        account: AccountId,
        selection: &Selection,
        seen: &[SourceWorkspace],
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let what = What::Selection { selection: selection.clone(), seen: seen.to_vec() };
        self.save(account, Save::of(what, by, now)).await.map(drop)
    }

    /// Changes the settings: [`What::Settings`].
    ///
    /// # Errors
    /// As [`IntegrationStore::save`].
    async fn save_settings(&self, account: AccountId, change: &SettingsChange, by: PersonId, now: DateTime<Utc>) -> Result<()> {
        self.save(account, Save::of(What::Settings(*change), by, now)).await.map(drop)
    }

    /// Destroys the token so that no byte of it is left in the file, ends a run under way, and archives or keeps what was
    /// imported (I15). Archived: automatic assignments end. Kept: they turn manual, remembered as such for re-enabling.
    ///
    /// Where a held run waits for a yes it is superseded. Suppressions and the settings stand, for re-enabling. What was archived
    /// before keeps its reason and time. Answers how many tasks it concerned: those that it archived, or those that it made
    /// native.
    ///
    /// # Errors
    /// `Integration` where it is not enabled, except that tasks archived by unlinking can still be kept later: those with the
    /// reason `unlinked` are active then, as if they had been kept at once, but for the assignments, which had ended.
    async fn unlink(&self, account: AccountId, fate: Fate, by: PersonId, now: DateTime<Utc>) -> Result<u32>;

    /// Marks that Toggl rejected the token, if that is still the one that is stored; once it is marked nothing changes (I17).
    async fn reject_token(&self, account: AccountId, sealed: &[u8], now: DateTime<Utc>) -> Result<()>;

    /// The people seen in the selected workspaces at the last sync, by email (N1); nobody while it is not enabled.
    async fn members(&self, account: AccountId) -> Result<Vec<KnownMember>>;

    /// Turns automatic assignments, the root's aside, into manual ones in the name of `by`; answers how many (P8).
    ///
    /// A manual one that stands beside an automatic one stays as it was made.
    async fn adopt_assignments(&self, account: AccountId, by: PersonId, now: DateTime<Utc>) -> Result<u32>;

    /// The active imported tasks that saving this selection would archive, by workspace in display order, those of none left out
    /// (I3). Each workspace's tasks come in display order.
    async fn archived_by_deselecting(&self, account: AccountId, selection: &Selection) -> Result<Vec<WorkspaceTasks>>;
}

/// The integration as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// Whether it is linked; false once unlinked (I15).
    pub linked: bool,
    /// Who enabled or re-enabled it last.
    pub owner: PersonId,
    /// Whose token it is (I2); nobody's once unlinked.
    pub toggl_user: Option<SourceUser>,
    /// The token, sealed; nothing once unlinked.
    pub sealed_token: Option<Vec<u8>>,
    /// Whether Toggl rejected the token (I17).
    pub token_rejected: bool,
    /// The root task, while there is one.
    pub root: Option<TaskId>,
    /// The workspaces picked.
    pub selection: Selection,
    /// How they are mirrored.
    pub settings: Settings,
    /// The names of workspaces seen, by their id.
    pub workspaces: Vec<(ExternalId, String)>,
    /// The run that was started last.
    pub last_run: Option<RunId>,
    /// When a run last succeeded.
    pub last_synced_at: Option<DateTime<Utc>>,
    /// What was left of the source's allowance when it was last heard of.
    pub quota: Option<Quota>,
}

/// What an administrator decided, with what it hangs on and what follows it.
#[derive(Debug, Clone)]
pub struct Save {
    /// What is saved.
    pub what: What,
    /// Who decided it.
    pub by: PersonId,
    /// The time.
    pub now: DateTime<Utc>,
    /// How it has to be still.
    pub still: Option<Still<Integration>>,
    /// The run to open.
    pub run: Option<BeginRun>,
    /// What it is asked for by, so that it counts once.
    pub once: Option<Once<Saved>>,
}

impl Save {
    /// Saves this, however the integration is, with no run that follows.
    #[must_use]
    pub fn of(what: What, by: PersonId, now: DateTime<Utc>) -> Self {
        Self { what, by, now, still: None, run: None, once: None }
    }
}

/// What can be saved of an integration.
#[derive(Debug, Clone)]
pub enum What {
    /// Nothing: there is just a run to open. It needs one that is enabled.
    Nothing,
    /// That it is enabled for the first time: stores the sealed token, creates the root task and assigns it to the owner (I2, I3,
    /// P3). It needs one that is not enabled; after unlinking this is the same as [`What::ReEnable`].
    Enable(Enable),
    /// That somebody is the owner, with their token (I16, P3). It needs one that was enabled once.
    ///
    /// The root task is there again and active, under its old number; the earlier owner's automatic assignment of it ends; the
    /// new owner's is made and a suppression of it lifted; assignments that unlinking turned manual are automatic again, while
    /// those that somebody made by hand beside them stay manual too. Selection, settings and suppressions stand. A run under way
    /// is cancelled (I11); what belonged to the earlier token is gone: kept parts, the mark that it was rejected, its allowance.
    ReEnable(Enable),
    /// What is mirrored; a run under way is cancelled, and kept parts are gone (I3, I11). It needs one that is enabled.
    Selection {
        /// The workspaces picked.
        selection: Selection,
        /// The workspaces that the token sees now; their names are remembered, so that one which is gone later still has a name.
        seen: Vec<SourceWorkspace>,
    },
    /// How it is mirrored; a run under way is cancelled (I4, I21). It needs one that is enabled.
    Settings(SettingsChange),
}

/// What saving came to.
#[derive(Debug)]
pub struct Saved {
    /// The integration as it stands.
    pub integration: Integration,
    /// The record of the run that was started last: of the one that follows, where one does.
    pub last_run: Option<Run>,
    /// What opening the run that follows came to.
    pub begun: Option<Begun>,
}

/// What enabling stores.
#[derive(Debug, Clone)]
pub struct Enable {
    /// Who becomes the owner.
    pub owner: PersonId,
    /// Whose token it is.
    pub toggl_user: SourceUser,
    /// The token, sealed.
    pub sealed_token: Vec<u8>,
    /// The workspaces that it sees.
    pub workspaces: Vec<SourceWorkspace>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// Somebody who was seen in a mirrored workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownMember {
    /// Their address.
    pub email: Email,
    /// Their name in Toggl.
    pub name: String,
    /// The names of the mirrored workspaces they are in, in display order.
    pub workspaces: Vec<String>,
    /// Whether they joined at least one of them.
    pub joined: bool,
    /// Who they are here.
    pub person: Option<PersonId>,
}

/// Active imported tasks of one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceTasks {
    /// The workspace.
    pub workspace: ExternalId,
    /// Its name.
    pub name: String,
    /// Its task and all active ones below it.
    pub tasks: Vec<TaskId>,
}
