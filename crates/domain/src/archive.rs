//! Why and since when a task is archived (I8).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Why a task is on the list of archived tasks (I8, I15, T2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Archived in Toggl.
    ArchivedInToggl,
    /// A Toggl task that was marked done.
    DoneInToggl,
    /// Missing from a complete list that its workspace's administrator read.
    DeletedInToggl,
    /// Became a project template, on which nobody tracks time.
    TemplateInToggl,
    /// Its workspace is no longer selected here.
    Deselected,
    /// The token no longer sees it.
    NotVisible,
    /// A private project, while the settings leave those out (I21).
    LeftOut,
    /// Something above it is archived.
    ParentArchived,
    /// The integration was unlinked (I15).
    Unlinked,
    /// A native task archived by hand (T2).
    ArchivedHere,
}

impl Reason {
    /// Every reason, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::ArchivedInToggl,
        Self::DoneInToggl,
        Self::DeletedInToggl,
        Self::TemplateInToggl,
        Self::Deselected,
        Self::NotVisible,
        Self::LeftOut,
        Self::ParentArchived,
        Self::Unlinked,
        Self::ArchivedHere,
    ];

    /// The word for this reason in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ArchivedInToggl => "archived_in_toggl",
            Self::DoneInToggl => "done_in_toggl",
            Self::DeletedInToggl => "deleted_in_toggl",
            Self::TemplateInToggl => "template_in_toggl",
            Self::Deselected => "deselected",
            Self::NotVisible => "not_visible",
            Self::LeftOut => "left_out",
            Self::ParentArchived => "parent_archived",
            Self::Unlinked => "unlinked",
            Self::ArchivedHere => "archived_here",
        }
    }

    /// Reads the word of [`Reason::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    /// Whether the task has this reason of its own, so that it outlives the return of what is above it (I8).
    ///
    /// Unlinking is not one: it befalls the tree as a whole and ends with re-enabling (I16).
    #[must_use]
    pub fn is_own(self) -> bool {
        !matches!(self, Self::ParentArchived | Self::Unlinked)
    }
}

/// That a task is archived. The reason follows the latest sync, the time stays the first (I8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub at: DateTime<Utc>,
}
