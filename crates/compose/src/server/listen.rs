//! Connections: taken, talked to, and ended when the server stops.
//!
//! Through hyper itself, since what serves by default sets no timer, and without one a client that never finishes the head of its
//! request is waited for without an end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tallyport_http::{Peer, Proxies};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::connections::Connections;
use super::signal::stopped;

/// How long nothing is taken after the system could not give a connection: one may have ended by then.
const PAUSE: Duration = Duration::from_millis(100);

/// What a connection needs at most to hold the head of a request.
const HEAD: usize = 64 * 1024;

/// Where connections come in, and who answers them.
pub(crate) struct Listener {
    pub(crate) tcp: TcpListener,
    pub(crate) router: Router,
    pub(crate) connections: Arc<Connections>,
    pub(crate) proxies: Proxies,
    pub(crate) head: Duration,
}

impl Listener {
    /// Takes connections until the server stops; answers those that are open then, which end after what they are at.
    ///
    /// Whatever the system says, it goes on: running out of descriptors passes.
    pub(crate) async fn serve(self, mut stopping: watch::Receiver<bool>) -> JoinSet<()> {
        let ending = stopping.clone();
        let mut open = JoinSet::new();
        let mut troubled = false;
        loop {
            let accepted = tokio::select! {
                biased;
                () = stopped(&mut stopping) => return open,
                Some(_) = open.join_next() => continue,
                accepted = self.tcp.accept() => accepted,
            };
            match accepted {
                Ok((stream, address)) => {
                    if std::mem::take(&mut troubled) {
                        tracing::info!("connections are taken again");
                    }
                    // A connection too many is closed at once: there is nobody to spare for telling it so.
                    let Some(place) = self.connections.enter(address.ip()) else { continue };
                    let conversation = self.conversation(stream, address, ending.clone());
                    open.spawn(async move {
                        conversation.await;
                        drop(place);
                    });
                }
                Err(error) if of_one_connection(&error) => {}
                Err(error) => {
                    if !std::mem::replace(&mut troubled, true) {
                        tracing::error!(%error, "no connection can be taken");
                    }
                    pause().await;
                }
            }
        }
    }

    fn conversation(
        &self,
        stream: TcpStream,
        address: SocketAddr,
        mut stopping: watch::Receiver<bool>,
    ) -> impl Future<Output = ()> + Send + 'static {
        let (router, proxies, head) = (self.router.clone(), self.proxies.clone(), self.head);
        async move {
            let _waits_a_little_longer = stream.set_nodelay(true);
            let service = service_fn(move |request: Request<Incoming>| {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(Peer(address.ip()));
                request.extensions_mut().insert(proxies.clone());
                let answered = router.clone().oneshot(request);
                async move { Ok::<_, Infallible>(answered.await.unwrap_or_else(|never| match never {})) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(head)
                .max_buf_size(HEAD)
                .serve_connection(TokioIo::new(stream), service);
            let mut connection = pin!(connection);
            // How a connection ended is its client's business: it went away, was too slow, or spoke no HTTP.
            let _ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = stopped(&mut stopping) => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
        }
    }
}

/// Whether an error is of the connection that was to be taken, and the next one may well be fine.
fn of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}

#[expect(clippy::disallowed_methods, reason = "it is the machine that is waited for, whatever its clock says")]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}
