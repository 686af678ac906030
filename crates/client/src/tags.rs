//! `tags`: the tags of the account.

use http::Method;
use tallyport_api_types::{Tag, TagChange, TagMerge};

use crate::{Call, Client};

/// The methods on tags.
pub struct Tags<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Tags<'a> {
    /// `GET tags`: all of them, by name.
    pub fn list(&self) -> Call<'a, Vec<Tag>> {
        self.client.call(Method::GET, "tags")
    }

    /// `PATCH tags/{id}`: calls one something else, wherever it is.
    pub fn rename(&self, id: i64, name: &str) -> Call<'a, Tag> {
        self.client.call_with(Method::PATCH, &format!("tags/{id}"), &TagChange { name: name.to_owned() })
    }

    /// `POST tags/{id}/merge`: makes one of two; `into` stays.
    pub fn merge(&self, id: i64, into: i64) -> Call<'a, Tag> {
        self.client.call_with(Method::POST, &format!("tags/{id}/merge"), &TagMerge { into })
    }

    /// `DELETE tags/{id}`: takes one from whatever has it, and away.
    pub fn remove(&self, id: i64) -> Call<'a, ()> {
        self.client.call(Method::DELETE, &format!("tags/{id}"))
    }
}
