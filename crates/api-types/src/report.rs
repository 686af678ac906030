//! Reports and exports on the wire (E5, E8).

use serde::{Deserialize, Serialize};

use crate::{Entry, EntryTask};

/// What time adds up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// What its groups are, and those within them: one or two of `task`, `person`, `client`, `project`, `day`, `week`, `month`,
    /// `tag` and `billable`.
    pub by: Vec<String>,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The zone that days such as `today` were read in. Each entry counts on the days of its own (E5).
    pub timezone: String,
    /// The day that weeks begin on.
    pub week_start: String,
    /// All of it.
    pub seconds: i64,
    /// What is billable of it.
    pub billable_seconds: i64,
    /// What is on tasks that are archived now.
    pub archived_seconds: i64,
    /// All of the days before: of the month before for a month, else of as many days.
    pub before_seconds: i64,
    /// How many people have some of it.
    pub people: u32,
    /// How many days have some of it.
    pub days: u32,
    /// By what was asked for: tasks in the order of the tree, people and tags by name, days as they go by.
    pub groups: Vec<ReportGroup>,
}

/// A group of a report. It has the field of what it is about; none is "No task", no client or project, or no tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportGroup {
    /// The task, client or project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<EntryTask>,
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<ReportPerson>,
    /// The first day of a day, week or month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The tag. What has several counts under each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Billable or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billable: Option<bool>,
    /// How deep a task is in its tree; 1 for everything else.
    pub level: u32,
    /// What is on it itself; of a task, without what is on those below.
    pub own_seconds: i64,
    /// What is on it, and on what is below it.
    pub seconds: i64,
    /// What is billable of that.
    pub billable_seconds: i64,
    /// Its share in tenths of a percent of everything. Groups of a level add up to what they are part of; a task has what those
    /// below it have and what is its own.
    pub share: u32,
    /// The same told apart further.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub groups: Vec<ReportGroup>,
}

/// Whose time it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportPerson {
    /// Their number.
    pub id: i64,
    /// What they are called.
    pub name: String,
}

/// An entry to take away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportedEntry {
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// What its person is called.
    pub person: String,
    /// Their address.
    pub email: String,
    /// How much of it falls on the days that were asked for: what a report over them counts.
    pub counted_seconds: i64,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportWhat {
    /// Entry by entry.
    #[default]
    Entries,
    /// What they add up to.
    Report,
}

impl ExportWhat {
    /// The word for it in a query.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Report => "report",
        }
    }
}

/// As what kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// A table of texts.
    #[default]
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// What programs read.
    Json,
}

impl ExportFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Json];

    /// The word for it in a query, and the end of a file's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// The media type of such a file.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
        }
    }
}
