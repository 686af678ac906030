//! Where a list goes on: a text that a client hands back, and that means something in the same list alone.
//!
//! It holds the key of the row that it comes after, written down plainly, with a mark that binds it to account, person, list and
//! filter. There is nothing in it to be kept secret or to be forged: the key is of a row that the person was shown, and one that
//! somebody makes up leads to another part of what they may list anyway. The mark keeps apart what would else be misread.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use tallyport_api_types::Code;
use tallyport_domain::{AccountId, PersonId, SortKey};

use crate::Refusal;

/// What goes into every mark: the form of cursors, and that of the keys by which names are sorted.
const FORM: (&str, u32) = ("tallyport cursor 1", SortKey::VERSION);

/// How many bytes the mark takes.
const MARK: usize = 16;

/// The list that cursors belong to.
#[derive(Debug, Clone)]
pub struct Cursors {
    bound: [u8; 32],
}

impl Cursors {
    /// The cursors of one list, as this person asks for it with this filter.
    pub fn of(account: AccountId, person: PersonId, list: &str, filter: &impl Serialize) -> Self {
        let bound = postcard::to_allocvec(&(FORM, account, person, list, filter)).unwrap_or_default();
        Self { bound: Sha256::digest(bound).into() }
    }

    /// The cursor of what comes after this key.
    ///
    /// # Panics
    /// For a key that cannot be written down, such as a map that does not know how long it is.
    #[must_use]
    pub fn after(&self, key: &impl Serialize) -> String {
        let key = postcard::to_allocvec(key).expect("keys are numbers, texts and lists of such");
        URL_SAFE_NO_PAD.encode([&self.mark(&key)[..], &key].concat())
    }

    /// The key of a cursor.
    ///
    /// # Errors
    /// `invalid_cursor` for one of another list, account, person or filter, and for what is none: all alike.
    pub fn read<K: DeserializeOwned>(&self, cursor: &str) -> Result<K, Refusal> {
        self.key(cursor).ok_or_else(|| Refusal::new(Code::InvalidCursor, "this is no cursor of this list"))
    }

    fn key<K: DeserializeOwned>(&self, cursor: &str) -> Option<K> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (_, key) = bytes.split_at_checked(MARK).filter(|(mark, key)| *mark == self.mark(key))?;
        let (read, rest) = postcard::take_from_bytes(key).ok()?;
        rest.is_empty().then_some(read)
    }

    fn mark(&self, key: &[u8]) -> [u8; MARK] {
        let hash = Sha256::new().chain_update(self.bound).chain_update(key).finalize();
        std::array::from_fn(|at| hash[at])
    }
}
