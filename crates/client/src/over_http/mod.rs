//! The API of a server, over HTTP.

mod address;
mod attempt;
mod machine;
mod retry;
mod web;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

pub use self::address::{Address, BadAddress};
use self::attempt::{Answer, Broken, attempt};
pub use self::machine::{Machine, ThisMachine};
use crate::call::{IDEMPOTENCY_KEY, Once, Patience};
use crate::{Body, Transport, TransportError};

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// A connection, until it stands.
    pub connect: Duration,
    /// An answer, until it begins, where the call does not know that it takes longer.
    pub answer: Duration,
    /// An answer that has begun, from piece to piece. In all it may take as long as it likes: streams of events do.
    pub between: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), answer: Duration::from_secs(30), between: Duration::from_secs(30) }
    }
}

/// Carries requests to a server.
///
/// Nothing is built and nobody asked before the first request. What changes nothing, and what is known to the server by an
/// `Idempotency-Key`, is sent up to three times more where the connection fails or the server has too much to do; everything else
/// is sent once, and an answer that then does not come is [`TransportError::OutcomeUnknown`]. Redirects are not followed.
///
/// ```no_run
/// # use std::sync::Arc;
/// # use tallyport_client::{Address, Client, Http};
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let address = Address::parse("https://tallyport.example")?;
/// let client = Client::new(Arc::new(Http::new(address).token(&"tpt_…".into())?));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Http {
    address: Address,
    token: Option<HeaderValue>,
    agent: String,
    limits: Limits,
    machine: Arc<dyn Machine>,
    client: OnceCell<reqwest::Client>,
}

impl Http {
    /// A way to the server at this address, without a token.
    #[must_use]
    pub fn new(address: Address) -> Self {
        Self {
            address,
            token: None,
            agent: concat!("tallyport-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            limits: Limits::default(),
            machine: Arc::new(ThisMachine),
            client: OnceCell::new(),
        }
    }

    /// The same in the name of whose token this is (A4).
    ///
    /// # Errors
    /// A text that cannot be a token: the text itself is not told.
    pub fn token(self, token: &SecretString) -> Result<Self, BadToken> {
        let text = token.expose_secret().trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(BadToken);
        }
        let mut token = HeaderValue::from_str(&format!("Bearer {text}")).map_err(|_| BadToken)?;
        token.set_sensitive(true);
        Ok(Self { token: Some(token), ..self })
    }

    /// The same, calling itself this; people see it in the list of who is signed in.
    #[must_use]
    pub fn user_agent(self, agent: impl Into<String>) -> Self {
        Self { agent: agent.into(), ..self }
    }

    /// The same within other limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same with somebody else's time and chance.
    #[must_use]
    pub fn machine(self, machine: Arc<dyn Machine>) -> Self {
        Self { machine, ..self }
    }

    /// Where it carries them.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    async fn client(&self) -> Result<&reqwest::Client, TransportError> {
        let made = self.client.get_or_try_init(async || web::client(&self.address, &self.agent, &self.limits)).await;
        made.map_err(TransportError::Unreachable)
    }

    /// A key for a request that is to count once and has none.
    fn key(&self, request: &mut Request<Bytes>) {
        if request.extensions().get::<Once>().is_some() && !request.headers().contains_key(IDEMPOTENCY_KEY) {
            let key = format!("{:032x}", u128::from_be_bytes(self.machine.random()));
            let key = HeaderValue::from_str(&key).expect("hexadecimal digits can be sent");
            request.headers_mut().insert(IDEMPOTENCY_KEY, key);
        }
    }

    async fn attempt(&self, client: &reqwest::Client, request: &Request<Bytes>) -> Result<Answer, Broken> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let sending = client
            .request(request.method().clone(), format!("{}{path}", self.address))
            .headers(request.headers().clone())
            .body(request.body().clone());
        let sending = match &self.token {
            Some(token) => sending.header(header::AUTHORIZATION, token),
            None => sending,
        };
        let begin =
            request.extensions().get::<Patience>().map_or(self.limits.answer, |Patience(longer)| self.limits.answer + *longer);
        attempt(sending, begin, self.limits.between).await
    }

    /// How long to wait before the same is sent again; nothing where that would not help.
    fn pause(&self, sent: &Result<Answer, Broken>, again: u32) -> Option<Duration> {
        let chance = self.machine.random()[0];
        match sent {
            Ok(answer) if retry::may_be_passing(answer.status) => {
                retry::pause_after(&answer.headers, answer.beginning(), again, chance)
            }
            Ok(_) | Err(Broken::Unconnected(_) | Broken::Late(_)) => None,
            Err(Broken::Unsent(_) | Broken::Lost(_)) => Some(retry::pause(again, chance)),
        }
    }
}

#[async_trait]
impl Transport for Http {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let client = self.client().await?;
        self.key(&mut request);
        let (is_repeatable, is_safe) = (retry::is_repeatable(&request), request.method().is_safe());
        let mut again = 0;
        let sent = loop {
            let sent = self.attempt(client, &request).await;
            again += 1;
            let pause = if is_repeatable && again <= retry::TRIES { self.pause(&sent, again) } else { None };
            let Some(pause) = pause else { break sent };
            self.machine.pause(pause).await;
        };
        match sent {
            Ok(answer) if is_safe => Ok(answer.into_response(self.limits.between, TransportError::broken_off)),
            Ok(answer) => Ok(answer.into_response(self.limits.between, TransportError::outcome_unknown)),
            Err(Broken::Lost(why) | Broken::Late(why)) if !is_safe => Err(TransportError::outcome_unknown(why)),
            Err(Broken::Unsent(why) | Broken::Unconnected(why) | Broken::Lost(why) | Broken::Late(why)) => {
                Err(TransportError::unreachable(format!("{}: {why}", self.address)))
            }
        }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("address", &self.address).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// A text that cannot be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this cannot be a token: a token is one line of letters, digits and signs, without a space in it")]
pub struct BadToken;
