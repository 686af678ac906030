//! What texts in requests may be, for the document of the API: nothing here is read or written.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! texts {
    ($($(#[doc = $about:literal])+ $name:ident $shortest:literal..=$longest:literal, $pattern:expr;)*) => {$(
        $(#[doc = $about])+
        pub(crate) enum $name {}

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
}
