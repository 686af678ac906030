//! A server on a port of this machine, in the process of the test.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use tallyport_compose::{LocalOptions, Server, ServerOptions};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A database that is served. Dropped, it is not any more.
pub(crate) struct Served {
    url: String,
    /// Dropped, it stops the server.
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
    runtime: Option<Runtime>,
}

impl Served {
    /// Serves a database.
    pub(crate) fn start(database: &Path, toggl_url: String) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let local = LocalOptions { toggl_url: Some(toggl_url), ..LocalOptions::at(database) };
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = runtime.block_on(Server::open(ServerOptions { local, listen, ..ServerOptions::at(database) })).unwrap();
        let url = format!("http://{}", server.address());
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = runtime.spawn(server.serve(async {
            let _dropped_or_told = stopped.await;
        }));
        Self { url, stop: Some(stop), serving: Some(serving), runtime: Some(runtime) }
    }

    /// Stops as a server does, and returns once it has.
    pub(crate) fn end(mut self) {
        drop(self.stop.take());
        let (runtime, serving) = (self.runtime.as_ref().unwrap(), self.serving.take().unwrap());
        runtime.block_on(serving).unwrap();
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
