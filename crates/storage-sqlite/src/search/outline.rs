//! All tasks of an account, and of each just what decides whether a search finds it.

use std::collections::BTreeSet;

use memchr::memmem::Finder;
use rusqlite::Connection;
use tallyport_domain::{AccountId, TaskId};

use super::links::{Growing, Links};
use crate::errors::Result;
use crate::forest::Direct;
use crate::rows::Statements;

/// The tasks of an account, which stand in the order of their numbers from 1 on.
pub(super) struct Outline {
    pub(super) account: AccountId,
    pub(super) links: Links,
    pub(super) archived: Marks,
    names: Names,
}

/// For each task whether it does.
pub(super) type Marks = Vec<bool>;

/// Which tasks hold every word.
pub(super) struct Holding {
    /// In their own names.
    pub(super) name: Marks,
    /// In their paths.
    pub(super) path: Marks,
}

impl Outline {
    pub(super) fn read(db: &Connection, account: AccountId) -> Result<Self> {
        let (mut links, mut archived, mut names) = (Growing::new(), vec![false], Names::default());
        names.push(b"");
        let sql = "SELECT task_id, parent_id, search_key, archived_reason IS NOT NULL FROM tasks
                   WHERE account_id = ?1 ORDER BY task_id";
        db.all(sql, [account.0], |row| {
            links.add(row.get(0)?, row.get(1)?);
            names.push(row.get_ref(2)?.as_bytes()?);
            archived.push(row.get(3)?);
            Ok(())
        })?;
        Ok(Self { account, links: links.grown(), archived, names })
    }

    pub(super) fn id(&self, at: usize) -> TaskId {
        TaskId(self.links.id(at))
    }

    /// For no task.
    pub(super) fn no_marks(&self) -> Marks {
        vec![false; self.archived.len()]
    }

    /// Which tasks hold all of the words; nothing where no path does.
    pub(super) fn holding(&self, words: &BTreeSet<&str>) -> Option<Holding> {
        let all = || vec![true; self.archived.len()];
        let mut holding = Holding { name: all(), path: all() };
        for word in words {
            let name = self.names.holding(word);
            let mut path = name.clone();
            self.links.pass_down(&mut path);
            let mut is_held = false;
            for at in self.links.downwards() {
                holding.name[at] &= name[at];
                holding.path[at] &= path[at];
                is_held |= holding.path[at];
            }
            if !is_held {
                return None;
            }
        }
        Some(holding)
    }

    /// Which tasks somebody has who has these directly (P1).
    pub(super) fn accessible(&self, direct: &Direct) -> Marks {
        let mut accessible = self.no_marks();
        for at in direct.keys().filter_map(|task| self.links.place(task.0)) {
            accessible[at] = true;
        }
        self.links.pass_down(&mut accessible);
        accessible
    }
}

/// What tasks are found by, one after the other: apart they would take several times the room and the time.
#[derive(Default)]
struct Names {
    keys: Vec<u8>,
    /// Where that of each task ends.
    ends: Vec<usize>,
}

impl Names {
    fn push(&mut self, key: &[u8]) {
        self.keys.extend_from_slice(key);
        self.ends.push(self.keys.len());
        // Which is in no word, so that none is found across two names.
        self.keys.push(b'\n');
    }

    fn holding(&self, word: &str) -> Marks {
        let mut marks = vec![false; self.ends.len()];
        let finder = Finder::new(word);
        let (mut from, mut at) = (0, 0);
        while let Some(found) = finder.find(&self.keys[from..]) {
            while self.ends[at] < from + found {
                at += 1;
            }
            marks[at] = true;
            from = self.ends[at] + 1;
        }
        marks
    }
}
