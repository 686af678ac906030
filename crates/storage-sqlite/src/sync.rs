//! What the sync engine needs (I10–I14, I19).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::plan::{Current, Item, ShownChanges};
use tallyport_domain::{AccountId, Part, PersonId, Roster, RosterPerson, Run, RunId};
use tallyport_storage::{Application, BeginRun, Begun, Ended, Heartbeat, Held, Lease, StoreError, SyncState, SyncStore};

use crate::Sqlite;
use crate::apply;
use crate::assignments::{self, AUTOMATIC, SUPPRESSED};
use crate::changes::missing;
use crate::errors::Result;
use crate::history;
use crate::integration;
use crate::rows::{self, Statements, TASK, from_json};
use crate::runs;

fn state(db: &Connection, account: AccountId) -> Result<SyncState> {
    let owner = integration::must_be_linked(db, account)?;
    let terms = db.one(
        "SELECT structure, selection, settings FROM integrations JOIN accounts USING (account_id) WHERE account_id = ?1",
        [account.0],
        |row| Ok((row.get(0)?, from_json(row.get_ref(1)?.as_str()?)?, from_json(row.get_ref(2)?.as_str()?)?)),
    )?;
    let (version, selection, settings) = terms.ok_or_else(|| missing("account"))?;
    let tasks = db.all(&format!("SELECT {TASK} FROM tasks WHERE account_id = ?1 ORDER BY task_id"), [account.0], rows::task)?;
    let people =
        db.all("SELECT person_id, email_key, active FROM people WHERE account_id = ?1 ORDER BY person_id", [account.0], |row| {
            Ok(RosterPerson { id: PersonId(row.get(0)?), email_key: row.get(1)?, active: row.get(2)? })
        })?;
    let automatic = assignments::all_where(db, account, AUTOMATIC)?;
    let suppressions = assignments::all_where(db, account, SUPPRESSED)?;
    let current = Current { tasks, automatic, suppressions };
    Ok(SyncState { version, current, roster: Roster { people, owner }, selection, settings })
}

#[async_trait]
impl SyncStore for Sqlite {
    async fn sync_state(&self, account: AccountId) -> Result<SyncState, StoreError> {
        self.read(move |db| state(db, account)).await
    }

    async fn begin_run(&self, account: AccountId, begin: &BeginRun) -> Result<Begun, StoreError> {
        let begin = begin.clone();
        self.write(move |db| runs::begin(db, account, &begin)).await
    }

    async fn heartbeat(&self, account: AccountId, lease: &Lease, beat: &Heartbeat) -> Result<(), StoreError> {
        let (lease, beat) = (*lease, *beat);
        self.write(move |db| runs::heartbeat(db, account, &lease, &beat)).await
    }

    async fn stage_parts(&self, account: AccountId, lease: &Lease, parts: &[Part]) -> Result<(), StoreError> {
        let (lease, parts) = (*lease, parts.to_vec());
        self.write(move |db| runs::stage(db, account, &lease, &parts)).await
    }

    async fn apply(&self, account: AccountId, lease: &Lease, application: Application) -> Result<Run, StoreError> {
        let lease = *lease;
        self.write(move |db| apply::apply(db, account, &lease, &application)).await
    }

    async fn hold(&self, account: AccountId, lease: &Lease, held: Held) -> Result<Run, StoreError> {
        let Held { application, hold, shown } = held;
        let lease = *lease;
        self.write(move |db| apply::hold(db, account, &lease, &application, &hold, &shown)).await
    }

    async fn end_run(&self, account: AccountId, lease: &Lease, ended: Ended) -> Result<Run, StoreError> {
        let lease = *lease;
        self.write(move |db| runs::end(db, account, &lease, &ended)).await
    }

    async fn cancel_run(
        &self,
        account: AccountId,
        by: Option<PersonId>,
        now: DateTime<Utc>,
    ) -> Result<Option<RunId>, StoreError> {
        self.write(move |db| runs::cancel(db, account, by, now)).await
    }

    async fn reject_run(&self, account: AccountId, run: RunId, by: PersonId, now: DateTime<Utc>) -> Result<Run, StoreError> {
        self.write(move |db| runs::reject(db, account, run, by, now)).await
    }

    async fn shown_changes(&self, account: AccountId, run: RunId) -> Result<ShownChanges, StoreError> {
        self.read(move |db| runs::shown(db, account, run)).await
    }

    async fn run(&self, account: AccountId, run: RunId) -> Result<Option<Run>, StoreError> {
        self.read(move |db| runs::find(db, account, run)).await
    }

    async fn runs(&self, account: AccountId, before: Option<RunId>, limit: u32) -> Result<Vec<Run>, StoreError> {
        self.read(move |db| runs::list(db, account, before, limit)).await
    }

    async fn run_items(&self, account: AccountId, run: RunId, skip: u32, limit: u32) -> Result<Vec<Item>, StoreError> {
        self.read(move |db| history::items(db, account, run, skip, limit)).await
    }
}
