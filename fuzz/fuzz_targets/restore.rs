//! Any bytes as a backup to restore: the same check as in the tests, which replay `fuzz/corpus/restore`.
#![no_main]

#[path = "../../crates/storage-sqlite/tests/it/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzzed::check(input));
