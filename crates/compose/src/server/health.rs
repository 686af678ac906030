//! What is asked of a server by whoever watches over it: does it live, can it work, and its numbers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{StatusCode, header};
use tallyport_api_types::{Code, Problem};
use tallyport_app::{App, Error};
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

/// Whatever is wrong, whoever watches is to see one status: the code says the rest.
async fn ready(State(readiness): State<Arc<Readiness>>) -> Response {
    let Err(problem) = readiness.check().await else { return "ready\n".into_response() };
    let unready = StatusCode::SERVICE_UNAVAILABLE;
    let problem = Problem { status: unready.as_u16(), ..problem };
    (unready, [(header::CONTENT_TYPE, "application/problem+json")], Json(problem)).into_response()
}

impl Readiness {
    async fn check(&self) -> Result<(), Problem> {
        if *self.stopping.borrow() {
            return Err(Problem::new(Code::Overloaded, "the server is stopping"));
        }
        let told = |error: StoreError| {
            let error = Error::from(error);
            Problem::new(error.code(), error.to_string()).hint(error.hint())
        };
        match timeout(PATIENCE, self.store.stamp()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(told(error)),
            Err(slow) => return Err(told(StoreError::Busy(slow.into()))),
        }
        match room(&self.database) {
            Some(room) if room < LEAST_ROOM => Err(Problem::new(Code::StorageFull, "the disk of the database is full")),
            _ => Ok(()),
        }
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
    // Without an answer of the store the others are still worth telling.
    let mail = app.outbox.counts().await.unwrap_or_default();
    let now = Now {
        connections: connections.counted(),
        work: work.counted(),
        bytes: (size(database), size(&log_of(database))),
        mail: mail.into_iter().map(|(state, count)| (state.as_str(), u64::from(count))).collect(),
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

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::Request;
    use http_body_util::BodyExt as _;
    use tallyport_storage::{Faulty, Moment};
    use tallyport_storage_sqlite::{Options, Sqlite};
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn it_is_not_ready_while_it_stops_or_its_store_does_not_answer_and_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("t.db");
        let store = Arc::new(Faulty::over(Arc::new(Sqlite::open(&database, Options { create: true }).unwrap())));
        let stopping = watch::Sender::new(false);
        let router = router(Readiness { store: store.clone(), database, stopping: stopping.subscribe() });
        let ask = async |path: &str| {
            let answer = router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
            let status = answer.status().as_u16();
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            (status, String::from_utf8(body.to_vec()).unwrap())
        };
        assert_eq!(ask(READY).await, (200, "ready\n".to_owned()));
        store.fail(Moment::Busy, 1);
        let (status, body) = ask(READY).await;
        assert!(status == 503 && body.contains("\"busy\"") && body.contains("503"), "{status} {body}");
        assert_eq!(store.injected(), 1);
        assert_eq!(ask(READY).await.0, 200);
        stopping.send_replace(true);
        let (status, body) = ask(READY).await;
        assert!(status == 503 && body.contains("\"overloaded\""), "{status} {body}");
        assert_eq!(ask(LIVES).await, (200, "ok\n".to_owned()));
    }

    #[test]
    #[cfg(unix)]
    fn the_room_on_a_disk_is_told_by_the_system() {
        let folder = tempfile::tempdir().unwrap();
        assert!(room(&folder.path().join("t.db")).unwrap() > 0);
        assert_eq!(room(Path::new("/nowhere/t.db")), None);
    }
}
