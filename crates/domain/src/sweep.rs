//! How long what has had its day is kept. What people look at (people, tasks, hours, runs, invitations, tokens) stays for good.

use chrono::TimeDelta;

/// The answer to a request with a key, for whoever asks again (E7).
pub const ANSWERS_KEPT: TimeDelta = TimeDelta::days(30);
/// A mail that left.
pub const SENT_MAIL_KEPT: TimeDelta = TimeDelta::days(30);
/// A mail that did not leave or is only possibly sent. What it was about is over by then, or on record by itself; the mail of an
/// invitation stays as long as that is open.
pub const TROUBLED_MAIL_KEPT: TimeDelta = TimeDelta::days(90);
/// A link that nobody used, after its end; one that no mail brought, after it was made.
pub const DEAD_LINKS_KEPT: TimeDelta = TimeDelta::days(7);
