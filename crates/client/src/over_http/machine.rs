//! What the transport takes from the machine it runs on.

use std::time::Duration;

use async_trait::async_trait;

/// Time to wait in, and chance to make keys of.
#[async_trait]
pub trait Machine: Send + Sync {
    /// Returns after so long.
    async fn pause(&self, how_long: Duration);

    /// Bytes that nobody can guess.
    fn random(&self) -> [u8; 16];
}

/// The machine that this runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct ThisMachine;

#[async_trait]
impl Machine for ThisMachine {
    #[expect(clippy::disallowed_methods, reason = "this is where the machine's clock comes in")]
    async fn pause(&self, how_long: Duration) {
        tokio::time::sleep(how_long).await;
    }

    #[expect(clippy::disallowed_methods, reason = "this is where the machine's chance comes in")]
    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system has a source of random bytes");
        bytes
    }
}
