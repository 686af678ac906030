//! Text, even with surrogates that have lost their other half.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A string in an answer, exactly as it came but for lone surrogates, of which each becomes one U+FFFD (T5).
///
/// A plain `String` would refuse them, and with them the whole body: one bad name would block every sync.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Text(pub(crate) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Text, E> {
        Ok(Text(match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => without_surrogates(bytes),
        }))
    }
}

/// The parser writes a lone surrogate as the three bytes that UTF-8 would have for it, if it had any.
fn without_surrogates(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        let valid = match std::str::from_utf8(rest) {
            Ok(_) => rest.len(),
            Err(error) => error.valid_up_to(),
        };
        text.push_str(std::str::from_utf8(&rest[..valid]).unwrap_or_default());
        rest = &rest[valid..];
        let lost = match rest {
            [] => break,
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, ..] => 3,
            _ => 1,
        };
        text.push('\u{fffd}');
        rest = &rest[lost..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(json: &str) -> String {
        serde_json::from_str::<Text>(json).unwrap().0
    }

    #[test] // T5
    fn each_lone_surrogate_becomes_one_replacement_character() {
        assert_eq!(read(r#""\ud800""#), "\u{fffd}");
        assert_eq!(read(r#""a\udc00\ud800b""#), "a\u{fffd}\u{fffd}b");
        assert_eq!(read(r#""\ud800\n\ud83d\ude00\udfff""#), "\u{fffd}\n😀\u{fffd}");
        assert_eq!(read(r#""é\ud800é""#), "é\u{fffd}é");
    }

    #[test] // T5
    fn everything_else_is_kept_exactly() {
        for (json, text) in [
            (r#""  two  ""#, "  two  "),
            (r#""\ud83e\udd80""#, "🦀"),
            (r#""Project 01 (\u0026)""#, "Project 01 (&)"),
            ("\"个人 🦀\"", "个人 🦀"),
            (r#""a\u0000b""#, "a\0b"),
            (r#""""#, ""),
        ] {
            assert_eq!(read(json), text);
        }
    }

    #[test]
    fn what_is_no_string_is_no_text() {
        for json in ["1", "null", "[104,105]", "{}", "true", r#""\ud8""#] {
            assert!(serde_json::from_str::<Text>(json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test] // T5
        fn any_text_survives(text in any::<String>()) {
            prop_assert_eq!(read(&serde_json::to_string(&text).unwrap()), text);
        }

        #[test] // T5
        fn any_sixteen_bit_units_are_read_as_unicode_reads_them(units in prop::collection::vec(prop_oneof![any::<u16>(), 0xd7f0_u16..0xe010], 0..20)) {
            let json: Vec<String> = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(read(&format!("\"{}\"", json.concat())), String::from_utf16_lossy(&units));
        }
    }
}
