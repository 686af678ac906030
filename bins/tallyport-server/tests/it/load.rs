//! What loads have in common: how long they last, chance that can be had again, and what a server takes meanwhile.

use std::time::{Duration, Instant};

use crate::support::Running;

#[expect(clippy::disallowed_methods, reason = "a load lasts by the machine's clock, and how long answers take is what is told")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A number that `cargo xtask soak` hands over, or else this one.
#[expect(clippy::disallowed_methods, reason = "how much is searched is said by the command that searches")]
pub(crate) fn set(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().map_or(otherwise, |number| number.parse().expect("it is a number"))
}

/// How long a load lasts.
pub(crate) fn lasting(seconds: u64) -> Duration {
    Duration::from_secs(set("TALLYPORT_LOAD_SECONDS", seconds))
}

/// Chance from a seed, the same each time.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).expect("it is below a usize")
    }
}

impl Running {
    /// How much of its memory is resident, in KiB.
    pub(crate) fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// One of its numbers; nothing where it has none of that name.
    pub(crate) fn number(&self, name: &str) -> u64 {
        let numbers = crate::support::ask(self.metrics, "GET /metrics", &[], "").body;
        numbers.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or_default()
    }
}

/// The time within which so many of a hundred were there.
pub(crate) fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}
