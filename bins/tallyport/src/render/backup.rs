//! Backups in words.

use super::{Lines, Page, text, time};
use crate::commands::backup::{Created, Held, Restored};

/// A backup that was made, and what is not in it.
pub(crate) fn created(created: &Created, page: &Page) -> String {
    let mut lines = Lines::default();
    lines.line(format!("Backed up to {} ({})", text::harmless(&created.file), size(created.bytes)));
    lines.all(created.accounts.iter().map(|held| format!("  {}", account(held, page))));
    let keys = "The key that opens stored Toggl tokens is not in it: keep a copy of the key file in another place.";
    lines.all(text::wrap(keys, page.width));
    lines.finish()
}

/// A backup that is in place, and where the old database is.
pub(crate) fn restored(restored: &Restored, page: &Page) -> String {
    let mut lines = Lines::default();
    lines.line(format!("Restored {}", text::harmless(&restored.file)));
    lines.all(restored.accounts.iter().map(|held| format!("  {}", account(held, page))));
    if let Some(kept) = &restored.kept_old {
        lines.line(format!("The old database is {}", text::harmless(kept)));
    }
    if let Some(version) = restored.migrated_from {
        lines.line(format!("It was of version {version} and has been migrated"));
    }
    if restored.ended_runs > 0 {
        let runs = text::count(restored.ended_runs, "sync", "syncs");
        lines.line(format!("Under way when it was taken, and on record as interrupted: {runs}"));
    }
    if restored.api_tokens > 0 {
        let tokens = text::count(restored.api_tokens, "API token", "API tokens");
        lines.line(format!("Sessions and links ended; still at work, to look through: {tokens}"));
    }
    if let Some(problem) = &restored.key_problem {
        lines.all(text::wrap(&text::harmless(problem), page.width));
    }
    lines.finish()
}

/// "Nordlicht Studio: 4 people, 45 tasks, changed 3 days ago".
pub(crate) fn account(held: &Held, page: &Page) -> String {
    let people = text::count(held.people, "person", "people");
    let tasks = text::count(held.tasks, "task", "tasks");
    let changed = held.changed_at.as_deref().map(|at| format!(", changed {}", time::ago(page, at))).unwrap_or_default();
    format!("{}: {people}, {tasks}{changed}", text::name(&held.name))
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Vec<Held> {
        vec![Held { name: "Labs".into(), people: 1, tasks: 45, changed_at: Some("2026-11-24T11:00:00Z".into()) }]
    }

    #[test]
    fn a_backup_says_what_is_in_it_and_what_is_not() {
        let made = Created { file: "/b/t.db".into(), bytes: 1_250_000, schema: 1, key_included: false, accounts: held() };
        insta::assert_snapshot!(created(&made, &Page::plain()), @r"
        Backed up to /b/t.db (1.2 MB)
          Labs: 1 person, 45 tasks, changed 3 h ago
        The key that opens stored Toggl tokens is not in it: keep a copy of the key file
        in another place.
        ");
    }

    #[test]
    fn a_restored_database_says_what_became_of_the_old_one() {
        let all = Restored {
            file: "/d/t.db".into(),
            kept_old: Some("/d/t.db.before-restore-20261124T140000Z".into()),
            migrated_from: Some(1),
            ended_runs: 2,
            api_tokens: 3,
            accounts: held(),
            key_problem: Some("the key that opens the Toggl token of Labs is missing".into()),
        };
        insta::assert_snapshot!(restored(&all, &Page::plain()), @r"
        Restored /d/t.db
          Labs: 1 person, 45 tasks, changed 3 h ago
        The old database is /d/t.db.before-restore-20261124T140000Z
        It was of version 1 and has been migrated
        Under way when it was taken, and on record as interrupted: 2 syncs
        Sessions and links ended; still at work, to look through: 3 API tokens
        the key that opens the Toggl token of Labs is missing
        ");
    }
}
