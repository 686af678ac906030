//! Where a command works: on a database of this machine, or on a server.
//!
//! The command line goes before the environment, and that before what `login` keeps; where nothing of it says anything, it is the
//! database in the usual place. Two at once on one level are refused rather than guessed at.

use secrecy::SecretString;
use tallyport_api_types::Code;
use tallyport_client::Address;
use tallyport_compose::LocalOptions;

use crate::cli::Globals;
use crate::database;
use crate::failure::{Failure, Stop};
use crate::login::Login;

/// The place that the options name.
pub(crate) enum Place {
    /// A database of this machine.
    Database(LocalOptions),
    /// A server.
    Server(Server),
}

/// A server, and what opens it.
pub(crate) struct Server {
    pub(crate) address: Address,
    pub(crate) token: SecretString,
}

/// What options and environment name, apart from what is kept.
#[derive(Debug, PartialEq, Eq)]
enum Named<'a> {
    Nothing,
    Database,
    Server(&'a str),
}

/// Which options were on the command line itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Typed {
    pub(crate) database: bool,
    pub(crate) server: bool,
}

/// Where this command works.
///
/// # Errors
/// Both at once, an address that is none, options that a server has no use for, and a server without a token.
pub(crate) fn of(globals: &Globals) -> Result<Place, Stop> {
    let address = match named(globals)? {
        Named::Database => return database::options(globals, false).map(Place::Database),
        Named::Server(address) => Some(self::address(address)?),
        Named::Nothing => None,
    };
    let kept = match (&address, &globals.token) {
        (Some(_), Some(_)) => None,
        _ => Login::kept()?,
    };
    let Some(address) = address.or_else(|| kept.as_ref().map(|kept| kept.server.clone())) else {
        return database::options(globals, false).map(Place::Database);
    };
    without_local_options(globals)?;
    let kept = kept.filter(|kept| kept.server == address).map(|kept| kept.token);
    let Some(token) = globals.token.clone().or(kept) else {
        let failure = Failure::new(Code::SignInRequired, format!("nobody is signed in at {address}"));
        return Err(failure.hint(format!("Sign in with `tallyport login {address}`, or set TALLYPORT_TOKEN.")).into());
    };
    Ok(Place::Server(Server { address, token }))
}

/// Refuses a server for what works on the database itself.
///
/// # Errors
/// A server that is named by option or environment, unless a database is named before it.
pub(crate) fn on_this_machine(globals: &Globals) -> Result<(), Failure> {
    match named(globals)? {
        Named::Server(_) => Err(chore()),
        Named::Database | Named::Nothing => Ok(()),
    }
}

/// What keeps a chore of the machine from a server.
pub(crate) fn chore() -> Failure {
    let failure = Failure::new(Code::InvalidRequest, "this works on the machine of the database, not over a server");
    failure.hint("Run it there without --server and TALLYPORT_SERVER; --database says which database.")
}

/// Refuses what only a database of this machine has a use for.
///
/// # Errors
/// The option, and what says the same to a server.
pub(crate) fn without_local_options(globals: &Globals) -> Result<(), Failure> {
    let account = (&globals.account, "--account", "TALLYPORT_ACCOUNT", "the token says which account");
    without(&[account], globals)
}

/// The same where an account may be named.
///
/// # Errors
/// As [`without_local_options`].
pub(crate) fn without_local_options_but_account(globals: &Globals) -> Result<(), Failure> {
    without(&[], globals)
}

type LocalOption<'a> = (&'a Option<String>, &'static str, &'static str, &'static str);

fn without(more: &[LocalOption<'_>], globals: &Globals) -> Result<(), Failure> {
    let toggl = "its operator sets how Toggl is reached";
    let options: [LocalOption<'_>; 3] = [
        (&globals.user, "--as", "TALLYPORT_USER", "the token says who acts"),
        (&globals.toggl_url, "--toggl-url", "TALLYPORT_TOGGL_URL", toggl),
        (&globals.toggl_rate, "--toggl-rate", "TALLYPORT_TOGGL_RATE", toggl),
    ];
    match options.iter().chain(more).find(|(value, ..)| database::given(value.as_deref()).is_some()) {
        None => Ok(()),
        Some((_, option, variable, why)) => {
            let failure = Failure::new(Code::InvalidRequest, format!("{option} is for a local database: on a server {why}"));
            Err(failure.hint(format!("Leave out {option} and unset {variable}.")))
        }
    }
}

/// Reads a server's address.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn address(text: &str) -> Result<Address, Failure> {
    Address::parse(text).map_err(|error| {
        let failure = Failure::new(Code::InvalidRequest, error.to_string());
        failure.hint("Give an address such as https://tallyport.example.")
    })
}

fn named(globals: &Globals) -> Result<Named<'_>, Failure> {
    let Typed { database: database_typed, server: server_typed } = globals.typed;
    let database = database::given(globals.database.as_deref()).is_some();
    match (database, database::given(globals.server.as_deref())) {
        (false, None) => Ok(Named::Nothing),
        (true, None) => Ok(Named::Database),
        (false, Some(server)) => Ok(Named::Server(server)),
        (true, Some(_)) if database_typed && !server_typed => Ok(Named::Database),
        (true, Some(server)) if server_typed && !database_typed => Ok(Named::Server(server)),
        (true, Some(_)) => {
            let failure =
                Failure::new(Code::InvalidRequest, "a database and a server are named, and a command works on one of them");
            let hint = if server_typed {
                "Leave out --database or --server."
            } else {
                "Unset TALLYPORT_DATABASE or TALLYPORT_SERVER, or say --database or --server."
            };
            Err(failure.hint(hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    fn globals(database: Option<&str>, server: Option<&str>, typed: Typed) -> Globals {
        let cli = Cli::try_parse_from(["tallyport", "doctor"]).unwrap();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Globals { database: owned(database), server: owned(server), typed, ..cli.globals }
    }

    #[test] // C5
    fn the_command_line_goes_before_the_environment_and_two_of_a_kind_are_refused() {
        let typed = |database, server| Typed { database, server };
        let both = |typed| globals(Some("t.db"), Some("https://x.example"), typed);
        assert_eq!(named(&globals(None, None, typed(false, false))).unwrap(), Named::Nothing);
        assert_eq!(named(&globals(None, Some(""), typed(false, false))).unwrap(), Named::Nothing);
        assert_eq!(named(&both(typed(true, false))).unwrap(), Named::Database);
        assert_eq!(named(&both(typed(false, true))).unwrap(), Named::Server("https://x.example"));
        for typed in [typed(true, true), typed(false, false)] {
            assert_eq!(named(&both(typed)).unwrap_err().exit_code(), 2);
        }
    }

    #[test]
    fn a_chore_of_the_machine_wants_no_server() {
        let typed = Typed::default();
        assert!(on_this_machine(&globals(Some("t.db"), None, typed)).is_ok());
        assert!(on_this_machine(&globals(None, None, typed)).is_ok());
        assert_eq!(on_this_machine(&globals(None, Some("https://x.example"), typed)).unwrap_err().exit_code(), 2);
    }
}
