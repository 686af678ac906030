//! Between rows and the types of the domain.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Params, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tallyport_domain::{
    Archived, Color, Email, ExternalId, Identity, Kind, Name, Origin, Outcome, Person, PersonId, Reason, Role, Run, RunId, Task,
    TaskId, Trigger, Zone,
};

use crate::errors::{Error, Result};

/// Statements with one shape each, kept prepared.
pub(crate) trait Statements {
    /// Every row, read.
    fn all<T>(&self, sql: &str, params: impl Params, read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>>;

    /// The first row, read, if there is one.
    fn one<T>(&self, sql: &str, params: impl Params, read: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<Option<T>>;

    /// Runs a write; answers how many rows it concerned.
    fn run(&self, sql: &str, params: impl Params) -> Result<usize>;
}

impl Statements for Connection {
    fn all<T>(&self, sql: &str, params: impl Params, mut read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut statement = self.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut read_rows = Vec::new();
        while let Some(row) = rows.next()? {
            read_rows.push(read(row)?);
        }
        Ok(read_rows)
    }

    fn one<T>(&self, sql: &str, params: impl Params, read: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<Option<T>> {
        let mut statement = self.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        rows.next()?.map(read).transpose()
    }

    fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.prepare_cached(sql)?.execute(params)?)
    }
}

/// An instant as it is stored.
pub(crate) fn stored(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// An instant as it was stored.
pub(crate) fn instant(micros: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| unreadable("an instant", micros))
}

/// Writes a value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value)?)
}

/// Reads what [`json`] wrote.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    Ok(serde_json::from_str(text)?)
}

/// Reads a column of JSON that may be empty.
pub(crate) fn json_column<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Option<T>> {
    row.get_ref(column)?.as_str_or_null()?.map(from_json).transpose()
}

/// Reads a time zone.
pub(crate) fn zone(row: &Row<'_>, column: usize) -> Result<Zone> {
    let zone = row.get_ref(column)?.as_str()?;
    Zone::parse(zone).map_err(|_| unreadable("a time zone", zone))
}

/// That a column holds what none of ours would.
pub(crate) fn unreadable(what: &str, value: impl Display) -> Error {
    Error::Row(format!("{value} is not {what}"))
}

/// A number that cannot be negative or large.
pub(crate) fn count(number: i64) -> Result<u32> {
    u32::try_from(number).map_err(|_| unreadable("a count", number))
}

/// How many there are.
pub(crate) fn counted(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

/// The columns that [`task`] reads, in its order.
pub(crate) const TASK: &str =
    "task_id, parent_id, name, origin, kind, external_id, color, billable, archived_reason, archived_at";

/// How many columns [`TASK`] has.
pub(crate) const TASK_WIDTH: usize = 10;

/// Reads a task from [`TASK`].
pub(crate) fn task(row: &Row<'_>) -> Result<Task> {
    let reason = row.get_ref(8)?.as_str_or_null()?;
    Ok(Task {
        id: TaskId(row.get(0)?),
        parent: row.get::<_, Option<i64>>(1)?.map(TaskId),
        name: Name::from_source(row.get_ref(2)?.as_str()?),
        origin: origin(row, 3)?,
        color: match row.get_ref(6)?.as_str_or_null()? {
            Some(text) => Some(Color::parse(text).ok_or_else(|| unreadable("a colour", text))?),
            None => None,
        },
        billable: row.get(7)?,
        archived: match reason {
            Some(text) => Some(Archived {
                reason: Reason::parse(text).ok_or_else(|| unreadable("a reason", text))?,
                at: instant(row.get(9)?)?,
            }),
            None => None,
        },
    })
}

/// Reads origin, kind and external id from three columns.
fn origin(row: &Row<'_>, first: usize) -> Result<Origin> {
    let origin = row.get_ref(first)?.as_str()?;
    if origin == "native" {
        return Ok(Origin::Native);
    }
    let kind = row.get_ref(first + 1)?.as_str()?;
    let external: Option<i64> = row.get(first + 2)?;
    let identity = Kind::parse(kind).and_then(|kind| Identity::from_parts(kind, external.map(ExternalId)));
    let identity = identity.ok_or_else(|| unreadable("an identity", format!("{kind} {external:?}")))?;
    match origin {
        "kept" => Ok(Origin::Kept(identity)),
        "imported" => Ok(Origin::Imported(identity)),
        _ => Err(unreadable("an origin", origin)),
    }
}

/// The columns that [`person`] reads, in its order.
pub(crate) const PERSON: &str = "person_id, email, name, role, active";

/// Reads a person from [`PERSON`].
pub(crate) fn person(row: &Row<'_>) -> Result<Person> {
    let role = row.get_ref(3)?.as_str()?;
    Ok(Person {
        id: PersonId(row.get(0)?),
        email: email(row, 1)?,
        name: row.get(2)?,
        role: Role::parse(role).ok_or_else(|| unreadable("a role", role))?,
        active: row.get(4)?,
    })
}

/// Reads an address.
pub(crate) fn email(row: &Row<'_>, column: usize) -> Result<Email> {
    let text = row.get_ref(column)?.as_str()?;
    Email::parse(text).map_err(|_| unreadable("an address", text))
}

/// The columns that [`run`] reads, in its order.
pub(crate) const RUN: &str = "run_id, trigger, started_by, started_at, ended_at, outcome, waiting_until, requests, counts, error, \
                              hold, warnings, proof";

/// How many columns [`RUN`] has.
pub(crate) const RUN_WIDTH: usize = 13;

/// Reads the record of a run from [`RUN`].
pub(crate) fn run(row: &Row<'_>) -> Result<Run> {
    let trigger = row.get_ref(1)?.as_str()?;
    Ok(Run {
        id: RunId(row.get(0)?),
        trigger: Trigger::parse(trigger).ok_or_else(|| unreadable("a trigger", trigger))?,
        started_by: row.get::<_, Option<i64>>(2)?.map(PersonId),
        started_at: instant(row.get(3)?)?,
        ended_at: row.get::<_, Option<i64>>(4)?.map(instant).transpose()?,
        outcome: outcome(row, 5)?,
        waiting_until: row.get::<_, Option<i64>>(6)?.map(instant).transpose()?,
        requests: count(row.get(7)?)?,
        counts: from_json(row.get_ref(8)?.as_str()?)?,
        error: json_column(row, 9)?,
        hold: json_column(row, 10)?,
        warnings: from_json(row.get_ref(11)?.as_str()?)?,
        proof: from_json(row.get_ref(12)?.as_str()?)?,
    })
}

/// Reads how far a run is.
pub(crate) fn outcome(row: &Row<'_>, column: usize) -> Result<Outcome> {
    let text = row.get_ref(column)?.as_str()?;
    Outcome::parse(text).ok_or_else(|| unreadable("an outcome", text))
}

#[cfg(test)]
mod tests;
