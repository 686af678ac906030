//! Why a task is as it is (W1).

use tallyport_api_types::{Why, WhyReason};

use super::{Ink, Lines, Page, reasons, task, text, time};

/// How far reasons are indented, to stand beside their rules.
const RULES: usize = 5;

/// The task, and each reason with its rule, what it was before, and the run.
pub(crate) fn draw(why: &Why, page: &Page) -> String {
    let mut drawing = Lines::default();
    drawing.text(&task::draw(&why.task, page));
    for reason in &why.reasons {
        let rule = page.ink(Ink::Bold, &text::pad(&text::harmless(&reason.rule), RULES));
        let room = page.width.saturating_sub(RULES);
        let mut lines = text::wrap(&text::harmless(&reason.text), room).into_iter();
        drawing.line(format!("{rule}{}", lines.next().unwrap_or_default()));
        drawing.all(lines.map(|line| format!("{:RULES$}{line}", "")));
        let facts = text::facts(facts(reason, page), room);
        drawing.all(facts.iter().map(|line| page.ink(Ink::Dim, &format!("{:RULES$}{line}", ""))));
    }
    drawing.finish()
}

fn facts(reason: &WhyReason, page: &Page) -> impl Iterator<Item = String> {
    let person = reason.person.as_ref().map(|person| text::name(&person.name));
    let change = match (&reason.before, &reason.after) {
        (Some(before), Some(after)) => Some(format!("was {}, now {}", reasons::value(before), reasons::value(after))),
        (Some(before), None) => Some(format!("was {}", reasons::value(before))),
        _ => None,
    };
    let run = reason.run.map(|run| format!("run {run}"));
    let at = reason.at.as_deref().map(|at| format!("{}, {}", time::clock(page, at), time::ago(page, at)));
    [person, change, run, at].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::task::samples::{archived, imported};

    #[test] // W1
    fn reasons_name_rule_run_and_what_was_before() {
        let reason = WhyReason {
            rule: "I8".into(),
            text: "It is missing from Toggl's complete list of tasks, and the token is the workspace's administrator.".into(),
            run: Some(4),
            at: Some("2026-11-24T13:00:00Z".into()),
            before: Some("active".into()),
            after: Some("deleted_in_toggl".into()),
            person: None,
        };
        let why = Why { task: archived(imported(7, None, "Moodboard", "task"), "deleted_in_toggl"), reasons: vec![reason] };
        insta::assert_snapshot!(draw(&why, &Page::plain()), @r"
        Moodboard
        id 7 · From Toggl, read-only: task 907 · no new time on it
        Archived: deleted in Toggl on 3 May
        I8   It is missing from Toggl's complete list of tasks, and the token is the
             workspace's administrator.
             was active, now deleted in Toggl · run 4 · 13:00, 1 h ago
        ");
    }
}
