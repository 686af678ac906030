//! `cargo xtask test`: everything that shows that Tallyport works, in one go.

use crate::cargo::{cargo, cargo_with};
use crate::tools::Tools;

/// What needs the machine for many minutes: `cargo xtask soak http`.
const BY_HAND: &str = "soak::whatever_is_asked_for_long";

/// Runs all tests.
pub(crate) fn run() -> Result<(), String> {
    cargo(&["test", "--workspace", "--locked"])?;
    // What needs something beside the checkout is ignored by a plain `cargo test`, with the reason in the attribute.
    let tools = Tools::prepare()?;
    let mut ignored = vec!["test", "--workspace", "--locked", "--tests", "--", "--ignored", "--skip", BY_HAND];
    for (tests, why) in &tools.missing {
        println!("not run: the tests of {tests}: {why}");
        ignored.extend(["--skip", tests]);
    }
    cargo_with(&ignored, &tools.environment)
}
