//! When a sync is due by itself (I4).

use chrono::{DateTime, Utc};
use tallyport_domain::{Run, Settings};

/// When the next scheduled run is due, after the account's last one; nothing while the schedule is off.
///
/// A run of any kind and outcome counts: one that failed or was held minutes ago is not repeated before its time. What a stop of
/// its process cut off is made up for at once.
#[must_use]
pub fn due_at(settings: &Settings, last: Option<&Run>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let every = settings.schedule?;
    Some(last.filter(|run| !run.was_cut_off()).map_or(now, |run| every.due_after(run.started_at, now)))
}
