//! What is measured, one after the other.

mod changed;
mod first;
mod latency;
mod others;
mod programs;
mod requests;
mod unchanged;

use std::path::Path;

use crate::Result;
use crate::account::Account;
use crate::report::Line;
use crate::server::Server;

/// What to measure, and how often.
#[derive(Debug)]
pub(crate) struct Options {
    items: Vec<usize>,
    rounds: usize,
    only: Option<String>,
}

impl Options {
    pub(crate) fn parse(words: &[&str]) -> Result<Self> {
        let mut options = Self { items: vec![1_000, 10_000, 100_000], rounds: 7, only: None };
        for pair in words.chunks(2) {
            match pair {
                ["--items", numbers] => options.items = numbers.split(',').map(str::parse).collect::<Result<_, _>>()?,
                ["--rounds", number] => options.rounds = number.parse()?,
                ["--only", what] => options.only = Some((*what).to_owned()),
                _ => return Err(crate::USAGE.into()),
            }
        }
        Ok(options)
    }

    fn wants(&self, what: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == what)
    }
}

/// Measures everything and prints it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let folder = std::env::current_exe()?.with_file_name("bench");
    std::fs::create_dir_all(&folder)?;
    let mut firsts = Vec::new();
    let mut all_met = true;
    for items in options.items.iter().copied() {
        let account = Account { items };
        println!("{items} items in {} workspaces", account.workspaces());
        let server = Server::start(account)?;
        // A real disk, which the system's temporary folder need not be.
        let scratch = tempfile::tempdir_in(&folder)?;
        let mut tell = |lines: Vec<Line>| {
            for line in lines {
                line.print();
                all_met &= line.met;
            }
        };
        if options.wants("import") {
            let (lines, first) = first::run(&server, scratch.path(), options.rounds)?;
            tell(lines);
            tell(requests::run(&server, first.requests)?);
            firsts.push((items, first.seconds));
            tell(unchanged::run(&server, scratch.path(), options.rounds)?);
            tell(changed::run(&server, scratch.path(), options.rounds)?);
            if items <= latency::MOST {
                tell(latency::run(&server, scratch.path())?);
            }
        }
        if options.wants("programs") {
            tell(programs::run(&server, scratch.path())?);
        }
        if options.wants("others") {
            tell(others::run(&server, scratch.path())?);
        }
    }
    for pair in firsts.windows(2) {
        let ((fewer, short), (more, long)) = (pair[0], pair[1]);
        let growth = (long / short) / (more as f64 / fewer as f64);
        let line = Line::bound(
            format!("growth from {fewer} to {more} items"),
            format!("{growth:.2} × linear"),
            "≤ 1.1 ×",
            growth <= 1.1,
        );
        line.print();
        all_met &= line.met;
    }
    println!("{}", if all_met { "every target is met" } else { "not every target is met" });
    Ok(())
}

/// The files of a party that are kept from one scenario to the next.
fn product_file(folder: &Path) -> std::path::PathBuf {
    folder.join("product.db")
}

fn floor_file(folder: &Path) -> std::path::PathBuf {
    folder.join("floor.db")
}
