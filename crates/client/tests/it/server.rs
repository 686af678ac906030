//! A server on a port of this machine that does to each connection what a list says, and remembers what it was asked.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tallyport_client::{Address, Client, Http, Limits, Machine};

/// What becomes of one connection.
pub(crate) enum Does {
    /// An answer with this status, these headers and this body.
    Says(u16, Vec<(&'static str, &'static str)>, &'static str),
    /// The same bytes and nothing more, whether they are an answer or not.
    Sends(&'static str),
    /// Nothing: the request is read, and the connection closed.
    HangsUp,
    /// Nothing, while the connection stays open.
    Stalls(&'static str),
}

pub(crate) struct Server {
    address: Address,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn doing(script: impl IntoIterator<Item = Does>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = Address::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let mut script: VecDeque<Does> = script.into_iter().collect();
        let heard = asked.clone();
        if script.is_empty() {
            // Closed before anybody can come, so that nobody is ever let in.
            drop(listener);
            return Self { address, asked };
        }
        std::thread::spawn(move || {
            let mut stalled = Vec::new();
            // With the last of the list the port closes too, so that whoever asks once more finds nobody.
            while let Some(does) = script.pop_front() {
                let (mut stream, _) = listener.accept().unwrap();
                heard.lock().unwrap().push(request(&mut stream));
                match does {
                    Does::Says(status, headers, body) => {
                        let length = body.len();
                        write!(stream, "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n").unwrap();
                        for (name, value) in headers {
                            write!(stream, "{name}: {value}\r\n").unwrap();
                        }
                        write!(stream, "\r\n{body}").unwrap();
                    }
                    Does::Sends(bytes) => stream.write_all(bytes.as_bytes()).unwrap(),
                    Does::HangsUp => {}
                    Does::Stalls(bytes) => {
                        stream.write_all(bytes.as_bytes()).unwrap();
                        stalled.push(stream);
                    }
                }
            }
            drop(listener);
            // A stalled connection is held for as long as anybody asks about it.
            while Arc::strong_count(&heard) > 1 && !stalled.is_empty() {
                std::thread::yield_now();
            }
        });
        Self { address, asked }
    }

    /// What it was asked, in full.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The values that a header had, request by request.
    pub(crate) fn header(&self, name: &str) -> Vec<Option<String>> {
        let value = |request: &String| {
            let lines = request.lines().map(|line| line.split_once(": ").unwrap_or_default());
            lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
        };
        self.asked().iter().map(value).collect()
    }

    pub(crate) fn http(&self, machine: &Arc<Paused>) -> Http {
        Http::new(self.address.clone()).machine(machine.clone()).token(&"tpt_canary".into()).unwrap()
    }

    /// A client that waits for nothing, and what it would have waited for.
    pub(crate) fn client(&self) -> (Client, Arc<Paused>) {
        let machine = Arc::<Paused>::default();
        (Client::new(Arc::new(self.http(&machine))), machine)
    }

    /// The same, whose patience ends after a moment.
    pub(crate) fn hasty_client(&self) -> Client {
        let mut limits = Limits::default();
        (limits.answer, limits.between) = (Duration::from_millis(100), Duration::from_millis(100));
        Client::new(Arc::new(self.http(&Arc::default()).limits(limits)))
    }
}

/// Reads a request with its body.
fn request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ").map(str::to_owned));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text;
            }
        }
        let count = stream.read(&mut piece).unwrap();
        assert_ne!(count, 0, "half a request: {text}");
        read.extend_from_slice(&piece[..count]);
    }
}

/// A machine on which waiting takes no time, and chance counts up.
#[derive(Default)]
pub(crate) struct Paused {
    pauses: Mutex<Vec<Duration>>,
    drawn: Mutex<u8>,
}

impl Paused {
    pub(crate) fn pauses(&self) -> Vec<Duration> {
        self.pauses.lock().unwrap().clone()
    }
}

#[async_trait]
impl Machine for Paused {
    async fn pause(&self, how_long: Duration) {
        self.pauses.lock().unwrap().push(how_long);
    }

    fn random(&self) -> [u8; 16] {
        let mut drawn = self.drawn.lock().unwrap();
        *drawn += 1;
        [*drawn; 16]
    }
}
