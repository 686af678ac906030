//! Any bytes as an answer of Toggl: the same check as in the tests, which replay `fuzz/corpus/toggl_bodies`.
#![no_main]

#[path = "../../crates/toggl/tests/it/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzzed::check(input));
