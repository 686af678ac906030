//! The outbox: mail that is queued with its cause, and leaves at most once (N3).

use std::sync::LazyLock;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, Row};
use tallyport_domain::{
    ABANDONED_AFTER, AccountId, EMAIL_LINK_LASTS, Email, InvitationId, MailId, MailKind, MailState, PersonId, Posted,
    RESET_LASTS, RunId, furthest_due, next_try,
};
use tallyport_storage::{Mail, MailRow, MailSecrets, OutboxStore, StoreError, Subject};

use crate::Sqlite;
use crate::changes::{Counter, missing, noted, take};
use crate::errors::Result;
use crate::rows::{Statements, count, counted, email, instant, stored, unreadable};
use crate::{invitations, links, people};

/// What a mail is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About {
    Invitation(InvitationId),
    /// A link for somebody.
    Link(PersonId, i64),
    /// A run, as an administrator is told of it.
    Run(PersonId, RunId),
}

/// Queues a mail, together with its cause.
pub(crate) fn queue(db: &Connection, account: AccountId, kind: MailKind, about: About, now: DateTime<Utc>) -> Result<MailId> {
    let (person, invitation, link, run) = match about {
        About::Invitation(invitation) => (None, Some(invitation.0), None, None),
        About::Link(person, link) => (Some(person.0), None, Some(link), None),
        About::Run(person, run) => (Some(person.0), None, None, Some(run.0)),
    };
    let id = MailId(take(db, account, Counter::Mail, 1)?);
    db.run(
        "INSERT INTO outbox (account_id, mail_id, kind, person_id, invitation_id, link_id, run_id, state, queued_at, due_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8, ?8)",
        (account.0, id.0, kind.as_str(), person, invitation, link, run, stored(now)),
    )?;
    Ok(id)
}

/// The number of an account that there never is.
const NO_ACCOUNT: i64 = 0;

/// More than a mail and its link take, so that a disk with room for this has room for them.
const REHEARSED: usize = 16 * 1024;

/// Queues a mail and takes it back; see the port.
fn rehearse(db: &Connection, now: DateTime<Utc>) -> Result<()> {
    db.run(
        "INSERT INTO outbox (account_id, mail_id, kind, state, queued_at, due_at, problem) VALUES (?1, 0, 'reset', 'queued', ?2, ?2, ?3)",
        (NO_ACCOUNT, stored(now), " ".repeat(REHEARSED)),
    )?;
    db.run("DELETE FROM outbox WHERE account_id = ?1", [NO_ACCOUNT]).map(drop)
}

/// Whether the mail of an invitation waits.
pub(crate) fn is_queued(db: &Connection, account: AccountId, invitation: InvitationId) -> Result<bool> {
    let queued = db.one(
        "SELECT 1 FROM invitations i JOIN outbox o USING (account_id, mail_id)
         WHERE i.account_id = ?1 AND i.invitation_id = ?2 AND o.state = 'queued'",
        (account.0, invitation.0),
        |_| Ok(()),
    )?;
    Ok(queued.is_some())
}

/// Reads what became of a mail.
pub(crate) fn state(word: &str) -> Result<MailState> {
    MailState::parse(word).ok_or_else(|| unreadable("a state of a mail", word))
}

fn kind(row: &Row<'_>, column: usize) -> Result<MailKind> {
    let word = row.get_ref(column)?.as_str()?;
    MailKind::parse(word).ok_or_else(|| unreadable("a kind of mail", word))
}

/// A mail in its row.
struct Waiting {
    account: AccountId,
    id: MailId,
    kind: MailKind,
    about: About,
    tries: u32,
    queued_at: DateTime<Utc>,
}

/// The columns that [`waiting`] reads, in its order.
const WAITING: &str = "o.account_id, o.mail_id, o.kind, o.person_id, o.invitation_id, o.link_id, o.run_id, o.tries, o.queued_at";

fn waiting(row: &Row<'_>) -> Result<Waiting> {
    let number = |column| row.get::<_, Option<i64>>(column);
    let about = match (number(3)?, number(4)?, number(5)?, number(6)?) {
        (None, Some(invitation), None, None) => About::Invitation(InvitationId(invitation)),
        (Some(person), None, Some(link), None) => About::Link(PersonId(person), link),
        (Some(person), None, None, Some(run)) => About::Run(PersonId(person), RunId(run)),
        parts => return Err(unreadable("what a mail is about", format!("{parts:?}"))),
    };
    let (account, id) = (AccountId(row.get(0)?), MailId(row.get(1)?));
    let (tries, queued_at) = (count(row.get(7)?)?, instant(row.get(8)?)?);
    Ok(Waiting { account, id, kind: kind(row, 2)?, about, tries, queued_at })
}

/// Which of the mails that wait are due at the first parameter.
static IS_DUE: LazyLock<String> = LazyLock::new(|| {
    let furthest = furthest_due();
    let micros = |wait: &TimeDelta| wait.num_microseconds().unwrap_or(i64::MAX);
    let waits: Vec<String> =
        furthest.iter().enumerate().map(|(tries, wait)| format!("WHEN {tries} THEN {}", micros(wait))).collect();
    let longest = furthest.iter().map(micros).max().unwrap_or_default();
    format!("(o.due_at <= ?1 OR o.due_at > ?1 + CASE o.tries {} ELSE {longest} END)", waits.join(" "))
});

/// Takes the mail that is due longest; see the port.
fn claim(db: &Connection, secrets: &MailSecrets, now: DateTime<Utc>) -> Result<Option<Mail>> {
    let sql = format!(
        "SELECT {WAITING} FROM accounts a
         CROSS JOIN outbox o ON o.account_id = a.account_id AND o.state = 'queued' AND {}
         ORDER BY o.due_at, o.account_id, o.mail_id LIMIT 1",
        *IS_DUE
    );
    while let Some(mail) = db.one(&sql, [stored(now)], waiting)? {
        let Some(Addressed { to, name, by, run }) = addressed(db, &mail)? else {
            delete(db, (mail.account.0, mail.id.0))?;
            continue;
        };
        match (mail.kind, mail.about) {
            (MailKind::Reset, About::Link(_, link)) => links::arm(db, mail.account, link, &secrets.reset, RESET_LASTS, now)?,
            (_, About::Link(_, link)) => links::arm(db, mail.account, link, &secrets.email, EMAIL_LINK_LASTS, now)?,
            (_, About::Invitation(invitation)) => invitations::arm(db, mail.account, invitation, &secrets.invitation, now)?,
            (_, About::Run(..)) => {}
        }
        let tries = mail.tries + 1;
        let moved = "UPDATE outbox SET state = 'sending', due_at = NULL, claimed_at = ?3, tries = ?4
                     WHERE account_id = ?1 AND mail_id = ?2";
        db.run(moved, (mail.account.0, mail.id.0, stored(now), tries))?;
        note(db, &mail, now)?;
        let account = people::known_account(db, mail.account)?;
        let Waiting { id, kind, queued_at, .. } = mail;
        return Ok(Some(Mail { account, id, kind, to, name, by, run, tries, queued_at }));
    }
    Ok(None)
}

/// What stands on the envelope and at the beginning of a mail.
struct Addressed {
    to: Email,
    name: Option<String>,
    by: Option<String>,
    run: Option<RunId>,
}

/// To whom a mail goes; to nobody where its cause is gone.
fn addressed(db: &Connection, mail: &Waiting) -> Result<Option<Addressed>> {
    let read = |run| move |row: &Row<'_>| Ok(Addressed { to: email(row, 0)?, name: row.get(1)?, by: row.get(2)?, run });
    match mail.about {
        About::Invitation(invitation) => db.one(
            "SELECT i.email, NULL, p.name FROM invitations i
             JOIN people p ON p.account_id = i.account_id AND p.person_id = i.invited_by
             WHERE i.account_id = ?1 AND i.invitation_id = ?2 AND i.state = 'open' AND i.mail_id = ?3",
            (mail.account.0, invitation.0, mail.id.0),
            read(None),
        ),
        About::Link(_, link) => db.one(
            "SELECT coalesce(l.email, p.email), p.name, CASE WHEN m.person_id <> p.person_id THEN m.name END FROM links l
             JOIN people p ON p.account_id = l.account_id AND p.person_id = l.person_id
             JOIN people m ON m.account_id = l.account_id AND m.person_id = l.made_by
             WHERE l.account_id = ?1 AND l.link_id = ?2 AND p.active",
            (mail.account.0, link),
            read(None),
        ),
        About::Run(person, run) => db.one(
            "SELECT p.email, p.name, NULL FROM people p
             JOIN runs r ON r.account_id = p.account_id AND r.run_id = ?3
             WHERE p.account_id = ?1 AND p.person_id = ?2 AND p.active AND p.role = 'administrator'
             AND (?4 OR r.outcome = 'held')",
            (mail.account.0, person.0, run.0, mail.kind != MailKind::Held),
            read(Some(run)),
        ),
    }
}

/// Deletes a mail: one whose cause is gone, or that has had its day.
pub(crate) fn delete(db: &Connection, key: (i64, i64)) -> Result<()> {
    db.run("UPDATE invitations SET mail_id = NULL WHERE account_id = ?1 AND mail_id = ?2", key)?;
    db.run("DELETE FROM outbox WHERE account_id = ?1 AND mail_id = ?2", key).map(drop)
}

/// Tells that the mail of an invitation changed its state.
fn note(db: &Connection, mail: &Waiting, now: DateTime<Utc>) -> Result<()> {
    match mail.about {
        About::Invitation(invitation) => noted(db, mail.account, Subject::Invitation(invitation), None, now),
        About::Link(..) | About::Run(..) => Ok(()),
    }
}

/// Takes down what sending brought; see the port.
fn settle(db: &Connection, account: AccountId, id: MailId, posted: &Posted, now: DateTime<Utc>) -> Result<MailState> {
    let sql = format!("SELECT {WAITING} FROM outbox o WHERE o.account_id = ?1 AND o.mail_id = ?2 AND o.state = 'sending'");
    let mail = db.one(&sql, (account.0, id.0), waiting)?.ok_or_else(|| missing("mail"))?;
    let (state, problem, due) = match posted {
        Posted::Sent => (MailState::Sent, None, None),
        Posted::NotSent(problem) => match next_try(mail.tries, now) {
            Some(due) => (MailState::Queued, Some(problem), Some(due)),
            None => (MailState::Failed, Some(problem), None),
        },
        Posted::Refused(problem) => (MailState::Failed, Some(problem), None),
        Posted::Unknown(problem) => (MailState::PossiblySent, Some(problem), None),
    };
    let ended = if due.is_some() { None } else { Some(stored(now)) };
    db.run(
        "UPDATE outbox SET state = ?3, problem = ?4, due_at = ?5, ended_at = ?6, claimed_at = NULL
         WHERE account_id = ?1 AND mail_id = ?2",
        (account.0, id.0, state.as_str(), problem, due.map(stored), ended),
    )?;
    note(db, &mail, now)?;
    Ok(state)
}

/// Gives up on what a dead process was at; see the port.
fn abandon(db: &Connection, now: DateTime<Utc>) -> Result<u32> {
    let sql = format!(
        "SELECT {WAITING} FROM accounts a
         CROSS JOIN outbox o ON o.account_id = a.account_id AND o.state = 'sending' AND o.claimed_at <= ?1"
    );
    let left = db.all(&sql, [stored(now - ABANDONED_AFTER)], waiting)?;
    for mail in &left {
        db.run(
            "UPDATE outbox SET state = 'possibly_sent', claimed_at = NULL, ended_at = ?3 WHERE account_id = ?1 AND mail_id = ?2",
            (mail.account.0, mail.id.0, stored(now)),
        )?;
        note(db, mail, now)?;
    }
    Ok(counted(left.len()))
}

/// Keeps what waited in a database that is of the past from leaving: nobody knows whether it left.
pub(crate) fn withhold_everywhere(db: &Connection, now: DateTime<Utc>) -> Result<()> {
    db.run(
        "UPDATE outbox SET state = 'withheld', due_at = NULL, claimed_at = NULL, ended_at = ?1
         WHERE state IN ('queued', 'sending')",
        [stored(now)],
    )
    .map(drop)
}

/// Mail that wants a person's eye; see the port. What became of an earlier mail of an invitation is of the past.
fn troubled(db: &Connection, account: AccountId) -> Result<Vec<MailRow>> {
    db.all(
        "SELECT o.mail_id, o.kind, coalesce(i.email, l.email, p.email), o.invitation_id, o.state, o.problem, o.queued_at
         FROM outbox o
         LEFT JOIN invitations i ON i.account_id = o.account_id AND i.invitation_id = o.invitation_id
         LEFT JOIN links l ON l.account_id = o.account_id AND l.link_id = o.link_id
         LEFT JOIN people p ON p.account_id = o.account_id AND p.person_id = o.person_id
         WHERE o.account_id = ?1
         AND (o.state IN ('possibly_sent', 'failed', 'withheld') OR (o.state = 'queued' AND o.tries > 0))
         AND (i.invitation_id IS NULL OR (i.mail_id IS o.mail_id AND i.state <> 'accepted'))
         ORDER BY o.mail_id DESC",
        [account.0],
        |row| {
            Ok(MailRow {
                id: MailId(row.get(0)?),
                kind: kind(row, 1)?,
                to: email(row, 2)?,
                invitation: row.get::<_, Option<i64>>(3)?.map(InvitationId),
                state: state(row.get_ref(4)?.as_str()?)?,
                problem: row.get(5)?,
                queued_at: instant(row.get(6)?)?,
            })
        },
    )
}

#[async_trait]
impl OutboxStore for Sqlite {
    async fn rehearse_mail(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |db| rehearse(db, now)).await
    }

    async fn claim_mail(&self, secret: &MailSecrets, now: DateTime<Utc>) -> Result<Option<Mail>, StoreError> {
        let secret = *secret;
        self.write(move |db| claim(db, &secret, now)).await
    }

    async fn settle_mail(
        &self,
        account: AccountId,
        mail: MailId,
        posted: &Posted,
        now: DateTime<Utc>,
    ) -> Result<MailState, StoreError> {
        let posted = posted.clone();
        self.write(move |db| settle(db, account, mail, &posted, now)).await
    }

    async fn abandon_mail(&self, now: DateTime<Utc>) -> Result<u32, StoreError> {
        self.write(move |db| abandon(db, now)).await
    }

    async fn next_mail(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read(move |db| {
            let sql = format!(
                "SELECT min(CASE WHEN {} THEN min(o.due_at, ?1) ELSE o.due_at END) FROM accounts a
                 CROSS JOIN outbox o ON o.account_id = a.account_id AND o.state = 'queued'",
                *IS_DUE
            );
            let due = db.one(&sql, [stored(now)], |row| Ok(row.get::<_, Option<i64>>(0)?))?;
            due.flatten().map(instant).transpose()
        })
        .await
    }

    async fn mail_counts(&self) -> Result<Vec<(MailState, u32)>, StoreError> {
        self.read(|db| {
            let counted = db.all("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state", [], |row| {
                Ok((state(row.get_ref(0)?.as_str()?)?, count(row.get(1)?)?))
            })?;
            Ok(counted)
        })
        .await
    }

    async fn troubled_mail(&self, account: AccountId) -> Result<Vec<MailRow>, StoreError> {
        self.read(move |db| troubled(db, account)).await
    }
}
