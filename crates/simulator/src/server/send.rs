//! Writing an answer, the way its delivery says.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::answer::{Answer, Delivery};

/// Sends an answer; true when the connection can take another request.
pub(super) async fn send(stream: &mut TcpStream, answer: &Answer, keep_alive: bool) -> io::Result<bool> {
    match answer.delivery {
        Delivery::ResetBeforeHead => {
            reset(stream)?;
            return Ok(false);
        }
        Delivery::StallBeforeHead => {
            stall(stream).await;
            return Ok(false);
        }
        _ => {}
    }
    let head = head(answer, keep_alive);
    if let Delivery::Slow(milliseconds) = answer.delivery {
        let pieces = std::iter::once(head.into_bytes().into()).chain(answer.body.pieces());
        for piece in pieces {
            for byte in piece {
                pause(milliseconds).await;
                stream.write_all(&[byte]).await?;
            }
        }
        return Ok(keep_alive);
    }
    stream.write_all(head.as_bytes()).await?;
    match answer.delivery {
        Delivery::ResetInBody | Delivery::ShortBody => {
            let body = answer.body.to_bytes();
            stream.write_all(&body[..body.len() / 2]).await?;
            stream.flush().await?;
            if answer.delivery == Delivery::ResetInBody {
                // A reset discards what the client has not read yet, so it comes only after the client had its chance.
                pause(20).await;
                reset(stream)?;
            } else {
                stream.shutdown().await?;
            }
            Ok(false)
        }
        Delivery::StallInBody => {
            stall(stream).await;
            Ok(false)
        }
        _ => {
            for piece in answer.body.pieces() {
                stream.write_all(&piece).await?;
            }
            stream.flush().await?;
            if !keep_alive {
                stream.shutdown().await?;
            }
            Ok(keep_alive)
        }
    }
}

fn head(answer: &Answer, keep_alive: bool) -> String {
    let mut head = String::new();
    let reason = http::StatusCode::from_u16(answer.status).ok().and_then(|status| status.canonical_reason());
    let mut line = |text: std::fmt::Arguments<'_>| _ = write!(head, "{text}\r\n");
    if answer.delivery == Delivery::MalformedStatusLine {
        line(format_args!("HTTP/1.1 twohundred fine"));
    } else {
        line(format_args!("HTTP/1.1 {} {}", answer.status, reason.unwrap_or("Unknown")));
    }
    for (name, value) in &answer.headers {
        line(format_args!("{name}: {value}"));
    }
    if let Delivery::HugeHeader(bytes) = answer.delivery {
        line(format_args!("X-Huge: {}", "x".repeat(bytes)));
    }
    if answer.status != 204 && answer.header("Content-Length").is_none() {
        line(format_args!("Content-Length: {}", answer.body.len()));
    }
    if !keep_alive {
        line(format_args!("Connection: close"));
    }
    line(format_args!(""));
    head
}

/// Makes closing the connection a reset.
fn reset(stream: &TcpStream) -> io::Result<()> {
    stream.set_zero_linger()
}

/// Says nothing more until the client leaves.
pub(super) async fn stall(stream: &mut TcpStream) {
    let mut scratch = [0; 1024];
    while stream.read(&mut scratch).await.is_ok_and(|read| read > 0) {}
}

#[expect(clippy::disallowed_methods, reason = "slowness on a real socket is what the fault is")]
pub(super) async fn pause(milliseconds: u64) {
    if milliseconds == 0 {
        return tokio::task::yield_now().await;
    }
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}
