//! One measurement: a party, started as a process that does nothing else and tells what it took.

use std::path::Path;
use std::process::Command;

use crate::Result;
use crate::parties::{floor, product};
use crate::server::Server;
use crate::stopwatch::Took;

/// Who is measured at what. The word is what the process of the measurement is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    /// The floor of a first import.
    FloorFirst,
    /// The floor of a sync without changes: fetching and parsing.
    FloorRead,
    /// The floor of a sync with changes.
    FloorChanged,
    /// Our engine, at whatever there is to do.
    Product,
}

impl Party {
    fn word(self) -> &'static str {
        match self {
            Self::FloorFirst => "floor-first",
            Self::FloorRead => "floor-read",
            Self::FloorChanged => "floor-changed",
            Self::Product => "product",
        }
    }

    /// Measures it in a process of its own.
    pub(crate) fn measure(self, server: &Server, file: &Path) -> Result<Took> {
        let output = Command::new(std::env::current_exe()?)
            .args(["measure", self.word(), server.url(), server.token()])
            .arg(file)
            .output()?;
        if !output.status.success() {
            return Err(format!("{}: {}", self.word(), String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// Measures in this process, and prints it.
pub(crate) fn one(party: &str, url: &str, token: &str, file: &Path) -> Result<()> {
    let took = match party {
        "floor-first" => floor::first(url, token, file)?,
        "floor-read" => floor::read_only(url, token)?,
        "floor-changed" => floor::changed(url, token, file)?,
        "product" => product::sync(url, token, file)?,
        _ => return Err(format!("nobody is called {party}").into()),
    };
    println!("{}", serde_json::to_string(&took)?);
    Ok(())
}
