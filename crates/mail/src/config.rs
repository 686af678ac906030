//! Which mail server, and how it is reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use secrecy::SecretString;

/// How long the way up to the text of a mail may take: name look-up, connection, TLS, sign-in and addresses.
const REACH: Duration = Duration::from_secs(50);
/// How long the text may take to leave and to be answered. With [`REACH`] and a farewell it stays below two minutes.
const ANSWER: Duration = Duration::from_mins(1);

/// How the way to the mail server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Begins in the open and turns to TLS before anything else is said; a server that cannot is not used.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None, which is for a mail server on this machine alone.
    Plain,
}

impl Security {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::StartTls, Self::Tls, Self::Plain];

    /// The word for this kind in the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StartTls => "starttls",
            Self::Tls => "tls",
            Self::Plain => "plain",
        }
    }

    /// Reads the word of [`Security::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|security| security.as_str() == word)
    }

    /// The port that mail servers listen at for it.
    #[must_use]
    pub fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::Plain => 25,
        }
    }
}

/// Which mail server, and what it asks for.
#[derive(Debug, Clone)]
pub struct SmtpConfig {
    /// Its name or address.
    pub host: String,
    /// Its port; that of its [`Security`] where nothing is set.
    pub port: Option<u16>,
    /// How the way there is kept secret.
    pub security: Security,
    /// Who signs in; nobody where nothing is set.
    pub user: Option<String>,
    /// Their password.
    pub password: Option<SecretString>,
    /// From whom mail comes: an address, or a name and an address in angle brackets.
    pub from: String,
    /// Certificates in PEM that are trusted beside those of the machine.
    pub trusted: Option<Vec<u8>>,
    /// How long the way up to the text of a mail may take.
    pub reach: Duration,
    /// How long the text may take to leave and to be answered.
    pub answer: Duration,
}

impl SmtpConfig {
    /// A server at its usual port that asks nobody to sign in.
    #[must_use]
    pub fn at(host: &str, security: Security, from: &str) -> Self {
        Self {
            host: host.to_owned(),
            port: None,
            security,
            user: None,
            password: None,
            from: from.to_owned(),
            trusted: None,
            reach: REACH,
            answer: ANSWER,
        }
    }
}

/// A configuration with which no mail can leave.
#[derive(Debug, thiserror::Error)]
pub enum BadSmtp {
    /// Text in the open over a network.
    #[error("mail without TLS is for a mail server on this machine: use starttls or tls with {0:?}")]
    PlainElsewhere(String),
    /// Not a host.
    #[error("{0:?} is not the name of a mail server")]
    Host(String),
    /// Nobody to send mail from.
    #[error("{0:?} is not an address that mail can come from")]
    From(String),
    /// One of the two without the other.
    #[error("to sign in at the mail server both a user and a password are needed")]
    Credentials,
    /// Certificates that cannot be read.
    #[error("the certificates to trust cannot be read")]
    Certificates(#[source] lettre::transport::smtp::Error),
    /// TLS that cannot be set up.
    #[error("TLS to the mail server cannot be set up")]
    Tls(#[source] lettre::transport::smtp::Error),
}

/// Where to connect.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// Whatever the name leads to.
    Named(String, u16),
    /// Just these: what is called "localhost" is not asked of anybody.
    Here(Vec<SocketAddr>),
}

impl SmtpConfig {
    pub(crate) fn port(&self) -> u16 {
        self.port.unwrap_or(self.security.port())
    }

    pub(crate) fn target(&self) -> Result<Target, BadSmtp> {
        let host = self.host.trim();
        if host.is_empty() || host.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/') {
            return Err(BadSmtp::Host(self.host.clone()));
        }
        let port = self.port();
        if self.security != Security::Plain {
            return Ok(Target::Named(host.to_owned(), port));
        }
        let here: Vec<IpAddr> = match host.parse::<IpAddr>() {
            Ok(address) if address.is_loopback() => vec![address],
            Err(_) if host.eq_ignore_ascii_case("localhost") => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            _ => return Err(BadSmtp::PlainElsewhere(host.to_owned())),
        };
        Ok(Target::Here(here.into_iter().map(|address| SocketAddr::new(address, port)).collect()))
    }

    pub(crate) fn mailbox(&self) -> Result<Mailbox, BadSmtp> {
        let bad = || BadSmtp::From(self.from.clone());
        if self.from.chars().any(char::is_control) {
            return Err(bad());
        }
        self.from.trim().parse().map_err(|_| bad())
    }

    pub(crate) fn tls(&self) -> Result<Option<TlsParameters>, BadSmtp> {
        if self.security == Security::Plain {
            return Ok(None);
        }
        let mut tls = TlsParameters::builder(self.host.trim().to_owned());
        if let Some(pem) = &self.trusted {
            tls = tls.add_root_certificate(Certificate::from_pem(pem).map_err(BadSmtp::Certificates)?);
        }
        tls.build().map(Some).map_err(BadSmtp::Tls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        assert!(Security::ALL.iter().all(|security| Security::parse(security.as_str()) == Some(*security)));
        assert_eq!(Security::parse("none"), None);
    }

    #[test] // N3
    fn mail_in_the_open_stays_on_this_machine() {
        let target = |host: &str, security| SmtpConfig::at(host, security, "a@b.example").target();
        for host in ["localhost", "LocalHost", "127.0.0.1", "127.8.0.1", "::1"] {
            assert!(matches!(target(host, Security::Plain), Ok(Target::Here(_))), "{host}");
        }
        for host in ["mail.example.com", "10.0.0.1", "0.0.0.0", "::", "localhost.example.com", "192.168.1.1"] {
            assert!(matches!(target(host, Security::Plain), Err(BadSmtp::PlainElsewhere(_))), "{host}");
            assert!(matches!(target(host, Security::Tls), Ok(Target::Named(_, 465))), "{host}");
            assert!(matches!(target(host, Security::StartTls), Ok(Target::Named(_, 587))), "{host}");
        }
        for host in ["", " ", "a b", "smtp://mail.example.com", "a\r\nb"] {
            assert!(matches!(target(host, Security::Tls), Err(BadSmtp::Host(_))), "{host:?}");
        }
    }

    #[test]
    fn from_is_an_address_with_or_without_a_name() {
        let from = |text: &str| SmtpConfig::at("x", Security::Tls, text).mailbox();
        for text in ["tallyport@example.com", "Tallyport <tallyport@example.com>", "\"Zeit, Köln\" <z@example.com>"] {
            assert!(from(text).is_ok(), "{text}");
        }
        for text in ["", "Tallyport", "a@b@c", "a@example.com\r\nBcc: b@example.com", "A\0 <a@example.com>", "a b@example.com"] {
            assert!(matches!(from(text), Err(BadSmtp::From(_))), "{text:?}");
        }
    }
}
