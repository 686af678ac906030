//! What Tallyport's REST API says and hears: the wire types that API, client and terminal share.
//!
//! Ids of ours are integers, ids of Toggl are strings, instants are RFC 3339 in UTC. Answers may gain fields; requests refuse
//! fields they do not know, so that a slip of the pen is not taken for a wish.

/// `Debug` of what may hold a secret: all of it but that.
macro_rules! hiding {
    ($secret:ident of $type:ident but $($field:ident),*) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let Self { $secret: _, $($field),* } = self;
                f.debug_struct(stringify!($type))$(.field(stringify!($field), $field))*.finish_non_exhaustive()
            }
        }
    };
}

mod assignment;
mod code;
mod event;
mod integration;
mod invitation;
mod person;
mod preview;
mod problem;
mod report;
mod run;
mod session;
mod tag;
mod task;
#[cfg(feature = "openapi")]
pub mod text;
mod time;
mod timesheet;
mod whole;

pub use assignment::{Access, Adopted, Assignment, AssignmentsChange, TaskRef, Via};
pub use code::Code;
pub use event::Change;
pub use integration::{
    ApiToken, EnabledStatus, Imported, Member, OptionalApiToken, Quota, Selection, SelectionChange, Settings, SettingsChange,
    Status, TogglUser, Workspace,
};
pub use invitation::{Acceptance, Invitation, Invite, Invited, Joined, Resend, TroubledMail};
pub use person::{Confirmation, NewPerson, Person, PersonChange, PersonRef};
pub use preview::{Item, Preview, PreviewRequest, PrivateProject};
pub use problem::Problem;
pub use report::{ExportFormat, ExportWhat, ExportedEntry, Report, ReportGroup, ReportPerson};
pub use run::{ListProof, Progress, Run, RunChange, RunDetail, RunError, StartRun, Warning};
pub use session::{
    AccountRef, HandedLink, LinkSecret, Me, MeChange, NewEmail, NewToken, PasswordChange, Reset, ResetRequest, Session, SetUp,
    SetUpState, SignIn, SignedIn, Token,
};
pub use tag::{Tag, TagChange, TagMerge};
pub use task::{NewTask, Origin, ParentChange, Task, TaskChange, TaskState, Why, WhyReason};
pub use time::{
    EntriesChange, EntriesChoice, Entry, EntryChange, EntryState, EntryStep, EntryTask, Last, NewEntry, NewTimer, Notice,
    Running, Started, Step, StepChoice, Stopped, TaskChoice,
};
pub use timesheet::{CellText, Filled, Timesheet, TimesheetCell, TimesheetDay, TimesheetNotice, TimesheetRow};
