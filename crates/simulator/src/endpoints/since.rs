//! `since`: what was made, changed or deleted from an instant on.

use chrono::{DateTime, TimeDelta, Utc};

use super::Context;
use crate::answer::Refusal;

impl Context<'_> {
    /// The instant of `since`, which reaches back ninety days.
    pub(super) fn since(&self) -> Result<Option<DateTime<Utc>>, Refusal> {
        let Some(text) = self.query.get("since") else { return Ok(None) };
        let refusal = || Refusal::bad_request("Since is expected to be an unix timestamp, integer value");
        let since = text.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0)).ok_or_else(refusal)?;
        if since < self.now - TimeDelta::days(90) {
            return Err(Refusal::bad_request("Since must not be more than three months ago"));
        }
        Ok(Some(since))
    }
}

/// Whether a row belongs in a list: without `since` when it is not deleted, with it when it changed since then.
pub(super) fn listed(since: Option<DateTime<Utc>>, at: DateTime<Utc>, deleted_at: Option<DateTime<Utc>>) -> bool {
    match since {
        None => deleted_at.is_none(),
        Some(since) => at >= since,
    }
}
