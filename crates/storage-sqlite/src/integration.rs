//! The link to Toggl as an administrator manages it (I2, I3, I15, I16).

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};
use tallyport_domain::{
    AccountId, ExternalId, Fate, Grant, Name, PersonId, RunId, Selection, Settings, SettingsChange, SourceWorkspace, TaskId,
    search_key,
};
use tallyport_storage::{
    Begun, Done, Enable, Integration, IntegrationStore, KnownMember, Save, Saved, StoreError, Subject, What, WorkspaceTasks,
};

use crate::Sqlite;
use crate::assignments;
use crate::changes::{Counter, noted, restructured, take};
use crate::errors::Result;
use crate::forest::Forest;
use crate::log;
use crate::once::once_if;
use crate::people;
use crate::rows::{Statements, counted, email, from_json, instant, json, json_column, stored};
use crate::runs;

/// What the task above everything imported is called until the first sync.
const ROOT: &str = "Toggl";

fn find(db: &Connection, account: AccountId) -> Result<Option<Integration>> {
    let link = db.one(
        "SELECT linked, owner_id, toggl_user, token_rejected, selection, settings, last_synced_at, quota, sealed, last_run
         FROM integrations JOIN accounts USING (account_id) LEFT JOIN tokens USING (account_id) WHERE account_id = ?1",
        [account.0],
        read,
    )?;
    let Some(link) = link else { return Ok(None) };
    let workspaces =
        db.all("SELECT external_id, name FROM workspaces WHERE account_id = ?1 ORDER BY external_id", [account.0], |row| {
            Ok((ExternalId(row.get(0)?), row.get(1)?))
        })?;
    Ok(Some(Integration { root: root(db, account)?, workspaces, ..link }))
}

fn known(db: &Connection, account: AccountId) -> Result<Integration> {
    find(db, account)?.ok_or_else(|| StoreError::Integration { enabled: false }.into())
}

/// Reads what stands in the integration's own rows.
fn read(row: &Row<'_>) -> Result<Integration> {
    let last_run = row.get::<_, i64>(9)?;
    Ok(Integration {
        linked: row.get(0)?,
        owner: PersonId(row.get(1)?),
        toggl_user: json_column(row, 2)?,
        token_rejected: row.get(3)?,
        selection: from_json(row.get_ref(4)?.as_str()?)?,
        settings: from_json(row.get_ref(5)?.as_str()?)?,
        last_synced_at: row.get::<_, Option<i64>>(6)?.map(instant).transpose()?,
        quota: json_column(row, 7)?,
        sealed_token: row.get(8)?,
        last_run: (last_run > 0).then_some(RunId(last_run)),
        root: None,
        workspaces: Vec::new(),
    })
}

/// The owner of the integration, if there is one and whether it is linked.
fn owner(db: &Connection, account: AccountId) -> Result<Option<(PersonId, bool)>> {
    db.one("SELECT owner_id, linked FROM integrations WHERE account_id = ?1", [account.0], |row| {
        Ok((PersonId(row.get(0)?), row.get(1)?))
    })
}

/// The owner of the integration, while it is linked.
pub(crate) fn owner_if_linked(db: &Connection, account: AccountId) -> Result<Option<PersonId>> {
    Ok(owner(db, account)?.and_then(|(owner, linked)| linked.then_some(owner)))
}

/// Refuses where the account is not linked; answers the owner.
pub(crate) fn must_be_linked(db: &Connection, account: AccountId) -> Result<PersonId> {
    owner_if_linked(db, account)?.ok_or_else(|| StoreError::Integration { enabled: false }.into())
}

/// The imported root, archived or not.
pub(crate) fn root(db: &Connection, account: AccountId) -> Result<Option<TaskId>> {
    db.one("SELECT task_id FROM tasks WHERE account_id = ?1 AND kind = 'root' AND origin = 'imported'", [account.0], |row| {
        Ok(TaskId(row.get(0)?))
    })
}

/// The imported root, unless it is archived.
pub(crate) fn active_root(db: &Connection, account: AccountId) -> Result<Option<TaskId>> {
    db.one(
        "SELECT task_id FROM tasks WHERE account_id = ?1 AND kind = 'root' AND origin = 'imported' AND archived_reason IS NULL",
        [account.0],
        |row| Ok(TaskId(row.get(0)?)),
    )
}

/// Saves what was decided, and opens the run that follows; see the port.
fn saved(db: &Connection, account: AccountId, save: &Save) -> Result<Saved> {
    let Save { what, by, now, still, run, once: _ } = save;
    if let Some(still) = still {
        still.check(&known(db, account)?)?;
    }
    match what {
        What::Nothing => drop(must_be_linked(db, account)?),
        What::Enable(new) => enable(db, account, new)?,
        What::ReEnable(new) => re_enable(db, account, new)?,
        What::Selection { selection, seen } => select(db, account, selection, seen, *by, *now)?,
        What::Settings(change) => save_settings(db, account, *change, *by, *now)?,
    }
    let begun = run.as_ref().map(|run| runs::begin(db, account, run)).transpose()?;
    let integration = known(db, account)?;
    let last_run = integration.last_run.map(|run| runs::known(db, account, run)).transpose()?;
    Ok(Saved { integration, last_run, begun })
}

fn enable(db: &Connection, account: AccountId, enable: &Enable) -> Result<()> {
    match owner(db, account)? {
        Some((_, true)) => return Err(StoreError::Integration { enabled: true }.into()),
        Some((_, false)) => return re_enable(db, account, enable),
        None => {}
    }
    db.run(
        "INSERT INTO integrations (account_id, linked, owner_id, selection, settings) VALUES (?1, 0, ?2, ?3, ?4)",
        (account.0, people::known(db, account, enable.owner)?.id.0, json(&Selection::none())?, json(&Settings::default())?),
    )?;
    link(db, account, enable)
}

fn re_enable(db: &Connection, account: AccountId, enable: &Enable) -> Result<()> {
    if owner(db, account)?.is_none() {
        return Err(StoreError::Integration { enabled: false }.into());
    }
    people::known(db, account, enable.owner)?;
    runs::cancel(db, account, Some(enable.owner), enable.now)?;
    runs::drop_parts(db, account)?;
    assignments::restore_automatic(db, account, enable.now)?;
    link(db, account, enable)
}

/// Stores the token, and gives its owner the root (P3).
fn link(db: &Connection, account: AccountId, enable: &Enable) -> Result<()> {
    db.run(
        "UPDATE integrations
         SET linked = 1, owner_id = ?2, toggl_user = ?3, token_rejected = 0, quota = NULL, schedule_since = ?4
         WHERE account_id = ?1",
        (account.0, enable.owner.0, json(&enable.toggl_user)?, stored(enable.now)),
    )?;
    // An earlier token goes the way of one that is unlinked.
    destroy_token(db, account)?;
    db.run("INSERT INTO tokens (account_id, sealed) VALUES (?1, ?2)", (account.0, &enable.sealed_token))?;
    see(db, account, &enable.workspaces)?;

    let root = ensure_root(db, account)?;
    assignments::end_automatic_where(db, "task_id = ?2 AND person_id <> ?3", &[account.0, root.0, enable.owner.0], enable.now)?;
    let grant = Grant { person: enable.owner, task: root };
    assignments::make_automatic(db, account, grant, enable.now, None)?;
    let lift = "UPDATE assignments SET suppressed = 0 WHERE account_id = ?1 AND task_id = ?2 AND person_id = ?3";
    db.run(lift, (account.0, root.0, enable.owner.0))?;
    restructured(db, account, Subject::Integration, Some(enable.owner), enable.now)
}

/// Destroys the token that is stored, if one is (I15).
fn destroy_token(db: &Connection, account: AccountId) -> Result<()> {
    let destroyed = db.run("DELETE FROM tokens WHERE account_id = ?1", [account.0])?;
    if destroyed > 0 { log::mark(db) } else { Ok(()) }
}

/// The root, active and imported: the one there was, or a new one (I3, I16).
fn ensure_root(db: &Connection, account: AccountId) -> Result<TaskId> {
    let found = db.one(
        "UPDATE tasks SET origin = 'imported', archived_reason = NULL, archived_at = NULL
         WHERE account_id = ?1 AND kind = 'root' RETURNING task_id",
        [account.0],
        |row| Ok(TaskId(row.get(0)?)),
    )?;
    if let Some(root) = found {
        return Ok(root);
    }
    let root = TaskId(take(db, account, Counter::Task, 1)?);
    let name = Name::from_source(ROOT);
    db.run(
        "INSERT INTO tasks (account_id, task_id, name, sort_key, search_key, origin, kind)
         VALUES (?1, ?2, ?3, ?4, ?5, 'imported', 'root')",
        (account.0, root.0, name.as_str(), name.sort_key().as_bytes(), search_key(name.as_str())),
    )?;
    Ok(root)
}

/// Remembers the names of workspaces.
fn see(db: &Connection, account: AccountId, workspaces: &[SourceWorkspace]) -> Result<()> {
    for workspace in workspaces {
        db.run(
            "INSERT INTO workspaces (account_id, external_id, name) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET name = excluded.name",
            (account.0, workspace.id.0, workspace.name.as_str()),
        )?;
    }
    Ok(())
}

/// Destroys the token and archives or keeps what was imported; see the port.
pub(crate) fn unlink(db: &Connection, account: AccountId, fate: Fate, by: PersonId, now: DateTime<Utc>) -> Result<u32> {
    // Imported tasks outlive the link only where unlinking archived them, and those can be kept later.
    let keeps_archived = fate == Fate::Keep && root(db, account)?.is_some();
    if owner_if_linked(db, account)?.is_none() && !keeps_archived {
        return Err(StoreError::Integration { enabled: false }.into());
    }
    runs::cancel(db, account, Some(by), now)?;
    runs::drop_parts(db, account)?;
    runs::supersede(db, account)?;
    destroy_token(db, account)?;
    db.run(
        "UPDATE integrations SET linked = 0, toggl_user = NULL, token_rejected = 0, quota = NULL WHERE account_id = ?1",
        [account.0],
    )?;
    let concerned = match fate {
        Fate::Archive => {
            assignments::end_automatic_where(db, "TRUE", &[account.0], now)?;
            db.run(
                "UPDATE tasks SET archived_reason = 'unlinked', archived_at = ?2
                 WHERE account_id = ?1 AND origin = 'imported' AND archived_reason IS NULL",
                (account.0, stored(now)),
            )?
        }
        Fate::Keep => {
            assignments::turn_manual(db, account, by, now)?;
            // What an earlier unlinking archived was active before it, and so was all above it.
            db.run(
                "UPDATE tasks SET archived_reason = NULL, archived_at = NULL
                 WHERE account_id = ?1 AND origin = 'imported' AND archived_reason = 'unlinked'",
                [account.0],
            )?;
            db.run("UPDATE tasks SET origin = 'kept' WHERE account_id = ?1 AND origin = 'imported'", [account.0])?
        }
    };
    restructured(db, account, Subject::Integration, Some(by), now)?;
    Ok(counted(concerned))
}

fn select(
    db: &Connection,
    account: AccountId,
    selection: &Selection,
    seen: &[SourceWorkspace],
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    saving(db, account, by, now)?;
    db.run("UPDATE integrations SET selection = ?2 WHERE account_id = ?1", (account.0, json(selection)?))?;
    see(db, account, seen)?;
    restructured(db, account, Subject::Integration, Some(by), now)
}

fn save_settings(db: &Connection, account: AccountId, change: SettingsChange, by: PersonId, now: DateTime<Utc>) -> Result<()> {
    saving(db, account, by, now)?;
    let saved = "SELECT settings FROM integrations WHERE account_id = ?1";
    let saved: Option<Settings> = db.one(saved, [account.0], |row| from_json(row.get_ref(0)?.as_str()?))?;
    let saved = saved.unwrap_or_default();
    let settings = saved.changed(change);
    if settings.schedule != saved.schedule {
        db.run("UPDATE integrations SET schedule_since = ?2 WHERE account_id = ?1", (account.0, stored(now)))?;
    }
    db.run("UPDATE integrations SET settings = ?2 WHERE account_id = ?1", (account.0, json(&settings)?))?;
    restructured(db, account, Subject::Integration, Some(by), now)
}

/// What every save of the integration does: it ends the run under way, and what was read for it serves no more (I11).
fn saving(db: &Connection, account: AccountId, by: PersonId, now: DateTime<Utc>) -> Result<()> {
    must_be_linked(db, account)?;
    runs::cancel(db, account, Some(by), now)?;
    runs::drop_parts(db, account)
}

fn reject_token(db: &Connection, account: AccountId, sealed: &[u8], now: DateTime<Utc>) -> Result<()> {
    let marked = db.run(
        "UPDATE integrations SET token_rejected = 1 WHERE account_id = ?1 AND token_rejected = 0
         AND EXISTS (SELECT 1 FROM tokens WHERE account_id = ?1 AND sealed = ?2)",
        (account.0, sealed),
    )?;
    if marked > 0 { noted(db, account, Subject::Integration, None, now) } else { Ok(()) }
}

fn members(db: &Connection, account: AccountId) -> Result<Vec<KnownMember>> {
    let Some(Integration { linked: true, selection, .. }) = find(db, account)? else { return Ok(Vec::new()) };
    let rows = db.all(
        "SELECT m.email, m.name, m.joined, t.external_id, t.name, p.person_id
         FROM members m
         JOIN tasks t ON t.account_id = m.account_id AND t.kind = 'workspace' AND coalesce(t.external_id, 0) = m.workspace_id
         LEFT JOIN people p ON p.account_id = m.account_id AND p.email_key = m.email_key
         WHERE m.account_id = ?1 AND t.origin = 'imported' AND t.archived_reason IS NULL
         ORDER BY m.email_key, t.sort_key, t.task_id",
        [account.0],
        |row| {
            let member = KnownMember {
                email: email(row, 0)?,
                name: row.get(1)?,
                workspaces: vec![row.get(4)?],
                joined: row.get(2)?,
                person: row.get::<_, Option<i64>>(5)?.map(PersonId),
            };
            Ok((ExternalId(row.get(3)?), member))
        },
    )?;
    let mut members: BTreeMap<String, KnownMember> = BTreeMap::new();
    for (_, member) in rows.into_iter().filter(|(workspace, _)| selection.holds(*workspace)) {
        let known = members.get_mut(member.email.key());
        match known {
            Some(known) => {
                known.workspaces.extend(member.workspaces);
                known.joined |= member.joined;
            }
            None => {
                members.insert(member.email.key().to_owned(), member);
            }
        }
    }
    Ok(members.into_values().collect())
}

#[async_trait]
impl IntegrationStore for Sqlite {
    async fn integration(&self, account: AccountId) -> Result<Option<Integration>, StoreError> {
        self.read(move |db| find(db, account)).await
    }

    async fn save(&self, account: AccountId, save: Save) -> Result<Done<Saved>, StoreError> {
        let replaces = matches!(save.what, What::ReEnable(_));
        let saved = self
            .write(move |db| {
                let at_work = |saved: &Saved| matches!(saved.begun, Some(Begun::UnderWay { .. }));
                let made = || saved(db, account, &save);
                once_if(db, account, save.by, save.now, save.once.as_ref(), made, |saved| !at_work(saved))
            })
            .await?;
        // An earlier token was destroyed.
        if replaces {
            self.empty_log().await;
        }
        Ok(saved)
    }

    async fn unlink(&self, account: AccountId, fate: Fate, by: PersonId, now: DateTime<Utc>) -> Result<u32, StoreError> {
        let concerned = self.write(move |db| unlink(db, account, fate, by, now)).await?;
        self.empty_log().await;
        Ok(concerned)
    }

    async fn reject_token(&self, account: AccountId, sealed: &[u8], now: DateTime<Utc>) -> Result<(), StoreError> {
        let sealed = sealed.to_vec();
        self.write(move |db| reject_token(db, account, &sealed, now)).await
    }

    async fn members(&self, account: AccountId) -> Result<Vec<KnownMember>, StoreError> {
        self.read(move |db| members(db, account)).await
    }

    async fn adopt_assignments(&self, account: AccountId, by: PersonId, now: DateTime<Utc>) -> Result<u32, StoreError> {
        self.write(move |db| assignments::adopt(db, account, by, now).map(counted)).await
    }

    async fn archived_by_deselecting(
        &self,
        account: AccountId,
        selection: &Selection,
    ) -> Result<Vec<WorkspaceTasks>, StoreError> {
        let selection = selection.clone();
        self.read(move |db| Ok(Forest::load(db, account)?.left_out(&selection))).await
    }
}
