//! What new tasks are sorted and found by (T4), worked out ahead of the writing.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use tallyport_domain::plan::NewTask;
use tallyport_domain::search_key;

/// How many tasks' keys come at once.
pub(crate) const TOGETHER: usize = 2048;

/// How many of those may lie ready.
const READY: usize = 4;

/// The keys of some tasks, one after the other: apart they would take several times the room.
pub(crate) struct Keys {
    sort: Vec<u8>,
    search: String,
    /// Where those of each task end.
    ends: Vec<(usize, usize)>,
}

/// Makes the keys of tasks on another thread, each [`TOGETHER`] of them at once.
pub(crate) fn ahead<'scope>(scope: &'scope Scope<'scope, '_>, tasks: &'scope [NewTask]) -> Receiver<Keys> {
    let (ready, keys) = sync_channel(READY);
    if !tasks.is_empty() {
        // Whoever writes may have given up.
        scope.spawn(move || tasks.chunks(TOGETHER).map(Keys::of).try_for_each(|keys| ready.send(keys)));
    }
    keys
}

impl Keys {
    fn of(tasks: &[NewTask]) -> Self {
        let mut keys = Self { sort: Vec::new(), search: String::new(), ends: Vec::with_capacity(tasks.len()) };
        for task in tasks {
            keys.sort.extend_from_slice(task.name.sort_key().as_bytes());
            keys.search.push_str(&search_key(task.name.as_str()));
            keys.ends.push((keys.sort.len(), keys.search.len()));
        }
        keys
    }

    /// The sort key and the search key of a task, by its place among them.
    pub(crate) fn get(&self, index: usize) -> (&[u8], &str) {
        let (sort, search) = index.checked_sub(1).map_or((0, 0), |before| self.ends[before]);
        let (sort_end, search_end) = self.ends[index];
        (&self.sort[sort..sort_end], &self.search[search..search_end])
    }
}
