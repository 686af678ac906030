//! Where Toggl is, and how gently it is treated.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;

/// How to reach Toggl.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The API's base. It must be https, or on this machine. Proxies that the environment names are used on the way, but
    /// not to this machine.
    pub base_url: String,
    /// The steady pace. Where nothing is set it is one a second, and no limit for a base on this machine (I19).
    pub requests_per_second: Option<f64>,
    /// How many requests of each hourly quota are left to the owner's own apps (I19).
    pub quota_reserve: u32,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long an answer may pause.
    pub read_timeout: Duration,
    /// How long a request may take in all.
    pub request_timeout: Duration,
    /// About how long the first pause after a failure is; each further one is three times as long. Where nothing is set
    /// it is two seconds, and so short for a base on this machine that all of them stay below two seconds.
    pub retry_base: Option<Duration>,
    /// How the requests name their sender, which Toggl asks for.
    pub user_agent: String,
}

impl Config {
    /// The base of Toggl's own API.
    pub const TOGGL: &str = "https://api.track.toggl.com/api/v9";

    /// The usual settings for an API somewhere else.
    #[must_use]
    pub fn at(base_url: impl Into<String>) -> Self {
        Self { base_url: base_url.into(), ..Self::default() }
    }

    /// Says whether these settings can be used, before anything is made of them.
    ///
    /// # Errors
    /// A base that the token must not be sent to, or a pace that is none.
    pub fn check(&self) -> Result<(), ConfigError> {
        let base = self.base()?;
        self.pace(base.loopback).map(drop)
    }

    pub(crate) fn base(&self) -> Result<Base, ConfigError> {
        let bad = |why| ConfigError::BadUrl { url: quotable(&self.base_url), why };
        let url = Url::parse(self.base_url.trim()).map_err(|_| bad("it is no URL"))?;
        if !url.username().is_empty() || url.password().is_some() {
            // Not quoted: what stands before the @ is a secret.
            return Err(ConfigError::CredentialsInUrl);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("it has a query or a fragment"));
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| bad("it names no host"))?;
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let loopback = address.map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback());
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(bad("without https the token could be read on the way; only this machine may go without")),
            _ => return Err(bad("it is neither http nor https")),
        }
        Ok(Base { url: url.as_str().trim_end_matches('/').to_owned(), https: url.scheme() == "https", loopback })
    }

    pub(crate) fn pace(&self, loopback: bool) -> Result<Option<f64>, ConfigError> {
        match self.requests_per_second {
            None => Ok((!loopback).then_some(1.0)),
            Some(rate) if rate.is_finite() && (0.001..=1000.0).contains(&rate) => Ok(Some(rate)),
            Some(rate) => Err(ConfigError::BadRate(rate)),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_url: Self::TOGGL.to_owned(),
            requests_per_second: None,
            quota_reserve: 3,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_mins(2),
            retry_base: None,
            user_agent: concat!("Tallyport/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
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

/// A base that was checked.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    /// Without a slash at its end.
    pub(crate) url: String,
    pub(crate) https: bool,
    pub(crate) loopback: bool,
}

/// Why there is no talking to Toggl with these settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The base is nothing that the token may be sent to.
    #[error("{url:?} cannot be used as Toggl's address: {why}")]
    BadUrl {
        /// The base.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The base has a user name or a password in it.
    #[error("Toggl's address must not have a user name or a password in it")]
    CredentialsInUrl,
    /// The pace is none.
    #[error("{0} is no pace: give between 0.001 and 1000 requests a second")]
    BadRate(f64),
    /// The sender's name cannot be sent.
    #[error("{0:?} cannot be sent as a user agent")]
    BadUserAgent(String),
    /// This machine has no certificates to trust, say.
    #[error("no secure connections can be made on this machine")]
    Tls(#[source] rustls::Error),
    /// The HTTP client could not be made.
    #[error("no HTTP client could be made")]
    Client(#[source] reqwest::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        Config::at(url).base().unwrap_err().to_string()
    }

    #[test] // I18
    fn the_token_goes_nowhere_in_clear_but_to_this_machine() {
        for url in ["http://127.0.0.1:8080/api/v9", "http://localhost/", "http://[::1]:1/x/", "https://toggl.example/api/v9/"] {
            let base = Config::at(url).base().unwrap();
            assert!(!base.url.ends_with('/'), "{url}");
        }
        for url in
            ["http://toggl.example/api", "http://api.track.toggl.com/api/v9", "http://127.0.0.1.example/", "http://10.0.0.1/"]
        {
            assert!(refusal(url).contains("https"), "{url}");
        }
        for url in ["", "toggl", "ftp://127.0.0.1/", "file:///etc/passwd", "https://x.example/?a=b", "https://x.example/#a"] {
            assert!(refusal(url).contains("cannot be used"), "{url}");
        }
    }

    #[test]
    fn a_password_in_the_address_is_refused_and_not_repeated() {
        for url in ["https://ada:secret@toggl.example/", "https://ada:secret@[x", "secret@", "https://x.example/?token=secret"] {
            assert!(!refusal(url).contains("secret"), "{url}");
        }
        assert!(refusal("https://ada:secret@[x/?a=b").contains("\"https://…@[x/…\""));
    }

    #[test] // I19
    fn toggl_itself_is_asked_once_a_second_and_this_machine_as_fast_as_it_answers() {
        assert_eq!(Config::default().pace(false).unwrap(), Some(1.0));
        assert_eq!(Config::at("http://127.0.0.1").pace(true).unwrap(), None);
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Config { requests_per_second: Some(rate), ..Config::default() }.pace(true).is_err());
        }
    }
}
