//! How long somebody stays signed in, and how long links work (A4, A6, A7, N2).

use chrono::{DateTime, TimeDelta, Utc};

/// A session that nobody used for so long is over.
pub const SESSION_IDLE: TimeDelta = TimeDelta::days(14);
/// A session is over after so long, whoever uses it.
pub const SESSION_LONGEST: TimeDelta = TimeDelta::days(90);
/// How often the use of a session or token is written down at most: each write costs a commit, and nobody needs it to the minute.
pub const USE_NOTED_EVERY: TimeDelta = TimeDelta::minutes(10);
/// How long an invitation works (N2).
pub const INVITATION_LASTS: TimeDelta = TimeDelta::days(7);
/// How long a link works that sets a forgotten password (A7).
pub const RESET_LASTS: TimeDelta = TimeDelta::hours(1);
/// How long a link works that proves a new address (A6).
pub const EMAIL_LINK_LASTS: TimeDelta = TimeDelta::hours(24);

/// Whether a session that began and was last used at these instants is over (A4).
///
/// A clock that was set back ends nothing.
#[must_use]
pub fn is_session_over(began: DateTime<Utc>, used: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - used > SESSION_IDLE || now - began > SESSION_LONGEST
}

/// Whether the use of a session or token is to be written down again.
#[must_use]
pub fn is_use_to_be_noted(used: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    used.is_none_or(|used| now - used >= USE_NOTED_EVERY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // A4
    fn a_session_ends_when_it_is_idle_for_two_weeks_or_ninety_days_old() {
        let began = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let over = |used: i64, now: i64| is_session_over(began, began + TimeDelta::days(used), began + TimeDelta::days(now));
        assert!(!over(0, 14));
        assert!(over(0, 15));
        assert!(!over(89, 90));
        assert!(over(90, 91));
        assert!(!over(5, -400));
    }

    #[test]
    fn a_use_is_noted_every_ten_minutes() {
        let used = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert!(is_use_to_be_noted(None, used));
        assert!(!is_use_to_be_noted(Some(used), used + TimeDelta::minutes(9)));
        assert!(is_use_to_be_noted(Some(used), used + TimeDelta::minutes(10)));
    }
}
