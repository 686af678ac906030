//! Which database is meant.

use std::path::{Path, PathBuf};

use tallyport_api_types::Code;
use tallyport_compose::LocalOptions;

use crate::cli::Globals;
use crate::env;
use crate::failure::{Failure, Stop};

/// The name of the file and of its folder.
const NAME: &str = "tallyport";

/// How to open the database that the options name.
///
/// # Errors
/// A server or a database of a kind that this version does not speak to, a rate that is no number, and no place for a default.
pub(crate) fn options(globals: &Globals, create: bool) -> Result<LocalOptions, Stop> {
    if given(globals.server.as_deref()).is_some() {
        let failure = Failure::new(Code::InvalidRequest, "this version works on a local database only, not on a server");
        return Err(failure.hint("Leave out --server and unset TALLYPORT_SERVER; --database says which database.").into());
    }
    let database = match given(globals.database.as_deref()) {
        Some(database) => path(database)?,
        None => default_path()?,
    };
    let toggl_url = given(globals.toggl_url.as_deref()).map(str::to_owned);
    let toggl_rate = given(globals.toggl_rate.as_deref()).map(rate).transpose()?;
    let secret_key = globals.secret_key.clone();
    Ok(LocalOptions { database, create, toggl_url, toggl_rate, secret_key })
}

/// An option that is set; an environment variable may be there and empty.
pub(crate) fn given(option: Option<&str>) -> Option<&str> {
    option.filter(|value| !value.is_empty())
}

fn rate(text: &str) -> Result<f64, Failure> {
    text.parse().map_err(|_| {
        let failure = Failure::new(Code::InvalidRequest, format!("\"{text}\" is no number of requests a second"));
        failure.hint("Give a number such as 1 or 0.5 with --toggl-rate or TALLYPORT_TOGGL_RATE.")
    })
}

fn path(database: &str) -> Result<PathBuf, Failure> {
    match database.split_once("://") {
        None => Ok(database.strip_prefix("sqlite:").unwrap_or(database).into()),
        Some(("sqlite" | "file", path)) if !path.is_empty() => Ok(path.into()),
        Some((scheme, _)) => {
            let failure = Failure::new(Code::InvalidRequest, format!("this version opens no {scheme} databases"));
            Err(failure.hint("Give the path of a file, or sqlite:// and a path."))
        }
    }
}

fn default_path() -> Result<PathBuf, Failure> {
    let home = || env::read("HOME").map(PathBuf::from);
    let folder = if cfg!(windows) {
        env::read("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        let data = env::read("XDG_DATA_HOME").map(PathBuf::from).filter(|data| data.is_absolute());
        data.or_else(|| home().map(|home| home.join(".local/share")))
    };
    folder.map(|folder| folder.join(NAME).join(Path::new(NAME).with_extension("db"))).ok_or_else(|| {
        let failure = Failure::new(Code::DatabaseUnusable, "this user has no data directory to look for a database in");
        failure.hint("Say where it is with --database or TALLYPORT_DATABASE.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_a_path_or_a_url_of_one() {
        for told in ["/data/t.db", "sqlite:/data/t.db", "sqlite:///data/t.db", "file:///data/t.db"] {
            assert_eq!(path(told).unwrap(), Path::new("/data/t.db"), "{told}");
        }
        let refused = path("postgres://user:secret@host/db").unwrap_err();
        assert_eq!(refused.exit_code(), 2);
        assert!(!refused.message.contains("secret"));
    }

    #[test]
    fn a_rate_is_a_number() {
        assert!((rate("0.5").unwrap() - 0.5).abs() < f64::EPSILON);
        assert_eq!(rate("fast").unwrap_err().exit_code(), 2);
    }
}
