//! Where the mail of tests goes.

use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use tallyport_domain::{Letter, Mailer, Posted};
use tokio::sync::watch;

use crate::bench::soon;

/// A mail server that does what it is told to.
#[derive(Default)]
pub(crate) struct Postbox {
    tries: watch::Sender<Vec<Letter>>,
    next: Mutex<VecDeque<Posted>>,
    /// Taken for each letter while it is looked at.
    pub(crate) counter: tokio::sync::Mutex<()>,
}

impl Postbox {
    /// What comes of the letters that are sent next, one after the other; all after them are sent.
    pub(crate) fn expect(&self, posted: impl IntoIterator<Item = Posted>) {
        self.next.lock().unwrap().extend(posted);
    }

    /// Every letter that was tried to be sent, in the order in which it was.
    pub(crate) fn tries(&self) -> Vec<Letter> {
        self.tries.borrow().clone()
    }

    /// The same, once there are so many.
    pub(crate) async fn after_tries(&self, count: usize) -> Vec<Letter> {
        let mut tries = self.tries.subscribe();
        soon(tries.wait_for(|tries| tries.len() >= count)).await.unwrap().clone()
    }
}

#[async_trait]
impl Mailer for Postbox {
    async fn send(&self, letter: &Letter) -> Posted {
        self.tries.send_modify(|tries| tries.push(letter.clone()));
        let _looked_at = self.counter.lock().await;
        self.next.lock().unwrap().pop_front().unwrap_or(Posted::Sent)
    }
}

/// The secret of the link in a letter, or in a link.
pub(crate) fn secret_in(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.into_iter().find(|word| word.len() == 41 && word.starts_with("tp")).unwrap().to_owned()
}
