//! Mail: the port it leaves through, and what may become of it (N3).

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::Email;

/// What a mail is about, and so what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// Somebody is invited (N1).
    Invitation,
    /// Somebody forgot their password (A7).
    Reset,
    /// Somebody wants another address, which this mail proves (A6).
    Email,
    /// A scheduled run is held (I14).
    Held,
    /// Two scheduled runs failed in a row (I14).
    Failing,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Invitation, Self::Reset, Self::Email, Self::Held, Self::Failing];

    /// The word for this kind.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::Email => "email",
            Self::Held => "held",
            Self::Failing => "failing",
        }
    }

    /// Reads the word of [`MailKind::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What became of a mail (N3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailState {
    /// It waits for its turn, or for the next try.
    Queued,
    /// Somebody is at it.
    Sending,
    /// The mail server took it.
    Sent,
    /// It was cut off after the text had begun to leave: nobody knows, and it is not sent again by itself.
    PossiblySent,
    /// The mail server refused it for good, or as often as it was tried.
    Failed,
    /// It was queued when a backup was taken that was restored since; nobody knows whether it was sent.
    Withheld,
}

impl MailState {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Queued, Self::Sending, Self::Sent, Self::PossiblySent, Self::Failed, Self::Withheld];

    /// The word for this state in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::PossiblySent => "possibly_sent",
            Self::Failed => "failed",
            Self::Withheld => "withheld",
        }
    }

    /// Reads the word of [`MailState::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A mail as it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: Email,
    /// Its subject, on one line.
    pub subject: String,
    /// Its text for who reads plain text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
    /// What tells it from every other one, without the host: the same for each try.
    pub id: String,
}

/// What sending brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// The mail server took it.
    Sent,
    /// It did not leave; trying again may help.
    NotSent(String),
    /// The mail server refused it for good.
    Refused(String),
    /// The text had begun to leave when the connection was cut: it may have arrived.
    Unknown(String),
}

/// Takes mail to a mail server.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one mail; returns within two minutes, whatever the server does.
    async fn send(&self, letter: &Letter) -> Posted;
}

/// How long a mail that did not leave waits after its first try, its second, and so on.
const WAITS: [TimeDelta; 7] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(15),
    TimeDelta::hours(1),
    TimeDelta::hours(4),
    TimeDelta::hours(12),
    TimeDelta::hours(24),
];

/// How far the clocks of two machines that share a store may differ without any harm.
const SKEW: TimeDelta = TimeDelta::minutes(1);

/// When a mail that did not leave is tried again after so many tries; never where it was tried often enough.
#[must_use]
pub fn next_try(tries: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let after = WAITS.get(usize::try_from(tries.checked_sub(1)?).ok()?)?;
    Some(now + *after)
}

/// The furthest ahead that a waiting mail can be due after each number of tries from none on. What lies further ahead was put down
/// by a clock that has been set back since, and is due now.
#[must_use]
pub fn furthest_due() -> Vec<TimeDelta> {
    std::iter::once(TimeDelta::zero()).chain(WAITS).map(|wait| wait + SKEW).collect()
}

/// A mail that somebody has been at for so long was left behind by a process that died: it may have arrived (N3).
pub const ABANDONED_AFTER: TimeDelta = TimeDelta::minutes(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // N3
    fn a_mail_is_tried_for_two_days_ever_more_rarely() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let waits: Vec<i64> = (1..).map_while(|tries| next_try(tries, now)).map(|at| (at - now).num_minutes()).collect();
        assert!(waits.is_sorted() && waits.len() == 7);
        assert!((1440..4 * 1440).contains(&waits.iter().sum::<i64>()));
        assert_eq!(next_try(0, now), None);
        let furthest = furthest_due();
        let due = |tries: usize| next_try(u32::try_from(tries).unwrap(), now).map_or(TimeDelta::zero(), |at| at - now);
        assert!((0..8).all(|tries| furthest[tries] > due(tries)) && furthest.len() == 8);
    }

    #[test]
    fn words_are_read_back() {
        assert!(MailKind::ALL.iter().all(|kind| MailKind::parse(kind.as_str()) == Some(*kind)));
        assert!(MailState::ALL.iter().all(|state| MailState::parse(state.as_str()) == Some(*state)));
    }
}
