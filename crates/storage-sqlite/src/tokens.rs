//! Personal API tokens (A4).

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};
use tallyport_domain::{AccountId, PersonId, Scope, TokenId};
use tallyport_storage::{NewToken, Subject, TokenRow};

use crate::changes::{Counter, missing, noted, take};
use crate::errors::Result;
use crate::people;
use crate::rows::{Statements, count, instant, stored, unreadable};
use crate::secrets::{self, Opens};

const TOKEN: &str = "token_id, name, scope, created_at, used_at, expires_at, revoked_at";

fn read(row: &Row<'_>) -> Result<TokenRow> {
    let scope = row.get_ref(2)?.as_str()?;
    let at = |column| row.get::<_, Option<i64>>(column)?.map(instant).transpose();
    Ok(TokenRow {
        id: TokenId(row.get(0)?),
        name: row.get(1)?,
        scope: Scope::parse(scope).ok_or_else(|| unreadable("a scope", scope))?,
        created_at: instant(row.get(3)?)?,
        used_at: at(4)?,
        expires_at: at(5)?,
        revoked_at: at(6)?,
    })
}

/// Makes a token; see the port.
pub(crate) fn create(db: &Connection, account: AccountId, person: PersonId, new: &NewToken) -> Result<TokenRow> {
    people::known_active(db, account, person)?;
    let id = TokenId(take(db, account, Counter::Secret, 1)?);
    db.run(
        "INSERT INTO api_tokens (account_id, token_id, person_id, name, scope, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (account.0, id.0, person.0, &new.name, new.scope.as_str(), stored(new.now), new.expires_at.map(stored)),
    )?;
    secrets::put(db, account, Opens::Token, id.0, &new.hash)?;
    noted(db, account, Subject::Person(person), Some(person), new.now)?;
    known(db, account, person, id)
}

fn known(db: &Connection, account: AccountId, person: PersonId, id: TokenId) -> Result<TokenRow> {
    let sql = format!("SELECT {TOKEN} FROM api_tokens WHERE account_id = ?1 AND token_id = ?2 AND person_id = ?3");
    db.one(&sql, (account.0, id.0, person.0), read)?.ok_or_else(|| missing("token"))
}

/// Somebody's tokens; see the port.
pub(crate) fn list(db: &Connection, account: AccountId, person: PersonId) -> Result<Vec<TokenRow>> {
    let sql = format!("SELECT {TOKEN} FROM api_tokens WHERE account_id = ?1 AND person_id = ?2 ORDER BY token_id DESC");
    db.all(&sql, (account.0, person.0), read)
}

/// Revokes a token; see the port.
pub(crate) fn revoke(db: &Connection, account: AccountId, person: PersonId, id: TokenId, now: DateTime<Utc>) -> Result<TokenRow> {
    if known(db, account, person, id)?.revoked_at.is_none() {
        let sql = "UPDATE api_tokens SET revoked_at = ?3 WHERE account_id = ?1 AND token_id = ?2";
        db.run(sql, (account.0, id.0, stored(now)))?;
        secrets::take(db, account, Opens::Token, id.0)?;
        noted(db, account, Subject::Person(person), Some(person), now)?;
    }
    known(db, account, person, id)
}

/// Revokes all of somebody's tokens, without a note (A5).
pub(crate) fn revoke_all(db: &Connection, account: AccountId, person: PersonId, now: DateTime<Utc>) -> Result<()> {
    db.run(
        "DELETE FROM secrets WHERE account_id = ?1 AND kind = 'token'
         AND id IN (SELECT token_id FROM api_tokens WHERE account_id = ?1 AND person_id = ?2)",
        (account.0, person.0),
    )?;
    db.run(
        "UPDATE api_tokens SET revoked_at = ?3 WHERE account_id = ?1 AND person_id = ?2 AND revoked_at IS NULL",
        (account.0, person.0, stored(now)),
    )
    .map(drop)
}

/// How many tokens of whatever account work.
pub(crate) fn working(db: &Connection, now: DateTime<Utc>) -> Result<u32> {
    let sql = "SELECT count(*) FROM api_tokens WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?1)";
    count(db.one(sql, [stored(now)], |row| Ok(row.get(0)?))?.unwrap_or(0))
}
