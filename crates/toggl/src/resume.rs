//! Finished pages, kept for a later reading: decoded fields only, sealed with the token that read them (I19).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tallyport_domain::Part;

use crate::wire::{Page, Row};

/// Changes whenever the encoding does; parts of another version are ignored.
const VERSION: u8 = 1;
/// How many bytes of a seal are kept.
const SEAL: usize = 16;
/// Parts from the future are from before the clock was set back, and so of unknown age.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// A page in a part: its rows borrowed where it is written, and owned where it is read.
#[derive(Serialize, Deserialize)]
struct Content<R> {
    began: i64,
    last: bool,
    total: Option<u64>,
    size: Option<u64>,
    rows: R,
}

/// Where a page stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Which list, in a word.
    pub(crate) list: &'a str,
    /// What was asked for and by whom, so that an answer to something else is not taken for it.
    pub(crate) asked: &'a str,
    /// Which page, from 1.
    pub(crate) page: u32,
    /// When the reading of the list began, in microseconds: pages of different readings do not fit together.
    pub(crate) began: i64,
    /// Whether the list ends with it.
    pub(crate) last: bool,
}

/// Makes a part of a page.
pub(crate) fn part<T: Serialize>(
    key: &hmac::Key,
    place: Place<'_>,
    (rows, total, size): (&[Row<T>], Option<u64>, Option<u64>),
    read_at: DateTime<Utc>,
) -> Option<Part> {
    let content = Content { began: place.began, last: place.last, total, size, rows };
    let content = postcard::to_stdvec(&content).ok()?;
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&seal(key, place.list, place.asked, place.page, &content));
    bytes.extend_from_slice(&content);
    Some(Part { list: place.list.to_owned(), page: place.page, read_at, bytes })
}

fn seal(key: &hmac::Key, list: &str, asked: &str, page: u32, content: &[u8]) -> [u8; SEAL] {
    let mut context = hmac::Context::with_key(key);
    for text in [list, asked] {
        context.update(text.as_bytes());
        context.update(&[0]);
    }
    context.update(&page.to_be_bytes());
    context.update(content);
    let mut seal = [0; SEAL];
    seal.copy_from_slice(&context.sign().as_ref()[..SEAL]);
    seal
}

/// A page that an earlier reading left.
#[derive(Debug)]
pub(crate) struct Stored<T> {
    pub(crate) page: Page<T>,
    pub(crate) began: i64,
    pub(crate) last: bool,
    /// As it came, to be kept again.
    pub(crate) part: Part,
}

/// Everything that earlier readings left.
pub(crate) struct Kept {
    key: hmac::Key,
    parts: Mutex<HashMap<String, Vec<Part>>>,
}

impl Kept {
    pub(crate) fn new(key: hmac::Key, kept: Vec<Part>) -> Self {
        let mut parts: HashMap<String, Vec<Part>> = HashMap::new();
        for part in kept {
            parts.entry(part.list.clone()).or_default().push(part);
        }
        Self { key, parts: Mutex::new(parts) }
    }

    fn parts(&self) -> MutexGuard<'_, HashMap<String, Vec<Part>>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn key(&self) -> &hmac::Key {
        &self.key
    }

    /// How many pages of a list there are, good or not.
    pub(crate) fn pages(&self, list: &str) -> u32 {
        self.parts().get(list).map_or(0, |parts| u32::try_from(parts.len()).unwrap_or(u32::MAX))
    }

    /// The pages of a list from the first one on that the newest reading of it left, without gaps.
    ///
    /// A list that does not say how long it is comes whole or not at all: what was cut off cannot be told from what changed.
    pub(crate) fn take<T: DeserializeOwned>(
        &self,
        list: &str,
        asked: &str,
        not_before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Vec<Stored<T>> {
        let parts = self.parts().remove(list).unwrap_or_default();
        let fresh = parts.into_iter().filter(|part| part.read_at >= not_before && part.read_at <= now + SKEW);
        let mut stored: Vec<Stored<T>> = fresh.filter_map(|part| self.open(asked, part)).collect();
        let newest = stored.iter().map(|stored| stored.began).max();
        stored.retain(|stored| Some(stored.began) == newest);
        stored.sort_by_key(|stored| stored.part.page);
        let gapless = stored.iter().zip(1..).take_while(|(stored, page)| stored.part.page == *page).count();
        stored.truncate(gapless);
        let whole = stored.last().is_some_and(|stored| stored.last);
        let counted = stored.iter().all(|stored| stored.page.total.is_some());
        if whole || counted { stored } else { Vec::new() }
    }

    fn open<T: DeserializeOwned>(&self, asked: &str, part: Part) -> Option<Stored<T>> {
        let (version, sealed) = part.bytes.split_first()?;
        let (found, content) = sealed.split_at_checked(SEAL)?;
        if *version != VERSION || found != seal(&self.key, &part.list, asked, part.page, content) {
            return None;
        }
        let Content { began, last, total, size, rows } = postcard::from_bytes(content).ok()?;
        Some(Stored { page: Page { rows, total, size }, began, last, part })
    }
}
