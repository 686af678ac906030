//! Single tasks and lists of them.

use tallyport_api_types::Task;

use super::table::{Column, Table};
use super::{Ink, Lines, Page, reasons, text, time};

/// A task with all there is to say.
pub(crate) fn draw(task: &Task, page: &Page) -> String {
    let mut drawing = Lines::default();
    drawing.line(page.ink(Ink::Bold, &text::name(&task.name)));
    let above = text::above(&task.path);
    if !above.is_empty() {
        drawing.line(format!("in {above}"));
    }
    let facts = [format!("id {}", task.id), origin(task), tracking(task).to_owned()];
    drawing.all(text::facts(facts, page.width).iter().map(|line| page.ink(Ink::Dim, line)));
    if task.archived {
        drawing.line(page.ink(Ink::Warn, &format!("Archived: {}", archived(task, page))));
    }
    drawing.finish()
}

/// Where it comes from, and whether its structure can be changed here (T3).
fn origin(task: &Task) -> String {
    let Some(origin) = &task.origin else { return "made here".to_owned() };
    let lock = if task.read_only { "From Toggl, read-only" } else { "From Toggl" };
    let id = origin.external_id.as_ref().map(|id| format!(" {}", text::harmless(id))).unwrap_or_default();
    format!("{lock}: {}{id}", text::harmless(&origin.kind))
}

/// Whether the one who asks may track time on it (P7, I9).
fn tracking(task: &Task) -> &'static str {
    match (task.archived, task.trackable) {
        (true, _) => "no new time on it",
        (false, true) => "you can track time on it",
        (false, false) => "you are not assigned to it",
    }
}

/// "deleted in Toggl on 3 May".
pub(crate) fn archived(task: &Task, page: &Page) -> String {
    let reason = task.archived_reason.as_deref().map_or_else(|| "here".to_owned(), reasons::archived);
    match &task.archived_at {
        Some(at) => format!("{reason} on {}", time::day(page, at)),
        None => reason,
    }
}

/// Tasks found: each with its path.
pub(crate) fn list(tasks: &[Task], page: &Page) -> String {
    let mut table = Table::new([Column::number("id"), Column::cut("task", 20), Column::cut("in", 12)]);
    for task in tasks {
        let name = text::name(&task.name);
        let name = if task.archived { format!("{name} (archived)") } else { name };
        table.row([(Ink::Dim, task.id.to_string()), (Ink::Plain, name), (Ink::Dim, text::above(&task.path))]);
    }
    table.draw(page)
}

/// The list of archived tasks, each with why and since when (I8).
pub(crate) fn archive(tasks: &[Task], page: &Page) -> String {
    let mut table = Table::new([Column::number("id"), Column::cut("task", 20), Column::whole("archived"), Column::cut("in", 10)]);
    for task in tasks {
        table.row([
            (Ink::Dim, task.id.to_string()),
            (Ink::Plain, text::name(&task.name)),
            (Ink::Warn, archived(task, page)),
            (Ink::Dim, text::above(&task.path)),
        ]);
    }
    table.draw(page)
}

#[cfg(test)]
pub(crate) mod samples {
    use tallyport_api_types::{Origin, Task};

    pub(crate) fn native(id: i64, parent_id: Option<i64>, name: &str) -> Task {
        Task {
            id,
            parent_id,
            name: name.to_owned(),
            level: 1,
            path: vec![name.to_owned()],
            color: None,
            archived: false,
            archived_reason: None,
            archived_at: None,
            origin: None,
            read_only: false,
            trackable: true,
        }
    }

    pub(crate) fn imported(id: i64, parent_id: Option<i64>, name: &str, kind: &str) -> Task {
        let external_id = (kind != "root").then(|| (id + 900).to_string());
        let origin = Origin { integration: "toggl".to_owned(), kind: kind.to_owned(), external_id };
        Task { origin: Some(origin), read_only: true, ..native(id, parent_id, name) }
    }

    pub(crate) fn archived(task: Task, reason: &str) -> Task {
        let archived_at = Some("2026-05-03T10:00:00Z".to_owned());
        Task { archived: true, archived_reason: Some(reason.to_owned()), archived_at, trackable: false, ..task }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{archived, imported, native};
    use super::*;

    fn under(path: &[&str], task: Task) -> Task {
        Task { path: path.iter().map(|name| (*name).to_owned()).chain([task.name.clone()]).collect(), ..task }
    }

    #[test] // T3
    fn a_task_says_where_it_is_where_it_comes_from_and_whether_it_can_be_tracked() {
        let page = Page::plain();
        insta::assert_snapshot!(draw(&under(&["Toggl", "Labs"], imported(7, Some(2), "Tide tables", "project")), &page), @r"
        Tide tables
        in Toggl / Labs
        id 7 · From Toggl, read-only: project 907 · you can track time on it
        ");
        insta::assert_snapshot!(draw(&native(8, None, ""), &page), @r"
        (unnamed)
        id 8 · made here · you can track time on it
        ");
    }

    #[test] // I8
    fn an_archived_task_says_why_and_since_when() {
        let task = archived(imported(7, Some(2), "Moodboard", "task"), "deleted_in_toggl");
        assert!(draw(&task, &Page::plain()).ends_with("Archived: deleted in Toggl on 3 May\n"));
        let tasks = [
            under(&["Toggl", "Nordlicht Studio", "Müller & Söhne Präzisionswerkzeuge GmbH & Co. KG"], task),
            archived(native(12, None, "Own"), "archived_here"),
        ];
        insta::assert_snapshot!(archive(&tasks, &Page::plain()), @r"
        id  task       archived                   in
         7  Moodboard  deleted in Toggl on 3 May  Toggl / Nordlicht Studio / Müller & S…
        12  Own        archived here on 3 May
        ");
    }

    #[test]
    fn tasks_of_one_name_are_told_apart_by_their_paths() {
        let tasks = [
            under(&["Toggl", "A"], imported(7, None, "Design", "task")),
            under(&["Toggl", "B"], imported(9, None, "Design", "task")),
        ];
        insta::assert_snapshot!(list(&tasks, &Page::plain()), @r"
        id  task    in
         7  Design  Toggl / A
         9  Design  Toggl / B
        ");
    }
}
