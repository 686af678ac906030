//! Secrets that let somebody in: how they are written, recognised, and kept.
//!
//! Each is 30 random letters and digits between a prefix that tells what it is and a checksum, so that scanners find it where it
//! should not be, and garbage is refused before anybody looks for it. Nothing but its hash is kept: a secret is shown once.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::Random;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Random characters, of nearly six bits each.
const RANDOM: usize = 30;
/// Characters of the checksum: 62⁶ is more than 2³².
const CHECK: usize = 6;

/// What a secret opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// A session: what the cookie of a browser holds.
    Session,
    /// A personal API token (A4).
    Token,
    /// The link of an invitation (N2).
    Invitation,
    /// The link with which a forgotten password is set anew (A7).
    Reset,
    /// The link that proves a new address (A6).
    Email,
    /// The code with which a fresh server is set up (A3).
    SetUp,
}

impl SecretKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Session, Self::Token, Self::Invitation, Self::Reset, Self::Email, Self::SetUp];

    /// What a secret of this kind begins with.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Session => "tpc_",
            Self::Token => "tpt_",
            Self::Invitation => "tpi_",
            Self::Reset => "tpr_",
            Self::Email => "tpe_",
            Self::SetUp => "tps_",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "API token",
            Self::Invitation => "invitation",
            Self::Reset => "reset link",
            Self::Email => "link for a new address",
            Self::SetUp => "set-up code",
        }
    }
}

/// A secret in full. It has no `Debug` of its own text and leaves as [`Secret::reveal`] alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    kind: SecretKind,
    text: String,
}

/// A text is no secret of the kind that was expected; the text itself is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// It does not begin as one of ours.
    #[error("this is not a Tallyport {}", .expected.name())]
    Foreign {
        /// What was expected.
        expected: SecretKind,
    },
    /// It is one of ours, for something else.
    #[error("a Tallyport {} is expected here, and this is a Tallyport {}", .expected.name(), .found.name())]
    OtherKind {
        /// What was expected.
        expected: SecretKind,
        /// What it is.
        found: SecretKind,
    },
    /// It was cut off, or a character is wrong.
    #[error("this {} was cut off or mistyped", .expected.name())]
    Mistyped {
        /// What was expected.
        expected: SecretKind,
    },
}

impl Secret {
    /// A new one, which nobody can guess.
    #[must_use]
    pub fn generate(kind: SecretKind, random: &dyn Random) -> Self {
        let mut text = String::with_capacity(kind.prefix().len() + RANDOM + 1 + CHECK);
        text.push_str(kind.prefix());
        let mut bytes = [0; RANDOM];
        let mut wanted = RANDOM;
        while wanted > 0 {
            random.fill(&mut bytes);
            // 248 is the largest multiple of 62 in a byte: what is above it would make some letters likelier than others.
            for byte in bytes.iter().filter(|byte| **byte < 248).take(wanted) {
                text.push(char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
                wanted -= 1;
            }
        }
        let check = checksum(&text);
        text.push('_');
        text.push_str(&check);
        Self { kind, text }
    }

    /// Reads one of the kind that is expected here; blanks around it are not looked at.
    ///
    /// # Errors
    /// [`BadSecret`], which tells what is wrong without repeating the text.
    pub fn parse(expected: SecretKind, text: &str) -> Result<Self, BadSecret> {
        let text = text.trim();
        let kind = SecretKind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()));
        match kind {
            None => return Err(BadSecret::Foreign { expected }),
            Some(found) if found != expected => return Err(BadSecret::OtherKind { expected, found }),
            Some(_) => {}
        }
        let whole = text.len() == expected.prefix().len() + RANDOM + 1 + CHECK && text.is_ascii();
        let (body, check) = text.rsplit_once('_').unwrap_or_default();
        let letters = body.get(expected.prefix().len()..).unwrap_or_default();
        if whole && letters.bytes().all(|byte| byte.is_ascii_alphanumeric()) && checksum(body) == check {
            Ok(Self { kind: expected, text: text.to_owned() })
        } else {
            Err(BadSecret::Mistyped { expected })
        }
    }

    /// What it opens.
    #[must_use]
    pub fn kind(&self) -> SecretKind {
        self.kind
    }

    /// Its text, for the one to whom it is shown.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.text.as_bytes()).into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.kind.name())
    }
}

/// What is kept of a secret: SHA-256 of its text. With more than 170 random bits nothing slower is needed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[usize::try_from(rest % 62).unwrap_or_default()];
        rest /= 62;
    }
    digits.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use proptest::prelude::*;

    use super::*;

    /// Counts up, so that every byte comes.
    struct Counting(AtomicU8);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn token(start: u8) -> Secret {
        Secret::generate(SecretKind::Token, &Counting(AtomicU8::new(start)))
    }

    #[test] // A4
    fn a_secret_has_its_prefix_thirty_characters_and_a_checksum_and_is_read_back() {
        for kind in SecretKind::ALL {
            for start in [0, 100, 240, 255] {
                let secret = Secret::generate(kind, &Counting(AtomicU8::new(start)));
                assert_eq!(secret.reveal().len(), 41);
                assert_eq!(Secret::parse(kind, &format!(" {}\n", secret.reveal())).unwrap(), secret);
                assert_eq!(secret.kind(), kind);
            }
        }
    }

    #[test] // A4
    fn what_is_wrong_with_a_text_is_told_without_it() {
        let text = token(0).reveal().to_owned();
        let read = |text: &str| Secret::parse(SecretKind::Token, text);
        let expected = SecretKind::Token;
        assert_eq!(read("0123456789abcdef0123456789abcdef"), Err(BadSecret::Foreign { expected }));
        assert_eq!(read(""), Err(BadSecret::Foreign { expected }));
        let found = SecretKind::Invitation;
        assert_eq!(read(&text.replace("tpt_", "tpi_")), Err(BadSecret::OtherKind { expected, found }));
        for wrong in [&text[..40], &text.replacen('1', "2", 1), &format!("{text}x"), "tpt_", "tpt_é", &text.replace('3', " ")] {
            assert_eq!(read(wrong), Err(BadSecret::Mistyped { expected }), "{wrong}");
        }
        assert_eq!(format!("{:?} {:?}", token(0), token(0).hash()), "Secret(API token) SecretHash(..)");
    }

    #[test]
    fn another_secret_has_another_hash() {
        assert_ne!(token(0).hash(), token(1).hash());
        assert_eq!(token(7).hash(), token(7).hash());
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text in ".{0,80}") {
            let _either = Secret::parse(SecretKind::Token, &text);
            let _either = Secret::parse(SecretKind::Token, &format!("tpt_{text}"));
        }

        #[test]
        fn one_wrong_character_is_noticed(at in 4usize..41, to in proptest::char::range('0', 'z')) {
            let right = token(9).reveal().to_owned();
            let mut wrong: Vec<char> = right.chars().collect();
            wrong[at] = to;
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(Secret::parse(SecretKind::Token, &wrong).is_ok(), wrong == right);
        }
    }
}
