//! What texts in requests may be, for the document of the API: nothing here is read or written.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! texts {
    ($($(#[doc = $about:literal])+ $name:ident $shortest:literal..=$longest:literal, $pattern:expr;)*) => {$(
        $(#[doc = $about])+
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let about = concat!($($about),+).trim();
                let text = ObjectBuilder::new().schema_type(Type::String).description(Some(about));
                text.min_length(Some($shortest)).max_length(Some($longest)).pattern($pattern).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

/// One line with something to see on it; blanks around it are not looked at.
const LINE: &str = r"^\s*[^\s\u0000-\u001f\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f])?\s*$";

/// A day of the calendar that time is tracked in.
macro_rules! day {
    () => {
        "(today|yesterday|(19[7-9][0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))"
    };
}

texts! {
    /// A name: one line with something to see on it, of at most 4096 bytes.
    Name 1..=4096, Some(LINE);
    /// An email address.
    Email 3..=254, Some(r"^\s*[^\s@\u0000-\u001f\u007f-\u009f]+@[^\s@\u0000-\u001f\u007f-\u009f]+\s*$");
    /// A password, of at most 1024 bytes; those that are guessed first are refused.
    Password 8..=1024, None::<&str>;
    /// The last part of a link, or the code that a server printed; its end is a check of the rest.
    Secret 41..=64, Some(r"^\s*tp[a-z]_[0-9A-Za-z]{30}_[0-9A-Za-z]{6}\s*$");
    /// A token of Toggl's.
    TogglToken 1..=4096, Some(LINE);
    /// The id of a workspace in Toggl.
    WorkspaceId 1..=18, Some(r"^[1-9][0-9]*$");
    /// What somebody may do.
    Role 6..=13, Some(r"^(administrator|manager|member)$");
    /// What a token may do.
    Scope 4..=6, Some(r"^(read|track|manage|admin)$");
    /// A day of the week; nothing takes the account's.
    Day 0..=9, Some(r"^(|monday|tuesday|wednesday|thursday|friday|saturday|sunday)$");
    /// What becomes of private projects.
    Private 4..=9, Some(r"^(keep|leave-out)$");
    /// How often: from 15 minutes to 7 days, or not at all.
    Schedule 2..=6, Some(r"^(off|(1[5-9]|[2-9][0-9]|[1-9][0-9]{2,3}|100[0-7][0-9]|10080)m|([1-9][0-9]?|1[0-5][0-9]|16[0-8])h|[1-7]d)$");
    /// A day: `2026-11-26`, `today`, `yesterday`.
    Date 5..=10, Some(concat!("^", day!(), "$"));
    /// An instant as programs write it, or a time of the day as people type it, without an offset in the zone that is meant. Of `9`,
    /// `9:30`, `930`, `9:30pm` and `21.30` this pattern has the first two.
    Moment 1..=40, Some(concat!("^(", day!(), "[T ])?([01]?[0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9])?)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?$"));
    /// How long something is, as people type it, up to 24 hours: `1:30`, `45m`, `1h30m`, `1.5h`.
    Duration 2..=40, Some(r"^(([01]?[0-9]|2[0-3]):[0-5][0-9]|[1-9][0-9]?h|[1-9][0-9]{0,2}m|1?[0-9]h[0-5]?[0-9]m|[1-9](\.[0-9])?h)$");
    /// The same, or how much more or less there is to be: `+15`, `-0:10`.
    Adjustment 2..=40, Some(r"^[+-]?([01]?[0-9]|2[0-3]):[0-5][0-9]$");
    /// What is typed into a cell: a duration, how much more or less, `=8` to fill the day, nothing to clear it.
    Typed 0..=40, Some(r"^([+=-]?(([01]?[0-9]|2[0-3]):[0-5][0-9]|[0-9]{1,2}))?$");
    /// A tag: one line with something to see on it, of at most 128 bytes.
    TagName 1..=128, Some(LINE);
}
