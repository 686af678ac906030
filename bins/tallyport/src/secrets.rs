//! Secrets come in on standard input, in a file or in the environment: a command line is there for everybody to see.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use tallyport_api_types::Code;

use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::{ask, env};

/// How a token is asked for.
const TOKEN_QUESTION: &str = "Toggl API token, from the bottom of track.toggl.com/profile:";
/// More than any token or password has.
const LONGEST: u64 = 64 * 1024;

/// Where a Toggl token comes from.
#[derive(Debug, Args)]
pub(crate) struct TokenSource {
    /// Read the Toggl API token from standard input
    #[arg(long, conflicts_with = "token_file")]
    token_stdin: bool,
    /// Read the Toggl API token from a file
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    // Taken in to be refused: left to the parser, a token on the command line would be repeated in its complaint.
    #[arg(hide = true, value_name = "TOKEN")]
    misplaced: Vec<SecretString>,
    #[arg(long, alias = "api-token", alias = "toggl-token", hide = true, value_name = "TOKEN", num_args = 0..)]
    token: Option<Vec<SecretString>>,
}

impl TokenSource {
    /// The token, if one is given anywhere.
    ///
    /// # Errors
    /// A token on the command line; a file that cannot be read; an empty token.
    pub(crate) fn given(&self, out: &Out) -> Result<Option<SecretString>, Stop> {
        if self.token.is_some() || !self.misplaced.is_empty() {
            let failure =
                Failure::new(Code::InvalidRequest, "a token does not belong on the command line, where others can read it");
            return Err(failure.hint(Code::in_terminal(Code::TokenMissing.hint())).into());
        }
        let token = match (self.token_stdin, &self.token_file) {
            (true, _) => Some(from_stdin("the token", TOKEN_QUESTION, out)?),
            (false, Some(file)) => Some(from_file(file)?),
            (false, None) => env::read(env::TOGGL_API_TOKEN).map(SecretString::from),
        };
        match token.map(|token| SecretString::from(token.expose_secret().trim())) {
            Some(token) if token.expose_secret().is_empty() => {
                Err(Failure::new(Code::TokenMissing, "the token that was given is empty").into())
            }
            token => Ok(token),
        }
    }

    /// The token, asked for at a terminal if it is given nowhere.
    ///
    /// # Errors
    /// As [`Self::given`], and where there is none and nobody to ask.
    pub(crate) fn needed(&self, out: &Out) -> Result<SecretString, Stop> {
        match self.given(out)? {
            Some(token) => Ok(token),
            None if out.can_ask() => ask::secret(TOKEN_QUESTION),
            None => Err(Failure::new(Code::TokenMissing, "no Toggl API token was given").into()),
        }
    }
}

/// The password that `--password-stdin` asks for.
///
/// # Errors
/// As for any secret.
pub(crate) fn password(out: &Out) -> Result<SecretString, Stop> {
    from_stdin("the password", "Password:", out)
}

/// The API token that `login --token-stdin` asks for.
///
/// # Errors
/// As for any secret.
pub(crate) fn token(out: &Out) -> Result<SecretString, Stop> {
    from_stdin("the token", "API token:", out)
}

/// A secret from standard input, without the line end after it; from a terminal it is asked for, so that nobody sees it typed.
fn from_stdin(what: &str, question: &str, out: &Out) -> Result<SecretString, Stop> {
    if out.can_ask() { ask::secret(question) } else { read(&mut std::io::stdin().lock(), what) }
}

fn from_file(file: &Path) -> Result<SecretString, Stop> {
    let name = file.display();
    match std::fs::File::open(file) {
        Ok(mut opened) => read(&mut opened, &format!("the file {name}")),
        Err(error) => {
            let failure = Failure::new(Code::TokenMissing, format!("the file {name} cannot be opened"));
            Err(failure.hint("Check its path and its permissions.").because_of(&error).into())
        }
    }
}

fn read(from: &mut impl Read, what: &str) -> Result<SecretString, Stop> {
    let mut text = String::new();
    let read = from.take(LONGEST).read_to_string(&mut text);
    let secret = SecretString::from(text.trim_end_matches(['\r', '\n']));
    match read {
        Ok(length) if length as u64 == LONGEST => {
            Err(Failure::new(Code::InvalidRequest, format!("{what} is far too long")).into())
        }
        Ok(_) => Ok(secret),
        Err(error) => Err(Failure::new(Code::InvalidRequest, format!("{what} cannot be read as text")).because_of(&error).into()),
    }
}
