//! Time on the wire: timers and entries (E1–E7).
//!
//! Whoever asks may give an instant, or a time as people type it in the zone that is meant: `9:05`, `yesterday 21:30` (E9).

use serde::{Deserialize, Serialize};

/// A timer, or the entry that it became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// Its number; a timer keeps it when it is stopped.
    pub id: i64,
    /// Whose time it is.
    pub person_id: i64,
    /// What it is for; nothing for "No task".
    pub task: Option<EntryTask>,
    /// When it begins.
    pub start: String,
    /// When it ends; nothing while it runs.
    pub end: Option<String>,
    /// How long it is; of a timer as of this answer.
    pub duration_seconds: i64,
    /// What somebody says about it.
    pub note: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether it is billable.
    pub billable: bool,
    /// The day that it is listed on, in its zone (E5).
    pub date: String,
    /// The zone that it was made in.
    pub timezone: String,
}

/// The task of an entry, as it is called now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryTask {
    /// Its number.
    pub id: i64,
    /// Its name; empty where Toggl's is (T5).
    pub name: String,
    /// The names from the root of its tree down to it.
    pub path: Vec<String>,
    /// Whether it is archived: no new time can start there (I9).
    pub archived: bool,
}

/// What runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Running {
    /// The timer, if one runs.
    pub timer: Option<Entry>,
    /// What the clock of the server shows, for a device to know how wrong its own is.
    pub now: String,
}

/// What was tracked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Last {
    /// The timer or entry, if there is one.
    pub entry: Option<Entry>,
}

/// What a start began and ended (E1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Started {
    /// The timer that runs now.
    pub timer: Option<Entry>,
    /// What came to be an entry at once, since another timer was started after it meanwhile (E7).
    pub entry: Option<Entry>,
    /// The timer that it ended.
    pub stopped: Option<Entry>,
    /// That it is not as it was asked for.
    pub notice: Option<Notice>,
}

/// What a stop ended (E7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stopped {
    /// The entry.
    pub entry: Entry,
    /// Whether it ended now; one that was stopped already stays as it is.
    pub changed: bool,
}

/// That time was saved on "No task", with the path in its note (E7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// `put_on_no_task`.
    pub kind: String,
    /// The task that it was meant for.
    pub task_id: i64,
    /// `archived`, `access_ended` or `unknown`.
    pub why: String,
}

/// A timer to start (E1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTimer {
    /// What it is for; nothing for "No task".
    #[serde(default, deserialize_with = "crate::whole::optional", skip_serializing_if = "Option::is_none")]
    pub task_id: Option<i64>,
    /// What there is to say about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::text::TagName>, max_items = 50))]
    pub tags: Vec<String>,
    /// Whether it is billable; as the task has it where this is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billable: Option<bool>,
    /// In which zone; the person's where it is left out (E5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// When, where it is not now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Moment>))]
    pub at: Option<String>,
    /// When the person did it, where a device tells it later (E7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Moment>))]
    pub done_at: Option<String>,
}

/// An entry to add (E2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewEntry {
    /// Whose time it is; one's own where it is left out.
    #[serde(default, deserialize_with = "crate::whole::optional", skip_serializing_if = "Option::is_none")]
    pub person_id: Option<i64>,
    /// What it is for; nothing for "No task".
    #[serde(default, deserialize_with = "crate::whole::optional", skip_serializing_if = "Option::is_none")]
    pub task_id: Option<i64>,
    /// What there is to say about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::text::TagName>, max_items = 50))]
    pub tags: Vec<String>,
    /// Whether it is billable; as the task has it where this is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billable: Option<bool>,
    /// In which zone; the person's where it is left out (E5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// From when; with `end`, in place of a day and a duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Moment>))]
    pub start: Option<String>,
    /// To when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Moment>))]
    pub end: Option<String>,
    /// On which day; with `duration`, in place of times: it goes where there is room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Date>))]
    pub date: Option<String>,
    /// How long it is: `1:30`, `45m` (E9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Duration>))]
    pub duration: Option<String>,
    /// Whether a timer of a device counted it, without a connection; else somebody typed it (E7).
    #[serde(default)]
    pub counted: bool,
    /// When the person did it, where a device tells it later (E7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Moment>))]
    pub done_at: Option<String>,
}

/// What to change of a timer or an entry: just what is given (E3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EntryChange {
    /// Another task, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskChoice>,
    /// What there is to say about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// All of its tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<crate::text::TagName>>, max_items = 50))]
    pub tags: Option<Vec<String>>,
    /// Whether it is billable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billable: Option<bool>,
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Moment>))]
    pub start: Option<String>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Moment>))]
    pub end: Option<String>,
    /// How long it is, in place of one of its ends: `1:30`, `45m`, `+15` (E9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Adjustment>))]
    pub duration: Option<String>,
}

/// What an entry is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TaskChoice {
    /// The task; nothing for "No task".
    #[serde(default, deserialize_with = "crate::whole::optional")]
    pub id: Option<i64>,
}

/// Entries to change at once: all of them or none (E3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EntriesChange {
    /// Which ones, at most 500.
    #[serde(deserialize_with = "crate::whole::list")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub entries: Vec<i64>,
    /// What to change; no times.
    pub change: EntryChange,
}

/// Entries to delete at once: all of them or none (E3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EntriesChoice {
    /// Which ones, at most 500.
    #[serde(deserialize_with = "crate::whole::list")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub entries: Vec<i64>,
}

/// A step to take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StepChoice {
    /// Its number, as the answer to it said.
    #[serde(deserialize_with = "crate::whole::number")]
    pub step: i64,
}

/// What was done at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// Its number, to take it back with `POST entries/undo`; nothing where nothing was changed.
    pub step: Option<i64>,
    /// The entries as they are now; what was deleted as it was.
    pub entries: Vec<Entry>,
}

/// One thing that was done to a timer or an entry (E3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryStep {
    /// Who did it.
    pub by: i64,
    /// When.
    pub at: String,
    /// What it was before; nothing where it was made.
    pub before: Option<EntryState>,
    /// What it was after; nothing where it was deleted.
    pub after: Option<EntryState>,
}

/// What a timer or an entry was at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryState {
    /// What it was for.
    pub task_id: Option<i64>,
    /// When it began.
    pub start: String,
    /// When it ended; nothing while it ran.
    pub end: Option<String>,
    /// What was said about it.
    pub note: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether it was billable.
    pub billable: bool,
}
