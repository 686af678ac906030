//! Text as part of a path or a query.

use std::fmt::Write;

/// Escapes everything but RFC 3986's unreserved characters, so that any text is one segment or one value.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("a String takes whatever is written");
        }
    }
    escaped
}

/// Puts a path and its query together, leaving out what has no value.
pub(crate) fn path(path: &str, query: &[(&str, Option<String>)]) -> String {
    let mut whole = path.to_owned();
    for (name, value) in query.iter().filter_map(|(name, value)| Some((name, value.as_deref()?))) {
        whole.push(if whole.contains('?') { '&' } else { '?' });
        whole.push_str(name);
        whole.push('=');
        whole.push_str(&escape(value));
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_any_kind_stays_one_value() {
        assert_eq!(escape("a/b?c&d=e f%ü~"), "a%2Fb%3Fc%26d%3De%20f%25%C3%BC~");
        assert_eq!(
            path("tasks", &[("q", Some("a&b".into())), ("limit", None), ("state", Some("all".into()))]),
            "tasks?q=a%26b&state=all"
        );
    }
}
