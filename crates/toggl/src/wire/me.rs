use std::marker::PhantomData;

use serde::Deserialize;
use tallyport_domain::SourceUser;

use crate::decode::{self, Id, Text};

#[derive(Deserialize)]
struct Me {
    id: Id,
    email: Option<Text>,
    fullname: Option<Text>,
}

/// Reads `/me` (I2). The token that it repeats is not looked at.
pub(crate) fn me(body: &[u8]) -> Result<SourceUser, String> {
    let me = decode::document(body, PhantomData::<Me>)?;
    let text = |text: Option<Text>| text.unwrap_or_default().0.replace('\0', "\u{fffd}");
    Ok(SourceUser { id: me.id.into(), name: text(me.fullname), email: text(me.email) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I2
    fn somebody_is_read_whatever_else_is_said_of_them() {
        let body =
            br#"{"id":9000000001,"api_token":"secret","email":"ada@example.test","fullname":"Ada \ud800","new":{"a":[1]}}"#;
        let user = me(body).unwrap();
        assert_eq!((user.id.0, user.name.as_str(), user.email.as_str()), (9_000_000_001, "Ada \u{fffd}", "ada@example.test"));
        let bare = me(br#"{"id":1,"email":null}"#).unwrap();
        assert_eq!((bare.name.as_str(), bare.email.as_str()), ("", ""));
        for body in [&b"null"[..], b"{}", b"[]", br#"{"id":null}"#, br#"{"id":"1"}"#, b"", b"<html>"] {
            assert!(me(body).is_err());
        }
    }
}
