//! The query of a request, decoded.

use crate::answer::Refusal;

/// Names and values in the order they came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        )
    }

    /// The first value of that name, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Sets a parameter, as a fault does that asks for page 1 whatever was asked for.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == Some(value)
    }

    /// The ids of a comma-separated list.
    pub(crate) fn ids(&self, name: &str) -> Option<Vec<i64>> {
        self.get(name).map(|list| list.split(',').filter_map(|id| id.trim().parse().ok()).collect())
    }

    /// A whole number, or 400 that names the parameter.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.get(name).map(str::parse).transpose().map_err(|_| Refusal::bad_request(format!("Invalid {name}")))
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let escaped = (bytes[index] == b'%').then(|| text.get(index + 1..index + 3)).flatten();
        if let Some(byte) = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            index += 3;
        } else {
            decoded.push(if bytes[index] == b'+' { b' ' } else { bytes[index] });
            index += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn escapes_and_plus_signs_are_decoded_and_nonsense_is_kept() {
        let query = Query::parse("name=a%20b+c%C3%A9&bad=%zz%&empty=&flag");
        assert_eq!(query.get("name"), Some("a b cé"));
        assert_eq!(query.get("bad"), Some("%zz%"));
        assert_eq!(query.get("empty"), None);
        assert_eq!(query.get("flag"), None);
    }
}
