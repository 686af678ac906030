//! Deleting what has had its day.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::{
    ANSWERS_KEPT, AccountId, DEAD_LINKS_KEPT, PersonId, SENT_MAIL_KEPT, SESSION_IDLE, SESSION_LONGEST, SessionId,
    TROUBLED_MAIL_KEPT,
};
use tallyport_storage::{StoreError, SweepStore, Swept};

use crate::Sqlite;
use crate::errors::Result;
use crate::rows::{Statements, counted, stored};
use crate::{links, outbox, sessions};

/// See the port.
fn sweep(db: &Connection, now: DateTime<Utc>, most: u32) -> Result<Swept> {
    let answers = sweep_answers(db, now, most)?;
    let most = most - answers;
    let sessions = sweep_sessions(db, now, most)?;
    let most = most - sessions;
    let links = sweep_links(db, now, most)?;
    let most = most - links;
    Ok(Swept { answers, sessions, links, mails: sweep_mails(db, now, most)? })
}

fn sweep_answers(db: &Connection, now: DateTime<Utc>, most: u32) -> Result<u32> {
    let deleted = db.run(
        "DELETE FROM replays WHERE (account_id, person_id, key) IN (
             SELECT r.account_id, r.person_id, r.key FROM accounts a
             CROSS JOIN replays r ON r.account_id = a.account_id AND r.at < ?1 LIMIT ?2)",
        (stored(now - ANSWERS_KEPT), most),
    )?;
    Ok(counted(deleted))
}

fn sweep_sessions(db: &Connection, now: DateTime<Utc>, most: u32) -> Result<u32> {
    let over = db.all(
        "SELECT account_id, session_id FROM sessions WHERE began_at < ?1 OR used_at < ?2 LIMIT ?3",
        (stored(now - SESSION_LONGEST), stored(now - SESSION_IDLE), most),
        |row| Ok((AccountId(row.get(0)?), SessionId(row.get(1)?))),
    )?;
    over.iter().try_for_each(|(account, session)| sessions::delete(db, *account, *session))?;
    Ok(counted(over.len()))
}

/// Links whose end is long past, and those that no mail brought and none will.
fn sweep_links(db: &Connection, now: DateTime<Utc>, most: u32) -> Result<u32> {
    let dead = db.all(
        "SELECT l.account_id, l.person_id, l.purpose FROM links l
         WHERE l.expires_at < ?1 OR (l.expires_at IS NULL AND l.made_at < ?1 AND NOT EXISTS (
             SELECT 1 FROM outbox o
             WHERE o.account_id = l.account_id AND o.link_id = l.link_id AND o.state IN ('queued', 'sending')
         )) LIMIT ?2",
        (stored(now - DEAD_LINKS_KEPT), most),
        |row| Ok((AccountId(row.get(0)?), PersonId(row.get(1)?), row.get::<_, String>(2)?)),
    )?;
    dead.iter().try_for_each(|(account, person, purpose)| links::delete(db, *account, *person, purpose))?;
    Ok(counted(dead.len()))
}

fn sweep_mails(db: &Connection, now: DateTime<Utc>, most: u32) -> Result<u32> {
    let old = db.all(
        "SELECT o.account_id, o.mail_id FROM outbox o
         WHERE (o.state = 'sent' AND o.ended_at < ?1 OR o.state IN ('possibly_sent', 'failed', 'withheld') AND o.ended_at < ?2)
         AND NOT EXISTS (
             SELECT 1 FROM invitations i WHERE i.account_id = o.account_id AND i.mail_id = o.mail_id AND i.state = 'open'
         ) LIMIT ?3",
        (stored(now - SENT_MAIL_KEPT), stored(now - TROUBLED_MAIL_KEPT), most),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    old.iter().try_for_each(|key| outbox::delete(db, *key))?;
    Ok(counted(old.len()))
}

#[async_trait]
impl SweepStore for Sqlite {
    async fn sweep(&self, now: DateTime<Utc>, most: u32) -> Result<Swept, StoreError> {
        self.write(move |db| sweep(db, now, most)).await
    }
}
