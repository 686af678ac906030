//! How the integration stands.

use tallyport_api_types::{Selection, Settings, Status};

use super::people::addressed;
use super::{Ink, Lines, Page, reasons, run, text, time};

/// How wide the labels are.
const LABELS: usize = 20;

/// The state, when it was last in step, and what an administrator sees beyond that (I1).
pub(crate) fn draw(status: &Status, page: &Page) -> String {
    let ink = match status.state.as_str() {
        "enabled" => Ink::Good,
        "disabled" | "unlinked" => Ink::Plain,
        _ => Ink::Bad,
    };
    let mut drawing = Lines::default();
    drawing.line(format!("Toggl: {}", page.ink(ink, &reasons::state(&status.state))));
    drawing.all(step(status, page));
    if let Some(message) = told(status) {
        let lines = text::wrap(&text::harmless(&message), page.width);
        drawing.all(lines.iter().map(|line| page.ink(Ink::Warn, line)));
    }
    for (label, value) in facts(status, page) {
        let mut lines = text::wrap(&value, page.width.saturating_sub(LABELS)).into_iter();
        let label = page.ink(Ink::Dim, &text::pad(label, LABELS));
        drawing.line(format!("{label}{}", lines.next().unwrap_or_default()));
        drawing.all(lines.map(|line| format!("{:LABELS$}{line}", "")));
    }
    drawing.finish()
}

/// What the reader should know or do, with the commands that do it.
fn told(status: &Status) -> Option<String> {
    let message = status.message.as_ref()?;
    let commands = commands(status);
    if commands.is_empty() {
        return Some(message.clone());
    }
    Some(format!("{}: {}.", message.trim_end_matches('.'), commands.join("; ")))
}

/// The commands for what the message of a state asks for. Only administrators are told an owner, and can do more than enable it.
fn commands(status: &Status) -> Vec<String> {
    let mut commands = Vec::new();
    match status.state.as_str() {
        "disabled" => commands.push("`tallyport toggl enable`".to_owned()),
        _ if status.owner.is_none() => {}
        "enabled" => {
            if status.selection.as_ref().is_some_and(|picked| !picked.all && picked.workspaces.is_empty()) {
                commands.push("`tallyport toggl select --all`, or the ids of some".to_owned());
            }
            if let Some(last) = status.last_run.as_ref().filter(|last| last.outcome == "held") {
                commands.push(format!("`tallyport toggl confirm {0}` or `reject {0}`", last.id));
            }
        }
        _ => commands.push("`tallyport toggl re-enable`".to_owned()),
    }
    commands
}

/// "Synced 4 min ago · 7 requests · 23 left until 15:00", or what the last run came to instead.
fn step(status: &Status, page: &Page) -> Vec<String> {
    let synced = status.last_synced_at.as_deref().map(|at| format!("Synced {}", time::ago(page, at)));
    match &status.last_run {
        Some(last) => {
            let headline = run::headline(last, status.quota.as_ref(), page);
            std::iter::once(headline).chain(synced.filter(|_| last.outcome != "succeeded")).collect()
        }
        None if synced.is_none() && status.state == "enabled" => vec!["Not synced yet".to_owned()],
        None => synced.into_iter().collect(),
    }
}

fn facts(status: &Status, page: &Page) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(owner) = &status.owner {
        facts.push(("Owner", addressed(&owner.name, &owner.email)));
    }
    if let Some(user) = &status.toggl_user {
        facts.push(("Token of", addressed(&user.name, &user.email)));
    }
    if let Some(selection) = &status.selection {
        facts.push(("Workspaces", selected(selection)));
    }
    if let Some(settings) = &status.settings {
        facts.push(("Private projects", private(settings).to_owned()));
        facts.push(("Schedule", schedule(settings)));
    }
    if let Some(last) = &status.last_run {
        let started = format!("{}, {}, {}", last.id, run::cause(last), time::clock(page, &last.started_at));
        facts.push(("Last run", format!("{started}, took {}", time::duration(last.duration_ms))));
        let counts = run::counts(last);
        if !counts.is_empty() {
            let label = if last.outcome == "succeeded" { "Changed" } else { "Would change" };
            facts.push((label, counts.join(" · ")));
        }
        if let Some(error) = &last.error {
            facts.push(("Error", text::harmless(&error.message)));
            facts.extend(reasons::what_to_do(last).map(|what| ("What to do", text::harmless(&what))));
        }
    }
    facts
}

fn selected(selection: &Selection) -> String {
    let names: Vec<String> = selection.names.iter().map(|name| text::name(name)).collect();
    match (selection.all, names.is_empty()) {
        (true, true) => "all, those of later included".to_owned(),
        (true, false) => format!("all: {}", names.join(", ")),
        (false, true) if selection.workspaces.is_empty() => "none".to_owned(),
        (false, true) => selection.workspaces.iter().map(|id| text::harmless(id)).collect::<Vec<_>>().join(", "),
        (false, false) => names.join(", "),
    }
}

fn private(settings: &Settings) -> &'static str {
    if settings.private_projects == "leave-out" { "left out" } else { "mirrored like others" }
}

fn schedule(settings: &Settings) -> String {
    settings.schedule.as_deref().map_or_else(|| "off".to_owned(), |every| format!("every {}", text::harmless(every)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::run::samples;
    use tallyport_api_types::{PersonRef, Quota, RunError, TogglUser};

    fn enabled() -> Status {
        Status {
            state: "enabled".into(),
            owner: Some(PersonRef { id: 1, email: "ana@example.com".into(), name: "Ana Nováková".into() }),
            toggl_user: Some(TogglUser { name: "Ana N.".into(), email: "ana.novakova@nordlicht.example".into() }),
            selection: Some(Selection { all: true, workspaces: vec![], names: vec!["Labs".into(), "Nordlicht Studio".into()] }),
            last_run: Some(samples::run("succeeded")),
            last_synced_at: Some("2026-11-24T13:56:00Z".into()),
            settings: Some(Settings { private_projects: "keep".into(), schedule: Some("6h".into()) }),
            quota: Some(Quota { remaining: 23, resets_at: "2026-11-24T15:00:00Z".into() }),
            message: None,
        }
    }

    #[test]
    fn an_administrator_sees_everything() {
        insta::assert_snapshot!(draw(&enabled(), &Page::plain()), @r"
        Toggl: enabled
        Synced 4 min ago · 7 requests · 23 left until 15:00
        Owner               Ana Nováková <ana@example.com>
        Token of            Ana N. <ana.novakova@nordlicht.example>
        Workspaces          all: Labs, Nordlicht Studio
        Private projects    mirrored like others
        Schedule            every 6h
        Last run            17, by hand (Ana Nováková), 13:55, took 1 min 0 s
        Changed             2 created · 1 renamed · 3 archived · 1 assigned · 30
                            unchanged
        ");
    }

    #[test] // I17
    fn a_rejected_token_says_what_to_do() {
        let mut status = enabled();
        status.state = "token_rejected".into();
        status.message =
            Some("Toggl rejects the token. An administrator re-enables the integration with a token of their own.".into());
        let mut failed = samples::run("failed");
        failed.error = Some(RunError {
            code: "token_rejected".into(),
            message: "Toggl does not accept the token".into(),
            hint: "re-enable".into(),
        });
        status.last_run = Some(failed);
        insta::assert_snapshot!(draw(&status, &Page::plain()), @r"
        Toggl: stopped: Toggl rejects the token
        Failed 4 min ago · 7 requests · 23 left until 15:00
        Synced 4 min ago
        Toggl rejects the token. An administrator re-enables the integration with a
        token of their own: `tallyport toggl re-enable`.
        Owner               Ana Nováková <ana@example.com>
        Token of            Ana N. <ana.novakova@nordlicht.example>
        Workspaces          all: Labs, Nordlicht Studio
        Private projects    mirrored like others
        Schedule            every 6h
        Last run            17, by hand (Ana Nováková), 13:55, took 1 min 0 s
        Would change        2 created · 1 renamed · 3 archived · 1 assigned · 30
                            unchanged
        Error               Toggl does not accept the token
        What to do          re-enable
        ");
    }

    #[test] // I1
    fn everybody_else_sees_state_and_time_alone() {
        let status =
            Status { owner: None, toggl_user: None, selection: None, last_run: None, settings: None, quota: None, ..enabled() };
        assert_eq!(draw(&status, &Page::plain()), "Toggl: enabled\nSynced 4 min ago\n");
        let status = Status { state: "disabled".into(), last_synced_at: None, ..status };
        assert_eq!(draw(&status, &Page::plain()), "Toggl: not enabled\n");
    }
}
