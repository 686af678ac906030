//! What can keep a sync from being started, and the codes under which a run records its failure.

use tallyport_domain::{Run, RunError, SourceError};
use tallyport_storage::StoreError;

/// A sync that could not be started or recorded. A run that fails while it is at work is no error: its record says why.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The source failed while a preview read it.
    #[error("the source could not be read")]
    Source(#[from] SourceError),
    /// Another run is at work (I11).
    #[error("run {} is under way", .0.id)]
    UnderWay(Box<Run>),
}

/// The word under which a run records this failure.
#[must_use]
pub fn source_error_code(error: &SourceError) -> &'static str {
    match error {
        SourceError::TokenRejected { .. } => "token_rejected",
        SourceError::OtherProduct => "other_product",
        SourceError::QuotaSpent { .. } => "quota_spent",
        SourceError::RateLimited { .. } => "rate_limited",
        SourceError::Unreachable { .. } => "toggl_unreachable",
        SourceError::Refused { .. } => "toggl_refused",
        SourceError::Retired { .. } => "toggl_retired",
        SourceError::Changed { .. } => "toggl_changed",
        // What a later version of the port adds is an answer that this one cannot make sense of.
        SourceError::Nonsense { .. } | _ => "toggl_nonsense",
    }
}

/// The word under which a run records that the store failed.
#[must_use]
pub fn store_error_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Busy(_) => "busy",
        StoreError::Full(_) => "storage_full",
        StoreError::Corrupt(_) => "database_corrupt",
        StoreError::Unusable { .. } => "database_unusable",
        StoreError::Unknown(_) => "outcome_unknown",
        _ => "internal",
    }
}

/// How a run records why the source could not be read (I14).
pub(crate) fn run_error(error: &SourceError) -> RunError {
    RunError { code: source_error_code(error).to_owned(), message: error.to_string() }
}

/// How a run records that the store failed (I14).
pub(crate) fn store_run_error(error: &StoreError) -> RunError {
    RunError { code: store_error_code(error).to_owned(), message: error.to_string() }
}
