//! Which database is meant.

use std::path::PathBuf;

use tallyport_api_types::Code;
use tallyport_compose::{LocalOptions, place};

use crate::cli::Globals;
use crate::env;
use crate::failure::{Failure, Stop};

/// How to open the database that the options name.
///
/// # Errors
/// A server, a database of a kind that this version does not speak to, a rate that is no number, and no place for a default.
pub(crate) fn options(globals: &Globals, create: bool) -> Result<LocalOptions, Stop> {
    crate::place::on_this_machine(globals)?;
    let database = match given(globals.database.as_deref()) {
        Some(database) => path(database)?,
        None => default_path()?,
    };
    let toggl_url = given(globals.toggl_url.as_deref()).map(str::to_owned);
    let toggl_rate = given(globals.toggl_rate.as_deref()).map(rate).transpose()?;
    let secret_key = globals.secret_key.clone();
    Ok(LocalOptions { create, toggl_url, toggl_rate, secret_key, ..LocalOptions::at(database) })
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
    place::named(database).map_err(|scheme| {
        let failure = Failure::new(Code::InvalidRequest, format!("this version opens no {scheme} databases"));
        failure.hint("Give the path of a file, or sqlite:// and a path.")
    })
}

fn default_path() -> Result<PathBuf, Failure> {
    place::usual(env::read).ok_or_else(|| {
        let failure = Failure::new(Code::DatabaseUnusable, "this user has no data directory to look for a database in");
        failure.hint("Say where it is with --database or TALLYPORT_DATABASE.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_another_kind_is_refused_without_its_password() {
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
