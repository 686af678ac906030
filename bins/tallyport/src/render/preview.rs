//! A plan drawn as a diff, and the changes of a run in the same way.

use tallyport_api_types::{Item, Preview, RunChange};

use super::text::{self, count, fit, pad, width};
use super::{Ink, Lines, Page, reasons};

/// A kind of change: its word, its sign, its ink.
struct Kind {
    word: &'static str,
    sign: &'static str,
    ink: Ink,
}

const KINDS: [Kind; 10] = [
    Kind { word: "created", sign: "+", ink: Ink::Good },
    Kind { word: "renamed", sign: "~", ink: Ink::Changed },
    Kind { word: "moved", sign: ">", ink: Ink::Changed },
    Kind { word: "archived", sign: "-", ink: Ink::Bad },
    Kind { word: "restored", sign: "+", ink: Ink::Good },
    Kind { word: "reason_changed", sign: "~", ink: Ink::Changed },
    Kind { word: "recolored", sign: "~", ink: Ink::Changed },
    Kind { word: "adopted", sign: "~", ink: Ink::Changed },
    Kind { word: "assigned", sign: "+", ink: Ink::Good },
    Kind { word: "withdrawn", sign: "-", ink: Ink::Bad },
];

/// What a sync would change, kind by kind.
pub(crate) fn draw(preview: &Preview, page: &Page) -> String {
    let groups = [
        ("created", &preview.created),
        ("renamed", &preview.renamed),
        ("moved", &preview.moved),
        ("archived", &preview.archived),
        ("restored", &preview.restored),
        ("assigned", &preview.assigned),
        ("withdrawn", &preview.withdrawn),
    ];
    let mut drawing = Lines::default();
    for (word, items) in groups {
        drawing.text(&group(word, &items.iter().collect::<Vec<_>>(), page));
    }
    let changes: usize = groups.iter().map(|(_, items)| items.len()).sum();
    drawing.text(&private(preview, page));
    drawing.text(&warnings(preview.warnings.iter().map(|warning| warning.message.as_str()), page));
    let summary = [
        Some(if changes == 0 { "Nothing would change".to_owned() } else { count(changes as u64, "change", "changes") }),
        (preview.running_timers > 0)
            .then(|| format!("{} on archived tasks", count(preview.running_timers, "running timer", "running timers"))),
        (preview.archived_hours > 0.0).then(|| format!("{:.1} h on archived tasks", preview.archived_hours)),
        Some(format!("a sync takes {}", count(preview.requests, "request", "requests"))),
    ];
    drawing.all(text::facts(summary.into_iter().flatten(), page.width));
    drawing.finish()
}

/// What a run changed, kind by kind.
pub(crate) fn changes(changes: &[RunChange], page: &Page) -> String {
    let mut drawing = String::new();
    for kind in &KINDS {
        let items: Vec<&Item> = changes.iter().filter(|change| change.change == kind.word).map(|change| &change.item).collect();
        drawing.push_str(&group(kind.word, &items, page));
    }
    drawing
}

/// The warnings of a run or a preview, each on lines of its own.
pub(crate) fn warnings<'a>(messages: impl Iterator<Item = &'a str>, page: &Page) -> String {
    let mut drawing = Lines::default();
    for message in messages {
        for (index, line) in text::wrap(&text::harmless(message), page.width.saturating_sub(2)).iter().enumerate() {
            let sign = if index == 0 { "!" } else { " " };
            drawing.line(page.ink(Ink::Warn, &format!("{sign} {line}")));
        }
    }
    drawing.finish()
}

fn group(word: &str, items: &[&Item], page: &Page) -> String {
    let Some(kind) = KINDS.iter().find(|kind| kind.word == word) else { return String::new() };
    if items.is_empty() {
        return String::new();
    }
    let title = word.replace('_', " ");
    let mut drawing = Lines::default();
    drawing.line(page.ink(Ink::Bold, &format!("{} {}", capital(&title), items.len())));
    let lines: Vec<(String, String)> = items.iter().map(|item| (subject(word, item), remark(word, item))).collect();
    let widest = lines.iter().map(|(subject, _)| width(subject)).max().unwrap_or(0);
    let room = page.width.saturating_sub(4);
    // Long names leave a third to the remark; where there is room for both, remarks are aligned.
    let column = widest.min(room.saturating_sub(room / 3));
    for (subject, remark) in lines {
        let left = if remark.is_empty() { fit(&subject, room) } else { fit(&subject, column) };
        let right = fit(&remark, room.saturating_sub(column + 2));
        let left = if remark.is_empty() { left } else { format!("{}  ", pad(&left, column)) };
        let left = page.ink(kind.ink, &format!("  {} {left}", kind.sign));
        drawing.line(format!("{left}{}", page.ink(Ink::Dim, &right)));
    }
    drawing.finish()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn subject(word: &str, item: &Item) -> String {
    match (&item.person, word) {
        (Some(person), "assigned" | "withdrawn") => text::name(&person.name),
        _ => text::name(&item.name),
    }
}

fn remark(word: &str, item: &Item) -> String {
    match word {
        "renamed" => format!("was {}", text::name(item.old_name.as_deref().unwrap_or_default())),
        "moved" => {
            let from = item.old_path.as_deref().map(text::above).unwrap_or_default();
            arrow(&from, &text::above(&item.path))
        }
        "archived" => {
            let reason = item.reason.as_deref().map(reasons::archived).unwrap_or_default();
            text::facts([reason, text::above(&item.path)], usize::MAX).join("")
        }
        "reason_changed" => {
            let old = item.old_reason.as_deref().map(reasons::archived).unwrap_or_default();
            arrow(&old, &item.reason.as_deref().map(reasons::archived).unwrap_or_default())
        }
        "assigned" | "withdrawn" => text::path(&item.path),
        _ => text::above(&item.path),
    }
}

/// Two paths, without the beginning they share: it is where they part that matters.
fn arrow(from: &str, to: &str) -> String {
    let names = |path: &str| path.split(text::SEPARATOR).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (names(from), names(to));
    let most = from.len().min(to.len()).saturating_sub(1);
    let shared = from.iter().zip(&to).take(most).take_while(|(a, b)| a == b).count();
    let rest = |names: &[String]| {
        let rest = names.get(shared..).unwrap_or_default().join(text::SEPARATOR);
        if rest.is_empty() { "the top".to_owned() } else { rest }
    };
    format!("from {} to {}", rest(&from), rest(&to))
}

fn private(preview: &Preview, page: &Page) -> String {
    let projects = &preview.private_projects;
    let mut drawing = Lines::default();
    if !projects.is_empty() {
        drawing.line(page.ink(Ink::Bold, &format!("Private in Toggl, visible here {}", projects.len())));
    }
    for project in projects {
        let (name, seen) = (text::name(&project.name), count(project.people, "person", "people"));
        let line = format!("  ! {name}  to {seen} · {}", text::above(&project.path));
        drawing.line(page.ink(Ink::Warn, &fit(&line, page.width)));
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tallyport_api_types::{PersonRef, PrivateProject, Warning};

    fn item(path: &[&str]) -> Item {
        let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
        Item { name: path.last().cloned().unwrap_or_default(), path, ..Item::default() }
    }

    fn owned(path: &[&str]) -> Vec<String> {
        path.iter().map(|name| (*name).to_owned()).collect()
    }

    fn sample() -> Preview {
        let zoe = PersonRef { id: 3, email: "zoe@example.com".into(), name: "Zoë Lefèvre".into() };
        Preview {
            created: vec![item(&["Toggl", "Labs", "Hiring"]), item(&["Toggl", "Labs", ""])],
            renamed: vec![Item { old_name: Some("Logo".into()), ..item(&["Toggl", "Labs", "Logo & letterhead"]) }],
            moved: vec![Item {
                old_path: Some(owned(&["Toggl", "Studio", "Menu"])),
                ..item(&["Toggl", "Studio", "Café Ñandú", "Menu"])
            }],
            archived: vec![Item { reason: Some("done_in_toggl".into()), ..item(&["Toggl", "Labs", "Moodboard"]) }],
            withdrawn: vec![Item { person: Some(zoe), ..item(&["Toggl", "Pro bono"]) }],
            private_projects: vec![PrivateProject {
                external_id: "1".into(),
                name: "Tender 2027".into(),
                path: vec!["Toggl".into(), "Tender 2027".into()],
                people: 4,
            }],
            archived_hours: 2.5,
            running_timers: 1,
            requests: 7,
            warnings: vec![Warning {
                code: "x".into(),
                message: "the members of Labs could not be read; the last known ones stand".into(),
                workspace: None,
            }],
            ..Preview::default()
        }
    }

    #[test] // I13
    fn a_preview_reads_as_a_diff() {
        insta::assert_snapshot!(draw(&sample(), &Page::plain()), @r"
        Created 2
          + Hiring     Toggl / Labs
          + (unnamed)  Toggl / Labs
        Renamed 1
          ~ Logo & letterhead  was Logo
        Moved 1
          > Menu  from Studio to Studio / Café Ñandú
        Archived 1
          - Moodboard  done in Toggl · Toggl / Labs
        Withdrawn 1
          - Zoë Lefèvre  Toggl / Pro bono
        Private in Toggl, visible here 1
          ! Tender 2027  to 4 people · Toggl
        ! the members of Labs could not be read; the last known ones stand
        6 changes · 1 running timer on archived tasks · 2.5 h on archived tasks
        a sync takes 7 requests
        ");
    }

    #[test]
    fn a_preview_fits_the_page_whatever_the_names_are() {
        let mut preview = sample();
        let long = "株式会社みなと ".repeat(20);
        preview.created.push(item(&["Toggl", &long, &long]));
        preview.archived.push(Item { reason: Some("deleted_in_toggl".into()), ..item(&["Toggl", &long, "a\u{1b}[2J"]) });
        for columns in [40, 80, 120] {
            let drawing = draw(&preview, &Page { width: columns, ..Page::plain() });
            assert!(!drawing.contains('\u{1b}'));
            for line in drawing.lines().filter(|line| line.starts_with("  ")) {
                assert!(width(line) <= columns, "{line}");
            }
        }
    }

    #[test]
    fn no_change_is_said() {
        let preview = Preview { requests: 1, ..Preview::default() };
        assert_eq!(draw(&preview, &Page::plain()), "Nothing would change · a sync takes 1 request\n");
    }
}
