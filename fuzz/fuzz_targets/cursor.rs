//! Any bytes as a cursor and as the key in one: the same check as in the tests, which replay `fuzz/corpus/cursor`.
#![no_main]

#[path = "../../crates/http/tests/it/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzzed::check(input));
