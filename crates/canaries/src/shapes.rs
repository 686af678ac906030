//! The shapes in which a secret can get away.

use std::fmt::Write as _;

use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// How much of a long secret is enough to count as found.
const BEGINNING: usize = 20;

/// A secret in every shape, each with its name.
#[must_use]
pub fn shapes(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let json = json(secret);
    let mut shapes = vec![
        ("plain", secret.to_owned()),
        ("URL-encoded", url_encoded(secret)),
        ("as in a form", url_encoded(secret).replace("%20", "+")),
        ("base64 with the password of Toggl", base64(&STANDARD, &format!("{secret}:api_token"), 0)),
        ("hex", hex(secret)),
        ("upper-case hex", hex(secret).to_uppercase()),
        ("reversed", secret.chars().rev().collect()),
        ("upper case", secret.to_uppercase()),
        ("escaped JSON", self::json(&json)),
        ("JSON", json),
        ("HTML", html(secret)),
    ];
    for skipped in 0..3 {
        shapes.push(("base64", base64(&STANDARD, secret, skipped)));
        shapes.push(("base64 for URLs", base64(&URL_SAFE, secret, skipped)));
    }
    if secret.len() > BEGINNING + 10 && secret.is_char_boundary(BEGINNING) {
        shapes.push(("its beginning", secret[..BEGINNING].to_owned()));
    }
    let mut shapes: Vec<_> = shapes.into_iter().map(|(shape, text)| (shape, text.into_bytes())).collect();
    shapes.extend(unhexed(secret).map(|bytes| ("bytes", bytes)));
    shapes
}

/// A secret in the middle of something else in base64, where so many bytes of a group of three stand before it; without what
/// depends on what comes before and behind.
fn base64(engine: &impl base64::Engine, secret: &str, before: usize) -> String {
    let text = engine.encode([&[0; 2][..before], secret.as_bytes()].concat());
    let (begin, end) = ((before * 8).div_ceil(6), (before + secret.len()) * 8 / 6);
    text[begin..end].to_owned()
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn url_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// As the pages write it.
fn html(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, character| {
        if matches!(character, '"' | '&' | '\'' | '<' | '>') {
            let _ = write!(escaped, "&#{};", u32::from(character));
        } else {
            escaped.push(character);
        }
        escaped
    })
}

fn unhexed(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let pairs = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(pairs.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    #[test]
    fn base64_is_recognised_wherever_it_begins_and_whatever_comes_behind() {
        let secret = "sesame, open";
        let all = shapes(secret);
        let shaped = |shape: &str| all.iter().filter(|(name, _)| *name == shape).map(|(_, bytes)| bytes).collect::<Vec<_>>();
        for before in 0..6 {
            for behind in 0..4 {
                let text = format!("{}{secret}{}", "~".repeat(before), "?".repeat(behind));
                for (shape, encoded) in [("base64", STANDARD.encode(&text)), ("base64 for URLs", URL_SAFE.encode(&text))] {
                    let contains =
                        |part: &Vec<u8>| encoded.as_bytes().windows(part.len()).any(|window| window == part.as_slice());
                    assert!(shaped(shape).into_iter().any(contains), "{shape}, {before} before and {behind} behind");
                }
            }
        }
        let token = shapes("0123456789abcdef");
        assert!(token.contains(&("base64 with the password of Toggl", b"MDEyMzQ1Njc4OWFiY2RlZjphcGlfdG9rZW".to_vec())));
    }

    #[test]
    fn what_is_escaped_is_recognised() {
        let shaped = |shape: &str| shapes("a \"<b\"").into_iter().find(|(name, _)| *name == shape).map(|(_, bytes)| bytes);
        for (shape, text) in [
            ("URL-encoded", "a%20%22%3Cb%22"),
            ("as in a form", "a+%22%3Cb%22"),
            ("JSON", "a \\\"<b\\\""),
            ("escaped JSON", "a \\\\\\\"<b\\\\\\\""),
            ("HTML", "a &#34;&#60;b&#34;"),
            ("upper-case hex", "6120223C6222"),
        ] {
            assert_eq!(shaped(shape).as_deref(), Some(text.as_bytes()));
        }
    }
}
