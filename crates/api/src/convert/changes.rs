//! Live changes.

use tallyport_api_types as wire;
use tallyport_app::Seen;

use super::instant;

pub(crate) fn seen(seen: &Seen) -> wire::Change {
    let Seen { subject, id, by, at, .. } = *seen;
    wire::Change { subject: subject.to_owned(), id, by: by.map(|person| person.0), at: instant(at) }
}
