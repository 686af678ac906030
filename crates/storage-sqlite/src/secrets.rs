//! Where a secret leads: the one table that is asked without an account, since the secret is all that somebody comes with.

use rusqlite::Connection;
use tallyport_domain::{AccountId, SecretHash};

use crate::errors::Result;
use crate::rows::Statements;

/// What a secret opens; each has a table of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Opens {
    Session,
    Token,
    Link,
    Invitation,
}

impl Opens {
    fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
            Self::Link => "link",
            Self::Invitation => "invitation",
        }
    }
}

/// Gives a thing a secret; one that it had opens nothing any more.
pub(crate) fn put(db: &Connection, account: AccountId, opens: Opens, id: i64, hash: &SecretHash) -> Result<()> {
    take(db, account, opens, id)?;
    let sql = "INSERT INTO secrets (hash, account_id, kind, id) VALUES (?1, ?2, ?3, ?4)";
    db.run(sql, (&hash.0, account.0, opens.word(), id)).map(drop)
}

/// Takes a thing's secret away.
pub(crate) fn take(db: &Connection, account: AccountId, opens: Opens, id: i64) -> Result<()> {
    let sql = "DELETE FROM secrets WHERE account_id = ?1 AND kind = ?2 AND id = ?3";
    db.run(sql, (account.0, opens.word(), id)).map(drop)
}

/// What this secret opens, if it is of such a kind.
pub(crate) fn find(db: &Connection, opens: Opens, hash: &SecretHash) -> Result<Option<(AccountId, i64)>> {
    let sql = "SELECT account_id, id FROM secrets WHERE hash = ?1 AND kind = ?2";
    db.one(sql, (&hash.0, opens.word()), |row| Ok((AccountId(row.get(0)?), row.get(1)?)))
}
