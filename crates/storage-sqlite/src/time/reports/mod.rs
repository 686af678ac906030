//! What time adds up to, and entries to take away (E5, E8).
//!
//! By person, each a range of one key: days over everybody would be read from end to end, or skipped through. The engine only
//! reads; what is added up lies in a table of hashes, which takes a fraction of what grouping takes there.

mod export;
mod filter;
mod places;
mod sums;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use rusqlite::Connection;
use tallyport_domain::time::Length;
use tallyport_domain::{AccountId, PersonId};
use tallyport_storage::{Axis, EntryPlace, ExportedEntry, ReportStore, StoreError, Summed, TimeFilter};

pub(super) use sums::DAYS;

use crate::Sqlite;
use crate::errors::Result;
use crate::rows::Statements as _;

#[async_trait]
impl ReportStore for Sqlite {
    async fn report(&self, account: AccountId, filter: &TimeFilter, by: &[Axis]) -> Result<Summed, StoreError> {
        let (filter, by) = (filter.clone(), by.to_vec());
        self.read(move |db| sums::report(db, account, &filter, &by)).await
    }

    async fn total(&self, account: AccountId, filter: &TimeFilter) -> Result<Length, StoreError> {
        let filter = filter.clone();
        self.read(move |db| sums::total(db, account, &filter)).await
    }

    async fn exported(
        &self,
        account: AccountId,
        filter: &TimeFilter,
        after: Option<EntryPlace>,
        limit: u32,
    ) -> Result<Vec<ExportedEntry>, StoreError> {
        let filter = filter.clone();
        self.read(move |db| export::page(db, account, &filter, after, limit)).await
    }
}

const PEOPLE: &str = "SELECT person_id FROM people WHERE account_id = ?1 ORDER BY person_id";

/// Whose time it is about, in the order of their numbers.
fn people(db: &Connection, account: AccountId, filter: &TimeFilter) -> Result<Vec<PersonId>> {
    if filter.people.is_empty() {
        return db.all(PEOPLE, [account.0], |row| Ok(PersonId(row.get(0)?)));
    }
    let mut people = filter.people.clone();
    people.sort_unstable();
    people.dedup();
    Ok(people)
}
