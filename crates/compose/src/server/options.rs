//! How a server is set up, as the binary read it from its configuration.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tallyport_http::Proxies;
use tallyport_mail::SmtpConfig;

use crate::LocalOptions;

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// The database, its keys, and Toggl.
    pub local: LocalOptions,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where it tells its numbers; nowhere where nothing is set.
    pub metrics_listen: Option<SocketAddr>,
    /// Where people reach it, which links and cookies rest on; where it listens if nothing is set.
    pub public_url: Option<String>,
    /// The proxies whose word counts on where a request comes from.
    pub trusted_proxies: Proxies,
    /// The mail server; where there is none, links are shown to be copied (N3).
    pub mail: Option<SmtpConfig>,
    /// How much it takes on at once.
    pub limits: Limits,
}

impl ServerOptions {
    /// The port that a server listens at unless told otherwise.
    pub const PORT: u16 = 8080;

    /// A server over this database, made where there is none, and everything else as usual.
    #[must_use]
    pub fn at(database: impl Into<PathBuf>) -> Self {
        Self {
            local: LocalOptions { create: true, ..LocalOptions::at(database) },
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), Self::PORT),
            metrics_listen: None,
            public_url: None,
            trusted_proxies: Proxies::default(),
            mail: None,
            limits: Limits::default(),
        }
    }
}

/// How much a server takes on at once, and for how long it waits. Whatever is beyond is refused rather than queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections in all.
    pub connections: usize,
    /// Connections of one address, or of one network of version six; proxies that are trusted and this machine have no such limit.
    pub connections_of_one: usize,
    /// How long a client may take to send the head of a request, and how long a connection stays open without one.
    pub head: Duration,
    /// How long a client may take to send the body of a request.
    pub body: Duration,
    /// Bodies that are received at once.
    pub bodies: usize,
    /// Requests that are worked on at once.
    pub requests: usize,
    /// Requests that check a password or a link, worked on at once beside the others.
    pub sign_ins: usize,
    /// How long a request waits for its turn before it is refused.
    pub turn: Duration,
    /// How long requests may take to end when the server stops.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2048,
            connections_of_one: 256,
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            bodies: 384,
            requests: 64,
            sign_ins: 32,
            turn: Duration::from_secs(1),
            stop: Duration::from_secs(10),
        }
    }
}
