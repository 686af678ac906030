//! Types and rules of Tallyport: no I/O, no runtime, no system clock.
//!
//! Everything here is decided from what is passed in. Stores write what this crate decided, sources read what it asks for
//! through the port [`Source`], and time and chance come in through [`Clock`] and [`Random`].
//!
//! The heart is [`plan::plan`]: a pure function from the tree as it is and a complete snapshot of the source to the changes
//! that make the tree mirror the source.

pub mod access;
mod archive;
mod assignment;
mod clock;
mod email;
mod ids;
mod integration;
mod invitation;
mod mail;
pub mod matching;
mod name;
mod person;
mod place;
pub mod plan;
mod run;
mod scope;
mod secret;
mod selection;
mod session;
mod snapshot;
mod source;
mod sweep;
mod task;
mod telling;
pub mod time;
mod zone;

pub use archive::{Archived, Reason};
pub use assignment::{Grant, NothingToUnassign, Rematch, Standing};
pub use clock::{Clock, Random};
pub use email::{BadEmail, Email};
pub use ids::{AccountId, EntryId, ExternalId, InvitationId, MailId, PersonId, RunId, SessionId, TagId, TaskId, TokenId};
pub use integration::{Fate, State};
pub use invitation::{Invitation, InvitationState};
pub use mail::{ABANDONED_AFTER, Letter, MailKind, MailState, Mailer, Posted, furthest_due, next_try};
pub use matching::{Roster, RosterPerson};
pub use name::{BadName, Name, SortKey, search_key};
pub use person::{Person, Role, is_last_administrator};
pub use place::Place;
pub use run::{Outcome, Run, RunError, Trigger};
pub use scope::Scope;
pub use secret::{BadSecret, Secret, SecretHash, SecretKind};
pub use selection::{BadEvery, Every, PrivateProjects, Selection, Settings, SettingsChange};
pub use session::{
    EMAIL_LINK_LASTS, INVITATION_LASTS, RESET_LASTS, SESSION_IDLE, SESSION_LONGEST, USE_NOTED_EVERY, is_session_over,
    is_use_to_be_noted,
};
pub use snapshot::{
    Content, Member, Snapshot, SourceClient, SourceProject, SourceTask, SourceWorkspace, WorkspaceContent, WorkspaceSnapshot,
};
pub use source::{
    Impatient, Known, ListProof, Part, Parts, Proof, Quota, ReadProgress, ReadRequest, Reading, Source, SourceError, SourceUser,
    WaitFor,
};
pub use sweep::{ANSWERS_KEPT, DEAD_LINKS_KEPT, SENT_MAIL_KEPT, TROUBLED_MAIL_KEPT};
pub use task::{Color, Identity, Kind, Origin, Task};
pub use telling::ScheduledRuns;
pub use zone::{BadZone, Zone};
