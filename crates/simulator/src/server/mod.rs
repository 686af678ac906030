//! The simulator on a socket: HTTP/1.1 by hand, because half of the faults are none that a framework would let through.

mod request;
mod send;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread::JoinHandle;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::answer::Answer;
use crate::simulator::{BASE_PATH, Simulator};
use request::Connection;

/// A simulator that answers on 127.0.0.1, until it is dropped.
///
/// It runs on a thread of its own, so it serves blocking and asynchronous tests alike.
pub struct Server {
    address: SocketAddr,
    simulator: Simulator,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts on a free port.
    ///
    /// # Errors
    /// The machine has no port or no thread left.
    pub fn start(simulator: Simulator) -> io::Result<Self> {
        Self::start_on(0, simulator)
    }

    /// Starts on that port, or on a free one where it is 0.
    ///
    /// # Errors
    /// The port is taken, or the machine has no port or no thread left.
    pub fn start_on(port: u16, simulator: Simulator) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _entered = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let served = simulator.clone();
        let thread = std::thread::Builder::new().name("simulator".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, served) => {}
                    _ = stopped => {}
                }
            });
            // Stalled connections would otherwise be waited for.
            runtime.shutdown_background();
        })?;
        Ok(Self { address, simulator, stop: Some(stop), thread: Some(thread) })
    }

    /// The base URL of the API, which ends in `/api/v9`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.address)
    }

    /// The URL of the control endpoint.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}/control", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The simulator behind it.
    #[must_use]
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that the thread has ended already, which is all that is wanted.
        _ = self.stop.take().map(|stop| stop.send(()));
        _ = self.thread.take().map(JoinHandle::join);
    }
}

async fn accept(listener: TcpListener, simulator: Simulator) {
    loop {
        // A connection that failed before it was accepted concerns nobody but its client.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        tokio::spawn(converse(stream, simulator.clone()));
    }
}

/// Answers one request after another, until the client leaves or a fault ends the connection.
async fn converse(stream: TcpStream, simulator: Simulator) {
    _ = stream.set_nodelay(true);
    let mut connection = Connection::new(stream);
    loop {
        match connection.next_request().await {
            Ok(Some(incoming)) => {
                let answer = simulator.answer(&incoming.request);
                let latency = simulator.latency();
                if latency > 0 {
                    send::pause(latency).await;
                }
                match send::send(&mut connection.stream, &answer, incoming.keep_alive).await {
                    Ok(true) => {}
                    Ok(false) | Err(_) => return,
                }
            }
            Ok(None) => return,
            Err(refusal) => {
                let answer = Answer::new(refusal.status(), "");
                _ = send::send(&mut connection.stream, &answer, false).await;
                // To close with something left unread would reset the connection and take the answer from the client.
                send::stall(&mut connection.stream).await;
                return;
            }
        }
    }
}
