//! Faults that tests make: how many, where, and that there were any.
//!
//! The server's tests include this file, so it stands by itself.

use std::io::Write as _;

/// Numbers that a seed repeats (`SplitMix64`).
pub(crate) struct Chance(u64);

impl Chance {
    /// The numbers of the usual seed, or of the one that the environment names.
    pub(crate) fn seeded() -> Self {
        Self(number("TALLYPORT_CRASH_SEED", 1))
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let below = (mixed ^ (mixed >> 31)) % u64::try_from(end.max(1)).unwrap();
        usize::try_from(below).unwrap()
    }
}

/// How many faults a test makes, by the environment where it says so.
pub(crate) fn faults(usual: u64) -> usize {
    usize::try_from(number("TALLYPORT_CRASH_FAULTS", usual)).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "more faults, or others, are asked for in the environment of the test alone")]
fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |number| number.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Says how many faults there were; none at all is a failure.
pub(crate) fn told(test: &str, faults: usize) {
    tell(&format!("{test}: {faults} faults"));
    assert!(faults > 0, "{test}: no fault happened, so nothing was shown");
}

/// Says something that is to be seen of a test that passes too.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
