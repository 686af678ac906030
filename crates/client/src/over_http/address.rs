//! Where a server is, as people type it.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The address of a server that a token may be sent to: https, or on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    url: String,
    https: bool,
    loopback: bool,
}

impl Address {
    /// Reads an address such as `https://tallyport.example` or `http://127.0.0.1:8080`; a path below which the server is may follow.
    ///
    /// # Errors
    /// Anything else, in words that repeat neither a user name nor a query.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let bad = |why| BadAddress::Unusable { url: quotable(text), why };
        let url = Url::parse(text.trim()).map_err(|_| bad("it is no URL; one begins with https://"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("it has a query or a fragment"));
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad("it is no URL that begins with https://"));
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| bad("it names no host"))?;
        let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let loopback = ip.map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |ip| ip.is_loopback());
        let https = url.scheme() == "https";
        if !https && !loopback {
            return Err(bad("without https the token could be read on the way; only this machine may go without"));
        }
        Ok(Self { url: url.as_str().trim_end_matches('/').to_owned(), https, loopback })
    }

    /// The address without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.url
    }

    pub(super) fn is_https(&self) -> bool {
        self.https
    }

    pub(super) fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// Why a text is no address of a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadAddress {
    /// A token cannot or must not be sent there.
    #[error("{url:?} cannot be used as a server's address: {why}")]
    Unusable {
        /// What was given, without what may be secret in it.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It has a user name or a password in it.
    #[error("a server's address must not have a user name or a password in it")]
    Credentials,
}

/// What of an address may be repeated: neither what stands before an @ nor a query, since either may be a secret.
fn quotable(url: &str) -> String {
    let shown = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = shown.split_once("://").map_or(("", shown), |(scheme, rest)| (scheme, rest));
    let start = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    let place = rest.rsplit_once('@').map_or_else(|| rest.to_owned(), |(_, place)| format!("…@{place}"));
    let end = if shown.len() < url.len() { "…" } else { "" };
    format!("{start}{place}").chars().take(200).chain(end.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_nowhere_in_clear_but_to_this_machine() {
        for (text, url) in [
            ("https://tallyport.example/", "https://tallyport.example"),
            (" https://team.example/time/ ", "https://team.example/time"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost/", "http://localhost"),
            ("http://[::1]:1/", "http://[::1]:1"),
        ] {
            assert_eq!(Address::parse(text).unwrap().as_str(), url);
        }
        for text in ["http://tallyport.example", "http://10.0.0.1/", "http://127.0.0.1.example"] {
            assert!(Address::parse(text).unwrap_err().to_string().contains("without https"), "{text}");
        }
        for text in
            ["", "tallyport.example", "localhost:8080", "ftp://127.0.0.1/", "https://", "https://x.example/?a=b", "https://x#a"]
        {
            assert!(matches!(Address::parse(text), Err(BadAddress::Unusable { .. })), "{text}");
        }
    }

    #[test]
    fn a_password_in_the_address_is_refused_and_not_repeated() {
        for text in ["https://ada:secret@x.example/", "https://ada:secret@[x", "secret@", "https://x.example/?token=secret"] {
            assert!(!Address::parse(text).unwrap_err().to_string().contains("secret"), "{text}");
        }
    }
}
