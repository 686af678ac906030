//! How fast may be tried what lets somebody in (A4).
//!
//! Tries are counted by the address they come from and by the email they name, before anything is looked up, so that what is
//! counted tells nothing. Nobody is ever locked out: whoever waits a little may try again, and who is signed in is not counted.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use blake2::{Blake2b512, Digest as _};
use chrono::{DateTime, Utc};
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tallyport_domain::{Clock, Email, Random};

use crate::{Error, Result};

/// Where a request comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caller(Option<IpAddr>);

impl Caller {
    /// From this address of a network.
    #[must_use]
    pub fn at(address: IpAddr) -> Self {
        Self(Some(address))
    }

    /// From this very process, whose tries are not counted.
    #[must_use]
    pub fn here() -> Self {
        Self(None)
    }

    /// The address; nothing for this very process.
    #[must_use]
    pub fn address(self) -> Option<IpAddr> {
        self.0
    }

    /// What is counted as one caller: an address, of IPv6 the network that one customer gets.
    fn counted(self) -> Option<Vec<u8>> {
        self.0.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets()[..8].to_vec(),
        })
    }
}

/// See the module.
pub(crate) struct Throttle {
    seed: [u8; 32],
    /// Passwords for one email from one address: what guessing looks like.
    sign_in: Limiter,
    /// Passwords from one address: an office behind one may sign in on a Monday.
    sign_in_address: Limiter,
    /// Passwords for one email, from wherever: many enough that somebody else's guessing keeps nobody out.
    sign_in_email: Limiter,
    /// Links, invitations and set-up codes from one address.
    secret: Limiter,
    /// Sessions and tokens that let nobody in, from one address.
    bearer: Limiter,
    /// Mail asked for from one address.
    letter: Limiter,
    /// Mail asked for to one email.
    letter_email: Limiter,
}

/// Keys are slots, so that whoever invents addresses and emails takes no memory: at worst some of them share a slot.
type Limiter = RateLimiter<u16, HashMapStateStore<u16>, Forward, NoOpMiddleware<Nanos>>;

impl Throttle {
    pub(crate) fn new(clock: &Arc<dyn Clock>, random: &dyn Random) -> Self {
        let mut seed = [0; 32];
        random.fill(&mut seed);
        let limiter = |at_once: u32, every: Duration| {
            let quota = Quota::with_period(every).expect("no period here is zero");
            let quota = quota.allow_burst(NonZeroU32::new(at_once).expect("no burst here is zero"));
            Limiter::new(quota, HashMapStateStore::default(), Forward::from(clock.clone()))
        };
        let second = Duration::from_secs(1);
        Self {
            seed,
            sign_in: limiter(5, 20 * second),
            sign_in_address: limiter(30, 2 * second),
            sign_in_email: limiter(30, 2 * second),
            secret: limiter(10, 6 * second),
            bearer: limiter(60, second),
            letter: limiter(10, 6 * second),
            letter_email: limiter(3, 600 * second),
        }
    }

    /// Lets a try of a password through.
    ///
    /// # Errors
    /// `TooManyTries`, as in the others.
    pub(crate) fn sign_in(&self, caller: Caller, email: &Email) -> Result<()> {
        let Some(address) = caller.counted() else { return Ok(()) };
        let email = email.key().as_bytes();
        self.count(&self.sign_in, &[&address, b"|", email])?;
        self.count(&self.sign_in_address, &[&address])?;
        self.count(&self.sign_in_email, &[email])
    }

    /// Lets a try of a link's secret or of a set-up code through.
    pub(crate) fn secret(&self, caller: Caller) -> Result<()> {
        caller.counted().map_or(Ok(()), |address| self.count(&self.secret, &[&address]))
    }

    /// Counts a session or a token that lets nobody in.
    pub(crate) fn bearer(&self, caller: Caller) -> Result<()> {
        caller.counted().map_or(Ok(()), |address| self.count(&self.bearer, &[&address]))
    }

    /// Lets somebody ask for a mail to an address.
    pub(crate) fn letter(&self, caller: Caller, email: &Email) -> Result<()> {
        let Some(address) = caller.counted() else { return Ok(()) };
        self.count(&self.letter, &[&address])?;
        self.count(&self.letter_email, &[email.key().as_bytes()])
    }

    fn count(&self, limiter: &Limiter, key: &[&[u8]]) -> Result<()> {
        let seeded = Blake2b512::new().chain_update(self.seed);
        let hash = key.iter().fold(seeded, Blake2b512::chain_update).finalize();
        let slot = u16::from_be_bytes([hash[0], hash[1]]);
        limiter.check_key(&slot).map_err(|until| {
            let wait = until.wait_time_from(GovernorClock::now(limiter.clock()));
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            Error::TooManyTries { seconds }
        })
    }
}

/// Our clock as the limiter wants it: it never goes back. One that is set back stands still, rather than locking people out until
/// it has caught up.
#[derive(Clone)]
struct Forward {
    clock: Arc<dyn Clock>,
    seen: Arc<Mutex<(DateTime<Utc>, Nanos)>>,
}

impl From<Arc<dyn Clock>> for Forward {
    fn from(clock: Arc<dyn Clock>) -> Self {
        let seen = Arc::new(Mutex::new((clock.now(), Nanos::default())));
        Self { clock, seen }
    }
}

impl GovernorClock for Forward {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let now = self.clock.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = (now - seen.0).to_std().unwrap_or_default();
        // An hour refills whatever there is, so a clock that leaps ahead by centuries need not be followed.
        *seen = (now, seen.1 + Nanos::from(passed.min(Duration::from_hours(1))));
        seen.1
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use chrono::TimeDelta;

    use super::*;

    struct Hand(Mutex<DateTime<Utc>>);

    impl Hand {
        fn advance(&self, seconds: i64) {
            *self.0.lock().unwrap() += TimeDelta::seconds(seconds);
        }
    }

    #[async_trait]
    impl Clock for Hand {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock().unwrap()
        }

        async fn sleep_until(&self, _: DateTime<Utc>) {}
    }

    struct Zeros;

    impl Random for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn bench() -> (Throttle, Arc<Hand>) {
        let hand = Arc::new(Hand(Mutex::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap())));
        let clock: Arc<dyn Clock> = hand.clone();
        (Throttle::new(&clock, &Zeros), hand)
    }

    fn caller(address: &str) -> Caller {
        Caller::at(address.parse().unwrap())
    }

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    /// How many tries get through at once.
    fn tries(one: impl Fn() -> Result<()>) -> usize {
        (0..1000).take_while(|_| one().is_ok()).count()
    }

    #[test] // A4
    fn who_guesses_one_password_from_one_address_has_five_tries_and_then_three_a_minute() {
        let (throttle, clock) = bench();
        let ada = email("Ada@example.com");
        let one = || throttle.sign_in(caller("192.0.2.1"), &ada);
        assert_eq!(tries(one), 5);
        assert!(matches!(one(), Err(Error::TooManyTries { seconds: 20 | 21 })), "{:?}", one());
        assert!(
            throttle.sign_in(caller("192.0.2.1"), &email(" ada@EXAMPLE.com")).is_err(),
            "the same address, written otherwise"
        );
        clock.advance(21);
        assert_eq!(tries(one), 1);
        clock.advance(24 * 3600);
        assert_eq!(tries(one), 5, "nobody is locked out");
    }

    #[test] // A4
    fn colleagues_behind_one_address_and_who_is_guessed_at_elsewhere_still_get_in() {
        let (throttle, _) = bench();
        let ada = email("ada@example.com");
        assert_eq!(tries(|| throttle.sign_in(caller("192.0.2.1"), &ada)), 5);
        assert!(throttle.sign_in(caller("192.0.2.1"), &email("bea@example.com")).is_ok());
        assert!(throttle.sign_in(caller("192.0.2.2"), &ada).is_ok());
    }

    #[test] // A4
    fn many_emails_from_one_address_and_many_addresses_for_one_email_are_slowed_down_too() {
        let (throttle, _) = bench();
        let from_one = (0..100).filter(|n| throttle.sign_in(caller("192.0.2.1"), &email(&format!("p{n}@example.com"))).is_ok());
        assert_eq!(from_one.count(), 30);
        let (throttle, _) = bench();
        let ada = email("ada@example.com");
        let for_one = (0..100).filter(|n| throttle.sign_in(caller(&format!("198.51.100.{n}")), &ada).is_ok());
        assert_eq!(for_one.count(), 30);
    }

    #[test] // A4
    fn of_ipv6_a_network_counts_as_one_and_an_ipv4_address_in_it_as_itself() {
        let (throttle, _) = bench();
        assert_eq!(tries(|| throttle.secret(caller("2001:db8:1:2::1"))), 10);
        assert!(throttle.secret(caller("2001:db8:1:2:ffff::9")).is_err());
        assert!(throttle.secret(caller("2001:db8:1:3::1")).is_ok());
        assert_eq!(tries(|| throttle.secret(caller("::ffff:192.0.2.7"))), 10);
        assert!(throttle.secret(caller("192.0.2.7")).is_err());
        assert!(throttle.secret(caller("::ffff:192.0.2.8")).is_ok());
    }

    #[test]
    fn this_process_is_not_counted() {
        let (throttle, _) = bench();
        assert_eq!(tries(|| throttle.sign_in(Caller::here(), &email("ada@example.com"))), 1000);
        assert_eq!(tries(|| throttle.bearer(Caller::here())), 1000);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let (throttle, clock) = bench();
        let one = || throttle.secret(caller("192.0.2.1"));
        assert_eq!(tries(one), 10);
        clock.advance(-7200);
        assert!(one().is_err());
        clock.advance(7);
        assert_eq!(tries(one), 1);
        clock.advance(400 * 24 * 3600);
        assert_eq!(tries(one), 10);
    }

    #[test]
    fn addresses_without_end_take_bounded_memory() {
        let (throttle, _) = bench();
        for n in 0..200_000_u32 {
            let _counted = throttle.bearer(Caller::at(IpAddr::from(n.to_be_bytes())));
        }
        assert!(throttle.bearer.len() <= 1 << 16);
    }
}
