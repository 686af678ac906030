//! `events`: what happens in the account, as it happens (E6).

use std::collections::VecDeque;

use http::{Method, StatusCode};
use http_body_util::BodyExt;
use tallyport_api_types::Change;

use crate::sse::{self, Events as Parser};
use crate::{Body, Client, ClientError};

/// What a stream of live events says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Live {
    /// The line stands, and nothing before it is told: read what you show now.
    Ready,
    /// Something changed.
    Change(Change),
    /// Too much changed to be told one by one: read everything again.
    ReadAgain,
}

/// A stream of live events.
///
/// It ends where the connection does. [`Events::last`] then is what to go on from with another [`Client::events`]: nothing is
/// missed by that and nothing told twice.
pub struct Events {
    body: Body,
    parser: Parser,
    arrived: VecDeque<sse::Event>,
    last: Option<i64>,
}

impl Client {
    /// `GET events`: what happens after the change with the number `after`, or from now on.
    ///
    /// # Errors
    /// What the API refuses, before the first event.
    pub async fn events(&self, after: Option<i64>) -> Result<Events, ClientError> {
        let path = after.map_or_else(|| "events".to_owned(), |after| format!("events?after={after}"));
        let body = self.call::<()>(Method::GET, &path).raw().await?;
        Ok(Events { body, parser: Parser::default(), arrived: VecDeque::new(), last: after })
    }
}

impl Events {
    /// The number of the last change that was told, to go on from.
    #[must_use]
    pub fn last(&self) -> Option<i64> {
        self.last
    }

    /// The next event; nothing once the stream has ended.
    ///
    /// # Errors
    /// A connection that broke off, and events that cannot be read.
    pub async fn next(&mut self) -> Option<Result<Live, ClientError>> {
        loop {
            while let Some(event) = self.arrived.pop_front() {
                if let Some(live) = self.read(&event) {
                    return Some(live);
                }
            }
            match self.body.frame().await? {
                Ok(frame) => self.arrived.extend(frame.into_data().map(|piece| self.parser.take(&piece)).unwrap_or_default()),
                Err(error) => return Some(Err(ClientError::Transport(error))),
            }
        }
    }

    /// An event that this version knows; others are passed over.
    fn read(&mut self, event: &sse::Event) -> Option<Result<Live, ClientError>> {
        let live = match event.name.as_str() {
            "ready" => Ok(Live::Ready),
            "read_again" => Ok(Live::ReadAgain),
            "change" => serde_json::from_slice(&event.data)
                .map(Live::Change)
                .map_err(|source| ClientError::unreadable(StatusCode::OK, source)),
            _ => return None,
        };
        if live.is_ok() {
            self.last = event.id.as_deref().and_then(|id| id.parse().ok()).or(self.last);
        }
        Some(live)
    }
}
