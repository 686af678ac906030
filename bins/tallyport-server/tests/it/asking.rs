//! Somebody who asks a server, and what has to come soon.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use crate::support::{Answer, DEADLINE, JSON, Running, try_ask};

/// Somebody who asks with their token.
pub(crate) struct Asking {
    pub(crate) address: SocketAddr,
    pub(crate) bearer: String,
}

impl Asking {
    pub(crate) fn with(server: &Running, token: &str) -> Self {
        Self { address: server.address, bearer: format!("Authorization: Bearer {token}") }
    }

    pub(crate) fn ask(&self, what: &str, body: &Value) -> Answer {
        self.try_ask(what, body).unwrap()
    }

    /// What has to be answered with success.
    pub(crate) fn done(&self, what: &str, body: &Value) -> Value {
        self.try_done(what, body).unwrap()
    }

    /// Asks a server that may die meanwhile.
    pub(crate) fn try_ask(&self, what: &str, body: &Value) -> io::Result<Answer> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        try_ask(self.address, what, &[&self.bearer, JSON], &body)
    }

    /// What has to be answered with success, if at all.
    pub(crate) fn try_done(&self, what: &str, body: &Value) -> io::Result<Value> {
        let answer = self.try_ask(what, body)?;
        assert!((200..300).contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
        Ok(answer.json())
    }
}

/// Looks again and again for what has to come soon.
pub(crate) fn soon<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..DEADLINE.as_millis() / 20 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    panic!("it does not come");
}
