//! How a task stands to somebody who tracks time on it (I9, P6, P7), and what becomes of what comes late (E7).

use super::{Instant, Note, Refusal};
use crate::{Name, TaskId};

/// What a store knows of a task and a person when it writes the person's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footing {
    /// The task's name and those above it, from the root down.
    pub path: Vec<Name>,
    /// Whether time on it is billable: what it says itself, else what is nearest above it says (E2).
    pub billable: Option<bool>,
    /// Since when it is archived.
    pub archived: Option<Instant>,
    /// Whether the person may track time on it.
    pub access: Access,
    /// Whether the person sees it without access, because they manage (P7).
    pub managed: bool,
}

impl Footing {
    /// Whether the person may start or add time there now (I9, P6).
    #[must_use]
    pub fn is_open(&self) -> bool {
        now(Some(self)).is_ok()
    }
}

/// Whether an assignment gives somebody a task, itself or through one above it (P1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// One does.
    Given,
    /// The last one ended at this instant.
    Ended(Instant),
    /// None does or is known to have done.
    Never,
}

/// Why a task was not kept (E7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lost {
    /// It was archived before.
    Archived,
    /// The person had lost it before.
    Access,
    /// It is none that the person knows of; it may be gone.
    Unknown,
}

impl Lost {
    /// The word for this in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::Access => "access_ended",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether the person may start or add time on a task now.
///
/// # Errors
/// They may not: what they do not see is said not to exist (P6).
pub(super) fn now(footing: Option<&Footing>) -> Result<(), Refusal> {
    let Some(footing) = footing else { return Err(Refusal::NoTask) };
    let has = footing.access == Access::Given;
    if !has && !footing.managed {
        Err(Refusal::NoTask)
    } else if footing.archived.is_some() {
        Err(Refusal::Archived)
    } else if has {
        Ok(())
    } else {
        Err(Refusal::NotAssigned)
    }
}

/// Why what somebody did at that instant cannot stand on the task, now that it is told; nothing where it can: what precedes the
/// archiving or the loss of access stands (E7).
pub(super) fn late(footing: Option<&Footing>, done: Instant) -> Option<Lost> {
    let Some(footing) = footing else { return Some(Lost::Unknown) };
    match footing.access {
        Access::Never => Some(Lost::Unknown),
        Access::Ended(at) if at <= done => Some(Lost::Access),
        _ => footing.archived.filter(|at| *at <= done).map(|_| Lost::Archived),
    }
}

/// The note of what lost its task, with the path below it (E7). Of a task that the person does not know only the number is told,
/// which is all that they sent.
pub(super) fn noted(note: &Note, task: TaskId, footing: Option<&Footing>) -> Note {
    let known = footing.filter(|footing| footing.managed || footing.access != Access::Never);
    let line = known.map_or_else(|| format!("#{task}"), Footing::written);
    note.with_line(&line)
}

impl Footing {
    /// The path as people write it.
    #[must_use]
    pub fn written(&self) -> String {
        let names: Vec<&str> = self.path.iter().map(Name::shown).collect();
        names.join(" / ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_seconds(1_800_000_000 + seconds).unwrap()
    }

    fn footing(access: Access, archived: Option<Instant>, managed: bool) -> Footing {
        let path = ["Toggl", "", "Website"].map(Name::from_source).to_vec();
        Footing { path, billable: None, archived, access, managed }
    }

    #[test] // I9, P6, P7
    fn time_starts_where_one_is_assigned_and_nothing_is_archived() {
        for (access, archived, managed, answer) in [
            (Access::Given, false, false, Ok(())),
            (Access::Given, true, false, Err(Refusal::Archived)),
            (Access::Given, true, true, Err(Refusal::Archived)),
            (Access::Never, false, true, Err(Refusal::NotAssigned)),
            (Access::Ended(at(0)), false, true, Err(Refusal::NotAssigned)),
            (Access::Never, true, true, Err(Refusal::Archived)),
            // That it exists, or is archived, is not told to who does not see it.
            (Access::Never, false, false, Err(Refusal::NoTask)),
            (Access::Never, true, false, Err(Refusal::NoTask)),
            (Access::Ended(at(0)), false, false, Err(Refusal::NoTask)),
        ] {
            let footing = footing(access, archived.then(|| at(0)), managed);
            assert_eq!(now(Some(&footing)), answer, "{footing:?}");
        }
        assert_eq!(now(None), Err(Refusal::NoTask));
    }

    #[test] // E7
    fn what_precedes_the_archiving_or_the_loss_of_access_stands() {
        let archived = footing(Access::Given, Some(at(100)), false);
        let lost = footing(Access::Ended(at(100)), None, false);
        let both = footing(Access::Ended(at(100)), Some(at(50)), false);
        assert_eq!([99, 100, 101].map(|t| late(Some(&archived), at(t))), [None, Some(Lost::Archived), Some(Lost::Archived)]);
        assert_eq!([99, 100, 101].map(|t| late(Some(&lost), at(t))), [None, Some(Lost::Access), Some(Lost::Access)]);
        assert_eq!([49, 50, 100].map(|t| late(Some(&both), at(t))), [None, Some(Lost::Archived), Some(Lost::Access)]);
        assert_eq!(late(Some(&footing(Access::Given, None, false)), at(0)), None);
        for unknown in [None, Some(&footing(Access::Never, None, false)), Some(&footing(Access::Never, None, true))] {
            assert_eq!(late(unknown, at(0)), Some(Lost::Unknown));
        }
    }

    #[test] // E7, P6
    fn the_note_tells_a_path_only_to_who_knew_it() {
        let note = Note::typed("Call").unwrap();
        let noted = |footing: Option<&Footing>| noted(&note, TaskId(17), footing).to_string();
        assert_eq!(noted(Some(&footing(Access::Ended(at(0)), None, false))), "Call\nToggl / (unnamed) / Website");
        assert_eq!(noted(Some(&footing(Access::Never, None, true))), "Call\nToggl / (unnamed) / Website");
        assert_eq!(noted(Some(&footing(Access::Never, None, false))), "Call\n#17");
        assert_eq!(noted(None), "Call\n#17");
    }
}
