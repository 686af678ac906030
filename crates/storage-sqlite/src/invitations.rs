//! Invitations: co-workers who were asked to join (N1, N2).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};
use tallyport_domain::{
    AccountId, INVITATION_LASTS, Invitation, InvitationId, InvitationState, MailKind, Person, PersonId, Role, SecretHash,
};
use tallyport_storage::{Account, Done, InvitationStore, NewInvitation, NewPerson, Once, StoreError, Subject};

use crate::Sqlite;
use crate::assignments;
use crate::changes::{Counter, missing, noted, restructured, take};
use crate::errors::Result;
use crate::once::once;
use crate::outbox::{self, About};
use crate::people;
use crate::rows::{Statements, email, instant, stored, unreadable};
use crate::secrets::{self, Opens};

const INVITATION: &str =
    "SELECT i.invitation_id, i.email, i.role, i.invited_by, i.invited_at, i.state, i.person_id, i.expires_at, o.state
     FROM invitations i LEFT JOIN outbox o ON o.account_id = i.account_id AND o.mail_id = i.mail_id
     WHERE i.account_id = ?1";

fn read(row: &Row<'_>) -> Result<Invitation> {
    let role = row.get_ref(2)?.as_str()?;
    let state = match (row.get_ref(5)?.as_str()?, row.get::<_, Option<i64>>(6)?) {
        ("open", None) => InvitationState::Open,
        ("revoked", None) => InvitationState::Revoked,
        ("accepted", Some(person)) => InvitationState::Accepted(PersonId(person)),
        (state, _) => return Err(unreadable("a state", state)),
    };
    Ok(Invitation {
        id: InvitationId(row.get(0)?),
        email: email(row, 1)?,
        role: Role::parse(role).ok_or_else(|| unreadable("a role", role))?,
        invited_by: PersonId(row.get(3)?),
        invited_at: instant(row.get(4)?)?,
        state,
        expires_at: row.get::<_, Option<i64>>(7)?.map(instant).transpose()?,
        mail: row.get_ref(8)?.as_str_or_null()?.map(outbox::state).transpose()?,
    })
}

fn known(db: &Connection, account: AccountId, id: InvitationId) -> Result<Invitation> {
    let sql = format!("{INVITATION} AND i.invitation_id = ?2");
    db.one(&sql, (account.0, id.0), read)?.ok_or_else(|| missing("invitation"))
}

fn invite_all(
    db: &Connection,
    account: AccountId,
    new: &[NewInvitation],
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<Vec<Invitation>> {
    new.iter().map(|new| invite(db, account, new, by, now)).collect()
}

fn invite(db: &Connection, account: AccountId, new: &NewInvitation, by: PersonId, now: DateTime<Utc>) -> Result<Invitation> {
    if people::by_email(db, account, &new.email)?.is_some() {
        return Err(StoreError::EmailTaken.into());
    }
    let sql = format!("{INVITATION} AND i.email_key = ?2 AND i.state = 'open'");
    for open in db.all(&sql, (account.0, new.email.key()), read)? {
        if open.word(now) == "open" {
            return Err(StoreError::Invited(new.email.clone()).into());
        }
        // It makes room for the new one, lest somebody sends it again beside that.
        close(db, account, open.id, InvitationState::Revoked, Some(by), now)?;
    }
    let id = InvitationId(take(db, account, Counter::Invitation, 1)?);
    db.run(
        "INSERT INTO invitations (account_id, invitation_id, email, email_key, role, invited_by, invited_at, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'open')",
        (account.0, id.0, new.email.as_str(), new.email.key(), new.role.as_str(), by.0, stored(now)),
    )?;
    bring(db, account, id, new.hash.as_ref(), now)?;
    noted(db, account, Subject::Invitation(id), Some(by), now)?;
    known(db, account, id)
}

/// Lets an invitation have this secret, or one that a mail brings.
fn bring(db: &Connection, account: AccountId, id: InvitationId, hash: Option<&SecretHash>, now: DateTime<Utc>) -> Result<()> {
    if let Some(hash) = hash {
        return arm(db, account, id, hash, now);
    }
    let mail = outbox::queue(db, account, MailKind::Invitation, About::Invitation(id), now)?;
    let sql = "UPDATE invitations SET mail_id = ?3, expires_at = NULL WHERE account_id = ?1 AND invitation_id = ?2";
    db.run(sql, (account.0, id.0, mail.0))?;
    secrets::take(db, account, Opens::Invitation, id.0)
}

/// Gives an invitation its secret, from now on the only one that works.
pub(crate) fn arm(db: &Connection, account: AccountId, id: InvitationId, hash: &SecretHash, now: DateTime<Utc>) -> Result<()> {
    secrets::put(db, account, Opens::Invitation, id.0, hash)?;
    let sql = "UPDATE invitations SET expires_at = ?3 WHERE account_id = ?1 AND invitation_id = ?2";
    db.run(sql, (account.0, id.0, stored(now + INVITATION_LASTS))).map(drop)
}

fn renew(
    db: &Connection,
    account: AccountId,
    id: InvitationId,
    hash: Option<&SecretHash>,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<Invitation> {
    let invitation = known(db, account, id)?;
    if invitation.state != InvitationState::Open {
        return Err(StoreError::NotOpen(invitation.word(now)).into());
    }
    forget_mail(db, account, id)?;
    bring(db, account, id, hash, now)?;
    noted(db, account, Subject::Invitation(id), Some(by), now)?;
    known(db, account, id)
}

fn revoke(db: &Connection, account: AccountId, id: InvitationId, by: PersonId, now: DateTime<Utc>) -> Result<Invitation> {
    let invitation = known(db, account, id)?;
    match invitation.state {
        InvitationState::Open => close(db, account, id, InvitationState::Revoked, Some(by), now)?,
        InvitationState::Revoked => {}
        InvitationState::Accepted(_) => return Err(StoreError::NotOpen(invitation.word(now)).into()),
    }
    known(db, account, id)
}

/// Closes an open invitation. Its secret stays, so that who comes with it is told what became of it.
fn close(
    db: &Connection,
    account: AccountId,
    id: InvitationId,
    state: InvitationState,
    by: Option<PersonId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (word, person) = match state {
        InvitationState::Open => return Ok(()),
        InvitationState::Accepted(person) => ("accepted", Some(person.0)),
        InvitationState::Revoked => ("revoked", None),
    };
    let sql = "UPDATE invitations SET state = ?3, person_id = ?4 WHERE account_id = ?1 AND invitation_id = ?2";
    db.run(sql, (account.0, id.0, word, person))?;
    if outbox::is_queued(db, account, id)? {
        forget_mail(db, account, id)?;
    }
    noted(db, account, Subject::Invitation(id), by, now)
}

/// Lets the mail of an invitation be of the past: if it waits, or comes to wait again, it is dropped.
fn forget_mail(db: &Connection, account: AccountId, id: InvitationId) -> Result<()> {
    let sql = "UPDATE invitations SET mail_id = NULL WHERE account_id = ?1 AND invitation_id = ?2";
    db.run(sql, (account.0, id.0)).map(drop)
}

/// Revokes every open invitation of a database that is of the past: nobody knows which of their links arrived.
pub(crate) fn revoke_everywhere(db: &Connection, now: DateTime<Utc>) -> Result<()> {
    let open = db.all("SELECT account_id, invitation_id FROM invitations WHERE state = 'open'", [], |row| {
        Ok((AccountId(row.get(0)?), InvitationId(row.get(1)?)))
    })?;
    for (account, id) in open {
        db.run("UPDATE invitations SET state = 'revoked' WHERE account_id = ?1 AND invitation_id = ?2", (account.0, id.0))?;
        noted(db, account, Subject::Invitation(id), None, now)?;
    }
    Ok(())
}

fn find(db: &Connection, hash: &SecretHash) -> Result<Option<(Account, Invitation)>> {
    let Some((account, id)) = secrets::find(db, Opens::Invitation, hash)? else { return Ok(None) };
    Ok(Some((people::known_account(db, account)?, known(db, account, InvitationId(id))?)))
}

fn accept(db: &Connection, hash: &SecretHash, name: &str, password: &str, now: DateTime<Utc>) -> Result<(Account, Person)> {
    let (account, invitation) = find(db, hash)?.ok_or_else(|| missing("invitation"))?;
    if !invitation.is_acceptable(now) {
        return Err(StoreError::NotOpen(invitation.word(now)).into());
    }
    let (name, password_hash) = (name.to_owned(), Some(password.to_owned()));
    let new = NewPerson { email: invitation.email, name, role: invitation.role, password_hash };
    let person = people::add(db, account.id, &new)?;
    assignments::match_people(db, account.id, &[person.id], now)?;
    restructured(db, account.id, Subject::Person(person.id), Some(person.id), now)?;
    close(db, account.id, invitation.id, InvitationState::Accepted(person.id), Some(person.id), now)?;
    Ok((account, person))
}

#[async_trait]
impl InvitationStore for Sqlite {
    async fn invite(
        &self,
        account: AccountId,
        new: &[NewInvitation],
        by: PersonId,
        now: DateTime<Utc>,
        key: Option<Once<[Invitation]>>,
    ) -> Result<Done<Vec<Invitation>>, StoreError> {
        let new = new.to_vec();
        self.write(move |db| once(db, account, by, now, key.as_ref(), || invite_all(db, account, &new, by, now))).await
    }

    async fn invitations(&self, account: AccountId) -> Result<Vec<Invitation>, StoreError> {
        let sql = format!("{INVITATION} ORDER BY i.invitation_id DESC");
        self.read(move |db| db.all(&sql, [account.0], read)).await
    }

    async fn renew_invitation(
        &self,
        account: AccountId,
        invitation: InvitationId,
        hash: Option<SecretHash>,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Invitation, StoreError> {
        self.write(move |db| renew(db, account, invitation, hash.as_ref(), by, now)).await
    }

    async fn revoke_invitation(
        &self,
        account: AccountId,
        invitation: InvitationId,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Invitation, StoreError> {
        self.write(move |db| revoke(db, account, invitation, by, now)).await
    }

    async fn invitation(&self, hash: &SecretHash) -> Result<Option<(Account, Invitation)>, StoreError> {
        let hash = *hash;
        self.read(move |db| find(db, &hash)).await
    }

    async fn accept_invitation(
        &self,
        hash: &SecretHash,
        name: &str,
        password_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<(Account, Person), StoreError> {
        let (hash, name, password) = (*hash, name.to_owned(), password_hash.to_owned());
        self.write(move |db| accept(db, &hash, &name, &password, now)).await
    }
}
