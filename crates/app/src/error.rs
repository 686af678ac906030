//! The one error of the use cases, with its code, hint and details.

use tallyport_api_types::Code;
use tallyport_domain::time::{BadTag, Refusal};
use tallyport_domain::{BadEmail, BadName, BadSecret, BadZone, EntryId, Outcome, Run, RunId, Scope, SourceError};
use tallyport_storage::StoreError;
use tallyport_sync::SyncError;

use crate::{BadPassword, KeyError};

mod code;

/// What can go wrong in a use case, in words for the person who asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody acts, or somebody who may not any more.
    #[error("nobody is signed in")]
    SignInRequired,
    /// Address, password or account are wrong; which of them is not told (A4).
    #[error("the address or the password is wrong")]
    SignInRefused,
    /// The password that somebody has now is another one.
    #[error("the current password is another one")]
    WrongPassword,
    /// There are several accounts, and none was named.
    #[error("this server holds several accounts")]
    AccountNeeded,
    /// The set-up code is another one (A3).
    #[error("this is not the set-up code of this server")]
    SetUpCodeWrong,
    /// A text is no secret of ours.
    #[error(transparent)]
    Secret(#[from] BadSecret),
    /// A link was used, replaced or taken back, or has expired (A7).
    #[error("this link does not work any more")]
    LinkDead,
    /// An invitation was accepted or revoked, or has expired (N2).
    #[error("this invitation {}", match *.0 { "accepted" => "was accepted already", "expired" => "has expired", _ => "was taken back" })]
    InvitationOver(&'static str),
    /// No mail leaves this server (A6).
    #[error("this server sends no mail, so no link can prove the address")]
    NoMail,
    /// It was tried too often (A4).
    #[error("that was tried too often; the next try is possible in {seconds} s")]
    TooManyTries {
        /// After how many seconds it may be tried again.
        seconds: u32,
    },
    /// What was answered the first time cannot be opened any more (E7).
    #[error("this was done before, but the key that opens its answer is gone")]
    AnswerLost,
    /// The same request is being answered (E7).
    #[error("a request with this key is being answered at this moment")]
    InFlight,
    /// Only administrators may do this (I1).
    #[error("only an administrator can {0}")]
    AdministratorRequired(&'static str),
    /// Only managers and administrators may do this (A2).
    #[error("only a manager or an administrator can {0}")]
    ManagerRequired(&'static str),
    /// The token may do less than this needs (A4).
    #[error("this token may {}, and this needs one that may {}", .scope.as_str(), .needed.as_str())]
    ScopeRequired {
        /// What it needs.
        needed: Scope,
        /// What the token may do.
        scope: Scope,
    },
    /// There is none, it is another account's, or it is not to be seen: all three read alike (A1).
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Nobody of the account has these addresses.
    #[error("nobody in this account has the email {}", .0.join(" or "))]
    UnknownPeople(Vec<String>),
    /// The structure of imported tasks is read-only (T3).
    #[error("\"{name}\" comes from Toggl and can only be changed there")]
    ImportedReadOnly {
        /// What it is called.
        name: String,
        /// Whether the one who asked could sync afterwards.
        administrator: bool,
    },
    /// Time is not tracked as it was asked for (E1–E7).
    #[error(transparent)]
    Time(Refusal),
    /// What is wrong with one of several entries.
    #[error("{error}")]
    OfEntry {
        /// Which one.
        entry: EntryId,
        /// What is wrong with it.
        error: Box<Self>,
    },
    /// A day or a time that is none (E5, E9).
    #[error("{0}")]
    When(String),
    /// A text that is no tag, or more of them than an entry can have (E2).
    #[error(transparent)]
    Tag(#[from] BadTag),
    /// A request that says too little, too much or nonsense.
    #[error("{0}")]
    Invalid(String),
    /// Not an email address.
    #[error(transparent)]
    Email(#[from] BadEmail),
    /// Not a name.
    #[error(transparent)]
    Name(#[from] BadName),
    /// Not a time zone.
    #[error(transparent)]
    Zone(#[from] BadZone),
    /// Not a password.
    #[error(transparent)]
    Password(#[from] BadPassword),
    /// The account's name is taken.
    #[error("there is an account called \"{0}\" already")]
    AccountExists(String),
    /// Somebody is deactivated and can be given nothing.
    #[error("{} is deactivated", .0.join(" and "))]
    PersonInactive(Vec<String>),
    /// Access comes from above and does not end here (P5).
    #[error("{person} has \"{task}\" through \"{giver}\"")]
    AccessInherited {
        /// Who.
        person: String,
        /// The path of the task that was named.
        task: String,
        /// The path of the task that gives it.
        giver: String,
    },
    /// There is nothing to take away.
    #[error("{person} is not assigned to \"{task}\"")]
    NotAssigned {
        /// Who.
        person: String,
        /// The path of the task that was named.
        task: String,
    },
    /// It needs a yes (I3, I17).
    #[error("{what}")]
    ConfirmationNeeded {
        /// What it would do.
        what: String,
        /// The same as a list.
        details: Vec<String>,
    },
    /// The token sees no such workspaces, and they were not selected before (I3).
    #[error("the token sees no workspace {}", unknown.join(" or "))]
    UnknownWorkspace {
        /// The ids that were named.
        unknown: Vec<String>,
        /// The workspaces there are.
        known: Vec<String>,
    },
    /// The integration is enabled already (I2).
    #[error("the Toggl integration is enabled already")]
    AlreadyEnabled,
    /// The integration is not enabled.
    #[error("the Toggl integration is {}", if *unlinked { "unlinked" } else { "not enabled" })]
    NotEnabled {
        /// Whether it once was.
        unlinked: bool,
    },
    /// The integration's owner is deactivated (I17).
    #[error("{owner}, who owns the Toggl integration, is deactivated")]
    OwnerInactive {
        /// Who owns it.
        owner: String,
    },
    /// Toggl rejected the stored token (I17).
    #[error("Toggl rejected the stored token")]
    StoredTokenRejected,
    /// The stored token serves its owner only (I16).
    #[error("the stored token is {owner}'s")]
    TokenNotYours {
        /// Whose it is.
        owner: String,
    },
    /// A token is needed and none came.
    #[error("a Toggl API token is needed")]
    TokenMissing,
    /// The stored token cannot be opened.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A run is under way (I11).
    #[error("{}", crate::wording::under_way(.0))]
    RunUnderWay(Box<Run>),
    /// The run is not held (I12).
    #[error("run {run} is not held, it is {}", outcome.as_str())]
    RunNotHeld {
        /// Which run.
        run: RunId,
        /// What it is.
        outcome: Outcome,
    },
    /// The person follows too many streams of live changes.
    #[error("{0} streams of one person are open, which is the most")]
    TooManyStreams(usize),
    /// Too many passwords are being hashed.
    #[error("too many passwords are being checked at this moment")]
    Busy,
    /// Toggl could not be asked with the token that was given just now (I2).
    #[error(transparent)]
    GivenToken(SourceError),
    /// Toggl could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store refused or failed.
    #[error(transparent)]
    Store(StoreError),
    /// A run is over, but the store could not take down how it ended.
    #[error("how the run ended could not be recorded: {message}")]
    RunLost {
        /// What kept the store from it.
        code: Code,
        /// The same in words.
        message: String,
    },
    /// A fault of ours.
    #[error("something went wrong that should not have")]
    Internal,
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::ImportedReadOnly { administrator: false, .. } => {
                "Ask an administrator to change it in Toggl and to sync.".to_owned()
            }
            Self::AccessInherited { giver, .. } => format!("Unassign them from \"{giver}\"; that ends it for all below it too."),
            Self::InvitationOver("accepted") => "Sign in with the address that it was sent to.".to_owned(),
            Self::AnswerLost => {
                "Bring the key file back; or see whether what was made is still wanted, and make another.".to_owned()
            }
            Self::Password(crate::BadPassword::Common) => "Take several words, or a sentence.".to_owned(),
            Self::NotEnabled { unlinked: true } => Code::OwnerInactive.hint().to_owned(),
            Self::UnknownPeople(_) => Code::UNKNOWN_PEOPLE.to_owned(),
            Self::GivenToken(SourceError::TokenRejected { .. }) => {
                "Copy the API token from the bottom of your Toggl Track profile page, and try again with that.".to_owned()
            }
            // A run says itself what it keeps; outside one nothing was read.
            Self::GivenToken(SourceError::QuotaSpent { .. }) | Self::Source(SourceError::QuotaSpent { .. }) => {
                "Try again then; nothing was changed.".to_owned()
            }
            Self::OfEntry { error, .. } => error.hint(),
            Self::Store(StoreError::Unusable { advice, .. }) => advice.clone(),
            Self::Key(key) => key.hint().unwrap_or(Code::KeyMissing.hint()).to_owned(),
            _ => self.code().hint().to_owned(),
        }
    }

    /// After how many seconds it may be tried again, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooManyTries { seconds } => Some(*seconds),
            Self::Busy | Self::InFlight | Self::Store(StoreError::Busy(_)) => Some(1),
            _ => None,
        }
    }

    /// What it is about, where a list says it best.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        match self {
            Self::ConfirmationNeeded { details, .. } | Self::UnknownWorkspace { known: details, .. } => details.clone(),
            Self::OfEntry { entry, .. } => vec![format!("entry {}", entry.0)],
            _ => Vec::new(),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::NotFound(what),
            StoreError::Refused(Refusal::NoEntry) => Self::NotFound("entry"),
            StoreError::Refused(Refusal::NoTask) => Self::NotFound("task"),
            StoreError::Refused(refusal) => Self::Time(refusal),
            StoreError::RefusedOne { entry, refusal } => {
                Self::OfEntry { entry, error: Box::new(StoreError::Refused(refusal).into()) }
            }
            StoreError::Integration { enabled: true } => Self::AlreadyEnabled,
            StoreError::Integration { enabled: false } => Self::NotEnabled { unlinked: false },
            StoreError::RunIs { run, outcome } => Self::RunNotHeld { run, outcome },
            other => Self::Store(other),
        }
    }
}

impl From<SyncError> for Error {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Store(store) => store.into(),
            SyncError::Source(source) => Self::Source(source),
            SyncError::UnderWay(run) => Self::RunUnderWay(run),
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_that_knows_better_than_its_code_names_no_command_either() {
        let file = || std::io::Error::other("no");
        let (path, cause) = ("key".to_owned(), file());
        let keys = [
            KeyError::Damaged,
            KeyError::Exposed(path.clone()),
            KeyError::Malformed(path.clone()),
            KeyError::File { path, doing: "read", cause },
        ];
        let others = [
            Error::AccessInherited { person: "Ana".to_owned(), task: "a".to_owned(), giver: "b".to_owned() },
            Error::AnswerLost,
            Error::GivenToken(SourceError::OtherProduct),
            Error::InvitationOver("accepted"),
            Error::NotEnabled { unlinked: true },
            Error::Password(BadPassword::Common),
            Error::UnknownPeople(vec!["a@b.example".to_owned()]),
        ];
        for error in keys.into_iter().map(Error::Key).chain(others) {
            let hint = error.hint();
            assert!(hint.ends_with('.') && !hint.contains('`') && !hint.contains("--"), "{error}: {hint}");
        }
    }
}
