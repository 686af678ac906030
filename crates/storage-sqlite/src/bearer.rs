//! Who comes with a secret: asked with every request, so in one statement (A4, A5).

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::{AccountId, Scope, SecretHash, SessionId, TokenId, USE_NOTED_EVERY, is_session_over, is_use_to_be_noted};
use tallyport_storage::{Bearer, Credential};

use crate::errors::Result;
use crate::people;
use crate::rows::{self, Statements, instant, stored, unreadable, zone};

/// Everything about whoever comes with a secret, in one statement.
const BEARER: &str = "SELECT p.person_id, p.email, p.name, p.role, p.active, a.account_id, a.name, a.zone,
            k.id, coalesce(s.used_at, t.used_at), s.began_at, t.scope, t.expires_at,
            coalesce(p.zone, a.zone)
     FROM secrets k
     JOIN accounts a ON a.account_id = k.account_id
     LEFT JOIN sessions s ON k.kind = 'session' AND s.account_id = k.account_id AND s.session_id = k.id
     LEFT JOIN api_tokens t ON k.kind = 'token' AND t.account_id = k.account_id AND t.token_id = k.id AND t.revoked_at IS NULL
     JOIN people p ON p.account_id = k.account_id AND p.person_id = coalesce(s.person_id, t.person_id)
     WHERE k.hash = ?1 AND p.active";

/// Whoever comes with this secret, and whether that is to be noted; see the port.
pub(crate) fn find(db: &Connection, hash: &SecretHash, now: DateTime<Utc>) -> Result<Option<(Bearer, bool)>> {
    let found = db.one(BEARER, [&hash.0], |row| {
        let used = row.get::<_, Option<i64>>(9)?.map(instant).transpose()?;
        let id = row.get(8)?;
        let (by, works) = if let Some(began) = row.get::<_, Option<i64>>(10)? {
            let began = instant(began)?;
            (Credential::Session(SessionId(id)), !is_session_over(began, used.unwrap_or(began), now))
        } else {
            let scope = row.get_ref(11)?.as_str()?;
            let scope = Scope::parse(scope).ok_or_else(|| unreadable("a scope", scope))?;
            let until = row.get::<_, Option<i64>>(12)?.map(instant).transpose()?;
            (Credential::Token(TokenId(id), scope), until.is_none_or(|until| now < until))
        };
        let bearer = Bearer { person: rows::person(row)?, account: people::account(row, 5)?, by, zone: zone(row, 13)? };
        Ok(works.then_some((bearer, is_use_to_be_noted(used, now))))
    })?;
    Ok(found.flatten())
}

/// Notes that a session or token was used, unless somebody just did.
pub(crate) fn note_use(db: &Connection, account: AccountId, by: Credential, now: DateTime<Utc>) -> Result<()> {
    let (sql, id) = match by {
        Credential::Session(id) => {
            ("UPDATE sessions SET used_at = ?3 WHERE account_id = ?1 AND session_id = ?2 AND used_at <= ?4", id.0)
        }
        Credential::Token(id, _) => (
            "UPDATE api_tokens SET used_at = ?3
             WHERE account_id = ?1 AND token_id = ?2 AND (used_at IS NULL OR used_at <= ?4)",
            id.0,
        ),
    };
    db.run(sql, (account.0, id, stored(now), stored(now - USE_NOTED_EVERY))).map(drop)
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::open::{self, Options};

    #[test]
    fn the_statement_that_every_request_runs_is_prepared_once_and_scans_no_table() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tallyport.db");
        let opened = open::open(&path, Options { create: true }, &crate::migrate::Known::ours())
            .map_err(|error| error.to_string())
            .unwrap();
        let db = open::reader(&path).unwrap();
        for number in 0..5 {
            assert_eq!(find(&db, &SecretHash([number; 32]), DateTime::UNIX_EPOCH).unwrap(), None);
        }
        let statement = db.prepare_cached(BEARER).unwrap();
        let count = |status| statement.get_status(status);
        assert_eq!((count(StatementStatus::Run), count(StatementStatus::RePrepare)), (5, 0));
        let steps = db.all(&format!("EXPLAIN QUERY PLAN {BEARER}"), [[0; 32]], |row| Ok(row.get::<_, String>(3)?)).unwrap();
        assert!(steps.len() == 5 && steps.iter().all(|step| step.starts_with("SEARCH")), "{steps:?}");
        drop(opened);
    }
}
