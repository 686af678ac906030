//! Entries to take away, page by page.

use std::collections::HashMap;
use std::sync::Arc;

use tallyport_domain::time::DayRange;
use tallyport_domain::{AccountId, Person, PersonId};
use tallyport_storage::{EntryPlace, ExportedEntry, TimeFilter};

use crate::{Result, Shared};

/// How many entries are read at once.
const PAGE: u32 = 1000;

/// Entries that are taken away. Nothing is read before it is asked for, and nothing held between two pages.
pub struct Export {
    shared: Arc<Shared>,
    account: AccountId,
    filter: TimeFilter,
    people: Arc<HashMap<PersonId, Person>>,
    after: Option<EntryPlace>,
    is_over: bool,
}

/// An entry with whose it is.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The entry, and what of it counts.
    pub entry: ExportedEntry,
    /// Whose it is; nothing of somebody who joined while it was written.
    pub person: Option<(String, String)>,
}

impl Export {
    pub(super) fn of(shared: Arc<Shared>, account: AccountId, filter: TimeFilter, people: Vec<Person>) -> Self {
        let people = people.into_iter().map(|person| (person.id, person)).collect();
        Self { shared, account, filter, people: Arc::new(people), after: None, is_over: false }
    }

    /// The days that count.
    #[must_use]
    pub fn days(&self) -> DayRange {
        self.filter.days
    }

    /// The next page, by person, start and number; nothing after the last.
    ///
    /// # Errors
    /// What keeps the store from being read.
    pub async fn next(&mut self) -> Result<Option<Vec<Exported>>> {
        if self.is_over {
            return Ok(None);
        }
        let page = self.shared.store.exported(self.account, &self.filter, self.after, PAGE).await?;
        self.after = page.last().map(ExportedEntry::place);
        self.is_over = page.len() < PAGE as usize;
        if page.is_empty() {
            return Ok(None);
        }
        let named = |entry: ExportedEntry| {
            let person = self.people.get(&entry.place().person);
            let person = person.map(|person| (person.name.clone(), person.email.to_string()));
            Exported { entry, person }
        };
        Ok(Some(page.into_iter().map(named).collect()))
    }
}
