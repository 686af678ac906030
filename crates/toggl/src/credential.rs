//! The API token: how it is sent, and how it is kept out of everything else (I2).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};

/// How long the tokens of Toggl Track are.
const TRACK_TOKEN: usize = 32;

/// Somebody's API token.
pub(crate) struct Credential(SecretString);

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credential")
    }
}

impl Credential {
    pub(crate) fn new(token: SecretString) -> Self {
        let trimmed = token.expose_secret().trim();
        Self(if trimmed.len() == token.expose_secret().len() { token } else { trimmed.to_owned().into() })
    }

    fn encoded(&self) -> String {
        STANDARD.encode(format!("{}:api_token", self.0.expose_secret()))
    }

    /// The header that carries it, marked so that nothing prints it.
    pub(crate) fn header(&self) -> HeaderValue {
        let mut value = HeaderValue::from_str(&format!("Basic {}", self.encoded())).expect("base64 is ASCII");
        value.set_sensitive(true);
        value
    }

    /// Takes the token out of a text that came from outside.
    pub(crate) fn strip(&self, text: &str) -> String {
        let token = self.0.expose_secret();
        if token.is_empty() {
            return text.to_owned();
        }
        text.replace(self.encoded().as_str(), "…").replace(token, "…")
    }

    /// Whether a token that Toggl Track refused looks like one of Toggl 2.0 (Focus): those are bearer tokens, far longer
    /// than Track's. Nothing is refused for its looks alone (I2).
    pub(crate) fn looks_like_focus(&self) -> bool {
        let token = self.0.expose_secret();
        let token = token.strip_prefix("Bearer ").unwrap_or(token);
        let bearer = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=|:".contains(&byte);
        token.len() > TRACK_TOKEN + 4 && token.bytes().all(bearer) && !token.contains("api_token")
    }

    /// What the parts of a reading are sealed with, so that nobody else's are taken for them (I19).
    pub(crate) fn seal(&self, base: &str) -> hmac::Key {
        let purpose = format!("tallyport parts\n{base}\n{}", self.0.expose_secret());
        hmac::Key::new(hmac::HMAC_SHA256, purpose.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(token: &str) -> Credential {
        Credential::new(token.into())
    }

    #[test] // I2
    fn the_token_shows_nowhere() {
        let token = "0123456789abcdef0123456789abcdef";
        let secret = credential(&format!(" {token}\n"));
        let header = secret.header();
        let shown = format!("{secret:?} {header:?}");
        assert!(!shown.contains(token) && !shown.contains(&secret.encoded()), "{shown}");
        assert_eq!(STANDARD.decode(&header.to_str().unwrap()[6..]).unwrap(), format!("{token}:api_token").into_bytes());
        let echoed = format!("no access for {token} ({})", secret.encoded());
        assert_eq!(secret.strip(&echoed), "no access for … (…)");
        assert_eq!(credential("").strip("as it is"), "as it is");
    }

    #[test] // I2
    fn only_what_looks_like_a_bearer_token_is_taken_for_one_of_focus() {
        for token in ["", "abc", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef0", "two words"] {
            assert!(!credential(token).looks_like_focus(), "{token}");
        }
        for token in ["eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ", &format!("toggl_{}", "a1".repeat(32))] {
            assert!(credential(token).looks_like_focus(), "{token}");
        }
    }
}
