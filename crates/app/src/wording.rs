//! Texts that several interfaces show alike: paths, warnings, and what became of a run.

use chrono::{DateTime, Utc};
use tallyport_api_types::Code;
use tallyport_domain::plan::{Hold, Warning};
use tallyport_domain::{Name, Outcome, Run};

/// A path as people read it.
pub(crate) fn path_text(path: &[Name]) -> String {
    path.iter().map(Name::shown).collect::<Vec<_>>().join(" / ")
}

/// A count with its noun.
pub(crate) fn counted(count: impl Into<u64>, one: &str, many: &str) -> String {
    let count = count.into();
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// An instant as people read it in a sentence.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Which run is under way, for who wanted to start another one (I11).
pub(crate) fn under_way(run: &Run) -> String {
    let since = format!("run {} is under way since {}", run.id, instant(run.started_at));
    match run.waiting_until {
        Some(until) => format!("{since} and waits for Toggl until {}", instant(until)),
        None => since,
    }
}

/// Why a plan needs a yes (I12, I16).
pub(crate) fn hold(hold: &Hold) -> String {
    let mut parts = Vec::new();
    if hold.archives > 0 {
        parts.push(format!("archive {} of {} active imported tasks", hold.archives, hold.active));
    }
    if hold.overwrites > 0 {
        parts.push(format!("overwrite what was changed here on {}", counted(hold.overwrites, "kept task", "kept tasks")));
    }
    format!("it would {}", parts.join(" and "))
}

/// Why a run did not do what it was started for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunProblem {
    /// The code of the error.
    pub code: Code,
    /// What went wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl RunProblem {
    /// Why `run` failed, was cancelled or waits for a yes; nothing for one that did its work or is at it (I12, I14).
    #[must_use]
    pub fn of(run: &Run) -> Option<Self> {
        let with_hint = |code: Code, message: String| Self { code, message, hint: code.hint().to_owned() };
        match (run.outcome, &run.error, &run.hold) {
            (Outcome::Failed, None, _) => Some(with_hint(Code::Internal, "the run failed".to_owned())),
            (Outcome::Failed | Outcome::Cancelled, Some(error), _) => {
                Some(with_hint(Code::parse(&error.code), error.message.clone()))
            }
            (Outcome::Cancelled, None, _) => {
                Some(with_hint(Code::Cancelled, "the run was cancelled before it changed anything".to_owned()))
            }
            (Outcome::Held, _, held) => Some(Self {
                code: Code::ConfirmationNeeded,
                message: format!("the run is held: {}", held.as_ref().map_or_else(|| "it needs a yes".to_owned(), self::hold)),
                hint: "Look at what it would change, then confirm or reject it.".to_owned(),
            }),
            _ => None,
        }
    }
}

/// The word for a warning's kind.
#[must_use]
pub fn warning_code(warning: &Warning) -> &'static str {
    match warning {
        Warning::WorkspaceRefused { .. } => "workspace_refused",
        Warning::TasksUnreadable { .. } => "tasks_unreadable",
        Warning::MembersUnreadable { .. } => "members_unreadable",
        Warning::ClientsUnknown { .. } => "clients_unknown",
        Warning::ArchivedClientsKept { .. } => "archived_clients_kept",
        Warning::ProjectsUnknown { .. } => "projects_unknown",
    }
}

/// The workspace that a warning is about.
#[must_use]
pub fn warning_workspace(warning: &Warning) -> &Name {
    match warning {
        Warning::WorkspaceRefused { workspace, .. }
        | Warning::TasksUnreadable { workspace, .. }
        | Warning::MembersUnreadable { workspace }
        | Warning::ClientsUnknown { workspace, .. }
        | Warning::ArchivedClientsKept { workspace, .. }
        | Warning::ProjectsUnknown { workspace, .. } => workspace,
    }
}

/// A warning in words for an administrator (I5, I8, I10, P5).
#[must_use]
pub fn warning_text(warning: &Warning) -> String {
    match warning {
        Warning::WorkspaceRefused { workspace, detail } => {
            format!("Toggl refused the lists of \"{workspace}\" ({detail}); what is imported from it stays as it is.")
        }
        Warning::TasksUnreadable { workspace, tasks } => {
            let stay = if *tasks == 1 { "stays as it is" } else { "stay as they are" };
            let count = counted(*tasks, "task", "tasks");
            format!("The plan of \"{workspace}\" in Toggl has no tasks any more; {count} imported earlier {stay}.")
        }
        Warning::MembersUnreadable { workspace } => {
            format!("The token may not read the members of \"{workspace}\"; the last known ones keep their tasks.")
        }
        Warning::ClientsUnknown { workspace, projects } => {
            let (count, hang) = plural(*projects, "project", "projects", "hangs", "hang");
            format!("{count} of \"{workspace}\" {hang} under the workspace, since the client is deleted or unknown.")
        }
        Warning::ArchivedClientsKept { workspace, clients } => {
            let (count, stay) = plural(*clients, "archived client", "archived clients", "stays active", "stay active");
            format!("{count} of \"{workspace}\" {stay}, since active projects hang there.")
        }
        Warning::ProjectsUnknown { workspace, tasks } => {
            let (count, are) = plural(*tasks, "task", "tasks", "is left out", "are left out");
            format!("{count} of \"{workspace}\" {are}, since the project is not to be seen.")
        }
    }
}

fn plural(count: u32, one: &str, many: &str, verb: &'static str, verbs: &'static str) -> (String, &'static str) {
    (counted(count, one, many), if count == 1 { verb } else { verbs })
}
