//! How far a reading is, and how many requests it will have been (I19).

use std::collections::BTreeMap;

use tallyport_domain::ReadProgress;

/// Counts what was done, and prices what is ahead.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    pub(crate) state: ReadProgress,
    ahead: BTreeMap<String, u32>,
}

impl Tracker {
    /// Expects so many more requests for a list; none once it is read or will not be.
    pub(crate) fn expect(&mut self, list: &str, requests: u32) {
        if requests == 0 {
            self.ahead.remove(list);
        } else {
            self.ahead.insert(list.to_owned(), requests);
        }
    }

    /// Expects nothing more.
    pub(crate) fn finish(&mut self) {
        self.ahead.clear();
        self.state.list = None;
        self.state.workspace = None;
    }

    /// How far it is.
    pub(crate) fn told(&mut self) -> ReadProgress {
        let ahead = self.ahead.values().fold(0, |sum: u32, requests| sum.saturating_add(*requests));
        self.state.requests_expected = self.state.requests.saturating_add(ahead);
        self.state.clone()
    }
}
