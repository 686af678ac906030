//! What is in a file, in short: so that somebody can tell one from another.

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::AccountId;

use crate::errors::Result;
use crate::rows::{Statements, count, instant};

/// What an account holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// What the account is called.
    pub account: String,
    /// How many people it has.
    pub people: u32,
    /// How many tasks it has, archived ones included.
    pub tasks: u32,
    /// When it changed last.
    pub changed_at: Option<DateTime<Utc>>,
}

/// A sealed token, for whoever has the keys to look whether they open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Whose it is.
    pub account: AccountId,
    /// What the account is called.
    pub name: String,
    /// The token, sealed.
    pub token: Vec<u8>,
}

/// What every account of a file holds.
pub(crate) fn of(db: &Connection) -> Result<Vec<Contents>> {
    db.all(
        "SELECT name,
                (SELECT count(*) FROM people p WHERE p.account_id = a.account_id),
                (SELECT count(*) FROM tasks t WHERE t.account_id = a.account_id),
                (SELECT at FROM changes c WHERE c.account_id = a.account_id ORDER BY number DESC LIMIT 1)
         FROM accounts a ORDER BY account_id",
        [],
        |row| {
            Ok(Contents {
                account: row.get(0)?,
                people: count(row.get(1)?)?,
                tasks: count(row.get(2)?)?,
                changed_at: row.get::<_, Option<i64>>(3)?.map(instant).transpose()?,
            })
        },
    )
}

/// The sealed tokens of a file.
pub(crate) fn sealed(db: &Connection) -> Result<Vec<Sealed>> {
    db.all("SELECT account_id, name, sealed FROM tokens JOIN accounts USING (account_id) ORDER BY account_id", [], |row| {
        Ok(Sealed { account: AccountId(row.get(0)?), name: row.get(1)?, token: row.get(2)? })
    })
}
