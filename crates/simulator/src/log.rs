//! What was asked, for tests to look at afterwards.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One request, as it came and as it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRecord {
    /// Counted from 1.
    pub number: u64,
    /// When it came, by the simulator's clock.
    pub at: DateTime<Utc>,
    /// The method.
    pub method: String,
    /// The path below the base path, such as `/me`; the whole path where it lies elsewhere.
    pub path: String,
    /// The query as it came, without question mark.
    pub query: String,
    /// The status of the answer.
    pub status: u16,
    /// The first characters of the token, if there was one.
    pub token: Option<String>,
    /// The `User-Agent`.
    pub user_agent: Option<String>,
    /// The name of the first fault that struck it, if any did.
    pub fault: Option<String>,
}

impl RequestRecord {
    /// The path, and the query after a question mark where there is one.
    #[must_use]
    pub fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
}
