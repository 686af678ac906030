//! What a search finds, held against its definition.

use std::cell::Cell;

use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use proptest::test_runner::RngSeed;
use rusqlite::Connection;
use tallyport_domain::{AccountId, Name, PersonId, Place, SortKey, TaskId, search_key};
use tallyport_storage::{Found, Listed, Page, TaskRow, TaskStore, Viewer, Wanted, Which};
use tallyport_storage_sqlite::Sqlite;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::support::{account, open};

/// Words of names and of searches: some are in others, and some are other words in another case.
const WORDS: [&str; 9] = ["web", "WEB", "Website", "site", "\u{c4}pfel", "\u{e4}pfel", "1", "10", "e"];

/// A task as it is written, whatever else there is.
#[derive(Debug, Clone)]
struct Planted {
    id: TaskId,
    above: Option<TaskId>,
    name: String,
    archived: bool,
    assigned: bool,
}

/// What a task hangs under.
#[derive(Debug, Clone)]
enum Above {
    Nothing,
    /// One of those before it.
    Earlier(Index),
    /// Any, and be it itself: the tree may be damaged.
    Any(Index),
    Missing,
}

#[derive(Debug, Clone)]
struct Asked {
    words: Vec<&'static str>,
    sees_all: bool,
    which: Which,
    /// Just of those right below one.
    below: Option<Index>,
    limit: Option<u32>,
    after: Option<After>,
}

/// What a page comes after: one of the tasks, or one that is gone, which had this name and number there.
#[derive(Debug, Clone)]
struct After {
    by_path: bool,
    task: Index,
    gone: Option<(&'static str, TaskId)>,
}

fn above() -> impl Strategy<Value = Above> {
    prop_oneof![
        10 => Just(Above::Nothing),
        40 => any::<Index>().prop_map(Above::Earlier),
        1 => any::<Index>().prop_map(Above::Any),
        1 => Just(Above::Missing),
    ]
}

/// Tasks under numbers in any order, of which some are not given.
fn forest() -> impl Strategy<Value = Vec<Planted>> {
    let name = vec(select(&WORDS[..]), 0..=2).prop_map(|words| words.join(" "));
    let task = (above(), name, weighted(0.2), weighted(0.1));
    vec(task, 1..40).prop_flat_map(|tasks| {
        let numbers = subsequence((1..=60).map(TaskId).collect::<Vec<_>>(), tasks.len()).prop_shuffle();
        numbers.prop_map(move |numbers| {
            let planted = |(place, (above, name, archived, assigned)): (usize, &(Above, String, bool, bool))| {
                let above = match above {
                    Above::Earlier(earlier) if place > 0 => Some(numbers[earlier.index(place)]),
                    Above::Nothing | Above::Earlier(_) => None,
                    Above::Any(any) => Some(*any.get(&numbers)),
                    Above::Missing => Some(TaskId(999)),
                };
                Planted { id: numbers[place], above, name: name.clone(), archived: *archived, assigned: *assigned }
            };
            tasks.iter().enumerate().map(planted).collect()
        })
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    let words = vec(select(&WORDS[..]), 0..=3);
    let which = select(&[Which::Active, Which::Archived, Which::All][..]);
    let gone = option::of((select(&WORDS[..]), (1..=60_i64).prop_map(TaskId)));
    let after = (any::<bool>(), any::<Index>(), gone).prop_map(|(by_path, task, gone)| After { by_path, task, gone });
    let below = option::weighted(0.2, any::<Index>());
    let asked = (words, any::<bool>(), which, below, option::of(0..5_u32), option::of(after));
    asked.prop_map(|(words, sees_all, which, below, limit, after)| Asked { words, sees_all, which, below, limit, after })
}

/// An account whose tasks are written past the store, so that no rule keeps them from being odd.
struct Garden {
    store: Sqlite,
    ours: AccountId,
    ada: PersonId,
    past: Connection,
    runtime: Runtime,
    _folder: TempDir,
}

impl Garden {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tallyport.db");
        let store = open(&path);
        let (ours, ada) = runtime.block_on(account(&store));
        let past = Connection::open(&path).unwrap();
        past.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF").unwrap();
        Self { store, ours, ada, past, runtime, _folder: folder }
    }

    fn plant(&self, forest: &[Planted]) {
        self.past.execute_batch("BEGIN; DELETE FROM tasks; DELETE FROM assignments").unwrap();
        for task in forest {
            let name = Name::from_source(&task.name);
            let (sort_key, search_key) = (name.sort_key(), search_key(name.as_str()));
            let (reason, at) = if task.archived { (Some("archived_here"), Some(0)) } else { (None, None) };
            let above = task.above.map(|above| above.0);
            let row = (self.ours.0, task.id.0, above, name.as_str(), sort_key.as_bytes(), search_key, reason, at);
            let sql = "INSERT INTO tasks
                       (account_id, task_id, parent_id, name, sort_key, search_key, origin, archived_reason, archived_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'native', ?7, ?8)";
            self.past.execute(sql, row).unwrap();
            if task.assigned {
                let sql = "INSERT INTO assignments (account_id, task_id, person_id, automatic_since) VALUES (?1, ?2, ?3, 0)";
                self.past.execute(sql, (self.ours.0, task.id.0, self.ada.0)).unwrap();
            }
        }
        self.past.execute_batch("UPDATE accounts SET structure = structure + 1; COMMIT").unwrap();
    }

    fn viewer(&self, sees_all: bool) -> Viewer {
        Viewer { person: self.ada, sees_all }
    }

    /// Every task that hangs somewhere, in no order.
    fn everything(&self) -> Vec<TaskRow> {
        let tree = |archived| self.runtime.block_on(self.store.tree(self.ours, self.viewer(true), archived)).unwrap();
        [tree(false), tree(true)].concat()
    }

    fn search(&self, asked: &Asked, below: Option<TaskId>, after: Option<Found>) -> Listed<TaskRow, Found> {
        let (viewer, words) = (self.viewer(asked.sees_all), asked.words.join(" "));
        let (wanted, page) = (Wanted { which: asked.which, parent: below }, Page { after, limit: asked.limit });
        self.runtime.block_on(self.store.search_page(self.ours, viewer, &words, wanted, &page)).unwrap()
    }
}

/// A task and what it hangs under.
fn upwards<'a>(all: &'a [TaskRow], row: &'a TaskRow) -> impl Iterator<Item = &'a TaskRow> {
    let with = |id| all.iter().find(|row| row.task.id == id).unwrap();
    std::iter::successors(Some(row), move |row| row.task.parent.map(with))
}

fn place(all: &[TaskRow], row: &TaskRow) -> Vec<(SortKey, TaskId)> {
    let mut place: Vec<_> = upwards(all, row).map(|row| (row.task.name.sort_key(), row.task.id)).collect();
    place.reverse();
    place
}

impl Asked {
    fn below(&self, all: &[TaskRow]) -> Option<TaskId> {
        self.below.filter(|_| !all.is_empty()).map(|below| below.get(all).task.id)
    }
}

impl After {
    fn of(&self, all: &[TaskRow]) -> Option<Found> {
        let mut steps = if all.is_empty() { return None } else { place(all, self.task.get(all)) };
        if let Some((name, id)) = self.gone {
            *steps.last_mut()? = (Name::from_source(name).sort_key(), id);
        }
        Some(Found { by_path: self.by_path, place: Place::of(steps) })
    }
}

/// What is found by the definition: each task is looked at by itself, and what is found put in order. And whether there is more.
fn defined(all: &[TaskRow], forest: &[Planted], asked: &Asked, after: Option<&Found>) -> (Vec<TaskRow>, bool) {
    let has = |row| upwards(all, row).any(|row| forest.iter().any(|task| task.id == row.task.id && task.assigned));
    let holds = |name: &Name, word: &str| name.as_str().to_lowercase().contains(&word.to_lowercase());
    let in_name = |row: &TaskRow| asked.words.iter().all(|word| holds(&row.task.name, word));
    let in_path = |row: &TaskRow| asked.words.iter().all(|word| row.path.iter().any(|name| holds(name, word)));
    let is_meant = |row: &TaskRow| match asked.which {
        Which::Active => row.task.archived.is_none(),
        Which::Archived => row.task.archived.is_some(),
        Which::All => true,
    };
    let mut found: Vec<&TaskRow> = if asked.words.is_empty() { Vec::new() } else { all.iter().collect() };
    found.retain(|row| in_path(row) && is_meant(row) && (asked.sees_all || has(*row)));
    let stands = |row: &TaskRow| Found { by_path: !in_name(row), place: Place::of(place(all, row)) };
    let below = asked.below(all);
    found.retain(|row| below.is_none() || row.task.parent == below);
    found.retain(|row| after.is_none_or(|after| stands(row) > *after));
    found.sort_by_key(|row| stands(row));
    let limit = asked.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap());
    let goes_on = found.len() > limit;
    found.truncate(limit);
    (found.into_iter().cloned().collect(), goes_on)
}

#[test] // T4, P6, P7
fn a_search_finds_what_its_definition_says() {
    let garden = Garden::new();
    let config =
        ProptestConfig { cases: 500, rng_seed: RngSeed::Fixed(4), failure_persistence: None, ..ProptestConfig::default() };
    let (found, damaged) = (Cell::new(0), Cell::new(0));
    proptest!(config, |(forest in forest(), searches in vec(asked(), 8))| {
        garden.plant(&forest);
        let all = garden.everything();
        damaged.set(damaged.get() + usize::from(all.len() < forest.len()));
        for asked in &searches {
            let after = asked.after.as_ref().and_then(|after| after.of(&all));
            let (rows, goes_on) = defined(&all, &forest, asked, after.as_ref());
            let page = garden.search(asked, asked.below(&all), after);
            prop_assert_eq!(&page.rows, &rows, "{:?}", asked);
            prop_assert_eq!(page.next.is_some(), goes_on && !rows.is_empty(), "{:?}", asked);
            found.set(found.get() + rows.len());
        }
    });
    assert!(found.get() > 1000 && damaged.get() > 20, "{found:?} found, {damaged:?} trees were damaged");
}

#[test] // T4
fn more_words_than_anybody_types_are_found_along_one_path() {
    let garden = Garden::new();
    let level = |level: i64| {
        let above = (level > 1).then_some(TaskId(level - 1));
        Planted { id: TaskId(level), above, name: format!("w{level}."), archived: false, assigned: false }
    };
    garden.plant(&(1..=150).map(level).collect::<Vec<_>>());
    let search = |words: &[String]| {
        let (viewer, words) = (garden.viewer(true), words.join(" "));
        let search = garden.store.search(garden.ours, viewer, &words, Which::Active, 100);
        garden.runtime.block_on(search).unwrap().iter().map(|row| row.level).collect::<Vec<_>>()
    };
    let mut words: Vec<String> = (1..=148).rev().map(|level| format!("w{level}.")).collect();
    assert_eq!(search(&words), [148, 149, 150]);
    words.push("w151.".to_owned());
    assert_eq!(search(&words), [0; 0]);
}
