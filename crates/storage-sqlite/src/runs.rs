//! Runs and the lease that lets one process at a time end one (I11, I14).

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::plan::{Counts, ShownChanges};
use tallyport_domain::{AccountId, Outcome, Part, PersonId, Proof, Quota, Run, RunError, RunId};
use tallyport_storage::{BeginRun, Begun, Ended, Heartbeat, Holder, Lease, StoreError, Subject};

use crate::changes::{Counter, missing, noted, take};
use crate::errors::{Error, Result};
use crate::integration;
use crate::rows::{self, RUN, Statements, count, from_json, instant, json, json_column, stored};

/// Opens a run; see the port.
pub(crate) fn begin(db: &Connection, account: AccountId, begin: &BeginRun) -> Result<Begun> {
    integration::must_be_linked(db, account)?;
    if let Some(held) = lease(db, account)? {
        if held.expires > begin.now && begin.over != Some(held.lease) {
            return Ok(Begun::UnderWay { lease: held.lease, holder: held.holder });
        }
        end_under_way(db, account, held.lease.run, Outcome::Failed, Some(&RunError::interrupted()), begin.now)?;
        noted(db, account, Subject::Run(held.lease.run), begin.started_by, begin.now)?;
    }
    let run = RunId(take(db, account, Counter::Run, 1)?);
    let epoch = take(db, account, Counter::Epoch, 1)?;
    db.run(
        "INSERT INTO runs (account_id, run_id, trigger, started_by, started_at, outcome, counts, warnings, proof)
         VALUES (?1, ?2, ?3, ?4, ?5, 'running', ?6, '[]', ?7)",
        (
            account.0,
            run.0,
            begin.trigger.as_str(),
            begin.started_by.map(|person| person.0),
            stored(begin.now),
            json(&Counts::default())?,
            json(&Proof::default())?,
        ),
    )?;
    db.run(
        "INSERT INTO leases (account_id, run_id, epoch, holder, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (account.0, run.0, epoch, json(&begin.holder)?, stored(begin.expires)),
    )?;
    noted(db, account, Subject::Run(run), begin.started_by, begin.now)?;
    Ok(Begun::Open { lease: Lease { run, epoch }, run: Box::new(known(db, account, run)?), kept: parts(db, account)? })
}

/// The lease of an account as it stands.
struct LeaseRow {
    lease: Lease,
    holder: Holder,
    expires: DateTime<Utc>,
}

fn lease(db: &Connection, account: AccountId) -> Result<Option<LeaseRow>> {
    db.one("SELECT run_id, epoch, holder, expires_at FROM leases WHERE account_id = ?1", [account.0], |row| {
        Ok(LeaseRow {
            lease: Lease { run: RunId(row.get(0)?), epoch: row.get(1)? },
            holder: from_json(row.get_ref(2)?.as_str()?)?,
            expires: instant(row.get(3)?)?,
        })
    })
}

/// Refuses whoever no longer holds the lease (I11).
pub(crate) fn check(db: &Connection, account: AccountId, held: &Lease) -> Result<()> {
    match lease(db, account)? {
        Some(row) if row.lease == *held => Ok(()),
        _ => Err(StoreError::Fenced(held.run).into()),
    }
}

/// Prolongs the lease; see the port.
pub(crate) fn heartbeat(db: &Connection, account: AccountId, lease: &Lease, beat: &Heartbeat) -> Result<()> {
    check(db, account, lease)?;
    db.run("UPDATE leases SET expires_at = ?2 WHERE account_id = ?1", (account.0, stored(beat.expires)))?;
    let waits = beat.waiting_until.map(stored);
    let waited =
        db.one("SELECT waiting_until FROM runs WHERE account_id = ?1 AND run_id = ?2", (account.0, lease.run.0), |row| {
            Ok(row.get::<_, Option<i64>>(0)?)
        })?;
    let outcome = if waits.is_some() { Outcome::Waiting } else { Outcome::Running };
    db.run(
        "UPDATE runs SET outcome = ?3, waiting_until = ?4, requests = ?5 WHERE account_id = ?1 AND run_id = ?2",
        (account.0, lease.run.0, outcome.as_str(), waits, beat.requests),
    )?;
    heard(db, account, beat.quota)?;
    // Who follows along is told when a run waits and when it goes on, not that it still lives.
    if waited != Some(waits) {
        noted(db, account, Subject::Run(lease.run), known(db, account, lease.run)?.started_by, beat.now)?;
    }
    Ok(())
}

/// Remembers what is left of the source's allowance.
pub(crate) fn heard(db: &Connection, account: AccountId, quota: Option<Quota>) -> Result<()> {
    if let Some(quota) = quota {
        db.run("UPDATE integrations SET quota = ?2 WHERE account_id = ?1", (account.0, json(&quota)?))?;
    }
    Ok(())
}

/// Keeps finished pages; see the port.
pub(crate) fn stage(db: &Connection, account: AccountId, lease: &Lease, parts: &[Part]) -> Result<()> {
    check(db, account, lease)?;
    for part in parts {
        db.run(
            "INSERT OR REPLACE INTO staged_parts (account_id, list, page, read_at, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
            (account.0, &part.list, part.page, stored(part.read_at), &part.bytes),
        )?;
    }
    Ok(())
}

fn parts(db: &Connection, account: AccountId) -> Result<Vec<Part>> {
    db.all("SELECT list, page, read_at, bytes FROM staged_parts WHERE account_id = ?1 ORDER BY list, page", [account.0], |row| {
        Ok(Part { list: row.get(0)?, page: count(row.get(1)?)?, read_at: instant(row.get(2)?)?, bytes: row.get(3)? })
    })
}

/// Drops the pages that are kept: they serve nobody any more (I19).
pub(crate) fn drop_parts(db: &Connection, account: AccountId) -> Result<()> {
    db.run("DELETE FROM staged_parts WHERE account_id = ?1", [account.0]).map(drop)
}

/// Ends a run without effect; see the port.
pub(crate) fn end(db: &Connection, account: AccountId, lease: &Lease, ended: &Ended) -> Result<Run> {
    check(db, account, lease)?;
    let outcome = if ended.outcome == Outcome::Cancelled { Outcome::Cancelled } else { Outcome::Failed };
    end_under_way(db, account, lease.run, outcome, ended.error.as_ref(), ended.now)?;
    db.run("UPDATE runs SET requests = ?3 WHERE account_id = ?1 AND run_id = ?2", (account.0, lease.run.0, ended.requests))?;
    heard(db, account, ended.quota)?;
    if !ended.keep_parts {
        drop_parts(db, account)?;
    }
    let run = known(db, account, lease.run)?;
    noted(db, account, Subject::Run(run.id), run.started_by, ended.now)?;
    if ended.token_rejected {
        db.run("UPDATE integrations SET token_rejected = 1 WHERE account_id = ?1", [account.0])?;
        noted(db, account, Subject::Integration, run.started_by, ended.now)?;
    }
    Ok(run)
}

/// Cancels the run under way, whoever holds its lease (I11).
pub(crate) fn cancel(db: &Connection, account: AccountId, by: Option<PersonId>, now: DateTime<Utc>) -> Result<Option<RunId>> {
    let Some(held) = lease(db, account)? else { return Ok(None) };
    let run = held.lease.run;
    end_under_way(db, account, run, Outcome::Cancelled, None, now)?;
    drop_parts(db, account)?;
    noted(db, account, Subject::Run(run), by, now)?;
    Ok(Some(run))
}

/// Closes the record of the run under way, and takes its lease away.
pub(crate) fn end_under_way(
    db: &Connection,
    account: AccountId,
    run: RunId,
    outcome: Outcome,
    error: Option<&RunError>,
    now: DateTime<Utc>,
) -> Result<()> {
    db.run("DELETE FROM leases WHERE account_id = ?1", [account.0])?;
    db.run(
        "UPDATE runs SET outcome = ?3, ended_at = max(?4, started_at), waiting_until = NULL, error = ?5
         WHERE account_id = ?1 AND run_id = ?2",
        (account.0, run.0, outcome.as_str(), stored(now), error.map(json).transpose()?),
    )?;
    Ok(())
}

/// Held runs are overtaken by a newer one (I12).
pub(crate) fn supersede(db: &Connection, account: AccountId) -> Result<()> {
    db.run("UPDATE runs SET outcome = 'superseded', shown = NULL WHERE account_id = ?1 AND outcome = 'held'", [account.0])
        .map(drop)
}

/// Refuses a held run; see the port.
pub(crate) fn reject(db: &Connection, account: AccountId, run: RunId, by: PersonId, now: DateTime<Utc>) -> Result<Run> {
    must_be_held(db, account, run)?;
    db.run("UPDATE runs SET outcome = 'rejected', shown = NULL WHERE account_id = ?1 AND run_id = ?2", (account.0, run.0))?;
    noted(db, account, Subject::Run(run), Some(by), now)?;
    known(db, account, run)
}

/// What a held run showed; see the port.
pub(crate) fn shown(db: &Connection, account: AccountId, run: RunId) -> Result<ShownChanges> {
    must_be_held(db, account, run)?;
    let shown =
        db.one("SELECT shown FROM runs WHERE account_id = ?1 AND run_id = ?2", (account.0, run.0), |row| json_column(row, 0))?;
    shown.flatten().ok_or_else(|| Error::Row(format!("held run {run} does not say what it showed")))
}

fn must_be_held(db: &Connection, account: AccountId, run: RunId) -> Result<()> {
    match find(db, account, run)?.ok_or_else(|| missing("run"))?.outcome {
        Outcome::Held => Ok(()),
        outcome => Err(StoreError::RunIs { run, outcome }.into()),
    }
}

/// A run, if the account has it.
pub(crate) fn find(db: &Connection, account: AccountId, run: RunId) -> Result<Option<Run>> {
    db.one(&format!("SELECT {RUN} FROM runs WHERE account_id = ?1 AND run_id = ?2"), (account.0, run.0), rows::run)
}

/// A run that the account has.
pub(crate) fn known(db: &Connection, account: AccountId, run: RunId) -> Result<Run> {
    find(db, account, run)?.ok_or_else(|| missing("run"))
}

/// Runs, newest first; see the port.
pub(crate) fn list(db: &Connection, account: AccountId, before: Option<RunId>, limit: u32) -> Result<Vec<Run>> {
    db.all(
        &format!("SELECT {RUN} FROM runs WHERE account_id = ?1 AND run_id < ?2 ORDER BY run_id DESC LIMIT ?3"),
        (account.0, before.map_or(i64::MAX, |run| run.0), limit),
        rows::run,
    )
}
