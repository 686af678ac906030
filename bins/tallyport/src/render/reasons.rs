//! The words for the API's words.

use super::text;

/// Why a task is archived (I8), as the design says it.
pub(crate) fn archived(reason: &str) -> String {
    let words = match reason {
        "archived_in_toggl" => "archived in Toggl",
        "done_in_toggl" => "done in Toggl",
        "deleted_in_toggl" => "deleted in Toggl",
        "template_in_toggl" => "made a template in Toggl",
        "deselected" => "deselected here",
        "not_visible" => "no longer visible to the token",
        "left_out" => "private, left out here",
        "parent_archived" => "with its parent",
        "unlinked" => "unlinked from Toggl",
        "archived_here" | "manual" | "by_hand" => "archived here",
        other => return text::harmless(other).replace('_', " "),
    };
    words.to_owned()
}

/// What something was before or after: one of the API's words, or a name that somebody gave.
pub(crate) fn value(value: &str) -> String {
    match archived(value) {
        words if words != value => words,
        _ => text::name(value),
    }
}

/// What started a run.
pub(crate) fn trigger(word: &str) -> String {
    let words = match word {
        "manual" => "by hand",
        "saved" => "after saving",
        "schedule" => "by the schedule",
        "confirmed" => "confirmed",
        "re_enabled" => "after re-enabling",
        other => return text::harmless(other).replace('_', " "),
    };
    words.to_owned()
}

/// How the integration stands.
pub(crate) fn state(word: &str) -> String {
    let words = match word {
        "disabled" => "not enabled",
        "owner_inactive" => "stopped: its owner is deactivated",
        "token_rejected" => "stopped: Toggl rejects the token",
        "key_missing" => "stopped: the key to its token is missing",
        other => return text::harmless(other).replace('_', " "),
    };
    words.to_owned()
}

/// Where an assignment comes from (P2).
pub(crate) fn assigned(automatic: bool) -> &'static str {
    if automatic { "by Toggl" } else { "by hand" }
}
