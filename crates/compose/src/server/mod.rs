//! Tallyport for many people at once, over a listener.
//!
//! A [`Server`] is everything that has to be there before somebody connects; [`Server::serve`] answers until it is told to stop,
//! and then ends in an order in which nothing is cut off that could end by itself: connections, requests, syncs, streams, mail, the
//! database.

mod connections;
mod health;
mod lanes;
mod listen;
mod lock;
mod metrics;
mod observe;
mod options;
mod runners;
mod signal;
mod work;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use secrecy::SecretString;
use tallyport_app::{App, Site};
use tallyport_domain::Mailer;
use tallyport_http::Proxies;
use tallyport_mail::Smtp;
use tallyport_storage::Store;
use tallyport_sync::system::{SystemClock, SystemRandom};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use self::connections::Connections;
use self::health::{Numbers, Readiness};
use self::lanes::{Lanes, admit};
use self::listen::Listener;
use self::lock::ServerLock;
use self::metrics::Metrics;
use self::observe::{Observer, observe};
use self::work::Work;
use crate::local::{application, make_folder};
use crate::{Demo, Error, Result};

pub use observe::REQUESTS;
pub use options::{Limits, ServerOptions};

/// How long connections may take to close once nothing is asked over them any more.
const CLOSING: Duration = Duration::from_secs(2);

/// How long syncs may take to end before they change anything; one that is being applied ends by itself.
const SYNCS: Duration = Duration::from_secs(30);

/// How long the mail in hand may take to leave; the port promises two minutes.
const MAIL: Duration = Duration::from_mins(2);

/// Connections of the listener for numbers.
const WATCHERS: usize = 16;

/// A server that is ready to serve: the database is open, nobody else serves it, and its addresses are taken.
pub struct Server {
    // In the order in which they are let go of.
    listening: Vec<Listener>,
    app: App,
    store: Arc<dyn Store>,
    work: Arc<Work>,
    stopping: watch::Sender<bool>,
    stop: Duration,
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    lock: ServerLock,
}

impl Server {
    /// Takes the addresses and the database, migrating one of an earlier version.
    ///
    /// # Errors
    /// A database that is served already or cannot be used, an address that is taken, and as [`crate::Local::open`].
    pub async fn open(options: ServerOptions) -> Result<Self> {
        let ServerOptions { local, listen, metrics_listen, public_url, trusted_proxies, mail, limits } = options;
        let mailer = mail.map(|mail| Smtp::new(mail, Arc::new(SystemClock))).transpose()?;
        let mailer = mailer.map(|smtp| Arc::new(smtp) as Arc<dyn Mailer>);
        let database = local.database.clone();
        if local.create {
            make_folder(&database);
        }
        let lock = ServerLock::take(&database)?;
        let (tcp, address) = bind(listen).await?;
        let metrics_tcp = match metrics_listen {
            Some(listen) => Some(bind(listen).await?),
            None => None,
        };
        let site = Site::at(&public_url.unwrap_or_else(|| format!("http://{address}")));
        let (store, app) = application(local, mailer, site).await?;

        let stopping = watch::Sender::new(false);
        let work = Arc::new(Work::default());
        let metrics = Arc::new(Metrics::default());
        let proxies = trusted_proxies;
        let connections = Arc::new(Connections::new(limits, proxies.clone()));
        let readiness = Readiness { store: store.clone(), database: database.clone(), stopping: stopping.subscribe() };
        let lanes = Arc::new(Lanes::new(limits, metrics.clone()));
        let observer = Arc::new(Observer::new(work.clone(), metrics.clone(), &SystemRandom));
        let router = Router::new()
            .merge(tallyport_api::router(app.clone()))
            .merge(pages(&app))
            .merge(health::router(readiness))
            .layer(from_fn_with_state(lanes, admit))
            .layer(from_fn(tallyport_web::readable))
            .layer(from_fn_with_state(observer, observe));

        let head = limits.head;
        let mut listening = vec![Listener { tcp, router, connections: connections.clone(), proxies: proxies.clone(), head }];
        let metrics_address = metrics_tcp.as_ref().map(|(_, address)| *address);
        if let Some((tcp, _)) = metrics_tcp {
            let numbers = Numbers { app: app.clone(), metrics, work: work.clone(), connections, database };
            let few = Limits { connections: WATCHERS, ..limits };
            let connections = Arc::new(Connections::new(few, Proxies::default()));
            listening.push(Listener { tcp, router: health::metrics(numbers), connections, proxies, head });
        }
        Ok(Self { listening, app, store, work, stopping, stop: limits.stop, address, metrics_address, lock })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it tells its numbers.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Where people reach it.
    #[must_use]
    pub fn url(&self) -> &str {
        self.app.site().base()
    }

    /// Has it serve a demonstration.
    ///
    /// # Errors
    /// A database that holds other accounts; what the use cases say.
    pub async fn furnish(&self, demo: &Demo) -> Result<()> {
        demo.furnish(&self.app).await
    }

    /// The code with which it can be set up, for whoever can see what it prints; nothing where there is an account (A3).
    ///
    /// # Errors
    /// Of the store.
    pub async fn set_up_code(&self) -> Result<Option<SecretString>> {
        let code = self.app.set_ups.code().await?;
        Ok(code.map(|code| SecretString::from(code.reveal())))
    }

    /// Serves until `stop` returns, and then ends: no connection is taken any more, requests have a few seconds, syncs end before
    /// they change anything, streams end, the mail in hand leaves, and the database is closed.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let Self { listening, app, store, work, stopping, stop: grace, lock, .. } = self;
        let listeners: Vec<_> =
            listening.into_iter().map(|listener| tokio::spawn(listener.serve(stopping.subscribe()))).collect();
        let mut runners = JoinSet::new();
        runners.spawn(runners::schedules(app.clone(), stopping.subscribe()));
        runners.spawn(runners::mail(app.clone(), stopping.subscribe()));
        runners.spawn(runners::sweeps(app.clone(), stopping.subscribe()));

        stop.await;
        tracing::info!("stopping");
        stopping.send_replace(true);
        let mut conversations = Vec::new();
        for listener in listeners {
            conversations.extend(listener.await);
        }
        within(grace, work.quiet(), "requests").await;
        within(SYNCS, app.stop_runs(), "syncs").await;
        work.end_streams();
        for conversations in &mut conversations {
            let _what_is_left_is_cut_off = timeout(CLOSING, async { while conversations.join_next().await.is_some() {} }).await;
            conversations.shutdown().await;
        }
        within(MAIL, async { while runners.join_next().await.is_some() {} }, "mail").await;
        runners.shutdown().await;
        // Closing waits for what is being written, and gives the lock back last.
        let closed = tokio::task::spawn_blocking(move || {
            drop((app, store));
            drop(lock);
        });
        if closed.await.is_ok() {
            tracing::info!("stopped");
        }
    }
}

/// What is looked at in a browser.
fn pages(app: &App) -> Router {
    let docs = tallyport_api::docs().layer(from_fn_with_state(app.clone(), tallyport_http::guard));
    tallyport_web::router(app.clone()).merge(docs)
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let failed = |cause| Error::Listen { address, cause };
    let tcp = TcpListener::bind(address).await.map_err(failed)?;
    let address = tcp.local_addr().map_err(failed)?;
    Ok((tcp, address))
}

async fn within(patience: Duration, ending: impl Future<Output = ()>, what: &'static str) {
    if timeout(patience, ending).await.is_err() {
        tracing::warn!(what, "still at work, and cut off");
    }
}
