//! Settings, resolved once into what the server is opened with.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::ArgMatches;
use http::Uri;
use secrecy::SecretString;
use tallyport_compose::{LocalOptions, Proxies, ServerOptions};

use crate::failure::Failure;
use crate::settings::{
    CONFIG, DATABASE, LISTEN, LOG_FORMAT, LOG_LEVEL, METRICS_LISTEN, PUBLIC_URL, TOGGL_RATE, TOGGL_URL, TRUSTED_PROXIES,
};
use crate::values::{Value, Values};
use crate::{database, env, file, mail};

/// All that the server is told.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) server: ServerOptions,
    pub(crate) logs: Logs,
    /// Whether somebody said which database is meant.
    pub(crate) has_database: bool,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Logs {
    pub(crate) json: bool,
    pub(crate) level: tracing::Level,
}

/// Reads flags, environment and file.
///
/// # Errors
/// A value that cannot be used, with the place where it stands; a file that cannot be read.
pub(crate) fn read(matches: &ArgMatches) -> Result<Config, Failure> {
    let given = Values::given(matches);
    of(&match Value::given(matches, &CONFIG) {
        Some(path) => given.or(file::read(path.text.as_ref())?),
        None => given,
    })
}

/// What these values say.
///
/// # Errors
/// A value that cannot be used, with the place where it stands.
pub(crate) fn of(values: &Values) -> Result<Config, Failure> {
    let logs = Logs {
        json: values.read(LOG_FORMAT, format)?.unwrap_or(false),
        level: values.read(LOG_LEVEL, level)?.unwrap_or(tracing::Level::INFO),
    };
    let database = match values.read(DATABASE, database::path)? {
        Some(database) => database,
        None => database::default_path()?,
    };
    Ok(Config { server: server(values, database)?, logs, has_database: values.has(DATABASE) })
}

fn server(values: &Values, database: PathBuf) -> Result<ServerOptions, Failure> {
    let usual = ServerOptions::at(database);
    let listen = values.read(LISTEN, address)?.unwrap_or(usual.listen);
    if !listen.ip().is_loopback() && !values.has(PUBLIC_URL) {
        return Err(Failure::settings(
            format!("to listen at {listen}, beyond this machine, the server has to know where people reach it"),
            "Say it with --public-url https://…: links in mails and the safety of cookies rest on it.",
        ));
    }
    Ok(ServerOptions {
        local: LocalOptions {
            toggl_url: values.read(TOGGL_URL, |text| Ok(text.trim().to_owned()))?,
            toggl_rate: values.read(TOGGL_RATE, number)?,
            secret_key: env::read(env::SECRET_KEY).map(SecretString::from),
            ..usual.local
        },
        listen,
        metrics_listen: values.read(METRICS_LISTEN, address)?,
        public_url: values.read(PUBLIC_URL, public_url)?,
        trusted_proxies: values.read(TRUSTED_PROXIES, proxies)?.unwrap_or_default(),
        mail: mail::config(values)?,
        limits: usual.limits,
    })
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.trim().parse().map_err(|_| format!("{:?} is no address with a port, such as 127.0.0.1:8080 or [::1]:8080", shown(text)))
}

fn number(text: &str) -> Result<f64, String> {
    text.trim().parse().map_err(|_| format!("{:?} is no number", shown(text)))
}

fn proxies(text: &str) -> Result<Proxies, String> {
    Proxies::parse(text.split(',').map(str::trim).filter(|proxy| !proxy.is_empty())).map_err(|bad| bad.to_string())
}

/// An address as a browser shows it: a scheme, a host, perhaps a port and a path.
fn public_url(text: &str) -> Result<String, String> {
    let wrong = || format!("{:?} is no address of a site, such as https://time.example.com", shown(text));
    let url: Uri = text.trim().parse().map_err(|_| wrong())?;
    let authority = url.authority().filter(|authority| !authority.host().is_empty()).ok_or_else(wrong)?;
    // In small letters however it was typed: whether cookies are bound to TLS is read from it.
    let scheme = url.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or_else(wrong)?;
    let has_port = authority.as_str().len() > authority.host().len();
    let is_plain = text.trim().bytes().all(|byte| byte.is_ascii_graphic()) && !authority.as_str().contains('@');
    if !is_plain || (has_port && authority.port_u16().is_none()) || url.query().is_some() || text.contains('#') {
        return Err(wrong());
    }
    Ok(format!("{scheme}://{authority}{}", url.path()).trim_end_matches('/').to_owned())
}

fn format(text: &str) -> Result<bool, String> {
    match text.trim() {
        "text" => Ok(false),
        "json" => Ok(true),
        other => Err(format!("{:?} is neither text nor json", shown(other))),
    }
}

fn level(text: &str) -> Result<tracing::Level, String> {
    let known = ["error", "warn", "info", "debug"].contains(&text.trim());
    let level = text.trim().parse().ok().filter(|_| known);
    level.ok_or_else(|| format!("{:?} is none of error, warn, info and debug", shown(text)))
}

/// As much of a text as an error repeats.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_a_scheme_and_a_host_and_carries_no_secret() {
        for (text, read) in [
            ("https://time.example.com/", "https://time.example.com"),
            (" http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://example.com/tallyport/", "https://example.com/tallyport"),
            ("http://[::1]:80", "http://[::1]:80"),
            ("HTTPS://Time.example.com", "https://Time.example.com"),
        ] {
            assert_eq!(public_url(text).unwrap(), read);
        }
        for text in
            ["", "time.example.com", "ftp://x", "https://", "https://u:p@x", "https://x/?a", "https://x/#a", "/x", "https:// x"]
        {
            assert!(public_url(text).is_err(), "{text:?}");
        }
        for text in ["https://u:p", "https://x:", "https://x:0x50", "https://x:65536", "https://x/é"] {
            assert!(public_url(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn lists_have_commas_and_levels_are_words() {
        let two = proxies("127.0.0.1, 10.0.0.0/8,").unwrap();
        assert!(two.believes([127, 0, 0, 1].into()) && two.believes([10, 1, 1, 1].into()));
        assert!(proxies("127.0.0.1 10.0.0.1").is_err());
        assert_eq!(level("debug").unwrap(), tracing::Level::DEBUG);
        assert!(level("3").is_err() && level("trace").is_err() && format("xml").is_err());
        assert!(address("8080").is_err() && address("localhost:8080").is_err() && address("[::]:0").is_ok());
    }
}
