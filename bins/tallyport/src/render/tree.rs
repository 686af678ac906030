//! The task tree, with guides.

use std::collections::{HashMap, HashSet};

use tallyport_api_types::Task;

use super::text::{self, fit, width};
use super::{Ink, Lines, Page};

/// Columns that one level of guides takes.
const STEP: usize = 3;

/// Draws tasks in the order they come in: each with its number, its guides, its name, and what it is.
///
/// The name is cut last: what it is goes first, then guides of very deep trees are told as a number.
pub(crate) fn draw(tasks: &[Task], page: &Page) -> String {
    let places = places(tasks);
    let numbers = tasks.iter().map(|task| task.id.to_string().len()).max().unwrap_or(1);
    let some_are_viewed_only = tasks.iter().any(|task| task.trackable) && tasks.iter().any(|task| !task.trackable);
    let room = page.width.saturating_sub(numbers + 2);
    let mut drawing = Lines::default();
    for (task, place) in tasks.iter().zip(&places) {
        let guides = guides(place, room);
        let remark = remark(task, some_are_viewed_only && !task.trackable);
        let name = text::name(&task.name);
        let space = room.saturating_sub(width(&guides));
        let (name, remark) =
            if width(&name) + 2 + width(&remark) <= space { (name, remark) } else { (fit(&name, space), String::new()) };
        let ink = if place.depth == 0 { Ink::Bold } else { Ink::Plain };
        let id = format!("{:>numbers$}  ", task.id);
        let gap = if remark.is_empty() { "" } else { "  " };
        let (before, after) = (format!("{id}{guides}"), format!("{gap}{remark}"));
        drawing.line([page.ink(Ink::Dim, &before), page.ink(ink, &name), page.ink(Ink::Dim, &after)].concat());
    }
    drawing.finish()
}

/// Where a task stands among those drawn.
struct Place {
    depth: usize,
    /// For each level down to the task itself: whether more follow on it.
    more: Vec<bool>,
}

fn places(tasks: &[Task]) -> Vec<Place> {
    let shown: HashSet<i64> = tasks.iter().map(|task| task.id).collect();
    let parent_of = |task: &Task| task.parent_id.filter(|parent| shown.contains(parent));
    let last_under: HashMap<Option<i64>, i64> = tasks.iter().map(|task| (parent_of(task), task.id)).collect();
    let mut known: HashMap<i64, Vec<bool>> = HashMap::new();
    let mut places = Vec::with_capacity(tasks.len());
    for task in tasks {
        let parent = parent_of(task);
        let mut more = match parent {
            Some(parent) => known.get(&parent).cloned().unwrap_or_default(),
            None => Vec::new(),
        };
        if parent.is_some() {
            more.push(last_under.get(&parent) != Some(&task.id));
        }
        places.push(Place { depth: more.len(), more: more.clone() });
        known.insert(task.id, more);
    }
    places
}

fn guides(place: &Place, room: usize) -> String {
    let Some((own, above)) = place.more.split_last() else { return String::new() };
    let branch = if *own { "├─ " } else { "└─ " };
    if place.depth * STEP > room / 2 {
        return format!("… {} {branch}", place.depth);
    }
    above.iter().map(|more| if *more { "│  " } else { "   " }).chain([branch]).collect()
}

fn remark(task: &Task, viewed_only: bool) -> String {
    let kind = match &task.origin {
        Some(origin) if matches!(origin.kind.as_str(), "workspace" | "client" | "project") => Some(origin.kind.as_str()),
        _ => None,
    };
    let facts = [kind, viewed_only.then_some("view only"), task.archived.then_some("archived")];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::task::samples::{imported, native};

    fn sample() -> Vec<Task> {
        vec![
            imported(1, None, "Toggl", "root"),
            imported(2, Some(1), "Nordlicht Studio", "workspace"),
            imported(3, Some(2), "مؤسسة الواحة", "client"),
            imported(4, Some(3), "حملة التبرعات", "project"),
            imported(5, Some(2), "", "client"),
            imported(6, Some(1), "株式会社みなと", "workspace"),
            native(17, None, "Own\u{1b}[31m"),
        ]
    }

    #[test] // T5
    fn a_tree_has_guides_numbers_and_kinds() {
        insta::assert_snapshot!(draw(&sample(), &Page::plain()), @r"
         1  Toggl
         2  ├─ Nordlicht Studio  workspace
         3  │  ├─ مؤسسة الواحة  client
         4  │  │  └─ حملة التبرعات  project
         5  │  └─ (unnamed)  client
         6  └─ 株式会社みなと  workspace
        17  Own\u{1b}[31m
        ");
    }

    #[test]
    fn every_line_fits_the_page_and_the_name_goes_last() {
        let mut tasks = sample();
        let long = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz ".repeat(3);
        tasks.insert(3, imported(8, Some(3), &long, "project"));
        for columns in [20, 30, 80] {
            let page = Page { width: columns, ..Page::plain() };
            for line in draw(&tasks, &page).lines() {
                assert!(width(line) <= columns, "{line}");
            }
        }
        let drawing = draw(&tasks, &Page::plain());
        assert!(drawing.contains("│  │  ├─ Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz Ri…\n"), "{drawing}");
    }

    #[test]
    fn very_deep_trees_keep_their_names() {
        let tasks: Vec<Task> = (1..60).map(|id| native(id, (id > 1).then_some(id - 1), "Deep")).collect();
        let drawing = draw(&tasks, &Page::plain());
        assert!(drawing.lines().all(|line| width(line) <= 80 && line.ends_with("Deep")), "{drawing}");
        assert_eq!(drawing.lines().last().unwrap(), "59  … 58 └─ Deep");
    }

    #[test] // P7
    fn what_cannot_be_tracked_is_said_where_other_things_can() {
        let mut tasks = sample();
        tasks[0].trackable = false;
        let lines: Vec<String> = draw(&tasks, &Page::plain()).lines().map(str::to_owned).collect();
        assert_eq!(lines[0], " 1  Toggl  view only");
        for task in &mut tasks {
            task.trackable = false;
        }
        assert!(!draw(&tasks, &Page::plain()).contains("view only"));
    }

    #[test]
    fn colours_are_beside_the_words() {
        let coloured = draw(&sample(), &Page::coloured());
        assert!(coloured.starts_with("\u{1b}[2m 1  \u{1b}[0m\u{1b}[1mToggl\u{1b}[0m"), "{coloured:?}");
        let mut bare = coloured;
        for code in ["\u{1b}[2m", "\u{1b}[1m", "\u{1b}[0m"] {
            bare = bare.replace(code, "");
        }
        assert_eq!(bare, draw(&sample(), &Page::plain()));
    }
}
