//! How many requests are worked on at once. What is too much is refused at once, with a word on when to come again.
//!
//! A body is received before a request takes its turn, so that slow senders hold up nobody but each other; whoever signs in has
//! a lane of their own, since it is there that the machine is made to work for strangers.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body as _;
use std::sync::Arc;
use tallyport_api_types::Code;
use tallyport_http::Refusal;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::Limits;
use super::metrics::Metrics;

/// The largest body that is received.
const LARGEST: usize = 1 << 20;

/// Routes whose requests with a body check a password, a code or a link.
const SIGN_INS: [&str; 13] = [
    "/accept/{secret}",
    "/api/v1/invitations/accept",
    "/api/v1/me/email/confirm",
    "/api/v1/me/password",
    "/api/v1/password-reset",
    "/api/v1/password-reset/confirm",
    "/api/v1/session",
    "/api/v1/setup",
    "/email/{secret}",
    "/reset",
    "/reset/{secret}",
    "/setup",
    "/sign-in",
];

/// What is asked whether the server is well: answered however much there is to do.
const NEVER_WAIT: [&str; 2] = ["/healthz", "/readyz"];

/// See the module.
pub(crate) struct Lanes {
    bodies: Semaphore,
    sign_ins: Semaphore,
    requests: Semaphore,
    body: Duration,
    turn: Duration,
    metrics: Arc<Metrics>,
}

impl Lanes {
    pub(crate) fn new(limits: Limits, metrics: Arc<Metrics>) -> Self {
        Self {
            bodies: Semaphore::new(limits.bodies),
            sign_ins: Semaphore::new(limits.sign_ins),
            requests: Semaphore::new(limits.requests),
            body: limits.body,
            turn: limits.turn,
            metrics,
        }
    }

    /// The whole request, once its body is here.
    async fn receive(&self, request: Request) -> Result<Request, Response> {
        if request.body().is_end_stream() {
            return Ok(request);
        }
        let Ok(_place) = self.bodies.try_acquire() else { return Err(self.shed()) };
        let (parts, body) = request.into_parts();
        match timeout(self.body, Limited::new(body, LARGEST).collect()).await {
            Ok(Ok(body)) => Ok(Request::from_parts(parts, Body::from(body.to_bytes()))),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                Err(Refusal::new(Code::BodyTooLarge, "the body has more than 1 MiB").into_response())
            }
            // Nobody may be left to read this, and a connection whose body has not been read is closed after it.
            Ok(Err(_)) => Err(Refusal::invalid("the body broke off").into_response()),
            Err(_) => Err(Refusal::invalid("the body did not arrive in time").into_response()),
        }
    }

    fn shed(&self) -> Response {
        self.metrics.shed();
        let mut response = Refusal::new(Code::Overloaded, "the server has too much to do at this moment").into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        response
    }
}

/// Lets a request through in its turn.
pub(crate) async fn admit(State(lanes): State<Arc<Lanes>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    if NEVER_WAIT.contains(&route) {
        return next.run(request).await;
    }
    let signs_in = SIGN_INS.contains(&route) && !matches!(*request.method(), Method::GET | Method::HEAD);
    let lane = if signs_in { &lanes.sign_ins } else { &lanes.requests };
    let request = match lanes.receive(request).await {
        Ok(request) => request,
        Err(refused) => return refused,
    };
    match timeout(lanes.turn, lane.acquire()).await {
        Ok(Ok(_turn)) => next.run(request).await,
        _ => lanes.shed(),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::{get, post};
    use http::StatusCode;
    use tokio::sync::Notify;
    use tower::ServiceExt as _;

    use super::*;

    struct Bench {
        router: Router,
        go_on: Arc<Notify>,
    }

    fn bench() -> Bench {
        let limits = Limits {
            requests: 1,
            sign_ins: 1,
            bodies: 1,
            turn: Duration::ZERO,
            body: Duration::from_millis(20),
            ..Limits::default()
        };
        let lanes = Arc::new(Lanes::new(limits, Arc::default()));
        let go_on = Arc::new(Notify::new());
        let waiting = || {
            let go_on = go_on.clone();
            move || async move { go_on.notified().await }
        };
        let router = Router::new()
            .route("/slow", get(waiting()))
            .route("/api/v1/session", post(waiting()))
            .route("/echo", post(|body: String| async { body }))
            .route("/healthz", get(|| async { "ok" }))
            .layer(from_fn_with_state(lanes, admit));
        Bench { router, go_on }
    }

    async fn ask(router: &Router, method: Method, path: &str, body: Body) -> Response {
        router.clone().oneshot(Request::builder().method(method).uri(path).body(body).unwrap()).await.unwrap()
    }

    #[test]
    fn what_has_a_lane_of_its_own_are_routes() {
        let of_the_api = tallyport_api::routes().into_iter().map(|route| format!("/api/v1{}", route.path));
        let pages = tallyport_web::paths().into_iter().map(str::to_owned);
        let routes: Vec<String> = of_the_api.chain(pages).collect();
        for route in SIGN_INS {
            assert!(routes.iter().any(|found| found == route), "{route}");
        }
    }

    #[tokio::test]
    async fn what_is_too_much_is_told_when_to_come_again_and_health_and_sign_in_are_not_held_up() {
        let Bench { router, go_on } = bench();
        let first = ask(&router, Method::GET, "/slow", Body::empty());
        let others = async {
            let refused = ask(&router, Method::GET, "/slow", Body::empty()).await;
            assert_eq!(
                (refused.status(), &refused.headers()[header::RETRY_AFTER]),
                (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
            );
            assert_eq!(ask(&router, Method::GET, "/healthz", Body::empty()).await.status(), StatusCode::OK);
            let signing_in = ask(&router, Method::POST, "/api/v1/session", Body::empty());
            let then = async {
                let refused = ask(&router, Method::POST, "/api/v1/session", Body::empty()).await;
                assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
                go_on.notify_waiters();
            };
            assert_eq!(tokio::join!(biased; signing_in, then).0.status(), StatusCode::OK);
        };
        assert_eq!(tokio::join!(biased; first, others).0.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_body_is_bounded_in_size_and_in_time_and_holds_up_no_request_without_one() {
        let Bench { router, .. } = bench();
        let never = Body::from_stream(futures_util::stream::pending::<Result<String, std::convert::Infallible>>());
        let slow = ask(&router, Method::POST, "/echo", never);
        let others = async {
            assert_eq!(ask(&router, Method::POST, "/echo", "a".into()).await.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(ask(&router, Method::GET, "/healthz", Body::empty()).await.status(), StatusCode::OK);
        };
        assert_eq!(tokio::join!(biased; slow, others).0.status(), StatusCode::BAD_REQUEST);
        let large = ask(&router, Method::POST, "/echo", vec![b'a'; LARGEST + 1].into()).await;
        assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
        let whole = ask(&router, Method::POST, "/echo", vec![b'a'; LARGEST].into()).await;
        assert_eq!(whole.into_body().collect().await.unwrap().to_bytes().len(), LARGEST);
    }
}
