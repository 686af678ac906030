//! Who asks: HTTP Basic with the API token as the name and the word `api_token` as the password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::answer::Answer;
use crate::switches::Switches;
use crate::world::{User, World};

/// What the credentials of a request are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Credentials {
    Missing,
    /// Something that is no API token in Basic form.
    Unreadable,
    Token(String),
}

pub(crate) fn credentials(headers: &HeaderMap) -> Credentials {
    let Some(value) = headers.get(AUTHORIZATION) else { return Credentials::Missing };
    token(value.as_bytes()).map_or(Credentials::Unreadable, Credentials::Token)
}

fn token(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    let (scheme, encoded) = text.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (token, password) = decoded.split_once(':')?;
    (password == "api_token").then(|| token.to_owned())
}

/// Finds the person, or says how Toggl refuses.
pub(crate) fn reader<'world>(
    world: &'world World,
    switches: &Switches,
    credentials: &Credentials,
) -> Result<&'world User, Box<Answer>> {
    match credentials {
        Credentials::Missing => Err(Box::new(Answer::new(401, "").with("X-Authorization-Missing", "true"))),
        Credentials::Unreadable => Err(Box::new(refused(switches))),
        Credentials::Token(token) => world.user_by_token(token).ok_or_else(|| Box::new(refused(switches))),
    }
}

fn refused(switches: &Switches) -> Answer {
    let answer = Answer::new(switches.wrong_token_status, "Incorrect username and/or password")
        .with("Content-Type", "text/plain; charset=utf-8");
    match switches.login_attempts {
        Some(left) => answer.with("X-Remaining-Login-Attempts", left.to_string()),
        None => answer,
    }
}

/// Enough of a token to tell it from another in a log.
pub(crate) fn masked(token: &str) -> String {
    let shown: String = token.chars().take(4).collect();
    format!("{shown}…")
}
