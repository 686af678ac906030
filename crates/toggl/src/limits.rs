//! Toggl's two limits: the pace of requests, and the hourly quota of each bucket (I19).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use tallyport_domain::Quota;

use crate::endpoint::Bucket;
use crate::headers::{self, LONGEST_RESET, LONGEST_RETRY};

/// A quota that is gone and does not say for how long is looked at again after this.
const UNTOLD_RESET: TimeDelta = TimeDelta::seconds(60);
/// After a reset, so that clocks that differ a little do not cost a refusal.
pub(crate) const MARGIN: TimeDelta = TimeDelta::seconds(1);
/// For how long after a pause requests go one after another: what was too fast once may be so again.
const MINDED: TimeDelta = TimeDelta::minutes(10);
/// How many lists are read at a time where no pace is asked for, so never from Toggl itself.
const SIDE_BY_SIDE: u8 = 4;

/// What is known of the limits, shared by everything that uses one token.
#[derive(Debug)]
pub(crate) struct Limits {
    interval: Option<TimeDelta>,
    reserve: u32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the next turn is, at the earliest.
    next: Option<DateTime<Utc>>,
    /// What is left in each bucket that was heard of: nothing where its answers tell no quota.
    quotas: HashMap<Bucket, Option<Quota>>,
    /// Until when the pace is minded, something having been refused for coming too fast.
    minded_until: Option<DateTime<Utc>>,
}

impl Limits {
    pub(crate) fn new(requests_per_second: Option<f64>, reserve: u32) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "the configuration bounds the rate from below")]
        let interval = requests_per_second.map(|rate| TimeDelta::microseconds((1_000_000.0 / rate).ceil() as i64));
        Self { interval, reserve, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many lists may be read at a time: a pace of one after another leaves nothing to gain by more.
    pub(crate) fn side_by_side(&self) -> usize {
        if self.interval.is_none() { SIDE_BY_SIDE.into() } else { 1 }
    }

    /// Whether a request must not be made at the same time as others, since together they could use up the reserve: too
    /// little is left of the quota, or nothing is known of it yet. The same for a while where Toggl asked for a slower pace.
    pub(crate) fn must_go_alone(&self, bucket: Bucket, now: DateTime<Utc>) -> bool {
        let few = i64::from(self.reserve) + 2 * i64::from(SIDE_BY_SIDE);
        let state = self.state();
        let could_run_out = match state.quotas.get(&bucket) {
            None => true,
            Some(None) => false,
            // Below zero it counts without enforcing.
            Some(Some(quota)) => (0..=few).contains(&quota.remaining),
        };
        // One that is further ahead than any pause is from before the clock was set back.
        let minded = state.minded_until.is_some_and(|until| now < until && until <= now + LONGEST_RETRY + MINDED);
        minded || could_run_out
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
        state.minded_until = state.minded_until.max(Some(until + MINDED));
    }

    /// How many requests of each quota are left to others.
    pub(crate) fn reserve(&self) -> u32 {
        self.reserve
    }

    /// Until when a bucket is to be left alone, if it is, because only the reserve is left.
    pub(crate) fn spent_until(&self, bucket: Bucket, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let quota = self.state().quotas.get(&bucket).copied().flatten()?;
        let until = quota.resets_at + MARGIN;
        // Below zero it counts without enforcing.
        ((0..=i64::from(self.reserve)).contains(&quota.remaining) && until > now && quota.resets_at <= now + LONGEST_RESET)
            .then_some(until)
    }

    /// Forgets what was known of a bucket, so that the next request finds out.
    pub(crate) fn forget(&self, bucket: Bucket) {
        self.state().quotas.remove(&bucket);
    }

    /// Learns from the headers of an answer, and gives what they tell of the quota.
    pub(crate) fn note(&self, bucket: Bucket, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Quota> {
        let Some(remaining) = headers::remaining(headers) else {
            self.state().quotas.entry(bucket).or_insert(None);
            return None;
        };
        let quota = Quota { remaining, resets_at: now + headers::resets_in(headers).unwrap_or(UNTOLD_RESET) };
        self.state().quotas.insert(bucket, Some(quota));
        Some(quota)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

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
    fn a_request_goes_alone_unless_its_bucket_is_known_to_have_plenty() {
        let limits = Limits::new(None, 3);
        let alone = || limits.must_go_alone(Bucket::User, noon());
        let told = |left: &str| headers(&[("x-toggl-quota-remaining", left), ("x-toggl-quota-resets-in", "600")]);
        assert!(alone(), "nothing is known yet");
        limits.note(Bucket::User, &HeaderMap::new(), noon());
        assert!(!alone(), "no quota is told");
        for (left, expected) in [("12", false), ("11", true), ("0", true), ("-1", false)] {
            limits.note(Bucket::User, &told(left), noon());
            assert_eq!(alone(), expected, "{left} left");
        }
        limits.note(Bucket::User, &told("11"), noon());
        limits.note(Bucket::User, &HeaderMap::new(), noon());
        assert!(alone(), "an answer that tells nothing takes nothing back");
        limits.forget(Bucket::User);
        assert!(alone(), "nothing is known any more, whatever an earlier answer left out");
        limits.note(Bucket::User, &told("200"), noon());
        assert!(!alone());
        assert!(limits.must_go_alone(Bucket::Organization(1), noon()), "each bucket on its own");
    }

    #[test] // I19
    fn the_pace_is_minded_for_a_while_after_a_pause_and_not_for_ever() {
        let limits = Limits::new(None, 3);
        limits.note(Bucket::User, &HeaderMap::new(), noon());
        let alone = |minutes| limits.must_go_alone(Bucket::User, noon() + TimeDelta::minutes(minutes));
        assert!(!alone(0));
        limits.pause_until(noon() + TimeDelta::minutes(5));
        limits.pause_until(noon() + TimeDelta::minutes(1));
        assert!(alone(0) && alone(14) && !alone(15));
        assert!(!alone(-60), "a clock that was set back holds nothing up");
    }
}
