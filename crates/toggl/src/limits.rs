//! Toggl's two limits: the pace of requests, and the hourly quota of each bucket (I19).

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, HeaderName, header};
use tallyport_domain::Quota;

use crate::endpoint::Bucket;

/// A quota that is gone and does not say for how long is looked at again after this.
const UNTOLD_RESET: TimeDelta = TimeDelta::seconds(60);
/// Windows last an hour; whatever claims much more is wrong, or the clock was set.
const LONGEST_RESET: TimeDelta = TimeDelta::hours(2);
/// After a reset, so that clocks that differ a little do not cost a refusal.
const MARGIN: TimeDelta = TimeDelta::seconds(1);
const SHORTEST_RETRY: TimeDelta = TimeDelta::seconds(1);
const LONGEST_RETRY: TimeDelta = TimeDelta::minutes(15);
/// How many lists are read at a time where no pace is asked for, so never from Toggl itself.
const SIDE_BY_SIDE: u8 = 4;

const REMAINING: HeaderName = HeaderName::from_static("x-toggl-quota-remaining");
const RESETS_IN: HeaderName = HeaderName::from_static("x-toggl-quota-resets-in");

/// What is known of the limits, shared by everything that uses one token.
#[derive(Debug)]
pub(crate) struct Limits {
    interval: Option<TimeDelta>,
    reserve: i64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: Option<DateTime<Utc>>,
    quotas: HashMap<Bucket, Quota>,
    /// Whether something was refused for coming too fast.
    hasty: bool,
    /// Whose answers tell no quota, as far as is known.
    silent: HashSet<Bucket>,
}

impl Limits {
    pub(crate) fn new(requests_per_second: Option<f64>, reserve: u32) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "the configuration bounds the rate from below")]
        let interval = requests_per_second.map(|rate| TimeDelta::microseconds((1_000_000.0 / rate).ceil() as i64));
        Self { interval, reserve: reserve.into(), state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many lists may be read at a time: a pace of one after another leaves nothing to gain by more.
    pub(crate) fn side_by_side(&self) -> usize {
        if self.interval.is_none() { SIDE_BY_SIDE.into() } else { 1 }
    }

    /// Whether requests at the same time would be too many: so little of a quota may be left that they would use up the
    /// reserve, or the source turned out to mind the pace.
    pub(crate) fn is_scarce(&self, bucket: Bucket) -> bool {
        let plenty = self.reserve + 2 * i64::from(SIDE_BY_SIDE);
        let state = self.state();
        let quota = state.quotas.get(&bucket);
        state.hasty || quota.map_or(!state.silent.contains(&bucket), |quota| (0..=plenty).contains(&quota.remaining))
    }

    /// Takes the next turn and says when it is: a steady pace without bursts.
    pub(crate) fn turn(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut state = self.state();
        // A turn far ahead is one from before the clock was set back.
        let furthest = now + LONGEST_RETRY.max(self.interval.unwrap_or_default() * 100);
        let turn = state.next.filter(|next| *next <= furthest).unwrap_or(now).max(now);
        state.next = Some(turn + self.interval.unwrap_or_default());
        turn
    }

    /// Holds everything back until then.
    pub(crate) fn pause_until(&self, until: DateTime<Utc>) {
        let mut state = self.state();
        state.next = state.next.max(Some(until));
        state.hasty = true;
    }

    /// How many requests of each quota are left to others.
    pub(crate) fn reserve(&self) -> u32 {
        u32::try_from(self.reserve).unwrap_or(u32::MAX)
    }

    /// Until when a bucket is to be left alone, if it is, because only the reserve is left.
    pub(crate) fn spent_until(&self, bucket: Bucket, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let quota = *self.state().quotas.get(&bucket)?;
        let until = quota.resets_at + MARGIN;
        // Below zero it counts without enforcing.
        ((0..=self.reserve).contains(&quota.remaining) && until > now && quota.resets_at <= now + LONGEST_RESET).then_some(until)
    }

    /// Forgets what was known of a bucket, so that the next request finds out.
    pub(crate) fn forget(&self, bucket: Bucket) {
        self.state().quotas.remove(&bucket);
    }

    /// Learns from the headers of an answer.
    pub(crate) fn note(&self, bucket: Bucket, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Quota> {
        let Some(remaining) = remaining(headers) else {
            self.state().silent.insert(bucket);
            return None;
        };
        let quota = Quota { remaining, resets_at: now + resets_in(headers).unwrap_or(UNTOLD_RESET) };
        self.state().quotas.insert(bucket, quota);
        Some(quota)
    }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    text.parse().ok()
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn noon() -> DateTime<Utc> {
        "2026-11-26T12:00:00Z".parse().unwrap()
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test] // I19
    fn turns_come_a_second_apart_and_none_is_saved_up() {
        let limits = Limits::new(Some(1.0), 3);
        assert_eq!(limits.turn(noon()), noon());
        assert_eq!(limits.turn(noon()), noon() + TimeDelta::seconds(1));
        let later = noon() + TimeDelta::seconds(60);
        assert_eq!(limits.turn(later), later);
        assert_eq!(limits.turn(later), later + TimeDelta::seconds(1));
        let back = noon() - TimeDelta::days(400);
        assert_eq!(limits.turn(back), back, "a clock that was set back holds nothing up");
    }

    #[test] // I19
    fn a_reserve_is_left_in_each_bucket_on_its_own() {
        let limits = Limits::new(None, 3);
        let told = |left: &str| headers(&[("x-toggl-quota-remaining", left), ("x-toggl-quota-resets-in", "600")]);
        limits.note(Bucket::User, &told("4"), noon());
        assert_eq!(limits.spent_until(Bucket::User, noon()), None);
        limits.note(Bucket::User, &told("3"), noon());
        assert_eq!(limits.spent_until(Bucket::User, noon()), Some(noon() + TimeDelta::seconds(601)));
        assert_eq!(limits.spent_until(Bucket::Organization(1), noon()), None);
        assert_eq!(limits.spent_until(Bucket::User, noon() + TimeDelta::seconds(601)), None);
        limits.note(Bucket::User, &told("-7"), noon());
        assert_eq!(limits.spent_until(Bucket::User, noon()), None, "below zero nothing is enforced");
    }

    #[test] // I19
    fn a_quota_without_a_reset_is_looked_at_again_after_a_minute() {
        let limits = Limits::new(None, 3);
        for resets in
            [vec![("x-toggl-quota-remaining", "0")], vec![("x-toggl-quota-remaining", "0"), ("x-toggl-quota-resets-in", "soon")]]
        {
            limits.note(Bucket::User, &headers(&resets), noon());
            assert_eq!(limits.spent_until(Bucket::User, noon()), Some(noon() + TimeDelta::seconds(61)));
        }
    }

    #[test] // I19
    fn retry_after_is_read_in_each_spelling_and_kept_within_reason() {
        let wait = |value| retry_after(&headers(&[("retry-after", value)]), noon()).map(|wait| wait.num_seconds());
        assert_eq!(wait("30"), Some(30));
        assert_eq!(wait("1.5"), Some(1));
        for value in ["0", "-1"] {
            assert_eq!(wait(value), Some(1), "{value}");
        }
        assert_eq!(wait("1000000000"), Some(900));
        assert_eq!(wait("Thu, 26 Nov 2026 12:02:00 GMT"), Some(120));
        assert_eq!(wait("Thu, 26 Nov 2015 12:02:00 GMT"), Some(1));
        assert_eq!(wait("after lunch"), None);
        assert_eq!(retry_after(&HeaderMap::new(), noon()), None);
    }
}
