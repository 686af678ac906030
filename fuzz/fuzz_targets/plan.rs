//! A tree, a snapshot and the terms of a sync made of any bytes: the same check as in the tests, which replay `fuzz/corpus/plan`.
#![no_main]

#[path = "../../crates/domain/tests/it/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzzed::check(input));
