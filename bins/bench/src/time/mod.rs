//! What it costs to start and stop a timer, over HTTP, as whole processes, and until another client hears of it; and what sheets,
//! reports and exports cost over a million entries.

pub(crate) mod bare;
pub(crate) mod floors;
mod programs;
mod seeded;
mod sheets;
mod storm;

use crate::Result;
use crate::account::Account;
use crate::http::{events, server::Product};
use crate::report::Line;
use crate::server::Server as Toggl;

/// How many items the tree has that time is tracked on.
const ITEMS: usize = 1000;

/// Measures everything, or one part alone, and prints it.
pub(crate) fn run(rounds: usize, only: Option<&str>) -> Result<()> {
    let folder = std::env::current_exe()?.with_file_name("bench");
    std::fs::create_dir_all(&folder)?;
    // A real disk, which the system's temporary folder need not be.
    let scratch = tempfile::tempdir_in(&folder)?;
    let wants = |what: &str| only.is_none_or(|only| only == what);
    println!("time over {ITEMS} imported items");
    let toggl = Toggl::start(Account { items: ITEMS })?;
    let mut lines: Vec<Line> = Vec::new();
    if wants("http") || wants("events") {
        let product = Product::start(&toggl, scratch.path())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        if wants("http") {
            lines.extend(runtime.block_on(storm::measure(&product, scratch.path(), rounds))?);
        }
        if wants("events") {
            lines.extend(runtime.block_on(events::measure(&product, &toggl, &events::Way::OF_TIME))?);
        }
    }
    if wants("programs") {
        lines.extend(programs::measure(&toggl, scratch.path(), rounds)?);
    }
    if wants("sheets") {
        lines.extend(sheets::measure(&toggl, scratch.path(), rounds)?);
    }
    lines.iter().for_each(Line::print);
    println!("{}", if lines.iter().all(|line| line.met) { "every target is met" } else { "not every target is met" });
    Ok(())
}
