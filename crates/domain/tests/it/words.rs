//! The words of the interfaces: each is read back as what it was written for, by hand and by serde alike.

use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;
use tallyport_domain::{Kind, Outcome, Reason, Role, State, Trigger};

/// Every word stands for one thing, and serde knows it by the same one.
fn each_has_a_word<T: Copy + PartialEq + Debug + for<'a> Deserialize<'a>>(all: &[T], word: impl Fn(T) -> &'static str) {
    let words: BTreeSet<&str> = all.iter().map(|one| word(*one)).collect();
    assert_eq!(words.len(), all.len(), "{words:?}");
    for one in all {
        let read: Result<T, Error> = T::deserialize(word(*one).into_deserializer());
        assert_eq!(read.as_ref(), Ok(one));
    }
}

fn each_is_read<T: Copy + PartialEq + Debug>(all: &[T], word: impl Fn(T) -> &'static str, read: impl Fn(&str) -> Option<T>) {
    for one in all {
        assert_eq!(read(word(*one)), Some(*one));
        assert_eq!(read(&word(*one).to_uppercase()), None);
    }
}

#[test] // T1
fn of_kinds() {
    each_has_a_word(&Kind::ALL, Kind::as_str);
    each_is_read(&Kind::ALL, Kind::as_str, Kind::parse);
}

#[test] // I8
fn of_reasons() {
    each_has_a_word(&Reason::ALL, Reason::as_str);
    each_is_read(&Reason::ALL, Reason::as_str, Reason::parse);
}

#[test] // I12
fn of_outcomes() {
    each_has_a_word(&Outcome::ALL, Outcome::as_str);
    each_is_read(&Outcome::ALL, Outcome::as_str, Outcome::parse);
}

#[test] // I4, I14
fn of_triggers() {
    let all = [Trigger::Manual, Trigger::Saved, Trigger::Schedule, Trigger::Confirmed, Trigger::ReEnabled];
    each_has_a_word(&all, Trigger::as_str);
    each_is_read(&all, Trigger::as_str, Trigger::parse);
}

#[test] // A2
fn of_roles() {
    let all = [Role::Member, Role::Manager, Role::Administrator];
    each_has_a_word(&all, Role::as_str);
    each_is_read(&all, Role::as_str, Role::parse);
}

#[test] // I2, I15, I17
fn of_states() {
    let all = [State::Disabled, State::Enabled, State::OwnerInactive, State::TokenRejected, State::KeyMissing, State::Unlinked];
    each_has_a_word(&all, State::as_str);
}
