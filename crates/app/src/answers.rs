//! Answers with secrets in them that may have to be given again (E7): kept so that the account's keys alone open them.

use std::sync::Arc;

use tallyport_domain::AccountId;
use tallyport_storage::Once;

use crate::{Error, Result, Shared};

impl Shared {
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
