//! Which database is meant.

use std::path::PathBuf;

use tallyport_compose::place;

use crate::env;
use crate::failure::Failure;

/// The database that a text names.
pub(crate) fn path(text: &str) -> Result<PathBuf, String> {
    place::named(text).map_err(|scheme| format!("this version opens no {scheme} databases; give the path of a file"))
}

/// Where it is if nobody says: where the command line looks for it too.
pub(crate) fn default_path() -> Result<PathBuf, Failure> {
    place::usual(env::read).ok_or_else(|| {
        Failure::machine(
            "this user has no data directory for a database",
            "Say where it is with --database or TALLYPORT_DATABASE.",
        )
    })
}
