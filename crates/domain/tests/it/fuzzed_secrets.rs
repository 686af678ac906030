//! Any bytes at all as a secret that somebody sends, and edits of secrets that are right.
//!
//! The fuzz target `secrets` includes this file, so it stands by itself.

use std::sync::Mutex;

use tallyport_domain::{BadSecret, Random, Secret, SecretKind};

/// Edits of a secret that is right, so that what they spoil is looked at behind the first check: a digit for the kind, 30 bytes
/// of chance, and pairs of a place and what stands there instead.
const EDITS: u8 = b'e';
/// How many bytes of chance.
const CHANCE: usize = 30;

/// Chance that is known, and without an end.
struct Chance<'a>(Mutex<&'a [u8]>);

impl Random for Chance<'_> {
    fn fill(&self, bytes: &mut [u8]) {
        let mut known = self.0.lock().expect("nobody panics with it");
        for byte in bytes {
            let (first, rest) = known.split_first().unwrap_or((&b'0', &[]));
            (*byte, *known) = (*first, rest);
        }
    }
}

/// Reads these bytes as a secret of every kind, and holds what comes of it against what must be.
pub(crate) fn check(input: &[u8]) {
    match input.split_first() {
        Some((&EDITS, rest)) => edited(rest),
        _ => must_be_read_soundly(&String::from_utf8_lossy(input)),
    }
}

fn edited(input: &[u8]) {
    let (which, rest) = input.split_first().unwrap_or((&b'0', &[]));
    let kind = SecretKind::ALL[usize::from(which.wrapping_sub(b'0')) % SecretKind::ALL.len()];
    let (chance, edits) = rest.split_at(rest.len().min(CHANCE));
    let secret = Secret::generate(kind, &Chance(Mutex::new(chance)));
    assert!(Secret::parse(kind, secret.reveal()).is_ok_and(|read| read == secret));
    let mut text = secret.reveal().as_bytes().to_vec();
    for edit in edits.chunks_exact(2) {
        let length = text.len();
        text[usize::from(edit[0]) % length] = edit[1];
    }
    let different = text.iter().zip(secret.reveal().bytes()).filter(|(edited, right)| **edited != *right).count();
    let text = String::from_utf8_lossy(&text);
    if different == 1 {
        assert!(SecretKind::ALL.iter().all(|kind| Secret::parse(*kind, &text).is_err()), "one wrong character went unnoticed");
    }
    must_be_read_soundly(&text);
}

fn must_be_read_soundly(text: &str) {
    let begins_as = SecretKind::ALL.into_iter().find(|kind| text.trim().starts_with(kind.prefix()));
    for expected in SecretKind::ALL {
        match Secret::parse(expected, text) {
            Ok(secret) => {
                assert_eq!((secret.kind(), secret.reveal()), (expected, text.trim()));
                assert!(secret.reveal().len() == 41 && secret.reveal().bytes().all(|byte| byte.is_ascii_graphic()));
                assert!(!format!("{secret:?} {:?}", secret.hash()).contains(secret.reveal()));
                assert_eq!(begins_as, Some(expected));
            }
            Err(BadSecret::Foreign { expected: told }) => assert_eq!((begins_as, told), (None, expected)),
            Err(BadSecret::OtherKind { expected: told, found }) => {
                assert_eq!((begins_as, told), (Some(found), expected));
                assert_ne!(found, expected);
            }
            Err(BadSecret::Mistyped { expected: told }) => assert_eq!((begins_as, told), (Some(expected), expected)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::replay::replay;

    #[test] // A4
    fn whatever_a_text_is_it_is_a_secret_of_one_kind_or_refused() {
        replay("secrets", |input| (0..=input.len()).for_each(|end| super::check(&input[..end])));
    }
}
