//! Which code an error has, from which HTTP status and exit code follow.

use tallyport_api_types::Code;
use tallyport_domain::time::Refusal;
use tallyport_storage::StoreError;

use super::Error;

impl Error {
    /// The name of this error in every interface; status and exit code follow from it.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::SignInRequired => Code::SignInRequired,
            Self::SignInRefused => Code::SignInRefused,
            Self::WrongPassword => Code::WrongPassword,
            Self::AccountNeeded => Code::AccountNeeded,
            Self::SetUpCodeWrong => Code::SetUpCodeWrong,
            Self::Secret(_) => Code::InvalidSecret,
            Self::LinkDead | Self::InvitationOver(_) => Code::LinkDead,
            Self::NoMail => Code::NoMail,
            Self::InFlight => Code::InFlight,
            Self::AdministratorRequired(_) => Code::AdministratorRequired,
            Self::ManagerRequired(_) => Code::ManagerRequired,
            Self::ScopeRequired { .. } => Code::ScopeRequired,
            Self::NotFound(_) | Self::UnknownPeople(_) => Code::NotFound,
            Self::ImportedReadOnly { .. } => Code::ImportedReadOnly,
            Self::Time(refusal) => refusal_code(refusal),
            Self::OfEntry { error, .. } => error.code(),
            Self::When(_) => Code::InvalidTime,
            Self::Tag(_) => Code::InvalidTag,
            Self::Invalid(_) => Code::InvalidRequest,
            Self::Email(_) => Code::InvalidEmail,
            Self::Name(_) => Code::InvalidName,
            Self::Zone(_) => Code::InvalidZone,
            Self::Password(_) => Code::InvalidPassword,
            Self::AccountExists(_) => Code::AccountExists,
            Self::PersonInactive(_) => Code::PersonInactive,
            Self::AccessInherited { .. } => Code::AccessInherited,
            Self::NotAssigned { .. } => Code::NotAssigned,
            Self::ConfirmationNeeded { .. } => Code::ConfirmationNeeded,
            Self::UnknownWorkspace { .. } => Code::UnknownWorkspace,
            Self::AlreadyEnabled => Code::AlreadyEnabled,
            Self::NotEnabled { .. } => Code::NotEnabled,
            Self::OwnerInactive { .. } => Code::OwnerInactive,
            Self::StoredTokenRejected => Code::TokenRejected,
            Self::TokenNotYours { .. } => Code::TokenNotYours,
            Self::TokenMissing => Code::TokenMissing,
            Self::Key(_) | Self::AnswerLost => Code::KeyMissing,
            Self::RunUnderWay(_) => Code::RunUnderWay,
            Self::RunNotHeld { .. } => Code::RunNotHeld,
            Self::TooManyTries { .. } | Self::TooManyStreams(_) => Code::TooManyTries,
            Self::Busy => Code::Overloaded,
            Self::GivenToken(source) | Self::Source(source) => Code::parse(tallyport_sync::source_error_code(source)),
            Self::Store(store) => store_code(store),
            Self::RunLost { code, .. } => *code,
            Self::Internal => Code::Internal,
        }
    }
}

fn refusal_code(refusal: &Refusal) -> Code {
    match refusal {
        Refusal::NoEntry | Refusal::NoTask | Refusal::NoStep => Code::NotFound,
        Refusal::NotAssigned => Code::NoAccess,
        Refusal::Archived => Code::TaskArchived,
        Refusal::EndBeforeStart => Code::EndBeforeStart,
        Refusal::TooLong => Code::EntryTooLong,
        Refusal::Ahead { .. } => Code::AheadOfClock,
        Refusal::RunsSince { .. } => Code::TimerSince,
        Refusal::Running => Code::TimerRuns,
        Refusal::NoMoreTime => Code::NoMoreTime,
        Refusal::AcrossMidnight => Code::AcrossMidnight,
        Refusal::ChangedSince => Code::Changed,
        Refusal::BadLength(_) => Code::InvalidDuration,
        Refusal::OutOfCalendar(_) => Code::InvalidTime,
    }
}

/// The code of an error of a store, for use cases and for whoever opens one.
fn store_code(error: &StoreError) -> Code {
    match error {
        StoreError::NotFound(_) => Code::NotFound,
        StoreError::AccountExists => Code::AccountExists,
        StoreError::AlreadySetUp => Code::AlreadySetUp,
        StoreError::EmailTaken => Code::EmailTaken,
        StoreError::Invited(_) => Code::Invited,
        StoreError::NotOpen(_) => Code::InvitationClosed,
        StoreError::ReplayDiffers => Code::ReplayDiffers,
        StoreError::Changed => Code::Changed,
        StoreError::Refused(refusal) | StoreError::RefusedOne { refusal, .. } => refusal_code(refusal),
        StoreError::HasTime => Code::TaskHasTime,
        StoreError::TagExists => Code::TagExists,
        StoreError::LastAdministrator => Code::LastAdministrator,
        StoreError::ImportedReadOnly => Code::ImportedReadOnly,
        StoreError::Cycle => Code::Cycle,
        StoreError::ParentArchived => Code::ParentArchived,
        StoreError::PersonInactive => Code::PersonInactive,
        StoreError::Unassign(_) => Code::NotAssigned,
        StoreError::Integration { enabled: true } => Code::AlreadyEnabled,
        StoreError::Integration { enabled: false } => Code::NotEnabled,
        StoreError::RunUnderWay(_) => Code::RunUnderWay,
        StoreError::RunIs { .. } => Code::RunNotHeld,
        StoreError::Fenced(_) => Code::Cancelled,
        StoreError::Stale | StoreError::Busy(_) => Code::Busy,
        StoreError::Full(_) => Code::StorageFull,
        StoreError::Corrupt(_) => Code::DatabaseCorrupt,
        StoreError::Unusable { .. } => Code::DatabaseUnusable,
        StoreError::Unknown(_) => Code::OutcomeUnknown,
        _ => Code::Internal,
    }
}
