//! The tags of an account.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::time::Tag;
use tallyport_domain::{AccountId, PersonId, TagId};
use tallyport_storage::{StoreError, Subject, TagRow, TagStore};

use crate::Sqlite;
use crate::changes::{missing, noted};
use crate::errors::Result;
use crate::rows::{Statements, unreadable};

fn rows(db: &Connection, account: AccountId, one: Option<TagId>) -> Result<Vec<TagRow>> {
    db.all(
        "SELECT tag_id, name, (SELECT count(*) FROM entry_tags e WHERE e.account_id = t.account_id AND e.tag_id = t.tag_id)
         FROM tags t WHERE account_id = ?1 AND (?2 IS NULL OR tag_id = ?2) ORDER BY tag_key",
        (account.0, one.map(|tag| tag.0)),
        |row| {
            let name = row.get_ref(1)?.as_str()?;
            let name = Tag::typed(name).map_err(|_| unreadable("a tag", name))?;
            Ok(TagRow { id: TagId(row.get(0)?), name, entries: row.get::<_, i64>(2)?.unsigned_abs() })
        },
    )
}

fn known(db: &Connection, account: AccountId, tag: TagId) -> Result<TagRow> {
    rows(db, account, Some(tag))?.into_iter().next().ok_or_else(|| missing("tag"))
}

fn rename(db: &Connection, account: AccountId, tag: TagId, name: &Tag, by: PersonId, now: DateTime<Utc>) -> Result<TagRow> {
    known(db, account, tag)?;
    let sql = "SELECT 1 FROM tags WHERE account_id = ?1 AND tag_key = ?2 AND tag_id <> ?3";
    if db.one(sql, (account.0, name.key(), tag.0), |_| Ok(()))?.is_some() {
        return Err(StoreError::TagExists.into());
    }
    let sql = "UPDATE tags SET name = ?3, tag_key = ?4 WHERE account_id = ?1 AND tag_id = ?2";
    db.run(sql, (account.0, tag.0, name.as_str(), name.key()))?;
    noted(db, account, Subject::Tags, Some(by), now)?;
    known(db, account, tag)
}

fn merge(db: &Connection, account: AccountId, tag: TagId, into: TagId, by: PersonId, now: DateTime<Utc>) -> Result<TagRow> {
    for tag in [tag, into] {
        known(db, account, tag)?;
    }
    if tag != into {
        db.run(
            "INSERT INTO entry_tags (account_id, entry_id, tag_id)
             SELECT account_id, entry_id, ?3 FROM entry_tags WHERE account_id = ?1 AND tag_id = ?2
             ON CONFLICT DO NOTHING",
            (account.0, tag.0, into.0),
        )?;
        remove(db, account, tag, by, now)?;
    }
    known(db, account, into)
}

fn remove(db: &Connection, account: AccountId, tag: TagId, by: PersonId, now: DateTime<Utc>) -> Result<()> {
    known(db, account, tag)?;
    db.run("DELETE FROM entry_tags WHERE account_id = ?1 AND tag_id = ?2", (account.0, tag.0))?;
    db.run("DELETE FROM tags WHERE account_id = ?1 AND tag_id = ?2", (account.0, tag.0))?;
    noted(db, account, Subject::Tags, Some(by), now)
}

#[async_trait]
impl TagStore for Sqlite {
    async fn tags(&self, account: AccountId) -> Result<Vec<TagRow>, StoreError> {
        self.read(move |db| rows(db, account, None)).await
    }

    async fn rename_tag(
        &self,
        account: AccountId,
        tag: TagId,
        name: &Tag,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<TagRow, StoreError> {
        let name = name.clone();
        self.write(move |db| rename(db, account, tag, &name, by, now)).await
    }

    async fn merge_tags(
        &self,
        account: AccountId,
        tag: TagId,
        into: TagId,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<TagRow, StoreError> {
        self.write(move |db| merge(db, account, tag, into, by, now)).await
    }

    async fn remove_tag(&self, account: AccountId, tag: TagId, by: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |db| remove(db, account, tag, by, now)).await
    }
}
