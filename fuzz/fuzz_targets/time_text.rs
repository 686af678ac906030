//! A day, a time of day or a tag that somebody typed, made of any bytes: the same check as in the tests, which replay `fuzz/corpus/time_text`.
#![no_main]

#[path = "../../crates/domain/tests/it/typed.rs"]
#[expect(dead_code, reason = "the other half is another target's")]
mod typed;

libfuzzer_sys::fuzz_target!(|input: &[u8]| typed::check_time(input));
