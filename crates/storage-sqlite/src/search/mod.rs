//! Finding tasks by the words of their paths (T4, P6, P7).
//!
//! All tasks of the account are looked through, in an outline that holds just what decides which of them are found. Its making
//! is most of what a search takes, so it is kept for the next one. What is given back is read whole.

mod links;
mod order;
mod outline;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tallyport_domain::{AccountId, Name, Place, Task, TaskId, search_key};
use tallyport_storage::{Found, Listed, Page, TaskRow, Viewer, Wanted};

use crate::assignments;
use crate::changes::structure;
use crate::errors::Result;
use crate::forest;
use crate::tasks::known;
use outline::Outline;

/// The outline of the account that was searched last, which takes about fifty bytes a task.
#[derive(Clone, Default)]
pub(crate) struct LastOutline(Arc<Mutex<Option<Kept>>>);

struct Kept {
    account: AccountId,
    /// The version of what it was made of.
    structure: i64,
    outline: Arc<Outline>,
}

impl LastOutline {
    /// The outline of an account as it is now: the one of last time, unless something changed since, whoever changed it.
    fn of(&self, db: &Connection, account: AccountId, structure: i64) -> Result<Arc<Outline>> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept().as_ref().filter(|kept| (kept.account, kept.structure) == (account, structure)) {
            return Ok(kept.outline.clone());
        }
        let outline = Arc::new(Outline::read(db, account)?);
        *kept() = Some(Kept { account, structure, outline: outline.clone() });
        Ok(outline)
    }
}

/// The tasks that somebody has, or all, whose path holds every word of a text: first those whose own name holds them all, then
/// in display order.
pub(crate) fn search(
    db: &Connection,
    last: &LastOutline,
    account: AccountId,
    viewer: Viewer,
    text: &str,
    wanted: Wanted,
    page: &Page<Found>,
) -> Result<Listed<TaskRow, Found>> {
    let nothing = || Ok(Listed { rows: Vec::new(), next: None });
    let text = search_key(text);
    let words: BTreeSet<&str> = text.split_whitespace().collect();
    let Some(structure) = structure(db, account)?.filter(|_| !words.is_empty()) else { return nothing() };
    let outline = last.of(db, account, structure)?;
    let Some(holding) = outline.holding(&words) else { return nothing() };
    let accessible = outline.accessible(&assignments::direct(db, account, viewer.person)?);
    let parent = wanted.parent.map(|parent| outline.links.place(parent.0));
    let hangs_there = |at: usize| parent.is_none_or(|parent| parent == Some(outline.links.above(at)));
    let meant = |at: usize| holding.path[at] && wanted.which.holds(outline.archived[at]) && hangs_there(at);
    let seen = |at: usize| meant(at) && (viewer.sees_all || accessible[at]);

    let after = page.after.clone().map(|found| {
        let standing = |task: TaskId| place(db, &outline, outline.links.place(task.0)?).ok();
        Found { place: found.place.settled(standing), ..found }
    });
    let limit = page.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    // One more tells whether this page is the last.
    let most = limit.saturating_add(1);
    let mut found: Vec<(bool, usize)> = Vec::new();
    for by_path in [false, true] {
        let after = match &after {
            Some(after) if after.by_path && !by_path => continue,
            Some(after) if after.by_path == by_path => Some(&after.place),
            _ => None,
        };
        let tasks = outline.first(db, after, most - found.len(), |at| holding.name[at] != by_path && seen(at))?;
        found.extend(tasks.into_iter().map(|at| (by_path, at)));
    }
    let goes_on = found.len() > limit;
    found.truncate(limit);
    let next = match found.last() {
        Some((by_path, at)) if goes_on => Some(Found { by_path: *by_path, place: place(db, &outline, *at)?.shortened() }),
        _ => None,
    };

    let shown: BTreeSet<usize> = found.iter().flat_map(|(_, at)| outline.links.upwards(*at)).collect();
    let read = |at| Ok((at, known(db, account, outline.id(at))?));
    let whole = shown.into_iter().map(read).collect::<Result<HashMap<usize, Task>>>()?;
    let row = |(_, at)| {
        let mut path: Vec<Name> = outline.links.upwards(at).map(|at| whole[&at].name.clone()).collect();
        path.reverse();
        forest::row(whole[&at].clone(), path, accessible[at])
    };
    Ok(Listed { rows: found.into_iter().map(row).collect(), next })
}

/// Where a task stands in display order.
fn place(db: &Connection, outline: &Outline, at: usize) -> Result<Place> {
    let step = |at| known(db, outline.account, outline.id(at)).map(|task| (task.name.sort_key(), task.id));
    let mut steps = outline.links.upwards(at).map(step).collect::<Result<Vec<_>>>()?;
    steps.reverse();
    Ok(Place::of(steps))
}
