//! A text that somebody sends as a secret: the same check as in the tests, which replay `fuzz/corpus/secrets`.
#![no_main]

#[path = "../../crates/domain/tests/it/fuzzed_secrets.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzzed::check(input));
