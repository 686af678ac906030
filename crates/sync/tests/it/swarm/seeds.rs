//! Plays histories by their seeds, each twice, on all processors; whoever asks for one by its seed gets that alone.

use std::any::Any;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::census::Census;

/// As many failures as are told.
const ENOUGH: usize = 5;

/// Histories that are told apart by a seed.
pub(crate) struct Seeds {
    /// The variable that names one seed; with an `S` after it, the one that says how many are played.
    pub(crate) variable: &'static str,
    /// How one is played again.
    pub(crate) again: &'static str,
    /// How many are played where nothing else is said.
    pub(crate) usual: u64,
    /// What that many come upon.
    pub(crate) reached: &'static [&'static str],
}

impl Seeds {
    /// The one that is to be played, where one is named.
    pub(crate) fn alone(&self) -> Option<u64> {
        number(self.variable)
    }

    /// Plays all of them, each worker in a place of its own, and tells what they reached.
    ///
    /// # Panics
    /// Where one fails, or where the usual number does not reach what it should.
    pub(crate) fn play<P>(&self, place: impl Fn() -> P + Sync, play: impl Fn(&mut P, u64) -> Census + Sync) -> Census {
        let seeds = number(&format!("{}S", self.variable)).unwrap_or(self.usual);
        let next = AtomicU64::new(0);
        let reached = Mutex::new(Census::default());
        let failures = Mutex::new(Vec::new());
        // More than there are processors: each waits for the threads of its stores most of the time.
        let workers = std::thread::available_parallelism().map_or(2, usize::from) * 2;
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    let mut place = place();
                    while failures.lock().unwrap().len() < ENOUGH {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= seeds {
                            break;
                        }
                        match catch_unwind(AssertUnwindSafe(|| play(&mut place, seed))) {
                            Ok(census) => reached.lock().unwrap().add(census),
                            Err(panic) => failures.lock().unwrap().push(self.failure(seed, panic.as_ref())),
                        }
                    }
                });
            }
        });
        let (reached, failures) = (reached.into_inner().unwrap(), failures.into_inner().unwrap());
        let _seen_or_not = writeln!(std::io::stderr(), "{}: {seeds} seeds twice; {}", self.variable, reached.line());
        assert!(failures.is_empty(), "{}", failures.join("\n\n"));
        for what in self.reached {
            assert!(seeds < self.usual || reached.of(what) > 0, "{what:?} was never reached");
        }
        reached
    }

    fn failure(&self, seed: u64, panic: &(dyn Any + Send)) -> String {
        let words: String = words(panic).chars().take(6000).collect();
        format!("seed {seed}: {words}\nagain: {}={seed} {} -- --nocapture", self.variable, self.again)
    }
}

/// Compares what a history left when it was played the first time and the second.
///
/// # Panics
/// Where it is not the same, with the first line that differs.
pub(crate) fn compare(first: &[String], second: &[String]) {
    if let Some(line) = (0..first.len().max(second.len())).find(|line| first.get(*line) != second.get(*line)) {
        panic!("the second time line {line} is\n{:?}\nand was\n{:?}", second.get(line), first.get(line));
    }
}

/// What a test that panicked said.
pub(crate) fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "how many seeds are played is said from outside")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
