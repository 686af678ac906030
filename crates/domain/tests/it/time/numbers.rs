//! Numbers that a seed gives.

/// A seed that goes on (`SplitMix64`).
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    /// The next one, below this.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    /// One from the first on, below the second.
    pub(super) fn within(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below(u64::try_from(to - from).unwrap())).unwrap()
    }

    /// The place of one of so many.
    pub(super) fn index(&mut self, many: usize) -> usize {
        usize::try_from(self.below(u64::try_from(many).unwrap())).unwrap()
    }
}
