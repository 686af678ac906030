//! Any bytes as a file of settings: the same check as in the tests, which replay `fuzz/corpus/settings`.
#![no_main]
#![allow(dead_code)]

#[path = "../../bins/tallyport-server/src/config.rs"]
mod config;
#[path = "../../bins/tallyport-server/src/database.rs"]
mod database;
#[path = "../../bins/tallyport-server/src/env.rs"]
mod env;
#[path = "../../bins/tallyport-server/src/failure.rs"]
mod failure;
#[path = "../../bins/tallyport-server/src/file.rs"]
mod file;
#[path = "../../bins/tallyport-server/src/fuzzed.rs"]
mod fuzzed;
#[path = "../../bins/tallyport-server/src/mail.rs"]
mod mail;
#[path = "../../bins/tallyport-server/src/settings.rs"]
mod settings;
#[path = "../../bins/tallyport-server/src/values.rs"]
mod values;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzzed::check(input));
