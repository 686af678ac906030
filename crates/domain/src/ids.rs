//! Identifiers: integers that count within their account, and the ids of the outside world.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// An account, the tenant (A1).
    AccountId
}
id! {
    /// A person, numbered within their account.
    PersonId
}
id! {
    /// A task, numbered within its account; it never changes, whatever Toggl renames or moves (I7).
    TaskId
}
id! {
    /// A sync run, numbered within its account (I14).
    RunId
}
id! {
    /// What the source calls a thing. Unique together with its [`Kind`](crate::Kind) (I7); Toggl's are positive and pass 2³¹.
    ExternalId
}
id! {
    /// A session, numbered within its account (A4).
    SessionId
}
id! {
    /// A personal API token, numbered within its account (A4).
    TokenId
}
id! {
    /// An invitation, numbered within its account (N2).
    InvitationId
}
id! {
    /// A mail, numbered within its account (N3).
    MailId
}
id! {
    /// A timer and the entry that it becomes, numbered within its account (E2).
    EntryId
}
id! {
    /// A tag, numbered within its account.
    TagId
}
