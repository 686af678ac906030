//! What is asked for, and which allowance it counts against.

use std::fmt;

/// An hourly allowance of requests (I19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Bucket {
    /// The one of everything under `/me`.
    User,
    /// The one of this organization.
    Organization(i64),
    /// The one of this workspace's organization, whose number is not known.
    Workspace(i64),
}

/// One thing to ask for.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    /// Below the API's base.
    pub(crate) path: String,
    /// The query but for the page, as it is sent.
    pub(crate) query: String,
    /// Which page, where there are pages.
    pub(crate) page: Option<u32>,
    /// What it counts against.
    pub(crate) bucket: Bucket,
    /// Whether only some plans have it, so that 402 can mean that.
    pub(crate) paid: bool,
}

impl Endpoint {
    pub(crate) fn me() -> Self {
        Self { path: "/me".to_owned(), query: String::new(), page: None, bucket: Bucket::User, paid: false }
    }

    /// Path and query as they are sent.
    pub(crate) fn target(&self) -> String {
        let mut target = self.path.clone();
        let page = self.page.map(|page| format!("page={page}"));
        for (place, part) in [Some(self.query.clone()), page].into_iter().flatten().filter(|part| !part.is_empty()).enumerate() {
            target.push(if place == 0 { '?' } else { '&' });
            target.push_str(&part);
        }
        target
    }

    /// Whether it is about the person who asks, so that a refusal can only be about the token.
    pub(crate) fn is_personal(&self) -> bool {
        self.bucket == Bucket::User
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "GET {}", self.path)?;
        match self.page {
            Some(page) => write!(formatter, ", page {page}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_have_their_page_last() {
        let mut endpoint = Endpoint { page: Some(2), query: "active=both".to_owned(), ..Endpoint::me() };
        assert_eq!(endpoint.target(), "/me?active=both&page=2");
        assert_eq!(endpoint.to_string(), "GET /me, page 2");
        endpoint.query.clear();
        assert_eq!(endpoint.target(), "/me?page=2");
        assert_eq!(Endpoint::me().target(), "/me");
    }
}
