//! Passwords: what may be one, and how it is hashed (A4).

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::{Error, Result, Shared};

/// Shorter ones are guessed; length is all that is asked (A4).
const SHORTEST: usize = 8;
/// Longer ones only cost memory.
const LONGEST: usize = 1024;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT: usize = 16;

/// A text that cannot be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Fewer than eight bytes.
    #[error("the password is shorter than {SHORTEST} bytes")]
    TooShort,
    /// More than 1024 bytes.
    #[error("the password is longer than {LONGEST} bytes")]
    TooLong,
}

/// Two hashes at a time: each takes 19 MiB, and many at once must not take the machine's memory.
pub(crate) fn semaphore() -> Semaphore {
    Semaphore::new(2)
}

/// Says whether a text can be a password, before anything is done with it.
pub(crate) fn check(password: &SecretString) -> Result<(), BadPassword> {
    match password.expose_secret().len() {
        ..SHORTEST => Err(BadPassword::TooShort),
        SHORTEST..=LONGEST => Ok(()),
        _ => Err(BadPassword::TooLong),
    }
}

impl Shared {
    /// Hashes a password into PHC form, as it was typed: neither cut nor folded.
    pub(crate) async fn hash_password(&self, password: &SecretString) -> Result<String> {
        check(password)?;
        let mut salt = [0; SALT];
        self.random.fill(&mut salt);
        let _permit = self.hashing.acquire().await.map_err(|_| Error::Busy)?;
        let password = password.clone();
        let hashing = tokio::task::spawn_blocking(move || hash(&password, &salt));
        hashing.await.map_err(|_| Error::Internal)?
    }
}

fn hash(password: &SecretString, salt: &[u8]) -> Result<String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| Error::Internal)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hashed = argon2.hash_password_with_salt(password.expose_secret().as_bytes(), salt);
    hashed.map(|hash: PasswordHash| hash.to_string()).map_err(|_| Error::Internal)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier as _;

    use super::*;

    #[test] // A4
    fn a_password_has_eight_to_1024_bytes_and_nothing_else_is_asked() {
        let check = |text: &str| check(&SecretString::from(text));
        assert_eq!(check("1234567"), Err(BadPassword::TooShort));
        assert_eq!(check("        "), Ok(()));
        assert_eq!(check("ééé1234"), Ok(()));
        assert_eq!(check(&"x".repeat(1024)), Ok(()));
        assert_eq!(check(&"x".repeat(1025)), Err(BadPassword::TooLong));
    }

    #[test] // A4
    fn a_hash_is_argon2id_with_19_mib_and_two_passes_and_fits_its_password_alone() {
        let text = hash(&SecretString::from("correct horse"), &[7; SALT]).unwrap();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        let parsed = PasswordHash::new(&text).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"Correct horse", &parsed).is_err());
    }
}
