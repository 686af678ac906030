//! Ids: positive integers of 63 bits, and nothing that merely looks like one.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use tallyport_domain::ExternalId;

/// An id in an answer. Text, floats, zero, negatives and 2⁶³ are refused: rounding one would join two things into one (I7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) i64);

impl From<Id> for ExternalId {
    fn from(id: Id) -> Self {
        Self(id.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an id, which is a positive integer")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
        if number > 0 { Ok(Id(number)) } else { Err(E::custom(format_args!("{number} is no id"))) }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
        i64::try_from(number)
            .map_err(|_| E::custom(format_args!("{number} is too large for an id")))
            .and_then(|number| self.visit_i64(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I7
    fn only_positive_integers_are_ids() {
        for (json, id) in [("1", 1), ("3730144200", 3_730_144_200), ("9223372036854775807", i64::MAX)] {
            assert_eq!(serde_json::from_str::<Id>(json).unwrap(), Id(id));
        }
        let others =
            ["0", "-1", "1.0", "1e3", "\"1\"", "null", "true", "9223372036854775808", "18446744073709551616", "[1]", "{}"];
        for json in others {
            assert!(serde_json::from_str::<Id>(json).is_err(), "{json}");
        }
    }
}
