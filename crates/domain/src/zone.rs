//! Time zones by their IANA name, such as `Europe/Berlin` (E5).

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The name of a time zone that exists.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(String);

/// No time zone has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone {0:?}")]
pub struct BadZone(pub String);

impl Zone {
    /// The zone of accounts that were not told another.
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// Reads the IANA name of a zone, in any case.
    ///
    /// # Errors
    /// A name that the built-in time zone database lacks.
    pub fn parse(text: &str) -> Result<Self, BadZone> {
        let bad = || BadZone(text.chars().take(80).collect());
        let zone = jiff::tz::db().get(text.trim()).map_err(|_| bad())?;
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or_else(bad)
    }

    /// An instant as people in this zone write it, such as `Thursday 3 December 2026, 15:02`.
    #[must_use]
    pub fn written(&self, at: DateTime<Utc>) -> String {
        let zone = jiff::tz::db().get(&self.0).unwrap_or(jiff::tz::TimeZone::UTC);
        // What is beyond the calendar of one library is far beyond ours.
        let at = jiff::Timestamp::from_second(at.timestamp()).unwrap_or_default();
        zone.to_datetime(at).strftime("%A %-d %B %Y, %H:%M").to_string()
    }

    /// Its IANA name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Zone {
    type Error = BadZone;
    fn try_from(text: String) -> Result<Self, BadZone> {
        Self::parse(&text)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // E5
    fn an_instant_is_written_as_the_clock_on_the_wall_has_it() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        assert_eq!(berlin.written(at(1_796_306_520)), "Thursday 3 December 2026, 15:02");
        assert_eq!(Zone::utc().written(at(1_796_306_520)), "Thursday 3 December 2026, 14:02");
        assert_eq!(berlin.written(at(1_782_864_000)), "Wednesday 1 July 2026, 02:00");
        let _no_panic = (berlin.written(DateTime::<Utc>::MAX_UTC), berlin.written(DateTime::<Utc>::MIN_UTC));
    }

    #[test] // E5
    fn zones_are_known_by_their_names() {
        assert_eq!(Zone::parse(" europe/berlin ").unwrap().as_str(), "Europe/Berlin");
        assert_eq!(Zone::parse("UTC").unwrap(), Zone::utc());
        let tokyo = Zone::parse("Asia/Tokyo").unwrap();
        assert_eq!((tokyo.to_string(), String::from(tokyo)), ("Asia/Tokyo".to_owned(), "Asia/Tokyo".to_owned()));
        for text in ["", "Mars/Olympus", "+02:00", "../etc/passwd"] {
            assert!(Zone::parse(text).is_err(), "{text:?}");
        }
    }
}
