//! The keys that seal stored tokens, and the sealing: XChaCha20-Poly1305 under a key that is not in the database.

use std::fmt::Write as _;

use blake2::{Blake2b512, Digest as _};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret as _, SecretString};
use tallyport_domain::{AccountId, Random};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const KEY: usize = 32;
const KEY_ID: usize = 8;
const NONCE: usize = 24;
const HEADER: usize = 1 + KEY_ID + NONCE;

/// Where the keys come from.
pub trait Keys: Send + Sync {
    /// The keys there are; an empty ring where there is none.
    ///
    /// # Errors
    /// Keys that exist but must not or cannot be used.
    fn ring(&self) -> Result<KeyRing, KeyError>;

    /// The same, with a key to seal with: where there is none at all, one is made.
    ///
    /// # Errors
    /// As [`Keys::ring`], and where none can be made.
    fn ring_to_seal(&self, random: &dyn Random) -> Result<KeyRing, KeyError>;
}

/// Why a token cannot be sealed or opened. None of these holds key or token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// No key of the ring is the one that sealed it.
    #[error("the key that opens the stored Toggl token is missing")]
    Missing,
    /// The key is there, but what it should open was changed or belongs elsewhere.
    #[error("the stored Toggl token is damaged and cannot be opened")]
    Damaged,
    /// Others on this machine can read the key file.
    #[error("the key file {0} can be read by others")]
    Exposed(String),
    /// What is given as a key is none.
    #[error("{0} does not hold a key of 64 hexadecimal digits")]
    Malformed(String),
    /// The key file cannot be read or made.
    #[error("the key file {path} cannot be {doing}")]
    File {
        /// Which file.
        path: String,
        /// `read` or `made`.
        doing: &'static str,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
}

impl KeyError {
    /// What to do about it, where the code's own hint does not say it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Missing => None,
            Self::Damaged => Some("Re-enable with a Toggl token."),
            Self::Exposed(_) => Some("Let nobody but its owner read that file; and think about who read it."),
            Self::Malformed(_) => Some("Bring the right key back; a new one is 64 hexadecimal digits at random."),
            Self::File { .. } => Some("Check the rights of the file and of its folder."),
        }
    }
}

/// A secret key of 256 bits. It is wiped when dropped and shown nowhere.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; KEY]>);

impl Key {
    /// Makes a new one.
    #[must_use]
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; KEY]);
        random.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    /// The key as 64 hexadecimal digits, as a key file holds it.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY));
        for byte in self.0.iter() {
            write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        }
        text
    }

    fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 2 * KEY {
            return None;
        }
        let mut bytes = Zeroizing::new([0; KEY]);
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |b: u8| char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// Tells keys apart without telling anything about them.
    fn id(&self) -> [u8; KEY_ID] {
        let hash = Blake2b512::new().chain_update(b"tallyport key id").chain_update(self.0.as_slice()).finalize();
        let mut id = [0; KEY_ID];
        id.copy_from_slice(&hash[..KEY_ID]);
        id
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

/// The keys of an installation: the first one seals, each of them opens what it sealed.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(Vec<Key>);

impl KeyRing {
    /// A ring of just this key.
    #[must_use]
    pub fn of(key: Key) -> Self {
        Self(vec![key])
    }

    /// Reads one or more keys of 64 hexadecimal digits, with blanks, line breaks or commas between them.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], which names `origin` and nothing of the text.
    pub fn parse(text: &str, origin: &str) -> Result<Self, KeyError> {
        let malformed = || KeyError::Malformed(origin.to_owned());
        let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        let keys: Vec<Key> = words.map(Key::parse).collect::<Option<_>>().ok_or_else(malformed)?;
        if keys.is_empty() { Err(malformed()) } else { Ok(Self(keys)) }
    }

    /// Whether it has no key at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Seals an account's Toggl token.
    ///
    /// What comes out opens for that account alone: a blob that is moved to another row does not.
    ///
    /// # Errors
    /// [`KeyError::Missing`] for an empty ring.
    pub fn seal(&self, account: AccountId, token: &SecretString, random: &dyn Random) -> Result<Vec<u8>, KeyError> {
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce);
        self.seal_for(Purpose::TogglToken, account, token.expose_secret().as_bytes(), nonce)
    }

    /// Seals an answer with a secret in it, which may have to be given again (E7). A nonce seals one answer.
    ///
    /// # Errors
    /// As [`KeyRing::seal`].
    pub(crate) fn seal_answer(&self, account: AccountId, answer: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>, KeyError> {
        self.seal_for(Purpose::Answer, account, answer, nonce)
    }

    fn seal_for(&self, purpose: Purpose, account: AccountId, text: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>, KeyError> {
        let key = self.0.first().ok_or(KeyError::Missing)?;
        let id = key.id();
        let payload = Payload { msg: text, aad: &context(purpose, account, id) };
        let sealed = cipher(key).encrypt(&XNonce::from(nonce), payload).map_err(|_| KeyError::Damaged)?;
        Ok([&[VERSION][..], &id, &nonce, &sealed].concat())
    }

    /// Opens an account's Toggl token.
    ///
    /// # Errors
    /// [`KeyError::Missing`] where the ring lacks the key that sealed it, [`KeyError::Damaged`] for anything else.
    pub fn open(&self, account: AccountId, blob: &[u8]) -> Result<SecretString, KeyError> {
        let opened = Zeroizing::new(self.open_for(Purpose::TogglToken, account, blob)?);
        let text = std::str::from_utf8(&opened).map_err(|_| KeyError::Damaged)?;
        Ok(SecretString::from(text))
    }

    /// Opens an answer that is to be given again.
    ///
    /// # Errors
    /// As [`KeyRing::open`].
    pub(crate) fn open_answer(&self, account: AccountId, blob: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.open_for(Purpose::Answer, account, blob)
    }

    fn open_for(&self, purpose: Purpose, account: AccountId, blob: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (header, sealed) = blob.split_at_checked(HEADER).ok_or(KeyError::Damaged)?;
        let (version, header) = header.split_first().ok_or(KeyError::Damaged)?;
        let (id, nonce) = header.split_at(KEY_ID);
        if *version != VERSION {
            return Err(KeyError::Damaged);
        }
        let key = self.0.iter().find(|key| key.id() == id).ok_or(KeyError::Missing)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| KeyError::Damaged)?;
        let payload = Payload { msg: sealed, aad: &context(purpose, account, key.id()) };
        cipher(key).decrypt(&XNonce::from(nonce), payload).map_err(|_| KeyError::Damaged)
    }
}

impl Keys for KeyRing {
    fn ring(&self) -> Result<KeyRing, KeyError> {
        Ok(self.clone())
    }

    fn ring_to_seal(&self, _: &dyn Random) -> Result<KeyRing, KeyError> {
        if self.is_empty() { Err(KeyError::Missing) } else { Ok(self.clone()) }
    }
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&*key.0).into())
}

/// What is sealed.
#[derive(Clone, Copy)]
enum Purpose {
    /// A Toggl token.
    TogglToken,
    /// An answer that may have to be given again.
    Answer,
}

/// What is bound to what is sealed: purpose, account and key.
fn context(purpose: Purpose, account: AccountId, key_id: [u8; KEY_ID]) -> Vec<u8> {
    let (before, after): (&[u8], &[u8]) = match purpose {
        Purpose::TogglToken => (b"tallyport api token|", b"|toggl|"),
        Purpose::Answer => (b"tallyport answer|", b"|"),
    };
    [before, &account.0.to_be_bytes(), after, &key_id].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (at, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::try_from(at % 251).unwrap();
            }
        }
    }

    const OURS: AccountId = AccountId(1);
    const THEIRS: AccountId = AccountId(2);

    fn ring() -> KeyRing {
        KeyRing::of(Key::generate(&Counting))
    }

    fn other() -> KeyRing {
        KeyRing::parse(&"5a".repeat(32), "a test").unwrap()
    }

    fn sealed() -> Vec<u8> {
        ring().seal(OURS, &SecretString::from("sesame"), &Counting).unwrap()
    }

    #[test] // I2
    fn what_was_sealed_opens_for_its_account_alone() {
        assert_eq!(ring().open(OURS, &sealed()).unwrap().expose_secret(), "sesame");
        assert!(matches!(ring().open(THEIRS, &sealed()), Err(KeyError::Damaged)));
        assert!(!sealed().windows(6).any(|window| window == b"sesame"));
    }

    #[test] // I17
    fn another_key_is_a_missing_key_and_a_changed_byte_is_damage() {
        assert!(matches!(other().open(OURS, &sealed()), Err(KeyError::Missing)));
        assert!(matches!(KeyRing::default().open(OURS, &sealed()), Err(KeyError::Missing)));
        for at in [0, HEADER - 1, HEADER, sealed().len() - 1] {
            let mut changed = sealed();
            changed[at] ^= 1;
            assert!(matches!(ring().open(OURS, &changed), Err(KeyError::Damaged)), "byte {at}");
        }
        for length in 0..HEADER {
            assert!(matches!(ring().open(OURS, &sealed()[..length]), Err(KeyError::Damaged)), "{length} bytes");
        }
    }

    #[test] // E7
    fn an_answer_opens_as_an_answer_of_its_account_alone() {
        let sealed = ring().seal_answer(OURS, b"sesame", [7; NONCE]).unwrap();
        assert_eq!(ring().open_answer(OURS, &sealed).unwrap(), b"sesame");
        assert!(matches!(ring().open_answer(THEIRS, &sealed), Err(KeyError::Damaged)));
        assert!(matches!(ring().open(OURS, &sealed), Err(KeyError::Damaged)));
        assert!(matches!(other().open_answer(OURS, &sealed), Err(KeyError::Missing)));
    }

    #[test]
    fn the_first_key_seals_and_every_key_opens() {
        let old = sealed();
        let both = format!("{}, {}\n", "5a".repeat(32), &*ring().0[0].to_text());
        let both = KeyRing::parse(&both, "a test").unwrap();
        assert_eq!(both.open(OURS, &old).unwrap().expose_secret(), "sesame");
        let new = both.seal(OURS, &SecretString::from("sesame"), &Counting).unwrap();
        assert_eq!(other().open(OURS, &new).unwrap().expose_secret(), "sesame");
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_told() {
        for text in ["", " ,\n", "5a", &"5g".repeat(32), &"5a".repeat(33), &"é".repeat(32)] {
            let error = KeyRing::parse(text, "the key").unwrap_err();
            assert_eq!(error.to_string(), "the key does not hold a key of 64 hexadecimal digits");
        }
    }

    #[test]
    fn nothing_prints_a_key() {
        assert_eq!(format!("{:?}", ring()), "KeyRing([Key(..)])");
    }
}
