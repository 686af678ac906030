//! The pages of one list, put together, and what tells that they fit and are all (I20).

use std::collections::HashSet;

use crate::decode::MOST_ROWS;
use crate::wire::{Key, Page, Row};

/// A first page of so many rows may be one that the server cut short: these are sizes it is known to prefer.
const SUSPICIOUS: [u64; 4] = [50, 100, 150, 151];

/// What follows a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The list is complete.
    Done,
    /// There is, or may be, another page.
    More,
    /// The pages are not of one list: it changed between them.
    Torn,
}

/// The rows so far.
#[derive(Debug)]
pub(super) struct Gathered<T> {
    rows: Vec<Row<T>>,
    seen: HashSet<Key>,
    total: Option<u64>,
    pages: u32,
    /// Pages that came from an earlier reading.
    stored: u32,
    /// How many rows a full page has; none where there are no pages.
    size: u64,
    /// How many rows the last page had.
    newest: usize,
}

impl<T> Gathered<T> {
    pub(super) fn new(size: u64) -> Self {
        Self { rows: Vec::new(), seen: HashSet::new(), total: None, pages: 0, stored: 0, size, newest: 0 }
    }

    /// Adds the next page.
    ///
    /// # Errors
    /// In words, where no change in between explains it.
    pub(super) fn take(&mut self, page: Page<T>) -> Result<Step, String> {
        let Page { rows, total, size } = page;
        let before = self.newest();
        if !rows.is_empty() && rows.len() == before.len() && rows.iter().zip(before).all(|(row, before)| row.key == before.key) {
            return Err("it is the page before once more".to_owned());
        }
        self.pages += 1;
        self.newest = rows.len();
        let told = size.is_some();
        if let Some(size) = size.filter(|_| self.size > 0) {
            self.size = size;
        }
        let changed = total.is_some_and(|total| *self.total.get_or_insert(total) != total);
        let mut twice = false;
        for row in rows {
            twice |= !self.seen.insert(row.key.clone());
            self.rows.push(row);
        }
        if self.rows.len() > MOST_ROWS {
            return Err(format!("the list does not end after {MOST_ROWS} rows"));
        }
        if twice || changed { Ok(Step::Torn) } else { Ok(self.step(told)) }
    }

    fn step(&mut self, told: bool) -> Step {
        let newest = self.newest as u64;
        if let Some(total) = self.total {
            return match self.count() {
                count if count == total => Step::Done,
                count if count > total || newest == 0 || self.size == 0 => Step::Torn,
                _ => {
                    if self.pages == 1 {
                        self.size = newest;
                    }
                    Step::More
                }
            };
        }
        if self.size == 0 || newest == 0 {
            return Step::Done;
        }
        if self.pages == 1 && newest < self.size {
            let cut = !told && SUSPICIOUS.contains(&newest);
            // Should another page come, this is how long they are.
            self.size = newest;
            return if cut { Step::More } else { Step::Done };
        }
        if newest < self.size { Step::Done } else { Step::More }
    }

    /// Marks where stored pages end: what comes from here on is of this reading.
    pub(super) fn fresh_from_here(&mut self) {
        self.stored = self.pages;
    }

    /// Whether it began with pages of an earlier reading.
    pub(super) fn resumes(&self) -> bool {
        self.stored > 0
    }

    /// Whether its pages were read at different times.
    pub(super) fn mixed(&self) -> bool {
        self.resumes() && self.stored < self.pages
    }

    /// The rows of the last page.
    pub(super) fn newest(&self) -> &[Row<T>] {
        &self.rows[self.rows.len() - self.newest..]
    }

    pub(super) fn has(&self, key: &Key) -> bool {
        self.seen.contains(key)
    }

    pub(super) fn pages(&self) -> u32 {
        self.pages
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    pub(super) fn count(&self) -> u64 {
        self.seen.len() as u64
    }

    /// How many pages are left, as far as is known.
    pub(super) fn pages_ahead(&self) -> u32 {
        let left = self.total.map_or(1, |total| total.saturating_sub(self.count()).div_ceil(self.size.max(1)));
        u32::try_from(left.max(1)).unwrap_or(u32::MAX)
    }

    /// This reading, and what only `earlier` has: nothing is missing that either of them saw.
    pub(super) fn and(mut self, earlier: Self) -> Self {
        for row in earlier.rows {
            if self.seen.insert(row.key.clone()) {
                self.rows.push(row);
            }
        }
        self
    }

    pub(super) fn into_items(self) -> Vec<T> {
        self.rows.into_iter().filter_map(|row| row.item).collect()
    }
}
