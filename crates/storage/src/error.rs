//! What can go wrong in a store.

use tallyport_domain::{Email, EntryId, NothingToUnassign, Outcome, RunId};

/// An error of a store. Nothing was changed, unless it is [`StoreError::Unknown`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A named thing that the command needs is not in this account (A1).
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Another account has this name already, whatever the case (A3).
    #[error("there is an account of this name already")]
    AccountExists,
    /// There is an account already: the store is set up (A3).
    #[error("there is an account already")]
    AlreadySetUp,
    /// The email belongs to somebody in the account already (A6).
    #[error("somebody in the account has this email already")]
    EmailTaken,
    /// The address has an open invitation already (N1).
    #[error("{0} is invited already")]
    Invited(Email),
    /// The invitation was accepted, revoked, or has expired (N2).
    #[error("the invitation is {0}")]
    NotOpen(&'static str),
    /// The key of a repeated request was used for another one (E7).
    #[error("the key was used for another request")]
    ReplayDiffers,
    /// What was to be changed is not as it was seen.
    #[error("somebody else changed this meanwhile")]
    Changed,
    /// Time is not tracked as it was asked for (E1–E7).
    #[error(transparent)]
    Refused(tallyport_domain::time::Refusal),
    /// The same of one of several that were to be changed at once.
    #[error("{refusal}")]
    RefusedOne {
        /// Which one.
        entry: EntryId,
        /// Why.
        refusal: tallyport_domain::time::Refusal,
    },
    /// Another tag is called that.
    #[error("there is another tag of this name")]
    TagExists,
    /// Somebody tracked time on the task or below it (T2).
    #[error("there is time on the task")]
    HasTime,
    /// The account would be left without an active administrator (A5).
    #[error("this is the last active administrator")]
    LastAdministrator,
    /// The structure of imported tasks is read-only (T3).
    #[error("the task is imported")]
    ImportedReadOnly,
    /// A task would hang under itself (T2).
    #[error("a task cannot hang under itself")]
    Cycle,
    /// The parent is archived (T2).
    #[error("the task above is archived")]
    ParentArchived,
    /// A deactivated person cannot be given a task.
    #[error("the person is deactivated")]
    PersonInactive,
    /// There is no assignment to take away on that very task (P5).
    #[error("there is no assignment on this task")]
    Unassign(NothingToUnassign),
    /// The integration is not in the state that this needs, enabled already or not enabled (I2, I15).
    #[error("the integration is {}", if *.enabled { "enabled already" } else { "not enabled" })]
    Integration {
        /// Whether it is enabled.
        enabled: bool,
    },
    /// A run is under way (I11).
    #[error("run {0} is under way")]
    RunUnderWay(RunId),
    /// The run is not in the outcome that this needs.
    #[error("run {run} is {}", outcome.as_str())]
    RunIs {
        /// Which run.
        run: RunId,
        /// What it is.
        outcome: Outcome,
    },
    /// The run no longer holds its lease: it was cancelled, or another process took over (I11).
    #[error("run {0} was ended by somebody else")]
    Fenced(RunId),
    /// The tree or the people changed since the plan was made; plan again.
    #[error("the tree changed while the plan was made")]
    Stale,
    /// The file is locked by another process for longer than we wait, or the writer has too much to do.
    #[error("the database is busy")]
    Busy(#[source] BoxError),
    /// The disk is full; nothing changed, and it works again once there is room.
    #[error("the disk is full")]
    Full(#[source] BoxError),
    /// The database is damaged.
    #[error("the database is damaged")]
    Corrupt(#[source] BoxError),
    /// The database cannot be opened or is none of ours.
    #[error("{problem}")]
    Unusable {
        /// What is wrong, with the name of the file.
        problem: String,
        /// What to do about it, as a sentence.
        advice: String,
    },
    /// Whether the change was saved is not known (an I/O error while saving).
    #[error("it is not known whether the change was saved")]
    Unknown(#[source] BoxError),
    /// Anything else; a fault of ours or of the machine.
    #[error("the database failed")]
    Failed(#[source] BoxError),
}

/// The cause of an error, whatever a backend has.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What a store answers.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
