//! What a refusal says, in a form fit for people: short, on one line, and without the token.

use std::fmt::Write as _;

use http::HeaderMap;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::credential::Credential;
use crate::decode::Text;

/// As much as is quoted, in characters.
const LONGEST: usize = 300;

/// From how many letters and digits on a word is taken for a secret.
const SECRET: usize = 24;

/// Makes a text from outside fit to be shown.
pub(crate) fn clean(text: &str, credential: &Credential) -> String {
    let stripped = veil(&credential.strip(text));
    let mut words = String::new();
    for word in stripped.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// Takes out what looks like a secret. Toggl's bodies hold several beside the token that was sent: tokens of workspaces, links of
/// calendars, codes of invitations. A refusal or a row that is nonsense may quote any of them.
fn veil(text: &str) -> String {
    let mut veiled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len());
        let (word, behind) = from.split_at(end);
        let is_secret = word.len() >= SECRET && word.bytes().any(|byte| byte.is_ascii_digit());
        veiled.push_str(before);
        veiled.push_str(if is_secret { "…" } else { word });
        rest = behind;
    }
    veiled.push_str(rest);
    veiled
}

/// What an answer says of itself: its reason, and the number by which Toggl's support finds it.
pub(crate) fn reason(body: &[u8], headers: &HeaderMap, credential: &Credential) -> String {
    let said = sentence(body).map(|said| clean(&said, credential)).filter(|said| !said.is_empty());
    let mut reason = said.unwrap_or_else(|| "it gives no reason".to_owned());
    if let Some(left) = header(headers, "x-remaining-login-attempts", credential) {
        let _ = write!(reason, "; login attempts left: {left}");
    }
    if let Some(id) = header(headers, "x-toggl-request-id", credential) {
        let _ = write!(reason, " (request {id})");
    }
    reason
}

/// A header's value where it is a plain word, and not the token.
fn header<'a>(headers: &'a HeaderMap, name: &str, credential: &Credential) -> Option<&'a str> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    ((1..=80).contains(&value.len()) && value.bytes().all(plain) && credential.strip(value) == value).then_some(value)
}

/// The sentence in a body: a JSON string, an object's message, or plain text; never a page.
pub(crate) fn sentence(body: &[u8]) -> Option<String> {
    let body = body.trim_ascii();
    if let Ok(Text(text)) = serde_json::from_slice(body) {
        return Some(text);
    }
    if let Ok(object) = serde_json::from_slice::<Object>(body) {
        let inner = object.error.and_then(|error| match error {
            Inner::Text(text) => Some(text),
            Inner::Object { message } => message,
            Inner::Other(_) => None,
        });
        return inner.or(object.message);
    }
    let plain = !is_page(body) && serde_json::from_slice::<IgnoredAny>(body).is_err();
    (plain && !body.is_empty()).then(|| String::from_utf8_lossy(body).into_owned())
}

/// Whether a body is a page for people, as the machines before the API answer (and not the API itself).
pub(crate) fn is_page(body: &[u8]) -> bool {
    body.trim_ascii().starts_with(b"<")
}

#[derive(Deserialize)]
struct Object {
    error: Option<Inner>,
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Inner {
    Text(String),
    Object { message: Option<String> },
    Other(IgnoredAny),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> String {
        reason(body.as_bytes(), &HeaderMap::new(), &Credential::new("0123456789abcdef0123456789abcdef".into()))
    }

    #[test]
    fn every_shape_of_a_refusal_is_read() {
        assert_eq!(said(r#""Missing or invalid workspace_id""#), "Missing or invalid workspace_id");
        assert_eq!(said("Incorrect username and/or password"), "Incorrect username and/or password");
        assert_eq!(said(r#"{"error":{"message":"no such report","tip":"look","code":400}}"#), "no such report");
        assert_eq!(said(r#"{"error":"nope"}"#), "nope");
        for body in
            ["", "  ", "<html><h1>502 Bad Gateway</h1></html>", "null", "17", r#"{"error":{"code":4}}"#, r#"["x"]"#, r#""""#]
        {
            assert_eq!(said(body), "it gives no reason", "{body}");
        }
    }

    #[test] // I2
    fn what_is_quoted_is_short_plain_and_without_the_token() {
        assert_eq!(said("0123456789abcdef0123456789abcdef is\r\n\u{1b}[31m unknown"), "… is [31m unknown");
        let long = said(&"é".repeat(1000));
        assert_eq!(long.chars().count(), LONGEST + 1);
    }

    #[test]
    fn what_looks_like_another_secret_is_not_quoted() {
        assert_eq!(
            said("see https://toggl.example/ical?t=leakmarkericallink00000000000000&x=1, 0a1b2c3d4e5f0a1b2c3d4e5f."),
            "see https://toggl.example/ical?t=…&x=1, …."
        );
        let plain = "workspace 123456789012345678 of Donaudampfschifffahrtsgesellschaft, 0123456789-0123456789-0123456789";
        assert_eq!(said(plain), plain);
    }

    #[test]
    fn the_request_id_is_quoted_where_it_is_one() {
        let mut headers = HeaderMap::new();
        headers.insert("x-toggl-request-id", "a1-b2".parse().unwrap());
        headers.insert("x-remaining-login-attempts", "4".parse().unwrap());
        let credential = Credential::new("t".into());
        assert_eq!(reason(b"\"no\"", &headers, &credential), "no; login attempts left: 4 (request a1-b2)");
        headers.insert("x-toggl-request-id", "<b>".parse().unwrap());
        headers.remove("x-remaining-login-attempts");
        assert_eq!(reason(b"\"no\"", &headers, &credential), "no");
        headers.insert("x-toggl-request-id", "not-a-t-but-the-token".parse().unwrap());
        assert_eq!(reason(b"\"no\"", &headers, &Credential::new("the-token".into())), "no");
    }
}
