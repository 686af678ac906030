//! Whole numbers as JSON has them: it knows one kind of number, so `3.0` is as whole as `3`.

use std::fmt;

use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};

/// Reads a whole number or nothing.
///
/// # Errors
/// What is no whole number, or too large for its place.
pub(crate) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64>,
{
    let Some(number) = deserializer.deserialize_any(Whole)? else { return Ok(None) };
    T::try_from(number).map(Some).map_err(|_| Error::invalid_value(Unexpected::Signed(number), &Whole))
}

/// Reads a whole number.
///
/// # Errors
/// As [`optional`]; nothing at all.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    optional(deserializer)?.ok_or_else(|| Error::invalid_type(Unexpected::Unit, &Whole))
}

/// Reads a list of whole numbers.
///
/// # Errors
/// As [`number`], of any of them.
pub(crate) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    #[derive(serde::Deserialize)]
    struct One(#[serde(deserialize_with = "number")] i64);
    let all = <Vec<One> as serde::Deserialize>::deserialize(deserializer)?;
    Ok(all.into_iter().map(|one| one.0).collect())
}

struct Whole;

/// Up to here every whole number is one that a fraction of zero can be written to.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Visitor<'_> for Whole {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number in its range")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        i64::try_from(number).map(Some).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        if number.fract() == 0.0 && number.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and was compared with what fits")]
            let number = number as i64;
            Ok(Some(number))
        } else {
            Err(E::invalid_type(Unexpected::Float(number), &self))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Read {
        #[serde(default, deserialize_with = "super::optional")]
        small: Option<u32>,
        #[serde(default, deserialize_with = "super::optional")]
        large: Option<i64>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Many {
        #[serde(deserialize_with = "super::number")]
        one: i64,
        #[serde(deserialize_with = "super::list")]
        all: Vec<i64>,
    }

    #[test]
    fn whole_numbers_that_have_to_be_there_are_read_the_same() {
        let read = |text: &str| serde_json::from_str::<Many>(text);
        assert_eq!(read("{\"one\":3.0,\"all\":[1,2.0]}").unwrap(), Many { one: 3, all: vec![1, 2] });
        for text in ["{\"all\":[]}", "{\"one\":null,\"all\":[]}", "{\"one\":1,\"all\":[null]}", "{\"one\":1,\"all\":[1.5]}"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_whole_number_is_read_however_it_is_written() {
        let read = |text: &str| serde_json::from_str::<Read>(text);
        for text in ["{\"small\":3}", "{\"small\":3.0}", "{\"small\":3e0}", "{\"small\":0.3e1}"] {
            assert_eq!(read(text).unwrap().small, Some(3), "{text}");
        }
        assert_eq!(read("{\"small\":null}").unwrap(), Read { small: None, large: None });
        assert_eq!(read("{}").unwrap(), Read { small: None, large: None });
        assert_eq!(read("{\"large\":-9223372036854775808}").unwrap().large, Some(i64::MIN));
        for text in ["3.5", "-1", "4294967296", "1e300", "\"3\"", "true", "[]", "{}"] {
            assert!(read(&format!("{{\"small\":{text}}}")).is_err(), "{text}");
        }
        assert!(read("{\"large\":9223372036854775808}").is_err());
    }
}
