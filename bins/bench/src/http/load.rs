//! Requests from many connections at once, one after the other on each, and how long each answer took.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Result;
use crate::series::Series;
use crate::stopwatch::now;

/// What a load brought.
#[derive(Debug, Default)]
pub(crate) struct Took {
    /// Each answer's time, in seconds.
    pub(crate) answers: Series,
    /// How long the whole load lasted, in seconds.
    pub(crate) lasted: f64,
}

impl Took {
    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.answers.len() as f64 / self.lasted
    }
}

/// Sends GETs of these paths in turn from `connections` connections for so long.
///
/// # Errors
/// Any answer but 200, and any connection that breaks: a load that loses answers has measured something else.
pub(crate) async fn run(address: &str, paths: &[String], token: &str, connections: usize, lasting: Duration) -> Result<Took> {
    let began = now();
    let mut workers = JoinSet::new();
    for worker in 0..connections {
        let (address, token) = (address.to_owned(), token.to_owned());
        let requests: Vec<Vec<u8>> = paths.iter().map(|path| request(&address, path, &token)).collect();
        workers.spawn(async move { one(&address, &requests, worker, began, lasting).await.map_err(|error| error.to_string()) });
    }
    let mut took = Took::default();
    while let Some(answers) = workers.join_next().await {
        took.answers.extend(answers??);
    }
    took.lasted = began.elapsed().as_secs_f64();
    Ok(took)
}

fn request(address: &str, path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes()
}

async fn one(address: &str, requests: &[Vec<u8>], first: usize, began: Instant, lasting: Duration) -> Result<Vec<f64>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut answers = Vec::with_capacity(1 << 16);
    let mut buffer = Vec::with_capacity(1 << 16);
    for request in requests.iter().cycle().skip(first % requests.len()) {
        let sent = now();
        if sent - began >= lasting {
            break;
        }
        stream.write_all(request).await?;
        read(&mut stream, &mut buffer).await?;
        answers.push(sent.elapsed().as_secs_f64());
    }
    Ok(answers)
}

/// Reads one answer to its end, and says where in the buffer its body begins.
///
/// # Errors
/// Any answer but one of success.
pub(crate) async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<usize> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("a connection was closed in the middle of an answer".into());
        }
        let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let (head, body) = (&buffer[..head], &buffer[head + 4..]);
        let text = std::str::from_utf8(head)?.to_ascii_lowercase();
        if !text.starts_with("http/1.1 20") {
            let (line, said) = (text.lines().next().unwrap_or_default(), String::from_utf8_lossy(body));
            return Err(format!("an answer was {line}: {said}").into());
        }
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let whole = match length {
            Some(length) => body.len() >= length.trim().parse::<usize>()?,
            None => body.ends_with(b"0\r\n\r\n"),
        };
        if whole {
            return Ok(head.len() + 4);
        }
    }
}
