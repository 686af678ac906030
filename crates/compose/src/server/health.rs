//! What is asked of a server by whoever watches over it: does it live, can it work, and its numbers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::header;
use tallyport_api_types::Code;
use tallyport_app::{App, Error};
use tallyport_http::{Answer, Refusal};
use tallyport_storage::{Store, StoreError};
use tokio::sync::watch;
use tokio::time::timeout;

use super::connections::Connections;
use super::metrics::{Metrics, Now};
use super::work::Work;

const LIVES: &str = "/healthz";
const READY: &str = "/readyz";

/// How long the store may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// With less room than this on its disk a database soon takes no more.
const LEAST_ROOM: u64 = 1 << 20;

/// What readiness rests on.
pub(crate) struct Readiness {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) database: PathBuf,
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Whether a route is one of those that are asked all day long.
pub(crate) fn is_route(route: &str) -> bool {
    route == LIVES || route == READY
}

/// `/healthz`, which answers as long as the process lives, and `/readyz`.
pub(crate) fn router(readiness: Readiness) -> Router {
    Router::new().route(LIVES, get(|| async { "ok\n" })).route(READY, get(ready)).with_state(Arc::new(readiness))
}

async fn ready(State(readiness): State<Arc<Readiness>>) -> Answer<&'static str> {
    if *readiness.stopping.borrow() {
        return Err(Refusal::new(Code::Overloaded, "the server is stopping"));
    }
    match timeout(PATIENCE, readiness.store.stamp()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => return Err(Error::from(error).into()),
        Err(slow) => return Err(Error::from(StoreError::Busy(slow.into())).into()),
    }
    match room(&readiness.database) {
        Some(room) if room < LEAST_ROOM => Err(Refusal::new(Code::StorageFull, "the disk of the database is full")),
        _ => Ok("ready\n"),
    }
}

/// How much room is left where a file is; nothing where the system does not say.
#[cfg(unix)]
fn room(file: &Path) -> Option<u64> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn room(_: &Path) -> Option<u64> {
    None
}

/// What numbers are made of.
pub(crate) struct Numbers {
    pub(crate) app: App,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) work: Arc<Work>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) database: PathBuf,
}

/// `/metrics`, for a listener of its own.
pub(crate) fn metrics(numbers: Numbers) -> Router {
    Router::new().route("/metrics", get(text)).with_state(Arc::new(numbers))
}

async fn text(State(numbers): State<Arc<Numbers>>) -> ([(header::HeaderName, &'static str); 1], String) {
    let Numbers { app, metrics, work, connections, database } = numbers.as_ref();
    let now = Now {
        connections: connections.counted(),
        work: work.counted(),
        bytes: (size(database), size(&log_of(database))),
        runs: app.runs_ended().into_iter().map(|(outcome, count)| (outcome.as_str(), count)).collect(),
    };
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.text(&now))
}

fn log_of(database: &Path) -> PathBuf {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// By its name alone: opening a database's file and closing it again would end this process's locks on it.
fn size(file: &Path) -> u64 {
    file.metadata().map(|file| file.len()).unwrap_or_default()
}
