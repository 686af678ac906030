//! Time zones by their IANA name, such as `Europe/Berlin` (E5).

use std::fmt;

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
