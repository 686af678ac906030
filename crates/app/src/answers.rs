//! Requests that may come twice (E7): done once, and answered again. Answers with secrets in them are kept so that the account's
//! keys alone open them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tallyport_domain::{AccountId, PersonId};
use tallyport_storage::{Done, Once};

use crate::{Actor, Error, Result, Shared};

type Key = (AccountId, PersonId, String);

/// The keys of requests that are at work in this process. Nothing that has to be right rests on it: what counts once is decided
/// where it is saved.
#[derive(Default)]
pub(crate) struct InFlight(Mutex<HashSet<Key>>);

impl InFlight {
    /// Marks a key until what comes back is dropped; nothing where it is marked already.
    fn enter(&self, key: Key) -> Option<Entered<'_>> {
        let is_first = self.keys().insert(key.clone());
        is_first.then(|| Entered(self, key))
    }

    fn keys(&self) -> MutexGuard<'_, HashSet<Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Entered<'a>(&'a InFlight, Key);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.keys().remove(&self.1);
    }
}

impl Shared {
    /// Does what takes a while to save, unless it was done before under the same key: then what was answered stands, whatever
    /// became of it since.
    ///
    /// # Errors
    /// `InFlight` while the same key is at work; `ReplayDiffers`; and those of `then`.
    pub(crate) async fn once<T, M: ?Sized>(
        &self,
        actor: &Actor,
        once: Option<Once<M>>,
        then: impl AsyncFnOnce(Option<Once<M>>) -> Result<Done<T>>,
    ) -> Result<Done<T>> {
        let Some(Once { key, request, .. }) = once.clone() else { return then(once).await };
        let _entered = self.in_flight.enter((actor.account(), actor.person().id, key.clone())).ok_or(Error::InFlight)?;
        let before = async || {
            let replayed = self.store.replayed(actor.account(), actor.person().id, &key, request, self.clock.now());
            Ok::<_, Error>(replayed.await?.map(Done::Before))
        };
        if let Some(before) = before().await? {
            return Ok(before);
        }
        match then(once).await {
            // What another process did meanwhile under the same key may be what is in the way.
            Err(error) => before().await?.ok_or(error),
            done => done,
        }
    }

    /// The same change, whose answer is sealed before it is kept.
    ///
    /// # Errors
    /// Where there is no key and none can be made.
    pub(crate) fn sealing<T: ?Sized + 'static>(&self, account: AccountId, once: Once<T>) -> Result<Once<T>> {
        let ring = self.keys.ring_to_seal(self.random.as_ref())?;
        let mut nonce = [0; 24];
        self.random.fill(&mut nonce);
        let answer = once.answer;
        // A ring to seal with has a key; were it otherwise, the answer could not be given again, and that is all.
        let sealed = move |made: &T| ring.seal_answer(account, &answer(made), nonce).unwrap_or_default();
        Ok(Once { key: once.key, request: once.request, answer: Arc::new(sealed) })
    }

    /// What was answered before.
    ///
    /// # Errors
    /// `AnswerLost` where the key that opens it is gone.
    pub(crate) fn unsealed(&self, account: AccountId, answer: &[u8]) -> Result<Vec<u8>> {
        self.keys.ring()?.open_answer(account, answer).map_err(|_| Error::AnswerLost)
    }
}
