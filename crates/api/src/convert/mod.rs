//! From what the application says to what goes over the wire.

mod changes;
mod integration;
mod invitations;
mod people;
mod preview;
mod reports;
mod runs;
mod session;
mod tasks;
mod time;
mod timesheet;

use chrono::{DateTime, SecondsFormat, Utc};
use tallyport_domain::Name;

pub(crate) use changes::seen;
pub(crate) use integration::{Kept, kept, kept_of, member, picked, run_options, status, workspace};
pub(crate) use invitations::{invitation, joined, offer, troubled_mail};
pub(crate) use people::{access, assignments, person, person_ref, person_to_add};
pub(crate) use preview::preview;
pub(crate) use reports::{exported, report};
pub(crate) use runs::{change, lost, progress, run};
pub(crate) use session::{made_token, me, me_to_change, session, signed_in, token, token_to_make};
pub(crate) use tasks::{task, why};
pub(crate) use time::{
    added, entry, entry_ids, entry_place, entry_seen, entry_step, entry_to_add, entry_to_change, started, step, stopped,
    tagged_entry, timer_to_start,
};
pub(crate) use timesheet::{cell_to_fill, filled, tag, timesheet};

/// An instant in RFC 3339, always to the millisecond, so that texts sort as instants do.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn names(path: &[Name]) -> Vec<String> {
    path.iter().map(|name| name.as_str().to_owned()).collect()
}
