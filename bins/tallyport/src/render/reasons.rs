//! The words for the API's words.

use tallyport_api_types::{Code, Run};

use super::text;

/// Why a task is archived (I8).
pub(crate) fn archived(reason: &str) -> String {
    known(reason).map_or_else(|| text::harmless(reason).replace('_', " "), str::to_owned)
}

/// What something was before or after: a reason, or a name that somebody gave, which is never touched (T5).
pub(crate) fn value(value: &str) -> String {
    known(value).map_or_else(|| text::name(value), str::to_owned)
}

fn known(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "archived_in_toggl" => "archived in Toggl",
        "done_in_toggl" => "done in Toggl",
        "deleted_in_toggl" => "deleted in Toggl",
        "template_in_toggl" => "made a template in Toggl",
        "deselected" => "deselected here",
        "not_visible" => "no longer visible to the token",
        "left_out" => "private, left out here",
        "parent_archived" => "with its parent",
        "unlinked" => "unlinked from Toggl",
        "archived_here" => "archived here",
        _ => return None,
    })
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

/// What to do about a run that did not do what it was started for.
pub(crate) fn what_to_do(run: &Run) -> Option<String> {
    let error = run.error.as_ref()?;
    Some(match run.outcome.as_str() {
        "held" => held(run.id),
        _ => Code::in_terminal(&error.hint),
    })
}

/// What to do about a run that is held (I12).
pub(crate) fn held(run: i64) -> String {
    format!("Look at it with `tallyport toggl history {run}`; then `tallyport toggl confirm {run}` or `reject {run}`.")
}

/// Where an assignment comes from (P2).
pub(crate) fn assigned(automatic: bool) -> &'static str {
    if automatic { "by Toggl" } else { "by hand" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // T5, W1
    fn a_name_that_something_had_is_told_as_it_was() {
        assert_eq!(value("home_page"), "home_page");
        assert_eq!(value("manual"), "manual");
        assert_eq!(value(""), "(unnamed)");
        assert_eq!(value("done_in_toggl"), "done in Toggl");
    }

    #[test] // I8
    fn a_reason_of_another_version_is_told_in_its_own_words() {
        assert_eq!(archived("lost_at_sea"), "lost at sea");
    }
}
