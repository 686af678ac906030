//! The spellings of an instant.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};

/// `2026-03-17T10:55:38+00:00`
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seconds(pub(crate) DateTime<Utc>);

/// `2026-03-17T10:55:38.5Z`: up to six digits, trailing zeros cut
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fine(pub(crate) DateTime<Utc>);

/// `2026-03-17T00:00:00Z`: a day, spelled as an instant
#[derive(Debug, Clone, Copy)]
pub(crate) struct Midnight(pub(crate) DateTime<Utc>);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.format("%Y-%m-%dT%H:%M:%S+00:00"))
    }
}

impl Serialize for Fine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = self.0.to_rfc3339_opts(SecondsFormat::Micros, true);
        let digits = written.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
        serializer.collect_str(&format_args!("{digits}Z"))
    }
}

impl Serialize for Midnight {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.format("%Y-%m-%dT00:00:00Z"))
    }
}

/// As the `Date` header wants it.
pub(crate) fn http_date(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
