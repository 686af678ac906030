//! What is taken down of every request: a number for it, its route, how it ended and how long it took; never what it said.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use tallyport_domain::Random;
use tallyport_http::RequestId;
use tracing::Instrument as _;

use super::metrics::Metrics;
use super::work::Work;

/// The target of the events that tell of requests: of them there are many.
pub const REQUESTS: &str = "tallyport::requests";

/// The header that brings the number of a request to whoever sent it.
const REQUEST_ID: &str = "x-request-id";

/// How a path is called that is no route's: what stands in it anybody may have written.
const NO_ROUTE: &str = "none";

/// Numbers requests and watches them.
pub(crate) struct Observer {
    work: Arc<Work>,
    metrics: Arc<Metrics>,
    /// Tells the numbers of this process from those of an earlier one.
    process: u32,
    last: AtomicU64,
}

impl Observer {
    pub(crate) fn new(work: Arc<Work>, metrics: Arc<Metrics>, random: &dyn Random) -> Self {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        Self { work, metrics, process: u32::from_ne_bytes(bytes), last: AtomicU64::new(0) }
    }

    fn number(&self) -> String {
        format!("{:08x}-{:x}", self.process, self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// Lets a request through and takes down what became of it.
#[expect(clippy::disallowed_methods, reason = "how long a request takes is measured, and decides nothing")]
pub(crate) async fn observe(State(observer): State<Arc<Observer>>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let held = observer.work.begin();
    let id = observer.number();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);

    let span = tracing::info_span!("request", id);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = begun.elapsed();
    let status = response.status();
    observer.metrics.request(&method, route, status, took);
    span.in_scope(|| {
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let (method, status) = (method.as_str(), status.as_u16());
        if status >= 500 {
            tracing::warn!(target: REQUESTS, method, route, status, milliseconds, "answered");
        } else if super::health::is_route(route) {
            tracing::debug!(target: REQUESTS, method, route, status, milliseconds, "answered");
        } else {
            tracing::info!(target: REQUESTS, method, route, status, milliseconds, "answered");
        }
    });
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    observer.work.follow(response, held)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use axum::{Extension, Router};
    use http_body_util::BodyExt as _;
    use tallyport_sync::system::SystemRandom;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn what_tells_of_a_fault_calls_a_request_as_the_log_and_the_header_do() {
        let observer = Arc::new(Observer::new(Arc::default(), Arc::default(), &SystemRandom));
        let told = |Extension(RequestId(id)): Extension<RequestId>| async { id };
        let router = Router::new().route("/", get(told)).layer(from_fn_with_state(observer, observe));
        let response = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
        let header = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        let told = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(told, header);
    }
}
