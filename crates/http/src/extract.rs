//! What handlers take from a request: strictly read, or refused with a problem.

use std::fmt;
use std::marker::PhantomData;

use axum::body::{Bytes, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use http::request::Parts;
use http::{HeaderMap, header};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use tallyport_api_types::Code;

use crate::problem::Refusal;

/// The largest body that is read.
const LARGEST: usize = 1 << 20;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        read(&json(request).await?).map(Self)
    }
}

/// A JSON body that may be left out.
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let headers = request.headers().clone();
        let body = bytes(request).await?;
        if body.is_empty() {
            return Ok(Self(T::default()));
        }
        is_json(&headers)?;
        read(&body).map(Self)
    }
}

/// A JSON body with a secret in it: what is wrong with it is told without quoting it.
pub struct SecretBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for SecretBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        read_secret(&json(request).await?).map(Self)
    }
}

/// One thing or a list of such things.
pub enum OneOrMany<T> {
    /// One.
    One(T),
    /// A list.
    Many(Vec<T>),
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for OneOrMany<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let body = json(request).await?;
        let is_list = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        if !is_list {
            return read_secret(&body).map(Self::One);
        }
        let many: Vec<Object<T>> = serde_json::from_slice(&body).map_err(|error| unexpected(&error))?;
        Ok(Self::Many(many.into_iter().map(|Object(one)| one).collect()))
    }
}

async fn json(request: Request) -> Result<Bytes, Refusal> {
    is_json(request.headers())?;
    bytes(request).await
}

async fn bytes(request: Request) -> Result<Bytes, Refusal> {
    // A body that breaks off has nobody left who would read the answer, so every error is the limit's.
    let read = to_bytes(request.into_body(), LARGEST).await;
    read.map_err(|_| Refusal::new(Code::BodyTooLarge, "the body has more than 1 MiB"))
}

fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(Refusal::invalid("the body must be JSON, with the content type application/json"))
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let read = serde_json::from_slice(body).map(|Object(read)| read);
    read.map_err(|error| Refusal::invalid(format!("the body cannot be read: {error}")))
}

fn read_secret<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map(|Object(read)| read).map_err(|error| unexpected(&error))
}

/// Where a body is wrong, without a word of what stands there.
fn unexpected(error: &serde_json::Error) -> Refusal {
    let (line, column) = (error.line(), error.column());
    Refusal::invalid(format!("the body is not what is expected here, at line {line} column {column}"))
}

/// A thing that is written as an object: left to itself, serde would take an array for one too, field by field.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }

        deserializer.deserialize_map(Fields(PhantomData)).map(Self)
    }
}

/// The query of the address.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(QueryRejection::FailedToDeserializeQueryString(error)) => {
                let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
                Err(Refusal::invalid(format!("the query cannot be read: {why}")))
            }
            Err(_) => Err(Refusal::invalid("the query cannot be read")),
        }
    }
}

/// The ids in the path, in their order.
///
/// Digits are an id, if a thing has it or not; anything else is no id and so a request that cannot be understood.
pub struct Ids<const N: usize>(pub [i64; N]);

impl<const N: usize, S: Send + Sync> FromRequestParts<S> for Ids<N> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let unreadable = || Refusal::invalid("the path cannot be read");
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| unreadable())?;
        let mut ids = [0; N];
        let mut texts = params.iter().map(|(_, text)| text);
        for id in &mut ids {
            *id = parse_id(texts.next().ok_or_else(unreadable)?)?;
        }
        Ok(Self(ids))
    }
}

fn parse_id(text: &str) -> Result<i64, Refusal> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Ids begin at 1 and no account has so many things, so 0 is one that nothing has.
        Ok(text.parse().unwrap_or(0))
    } else {
        let shown: String = text.chars().take(40).collect();
        Err(Refusal::invalid(format!("{shown:?} is not an id: ids are whole numbers")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_an_id_and_nothing_else_is() {
        assert_eq!(parse_id("7").unwrap(), 7);
        assert_eq!(parse_id("99999999999999999999999").unwrap(), 0);
        for text in ["", "-1", "+1", "1.0", "0x1", " 1", "١", "one"] {
            assert!(parse_id(text).is_err(), "{text:?}");
        }
    }

    #[test] // I2
    fn what_is_wrong_with_a_secret_is_told_without_it() {
        let refusal = read_secret::<tallyport_api_types::ApiToken>(b"\"sesame\"").unwrap_err();
        assert!(!format!("{refusal:?}").contains("sesame"), "{refusal:?}");
        let refusal = read_secret::<tallyport_api_types::ApiToken>(b"{\"sesame\":1}").unwrap_err();
        assert!(!format!("{refusal:?}").contains("sesame"), "{refusal:?}");
    }
}
