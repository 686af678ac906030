//! Lists, read row by row, so that a list is never held twice.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};

/// No list has more: one thousand pages of two hundred.
pub(crate) const MOST_ROWS: usize = 200_000;

/// What `null` in place of a list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Null {
    /// Nothing is in it, as is known of this list.
    Empty,
    /// This list is never known to be `null`, so the answer is broken.
    Nonsense,
}

/// Reads a body that is one JSON document, into whatever `seed` makes of it.
pub(crate) fn document<'a, S: DeserializeSeed<'a>>(body: &'a [u8], seed: S) -> Result<S::Value, String> {
    let trimmed = body.trim_ascii();
    if trimmed.is_empty() {
        return Err("the body is empty".to_owned());
    }
    if trimmed.starts_with(b"<") {
        return Err("the body is a page, not JSON".to_owned());
    }
    // Checked here once and for all: names are read as bytes, and a body broken on its way must not rename anything.
    if let Err(error) = std::str::from_utf8(body) {
        return Err(format!("the body is not UTF-8 at byte {}", error.valid_up_to()));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = seed.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|_| "there is more after the end".to_owned())?;
    Ok(value)
}

/// Reads a body that is one list, giving each row to `take`.
pub(crate) fn rows<W: for<'de> Deserialize<'de>>(
    body: &[u8],
    null: Null,
    take: &mut dyn FnMut(W) -> Result<(), String>,
) -> Result<(), String> {
    document(body, Rows { null, take, of: PhantomData })
}

/// The list at the current place of a document.
pub(crate) struct Rows<'t, W> {
    pub(crate) null: Null,
    pub(crate) take: &'t mut dyn FnMut(W) -> Result<(), String>,
    pub(crate) of: PhantomData<W>,
}

impl<'de, W: Deserialize<'de>> DeserializeSeed<'de> for Rows<'_, W> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, W: Deserialize<'de>> Visitor<'de> for Rows<'_, W> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        match self.null {
            Null::Empty => Ok(()),
            Null::Nonsense => Err(E::custom("null in place of a list")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for number in 1.. {
            let row = list.next_element::<W>().map_err(|error| A::Error::custom(format_args!("row {number}: {error}")))?;
            let Some(row) = row else { break };
            if number > MOST_ROWS {
                return Err(A::Error::custom(format_args!("more than {MOST_ROWS} rows")));
            }
            (self.take)(row).map_err(|why| A::Error::custom(format_args!("row {number}: {why}")))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Id;

    fn ids(body: &[u8], null: Null) -> Result<Vec<i64>, String> {
        let mut ids = Vec::new();
        rows(body, null, &mut |Id(id)| {
            ids.push(id);
            if id == 13 { Err("bad luck".to_owned()) } else { Ok(()) }
        })?;
        Ok(ids)
    }

    #[test] // I20
    fn null_is_an_empty_list_only_where_that_is_known() {
        assert_eq!(ids(b"null", Null::Empty).unwrap(), [0_i64; 0]);
        assert_eq!(ids(b" [ 7 , 8 ]\n", Null::Nonsense).unwrap(), [7, 8]);
        assert_eq!(ids(b"[]", Null::Nonsense).unwrap(), [0_i64; 0]);
        assert!(ids(b"null", Null::Nonsense).unwrap_err().contains("null in place of a list"));
    }

    #[test] // I20
    fn whatever_is_no_list_is_refused_in_words() {
        for (body, words) in [
            (&b""[..], "empty"),
            (b"  \n", "empty"),
            (b"<!DOCTYPE html>", "page"),
            (b"{}", "expected a list"),
            (b"\"list\"", "expected a list"),
            (b"17", "expected a list"),
            (b"[1,2", "EOF"),
            (b"[1][2]", "more after the end"),
            (b"[1,13]", "row 2: bad luck"),
            (b"[1,\"2\"]", "row 2: invalid type"),
            (b"[1,\xff]", "not UTF-8 at byte 3"),
            (b"[\"\xff\"]", "not UTF-8 at byte 2"),
        ] {
            let why = ids(body, Null::Empty).unwrap_err();
            assert!(why.contains(words), "{why}");
        }
        let deep = "[".repeat(10_000);
        assert!(ids(deep.as_bytes(), Null::Empty).is_err());
    }
}
