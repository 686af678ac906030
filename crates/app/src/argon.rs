//! Argon2id in memory that is kept.
//!
//! Each hash fills 19 MiB. Taken anew for each, that costs as much time again, and where hashes come on one thread after the other,
//! allocators keep what they are given back for each thread: after some hundred sign-ins a server would hold gigabytes.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, Error, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// How much is reserved for a piece, in blocks of 1 KiB: of what is larger than 32 MiB, allocators keep nothing when it is given
/// back. What of it is not used is never there.
const RESERVED: usize = 33 << 10;

/// Memory to hash in. One piece is kept; of hashes at the same time, one works in it, and the others in their own.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Vec<Block>>);

impl Memory {
    fn lend<T>(&self, blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> Result<T> {
        let mut piece = std::mem::take(&mut *self.kept());
        if piece.len() < blocks {
            piece = Vec::new();
            piece.try_reserve_exact(blocks.max(RESERVED)).map_err(|_| Error::OutOfMemory)?;
            piece.resize(blocks, Block::new());
        }
        let done = work(&mut piece[..blocks]);
        // A hash of other parameters may have taken more than is to be kept.
        if piece.capacity() == RESERVED {
            *self.kept() = piece;
        }
        Ok(done)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Block>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Memory {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let salt = Salt::new(salt)?;
        let mut output = [0; Output::MAX_LENGTH];
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let output = output.get_mut(..length).ok_or(Error::OutputSize)?;
        let argon2 = Argon2::new(algorithm, version, params);
        let params = argon2.params();
        self.lend(params.block_count(), |blocks| argon2.hash_password_into_with_memory(password, &salt, output, blocks))??;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(params)?,
            salt: Some(salt),
            hash: Some(Output::new(output)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier as _;

    use super::*;

    fn params(memory: u32) -> Params {
        Params::new(memory, 1, 1, None).unwrap()
    }

    fn hash(memory: &Memory, kib: u32) -> PasswordHash {
        memory.hash_password_customized(b"correct horse", &[7; 16], None, None, params(kib)).unwrap()
    }

    #[test] // A4
    fn a_hash_is_the_one_that_everybody_makes_whatever_was_hashed_before() {
        let memory = Memory::default();
        for kib in [64, 256, 64, 19 * 1024, 64] {
            let others = Argon2::from(params(kib));
            let expected = others.hash_password_customized(b"correct horse", &[7; 16], None, None, params(kib)).unwrap();
            assert_eq!(hash(&memory, kib), expected);
            assert!(memory.verify_password(b"correct horse", &expected).is_ok());
            assert!(memory.verify_password(b"Correct horse", &expected).is_err());
        }
    }

    #[test] // S11
    fn one_piece_is_kept_and_no_more() {
        let memory = Memory::default();
        let kept = |memory: &Memory| {
            let piece = memory.kept();
            (piece.len(), piece.capacity())
        };
        hash(&memory, 256);
        assert_eq!(kept(&memory), (256, RESERVED));
        let piece = memory.kept().as_ptr();
        hash(&memory, 64);
        assert_eq!(memory.kept().as_ptr(), piece);
        // While somebody works in it, another one has a piece of their own, and one of them is given back.
        memory.lend(64, |_| memory.lend(64, |_| assert_eq!(kept(&memory).0, 0))).unwrap().unwrap();
        assert_eq!(kept(&memory).1, RESERVED);
        hash(&memory, 40 << 10);
        assert!(kept(&memory).1 <= RESERVED, "larger ones are not kept");
    }
}
