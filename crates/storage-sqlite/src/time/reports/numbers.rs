//! Hashes of numbers that we gave ourselves, among which nobody can plant any that collide.

use std::hash::{BuildHasherDefault, Hasher};

/// A table of hashes by such numbers.
pub(super) type ByNumbers<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Numbers>>;

/// See the module. A few times as fast as what keeps strangers from planting some.
#[derive(Default)]
pub(super) struct Numbers(u64);

impl Hasher for Numbers {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        // An odd number without a pattern in its bits: 2^64 divided by the golden ratio.
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    /// Tables look at the highest bits and at the lowest ones, which are mixed least.
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
