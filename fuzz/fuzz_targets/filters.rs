//! Any bytes as the query of a report: the same check as in the tests, which replay `fuzz/corpus/filters`.
#![no_main]

#[path = "../../crates/compose/tests/it/filters.rs"]
mod filters;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    filters::check(input);
});
