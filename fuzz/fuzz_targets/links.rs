//! Any bytes as the secret of a link: the same check as in the tests, which replay `fuzz/corpus/links`.
#![no_main]

#[path = "../../crates/web/tests/it/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzzed::check(input));
