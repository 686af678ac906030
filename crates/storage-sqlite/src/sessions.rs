//! Sessions, and the door to all that lets somebody in (A4–A7).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::{
    AccountId, Email, PersonId, SESSION_IDLE, SESSION_LONGEST, SecretHash, SessionId, TokenId, is_session_over,
};
use tallyport_storage::{
    Bearer, Credentials, Done, Link, NewLink, NewSession, NewToken, Once, Profile, ProfileChange, SessionRow, SessionStore,
    StoreError, Subject, TokenRow,
};

use crate::Sqlite;
use crate::changes::{Counter, missing, noted, take};
use crate::errors::Result;
use crate::once::once;
use crate::rows::{Statements, instant, stored};
use crate::secrets::{self, Opens};
use crate::{bearer, links, passwords, people, profile, tokens};

fn begin(db: &Connection, account: AccountId, person: PersonId, new: &NewSession) -> Result<SessionId> {
    people::known_active(db, account, person)?;
    let over = (account.0, stored(new.now - SESSION_LONGEST), stored(new.now - SESSION_IDLE));
    end_where(db, "(began_at < ?2 OR used_at < ?3)", over)?;
    let owner = "SELECT person_id FROM sessions WHERE account_id = ?1 AND session_id = ?2";
    if let Some(ends) = new.ends
        && let Some(owner) = db.one(owner, (account.0, ends.0), |row| Ok(PersonId(row.get(0)?)))?
    {
        end_where(db, "session_id = ?2", (account.0, ends.0))?;
        noted(db, account, Subject::Person(owner), Some(person), new.now)?;
    }
    let id = SessionId(take(db, account, Counter::Secret, 1)?);
    db.run(
        "INSERT INTO sessions (account_id, session_id, person_id, client, began_at, used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        (account.0, id.0, person.0, &new.client, stored(new.now)),
    )?;
    secrets::put(db, account, Opens::Session, id.0, &new.hash)?;
    Ok(id)
}

fn list(db: &Connection, account: AccountId, person: PersonId, now: DateTime<Utc>) -> Result<Vec<SessionRow>> {
    let mut sessions = db.all(
        "SELECT session_id, client, began_at, used_at FROM sessions WHERE account_id = ?1 AND person_id = ?2
         ORDER BY used_at DESC, session_id DESC",
        (account.0, person.0),
        |row| {
            Ok(SessionRow {
                id: SessionId(row.get(0)?),
                client: row.get(1)?,
                began_at: instant(row.get(2)?)?,
                used_at: instant(row.get(3)?)?,
            })
        },
    )?;
    sessions.retain(|session| !is_session_over(session.began_at, session.used_at, now));
    Ok(sessions)
}

fn end(db: &Connection, account: AccountId, person: PersonId, session: SessionId, now: DateTime<Utc>) -> Result<()> {
    if end_where(db, "session_id = ?2 AND person_id = ?3", (account.0, session.0, person.0))? == 0 {
        return Err(missing("session"));
    }
    noted(db, account, Subject::Person(person), Some(person), now)
}

/// Deletes a session that is over.
pub(crate) fn delete(db: &Connection, account: AccountId, session: SessionId) -> Result<()> {
    end_where(db, "session_id = ?2", (account.0, session.0)).map(drop)
}

/// Ends all of somebody's sessions but one, without a note.
pub(crate) fn end_all(db: &Connection, account: AccountId, person: PersonId, keep: Option<SessionId>) -> Result<()> {
    end_where(db, "person_id = ?2 AND session_id IS NOT ?3", (account.0, person.0, keep.map(|keep| keep.0))).map(drop)
}

/// Ends the sessions that fulfil a condition, without a note; answers how many they were. The account is the first parameter.
fn end_where(db: &Connection, condition: &str, params: impl rusqlite::Params + Copy) -> Result<usize> {
    db.run(
        &format!(
            "DELETE FROM secrets WHERE account_id = ?1 AND kind = 'session'
             AND id IN (SELECT session_id FROM sessions WHERE account_id = ?1 AND {condition})"
        ),
        params,
    )?;
    db.run(&format!("DELETE FROM sessions WHERE account_id = ?1 AND {condition}"), params)
}

#[async_trait]
impl SessionStore for Sqlite {
    async fn credentials(&self, account: Option<AccountId>, email: &Email) -> Result<Vec<Credentials>, StoreError> {
        let email = email.clone();
        self.read(move |db| passwords::credentials(db, account, &email)).await
    }

    async fn password(&self, account: AccountId, person: PersonId) -> Result<Option<String>, StoreError> {
        self.read(move |db| passwords::get(db, account, person)).await
    }

    async fn set_password(
        &self,
        account: AccountId,
        person: PersonId,
        password_hash: &str,
        keep: Option<SessionId>,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let hash = password_hash.to_owned();
        self.write(move |db| passwords::set(db, account, person, &hash, keep, by, now)).await
    }

    async fn rehash_password(&self, account: AccountId, person: PersonId, old: &str, new: &str) -> Result<(), StoreError> {
        let (old, new) = (old.to_owned(), new.to_owned());
        self.write(move |db| passwords::rehash(db, account, person, &old, &new)).await
    }

    async fn set_profile(
        &self,
        account: AccountId,
        person: PersonId,
        change: &ProfileChange,
        now: DateTime<Utc>,
    ) -> Result<Profile, StoreError> {
        let change = change.clone();
        self.write(move |db| profile::set(db, account, person, &change, now)).await
    }

    async fn profile(&self, account: AccountId, person: PersonId) -> Result<Option<Profile>, StoreError> {
        self.glance(move |db| profile::find(db, account, person)).await
    }

    async fn begin_session(&self, account: AccountId, person: PersonId, new: &NewSession) -> Result<SessionId, StoreError> {
        let new = new.clone();
        self.write(move |db| begin(db, account, person, &new)).await
    }

    async fn bearer(&self, hash: &SecretHash, now: DateTime<Utc>) -> Result<Option<Bearer>, StoreError> {
        let hash = *hash;
        let Some((bearer, note)) = self.glance(move |db| bearer::find(db, &hash, now)).await? else { return Ok(None) };
        if note {
            let (account, by) = (bearer.account.id, bearer.by);
            // Nobody waits for it, and where the writer has too much to do the next use is noted.
            drop(self.writer.begin(move |db| bearer::note_use(db, account, by, now)));
        }
        Ok(Some(bearer))
    }

    async fn sessions(&self, account: AccountId, person: PersonId, now: DateTime<Utc>) -> Result<Vec<SessionRow>, StoreError> {
        self.read(move |db| list(db, account, person, now)).await
    }

    async fn end_session(
        &self,
        account: AccountId,
        person: PersonId,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(move |db| end(db, account, person, session, now)).await
    }

    async fn create_token(
        &self,
        account: AccountId,
        person: PersonId,
        new: &NewToken,
        key: Option<Once<TokenRow>>,
    ) -> Result<Done<TokenRow>, StoreError> {
        let new = new.clone();
        self.write(move |db| once(db, account, person, new.now, key.as_ref(), || tokens::create(db, account, person, &new))).await
    }

    async fn tokens(&self, account: AccountId, person: PersonId) -> Result<Vec<TokenRow>, StoreError> {
        self.read(move |db| tokens::list(db, account, person)).await
    }

    async fn revoke_token(
        &self,
        account: AccountId,
        person: PersonId,
        token: TokenId,
        now: DateTime<Utc>,
    ) -> Result<TokenRow, StoreError> {
        self.write(move |db| tokens::revoke(db, account, person, token, now)).await
    }

    async fn make_link(&self, account: AccountId, person: PersonId, new: &NewLink, now: DateTime<Utc>) -> Result<(), StoreError> {
        let new = new.clone();
        self.write(move |db| links::make(db, account, person, &new, now)).await
    }

    async fn link(&self, hash: &SecretHash, now: DateTime<Utc>) -> Result<Option<Link>, StoreError> {
        let hash = *hash;
        self.read(move |db| links::find(db, &hash, now)).await
    }

    async fn reset_password(&self, hash: &SecretHash, password_hash: &str, now: DateTime<Utc>) -> Result<Link, StoreError> {
        let (hash, password) = (*hash, password_hash.to_owned());
        self.write(move |db| links::reset(db, &hash, &password, now)).await
    }

    async fn confirm_email(&self, hash: &SecretHash, now: DateTime<Utc>) -> Result<Link, StoreError> {
        let hash = *hash;
        self.write(move |db| links::confirm(db, &hash, now)).await
    }
}
