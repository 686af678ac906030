//! Which workspaces an account mirrors, and how (I3, I4, I21).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::ExternalId;

/// The workspaces that the administrator picked (I3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Those of today and of later.
    All,
    /// Just these; possibly none.
    Only(BTreeSet<ExternalId>),
}

impl Selection {
    /// What an account has before anybody picked.
    #[must_use]
    pub fn none() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// Whether this workspace is mirrored.
    #[must_use]
    pub fn holds(&self, workspace: ExternalId) -> bool {
        match self {
            Self::All => true,
            Self::Only(picked) => picked.contains(&workspace),
        }
    }
}

/// How an account mirrors what it selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether private projects come over like others (I21).
    pub private_projects: PrivateProjects,
    /// How often a sync runs by itself; never where nothing is set (I4).
    pub schedule: Option<Every>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { private_projects: PrivateProjects::Keep, schedule: None }
    }
}

impl Settings {
    /// These, changed.
    #[must_use]
    pub fn changed(self, change: SettingsChange) -> Self {
        Self {
            private_projects: change.private_projects.unwrap_or(self.private_projects),
            schedule: change.schedule.unwrap_or(self.schedule),
        }
    }
}

/// What to change of the settings: whoever changes one of them leaves the others to those who change them meanwhile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SettingsChange {
    /// What happens to private projects from now on.
    pub private_projects: Option<PrivateProjects>,
    /// How often a sync runs by itself from now on.
    pub schedule: Option<Option<Every>>,
}

impl From<Settings> for SettingsChange {
    fn from(settings: Settings) -> Self {
        Self { private_projects: Some(settings.private_projects), schedule: Some(settings.schedule) }
    }
}

/// What happens to private projects (I21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrivateProjects {
    /// They come over like others.
    Keep,
    /// They stay out; those here already are archived as `left_out`.
    LeaveOut,
}

/// The time between two scheduled syncs (I4): whole minutes, at least a quarter of an hour, at most a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Every(u32);

/// The text is no interval for a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a schedule: give minutes, hours or days from 15m to 7d, such as 30m or 6h")]
pub struct BadEvery(pub String);

impl Every {
    const SHORTEST: u32 = 15;
    const LONGEST: u32 = 7 * 24 * 60;

    /// Reads `30m`, `6h` or `1d`.
    ///
    /// # Errors
    /// Any other text, and intervals out of bounds.
    pub fn parse(text: &str) -> Result<Self, BadEvery> {
        let bad = || BadEvery(text.chars().take(40).collect());
        let text = text.trim();
        let unit = text.chars().next_back().ok_or_else(bad)?;
        let minutes = match unit {
            'm' => 1,
            'h' => 60,
            'd' => 24 * 60,
            _ => return Err(bad()),
        };
        let digits = &text[..text.len() - unit.len_utf8()];
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let count: u32 = digits.parse().map_err(|_| bad())?;
        Self::minutes(count.saturating_mul(minutes)).ok_or_else(bad)
    }

    /// An interval of so many minutes; nothing where it is out of bounds.
    #[must_use]
    pub fn minutes(minutes: u32) -> Option<Self> {
        (Self::SHORTEST..=Self::LONGEST).contains(&minutes).then_some(Self(minutes))
    }

    /// How many minutes it has.
    #[must_use]
    pub fn as_minutes(self) -> u32 {
        self.0
    }

    /// When the next sync is due after one that began at `last` (I4).
    ///
    /// A clock that was set back is no reason to wait longer than the interval, and slots that were missed are
    /// made up for by one sync, not by many.
    #[must_use]
    pub fn due_after(self, last: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let interval = TimeDelta::minutes(i64::from(self.0));
        let due = last.checked_add_signed(interval).unwrap_or(now);
        if last > now { now } else { due.max(last) }
    }
}

impl std::fmt::Display for Every {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            minutes if minutes % (24 * 60) == 0 => write!(f, "{}d", minutes / (24 * 60)),
            minutes if minutes % 60 == 0 => write!(f, "{}h", minutes / 60),
            minutes => write!(f, "{minutes}m"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I4
    fn schedules_are_read_as_people_type_them() {
        for (text, minutes) in [("15m", 15), ("6h", 360), ("90m", 90), ("1d", 1440), ("7d", 10080)] {
            let every = Every::parse(text).unwrap();
            assert_eq!(every.as_minutes(), minutes);
            assert_eq!(Every::parse(&every.to_string()).unwrap(), every);
        }
        for text in ["", "h", "6", "14m", "8d", "-6h", "6 h", "1.5h", "99999999999h", "6日"] {
            assert!(Every::parse(text).is_err(), "{text:?}");
        }
    }

    #[test] // I4
    fn schedules_are_told_in_the_largest_unit_that_fits() {
        for (minutes, told) in [(15, "15m"), (60, "1h"), (90, "90m"), (360, "6h"), (1440, "1d"), (1500, "25h"), (10080, "7d")] {
            assert_eq!(Every::minutes(minutes).unwrap().to_string(), told);
        }
        assert_eq!([14, 10081].map(Every::minutes), [None, None]);
    }

    #[test] // I3
    fn all_holds_every_workspace_and_some_just_those() {
        let (one, other) = (ExternalId(1), ExternalId(2));
        let holds = |selection: Selection| [one, other].map(|workspace| selection.holds(workspace));
        assert_eq!(holds(Selection::All), [true, true]);
        assert_eq!(holds(Selection::Only([one].into())), [true, false]);
        assert_eq!(holds(Selection::none()), [false, false]);
    }

    #[test] // I4
    fn a_schedule_is_due_once_whatever_the_clock_does() {
        let every = Every::parse("6h").unwrap();
        let noon: DateTime<Utc> = "2026-11-26T12:00:00Z".parse().unwrap();
        for now in [noon, noon + TimeDelta::hours(1)] {
            assert_eq!(every.due_after(noon, now), noon + TimeDelta::hours(6));
        }
        let later = noon + TimeDelta::days(30);
        assert!(every.due_after(noon, later) <= later);
        assert_eq!(every.due_after(later, noon), noon);
    }
}
