//! Which time counts, made ready so that each row is looked at once.

use std::collections::HashSet;

use rusqlite::Connection;
use tallyport_domain::{AccountId, TaskId};
use tallyport_storage::TimeFilter;

use crate::errors::Result;
use crate::rows::Statements as _;

/// A task with all that hangs under it.
pub(super) const BELOW: &str = "
    WITH RECURSIVE below (task_id) AS (
        SELECT task_id FROM tasks WHERE account_id = ?1 AND task_id = ?2
        UNION
        SELECT t.task_id FROM below b CROSS JOIN tasks t ON t.account_id = ?1 AND t.parent_id = b.task_id
    ) SELECT task_id FROM below";

const TAG: &str = "SELECT tag_id FROM tags WHERE account_id = ?1 AND tag_key = ?2";

pub(super) const TAGGED: &str = "SELECT entry_id FROM entry_tags WHERE account_id = ?1 AND tag_id = ?2";

/// See the module.
pub(super) struct Filter {
    /// Any where there is none.
    tasks: Option<HashSet<TaskId>>,
    no_task: bool,
    /// Any where there is none.
    tagged: Option<Marked>,
    billable: Option<bool>,
}

impl Filter {
    pub(super) fn read(db: &Connection, account: AccountId, filter: &TimeFilter) -> Result<Self> {
        let TimeFilter { tasks, no_task, tags, billable, .. } = filter;
        let mut below = HashSet::new();
        for task in tasks {
            below.extend(db.all(BELOW, (account.0, task.0), |row| Ok(TaskId(row.get(0)?)))?);
        }
        let mut tagged = Marked::default();
        for tag in tags {
            let Some(tag) = db.one(TAG, (account.0, tag.key()), |row| Ok(row.get::<_, i64>(0)?))? else { continue };
            db.all(TAGGED, (account.0, tag), |row| {
                tagged.mark(row.get(0)?);
                Ok(())
            })?;
        }
        Ok(Self {
            tasks: (*no_task || !tasks.is_empty()).then_some(below),
            no_task: *no_task,
            tagged: (!tags.is_empty()).then_some(tagged),
            billable: *billable,
        })
    }

    /// Whether it has to know which entry it is about.
    pub(super) fn asks_for_entries(&self) -> bool {
        self.tagged.is_some()
    }

    /// Whether time of an entry counts.
    pub(super) fn lets(&self, entry: i64, task: Option<TaskId>, billable: bool) -> bool {
        self.billable.is_none_or(|wanted| wanted == billable)
            && self.tasks.as_ref().is_none_or(|tasks| task.map_or(self.no_task, |task| tasks.contains(&task)))
            && self.tagged.as_ref().is_none_or(|tagged| tagged.has(entry))
    }
}

/// A set of the numbers of entries, a bit each: an account counts them from 1 on.
#[derive(Default)]
struct Marked(Vec<u64>);

impl Marked {
    fn place(entry: i64) -> (usize, u64) {
        let number = entry.unsigned_abs();
        (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
    }

    fn mark(&mut self, entry: i64) {
        let (word, bit) = Self::place(entry);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }

    fn has(&self, entry: i64) -> bool {
        let (word, bit) = Self::place(entry);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }
}
