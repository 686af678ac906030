//! What a thing is known by while two people may change it (`ETag`, `If-Match`).

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderValue};
use http::request::Parts;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tallyport_app::{Error, Still};

use crate::Refusal;

/// An answer with the tag that its content is known by.
#[derive(Debug)]
pub struct Tagged<T, V = T> {
    /// What is answered.
    pub shown: T,
    /// What the tag is made of; all that is answered where that is nothing else.
    pub of: Option<V>,
}

impl<T: Serialize> Tagged<T> {
    /// An answer that is known by all that stands in it.
    pub fn whole(shown: T) -> Self {
        Self { shown, of: None }
    }
}

impl<T: Serialize, V: Serialize> IntoResponse for Tagged<T, V> {
    fn into_response(self) -> Response {
        let Ok(shown) = serde_json::to_vec(&self.shown) else { return Refusal::from(Error::Internal).into_response() };
        let tag = match &self.of {
            Some(of) => tag(of),
            None => tag_of(&shown),
        };
        with(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], shown).into_response(), tag)
    }
}

/// The same answer with the tag that this is known by.
pub fn tagged(response: Response, of: &impl Serialize) -> Response {
    with(response, tag(of))
}

fn with(mut response: Response, tag: String) -> Response {
    response.headers_mut().extend(HeaderValue::try_from(tag).ok().map(|tag| (header::ETAG, tag)));
    response
}

/// A text that is another one whenever what is shown is.
fn tag(of: &impl Serialize) -> String {
    tag_of(&serde_json::to_vec(of).unwrap_or_default())
}

fn tag_of(written: &[u8]) -> String {
    let hash = Sha256::digest(written);
    let number = u128::from_be_bytes(std::array::from_fn(|at| hash[at]));
    format!("\"{number:032x}\"")
}

/// The header `If-Match`: what the client saw before it changed something.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let given = parts.headers.get(header::IF_MATCH).map(|given| given.to_str().map(str::to_owned));
        given.transpose().map(Self).map_err(|_| Refusal::invalid("If-Match is not a list of tags"))
    }
}

impl IfMatch {
    /// What has to be there still, known by what is shown of it; nothing where the client does not say what it saw.
    pub fn still<T, W: Serialize>(&self, shown: impl Fn(&T) -> W + Send + Sync + 'static) -> Option<Still<T>> {
        let seen = self.0.clone()?;
        Some(Still::new(move |there| {
            let there = tag(&shown(there));
            seen.split(',').map(str::trim).any(|seen| seen == "*" || seen == there)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_goes_through_where_the_client_saw_what_is_there() {
        let still = |seen: Option<&str>| IfMatch(seen.map(str::to_owned)).still(|there: &&str| *there);
        let check = |seen: &str| still(Some(seen)).unwrap().check(&"now").is_ok();
        let now = tag(&"now");
        assert!(still(None).is_none() && check("*") && check(&now));
        assert!(check(&format!("{}, {now}", tag(&"before"))));
        let bare = now.trim_matches('"').to_owned();
        for other in [tag(&"before"), String::new(), bare, format!("W/{now}")] {
            assert!(!check(&other), "{other}");
        }
    }
}
