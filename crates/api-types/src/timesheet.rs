//! Sheets on the wire: a person's time by task and day (E2, E4, E5).

use serde::{Deserialize, Serialize};

use crate::{Entry, EntryTask};

/// A person's time by task and day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timesheet {
    /// Whose.
    pub person_id: i64,
    /// The zone of the days (E5).
    pub timezone: String,
    /// The first day of the person's week: `monday` to `sunday`.
    pub week_start: String,
    /// The days.
    pub days: Vec<TimesheetDay>,
    /// The tasks, in the order of their paths; "No task" first.
    pub rows: Vec<TimesheetRow>,
    /// All of it, without the timer.
    pub seconds: i64,
    /// The timer that runs.
    pub timer: Option<Entry>,
    /// What is to be looked at and was not changed (E4).
    pub notices: Vec<TimesheetNotice>,
}

/// A day of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimesheetDay {
    /// Which one.
    pub date: String,
    /// How long it is in its zone.
    pub length_seconds: i64,
    /// How much time is on it.
    pub seconds: i64,
}

/// A task of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimesheetRow {
    /// The task; nothing for "No task".
    pub task: Option<EntryTask>,
    /// Whether more time can be tracked there.
    pub trackable: bool,
    /// One for each day, in their order.
    pub cells: Vec<TimesheetCell>,
    /// All of them.
    pub seconds: i64,
}

/// A task on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimesheetCell {
    /// How much time.
    pub seconds: i64,
    /// Of how many entries.
    pub entries: i64,
}

/// What is pointed out and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimesheetNotice {
    /// `overlap` or `overlong`.
    pub kind: String,
    /// The entry or timer; of an overlap the one that began first.
    pub entry_id: i64,
    /// The other one of an overlap.
    pub other_id: Option<i64>,
    /// How much is counted twice, or how long it is.
    pub seconds: i64,
}

/// What was typed into a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CellText {
    /// Whose sheet; one's own where it is left out.
    #[serde(default, deserialize_with = "crate::whole::optional", skip_serializing_if = "Option::is_none")]
    pub person_id: Option<i64>,
    /// The row; nothing for "No task".
    #[serde(default, deserialize_with = "crate::whole::optional")]
    pub task_id: Option<i64>,
    /// The column.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Date))]
    pub date: String,
    /// The text: `1:30`, `+15`, `=8`, nothing to clear it (E9).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Typed))]
    pub text: String,
}

/// What a cell holds now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Filled {
    /// How much time.
    pub seconds: i64,
    /// The same in words: `1 h 30 min`.
    pub reading: String,
    /// How much time is on its day.
    pub day_seconds: i64,
    /// The step, to take it back with `POST entries/undo`; nothing where nothing was changed.
    pub step: Option<i64>,
}
