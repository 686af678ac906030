//! Ports to Tallyport's storage, and the suite that every backend passes.
//!
//! Small traits, each cut for its caller: [`SyncStore`] is all that a service which embeds the sync implements; the others serve
//! the use cases of the server and the terminal; [`Store`] is all of them. Each method is one atomic step with the account first
//! (A1); no transaction, connection or row leaves a backend. What to write is decided in `tallyport-domain`, so that two backends
//! can only differ in how they write it.
//!
//! # How to add a backend
//! Implement [`Store`], then run the suite of the feature `conformance` over a function that makes a fresh, empty store:
//! `store_conformance!(fresh)` expands to one test per behaviour. `Faulty` of the feature
//! `mock` makes any store fail on order, for the tests of callers.

mod changes;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
#[cfg(any(feature = "mock", feature = "conformance"))]
mod faulty;
mod integration;
mod invitations;
mod once;
mod outbox;
mod page;
mod people;
mod reports;
mod schedules;
mod sessions;
mod still;
mod sweep;
mod sync;
mod tags;
mod tasks;
mod time;

pub use changes::{Change, ChangeStore, Subject};
pub use error::{BoxError, Result, StoreError};
#[cfg(any(feature = "mock", feature = "conformance"))]
pub use faulty::{Faulty, Injected, Moment};
pub use integration::{Enable, Integration, IntegrationStore, KnownMember, Save, Saved, What, WorkspaceTasks};
pub use invitations::{InvitationStore, NewInvitation};
pub use once::{Answering, Done, Once, ReplayStore};
pub use outbox::{Mail, MailRow, MailSecrets, OutboxStore};
pub use page::{Listed, Page};
pub use people::{AccessRow, Account, Assigned, NewAccount, NewPerson, PeopleStore, PersonEdit};
pub use reports::{Axis, EntryPlace, ExportedEntry, Part, ReportStore, SumPlace, Summed, TimeFilter};
pub use schedules::{ScheduleStore, Scheduled};
pub use sessions::{
    Bearer, Credential, Credentials, Link, LinkFor, NewLink, NewSession, NewToken, Profile, ProfileChange, SessionRow,
    SessionStore, TokenRow,
};
pub use still::Still;
pub use sweep::{SweepStore, Swept};
pub use sync::{Application, BeginRun, Begun, Ended, Heartbeat, Held, Holder, Lease, SyncState, SyncStore};
pub use tags::{TagRow, TagStore};
pub use tasks::{Found, RunItem, StandingFact, TaskEdit, TaskFacts, TaskRow, TaskStore, Viewer, Wanted, Which};
pub use time::{Audited, By, DaySum, EntryRow, EntryTask, Filled, SheetRows, Step, TimeOn, TimeStore, Tracking};

/// Everything that a store can do.
pub trait Store:
    SyncStore
    + IntegrationStore
    + TaskStore
    + TimeStore
    + TagStore
    + ReportStore
    + PeopleStore
    + SessionStore
    + InvitationStore
    + OutboxStore
    + ScheduleStore
    + SweepStore
    + ChangeStore
    + ReplayStore
{
}

impl<T> Store for T where
    T: SyncStore
        + IntegrationStore
        + TaskStore
        + TimeStore
        + TagStore
        + ReportStore
        + PeopleStore
        + SessionStore
        + InvitationStore
        + OutboxStore
        + ScheduleStore
        + SweepStore
        + ChangeStore
        + ReplayStore
{
}
