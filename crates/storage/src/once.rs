//! Changes that are asked for twice, by somebody who never heard the answer (E7).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, PersonId};

use crate::Result;

/// Writes an answer down, as it is to be given again.
pub type Answering<T> = Arc<dyn Fn(&T) -> Vec<u8> + Send + Sync>;

/// How often a change may be asked for and count once: the key under which its answer is kept for thirty days, in the same
/// transaction as the change.
pub struct Once<T: ?Sized> {
    /// The key that the client made, at most 255 characters.
    pub key: String,
    /// A hash of what was asked for: the same key with another request is a slip.
    pub request: [u8; 32],
    /// What writes the answer down.
    pub answer: Answering<T>,
}

impl<T: 'static> Once<T> {
    /// The same change where this is made of something else.
    #[must_use]
    pub fn of<U: ?Sized>(self, made: impl Fn(&U) -> T + Send + Sync + 'static) -> Once<U> {
        let answer = self.answer;
        Once { key: self.key, request: self.request, answer: Arc::new(move |of| answer(&made(of))) }
    }
}

impl<T: ?Sized> Clone for Once<T> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), request: self.request, answer: self.answer.clone() }
    }
}

impl<T: ?Sized> std::fmt::Debug for Once<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Once").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What became of a change that counts once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done<T> {
    /// It was made now.
    Now(T),
    /// It was made before, and this was answered.
    Before(Vec<u8>),
}

impl<T> Done<T> {
    /// The same where something else is made of it.
    pub fn map<U>(self, made: impl FnOnce(T) -> U) -> Done<U> {
        match self {
            Self::Now(value) => Done::Now(made(value)),
            Self::Before(answer) => Done::Before(answer),
        }
    }

    /// What was made, where no key was given and so it was made now.
    ///
    /// # Panics
    /// Where it was made before.
    #[must_use]
    pub fn now(self) -> T {
        match self {
            Self::Now(value) => value,
            Self::Before(_) => unreachable!("without a key nothing is made before"),
        }
    }
}

/// Answers that are kept.
#[async_trait]
pub trait ReplayStore: Send + Sync {
    /// What a person was answered under a key within the last thirty days. Whoever makes a change asks for it again in the same
    /// step; this is for who has much to do before.
    ///
    /// # Errors
    /// `ReplayDiffers` where it was another request.
    async fn replayed(
        &self,
        account: AccountId,
        person: PersonId,
        key: &str,
        request: [u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>>;
}
