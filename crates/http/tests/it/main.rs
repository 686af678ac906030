//! Tests of what reads texts from outside, through the doors that it has.

mod cursors;
mod fuzzed;
