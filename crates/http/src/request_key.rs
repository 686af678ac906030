//! The key with which a client marks a request that may come twice (E7).

use axum::extract::{FromRequestParts, OriginalUri};
use http::HeaderValue;
use http::request::Parts;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::Refusal;

/// The longest key.
const LONGEST: usize = 255;

/// The header `Idempotency-Key`, with what else tells the request from others.
#[derive(Debug, Clone)]
pub struct RequestKey {
    key: Option<String>,
    request: String,
}

impl<S: Send + Sync> FromRequestParts<S> for RequestKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let bad = || Refusal::invalid(format!("an Idempotency-Key has 1 to {LONGEST} visible ASCII characters"));
        let read = |given: &HeaderValue| {
            let key = given
                .to_str()
                .ok()
                .filter(|key| (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
            key.map(str::to_owned).ok_or_else(bad)
        };
        let key = parts.headers.get("idempotency-key").map(read).transpose()?;
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
        Ok(Self { key, request: format!("{} {uri}\n", parts.method) })
    }
}

impl RequestKey {
    /// The key, and a hash of method, path and this body; nothing where the request has no key.
    pub fn of(&self, body: &impl Serialize) -> Option<(String, [u8; 32])> {
        let key = self.key.clone()?;
        let body = serde_json::to_vec(body).unwrap_or_default();
        let hash = Sha256::new().chain_update(self.request.as_bytes()).chain_update(body).finalize();
        Some((key, hash.into()))
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    async fn read(key: Option<&[u8]>, path: &str) -> Result<RequestKey, Refusal> {
        let request = Request::post(path);
        let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
        RequestKey::from_request_parts(&mut request.body(()).unwrap().into_parts().0, &()).await
    }

    #[tokio::test] // E7
    async fn a_key_goes_with_method_path_and_body() {
        let of = async |path, body: &str| read(Some(b"k"), path).await.unwrap().of(&body).unwrap();
        let first = of("/tasks", "one").await;
        assert_eq!(first.0, "k");
        assert_eq!(first, of("/tasks", "one").await);
        assert_ne!(first, of("/tasks", "two").await);
        assert_ne!(first, of("/people", "one").await);
        assert!(read(None, "/tasks").await.unwrap().of(&"one").is_none());
        assert!(read(Some(&[b'k'; 255]), "/tasks").await.is_ok());
        for wrong in [&b""[..], b"a b", &[b'k'; 256], "é".as_bytes()] {
            assert!(read(Some(wrong), "/tasks").await.is_err());
        }
    }
}
