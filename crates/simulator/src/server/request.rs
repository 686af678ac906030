//! Reading requests off a connection.

use std::io;

use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, Method, Request, Uri, Version};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

const LARGEST_HEAD: usize = 64 * 1024;
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// Why a request could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("the connection failed")]
    Connection(#[from] io::Error),
    #[error("the head is too large")]
    HeadTooLarge,
    #[error("the body is too large")]
    BodyTooLarge,
    #[error("the head is malformed")]
    Malformed,
}

impl Unreadable {
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Connection(_) | Self::Malformed => 400,
            Self::HeadTooLarge => 431,
            Self::BodyTooLarge => 413,
        }
    }
}

pub(super) struct Incoming {
    pub(super) request: Request<Bytes>,
    pub(super) keep_alive: bool,
}

pub(super) struct Connection {
    pub(super) stream: TcpStream,
    read: BytesMut,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, read: BytesMut::new() }
    }

    /// The next request, or `None` when the client has left.
    pub(super) async fn next_request(&mut self) -> Result<Option<Incoming>, Unreadable> {
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            if self.read.len() > LARGEST_HEAD {
                return Err(Unreadable::HeadTooLarge);
            }
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Ok(None);
            }
        };
        let head = self.read.split_to(end);
        let request = parse(&head).ok_or(Unreadable::Malformed)?;
        let header = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let connection = header("connection").unwrap_or_default().to_ascii_lowercase();
        // A body in chunks is not read, but its request is answered, so that it is recorded like any other.
        let chunked = header("transfer-encoding").is_some();
        let keep_alive = request.version() == Version::HTTP_11 && !connection.contains("close") && !chunked;
        let length: usize = match header("content-length") {
            Some(length) => length.parse().map_err(|_| Unreadable::Malformed)?,
            None => 0,
        };
        if length > LARGEST_BODY {
            return Err(Unreadable::BodyTooLarge);
        }
        while self.read.len() < length {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Ok(None);
            }
        }
        let body = self.read.split_to(length).freeze();
        Ok(Some(Incoming { request: request.map(|()| body), keep_alive }))
    }
}

/// Parses a head, blank line included.
fn parse(head: &[u8]) -> Option<Request<()>> {
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = std::str::from_utf8(lines.next()?).ok()?;
    let mut words = first.split(' ');
    let method = Method::from_bytes(words.next()?.as_bytes()).ok()?;
    let uri: Uri = words.next()?.parse().ok()?;
    let version = match words.next()? {
        "HTTP/1.1" => Version::HTTP_11,
        "HTTP/1.0" => Version::HTTP_10,
        _ => return None,
    };
    let mut request = Request::builder().method(method).uri(uri).version(version).body(()).ok()?;
    for line in lines.filter(|line| !line.is_empty()) {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        request.headers_mut().append(name, value);
    }
    Some(request)
}
