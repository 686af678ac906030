//! Syncs that run by themselves (I4, I14).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::{AccountId, Outcome, PersonId, RunId, ScheduledRuns, Settings};
use tallyport_storage::{ScheduleStore, Scheduled, StoreError};

use crate::Sqlite;
use crate::errors::Result;
use crate::outbox::{self, About};
use crate::rows::{self, RUN, Statements, counted, from_json, instant};

fn all(db: &Connection) -> Result<Vec<Scheduled>> {
    let linked = db.all(
        "SELECT account_id, owner_id, settings, schedule_since, told_run FROM integrations WHERE linked ORDER BY account_id",
        [],
        |row| {
            let settings: Settings = from_json(row.get_ref(2)?.as_str()?)?;
            let scheduled = settings.schedule.map(|every| {
                Ok(Scheduled {
                    account: AccountId(row.get(0)?),
                    owner: PersonId(row.get(1)?),
                    every,
                    last: None,
                    since: instant(row.get(3)?)?,
                    told: row.get::<_, Option<i64>>(4)?.map(RunId),
                })
            });
            scheduled.transpose()
        },
    )?;
    let last = format!("SELECT {RUN} FROM runs WHERE account_id = ?1 ORDER BY run_id DESC LIMIT 1");
    let scheduled = linked.into_iter().flatten();
    scheduled.map(|it| Ok(Scheduled { last: db.one(&last, [it.account.0], rows::run)?, ..it })).collect()
}

/// How the last scheduled runs ended.
fn ended(db: &Connection, account: AccountId, told: Option<RunId>) -> Result<ScheduledRuns> {
    let newest = db.all(
        "SELECT run_id, outcome FROM runs WHERE account_id = ?1 AND trigger = 'schedule' ORDER BY run_id DESC LIMIT 2",
        [account.0],
        |row| Ok((RunId(row.get(0)?), rows::outcome(row, 1)?)),
    )?;
    let others = "SELECT 1 FROM runs WHERE account_id = ?1 AND trigger = 'schedule' AND run_id >= ?2 AND outcome <> ?3 LIMIT 1";
    let failing_since_told = match told {
        Some(told) => db.one(others, (account.0, told.0, Outcome::Failed.as_str()), |_| Ok(()))?.is_none(),
        None => false,
    };
    let mut newest = newest.into_iter();
    Ok(ScheduledRuns { last: newest.next(), before: newest.next().map(|(_, outcome)| outcome), told, failing_since_told })
}

fn tell(db: &Connection, account: AccountId, now: DateTime<Utc>) -> Result<u32> {
    let told = db.one("SELECT told_run FROM integrations WHERE account_id = ?1", [account.0], |row| {
        Ok(row.get::<_, Option<i64>>(0)?.map(RunId))
    })?;
    let Some(told) = told else { return Ok(0) };
    let Some((run, kind)) = ended(db, account, told)?.to_tell() else { return Ok(0) };
    let administrators = db.all(
        "SELECT person_id FROM people WHERE account_id = ?1 AND role = 'administrator' AND active ORDER BY person_id",
        [account.0],
        |row| Ok(PersonId(row.get(0)?)),
    )?;
    for administrator in &administrators {
        outbox::queue(db, account, kind, About::Run(*administrator, run), now)?;
    }
    db.run("UPDATE integrations SET told_run = ?2 WHERE account_id = ?1", (account.0, run.0))?;
    Ok(counted(administrators.len()))
}

#[async_trait]
impl ScheduleStore for Sqlite {
    async fn schedules(&self) -> Result<Vec<Scheduled>, StoreError> {
        self.read(all).await
    }

    async fn tell_of_schedule(&self, account: AccountId, now: DateTime<Utc>) -> Result<u32, StoreError> {
        self.write(move |db| tell(db, account, now)).await
    }
}
