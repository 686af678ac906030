//! What the headers of an answer say of Toggl's limits (I19).

use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, HeaderName, header};

/// Windows last an hour; whatever claims much more is wrong, or the clock was set.
pub(crate) const LONGEST_RESET: TimeDelta = TimeDelta::hours(2);
/// No answer is believed that asks for a longer pause.
pub(crate) const LONGEST_RETRY: TimeDelta = TimeDelta::minutes(15);
const SHORTEST_RETRY: TimeDelta = TimeDelta::seconds(1);

const REMAINING: HeaderName = HeaderName::from_static("x-toggl-quota-remaining");
const RESETS_IN: HeaderName = HeaderName::from_static("x-toggl-quota-resets-in");

/// What an answer says is left of the quota.
pub(crate) fn remaining(headers: &HeaderMap) -> Option<i64> {
    number(headers, &REMAINING)
}

/// In how long an answer says the quota is full again.
pub(crate) fn resets_in(headers: &HeaderMap) -> Option<TimeDelta> {
    let seconds = number(headers, &RESETS_IN)?;
    Some(TimeDelta::seconds(seconds.clamp(0, LONGEST_RESET.num_seconds())))
}

/// Whether an answer says anything of a quota.
pub(crate) fn tells_quota(headers: &HeaderMap) -> bool {
    headers.contains_key(&REMAINING) || headers.contains_key(&RESETS_IN)
}

/// The `Retry-After` of an answer, in seconds or as a date, within a second and a quarter of an hour.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<TimeDelta> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "clamped, and a cast of a float saturates")]
        Ok(seconds) => TimeDelta::seconds(seconds.clamp(0.0, 1e6) as i64),
        Err(_) => DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now,
    };
    Some(wait.clamp(SHORTEST_RETRY, LONGEST_RETRY))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I19
    fn retry_after_is_read_in_each_spelling_and_kept_within_reason() {
        let noon = "2026-11-26T12:00:00Z".parse().unwrap();
        let wait = |value: &str| {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, value.parse().unwrap())]);
            retry_after(&headers, noon).map(|wait| wait.num_seconds())
        };
        assert_eq!(wait("30"), Some(30));
        assert_eq!(wait("1.5"), Some(1));
        for value in ["0", "-1"] {
            assert_eq!(wait(value), Some(1), "{value}");
        }
        assert_eq!(wait("1000000000"), Some(900));
        assert_eq!(wait("Thu, 26 Nov 2026 12:02:00 GMT"), Some(120));
        assert_eq!(wait("Thu, 26 Nov 2015 12:02:00 GMT"), Some(1));
        assert_eq!(wait("after lunch"), None);
        assert_eq!(retry_after(&HeaderMap::new(), noon), None);
    }
}
