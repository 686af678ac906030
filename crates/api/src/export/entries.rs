//! Entries as rows of a table.

use tallyport_app::Exported;
use tallyport_domain::time::{Calendar, Length, Tracked};

use super::cell::{Cell, path};

/// What the columns are called.
pub(crate) const TITLES: [&str; 16] = [
    "id",
    "person",
    "email",
    "task",
    "path",
    "task_id",
    "date",
    "start",
    "end",
    "timezone",
    "duration",
    "duration_seconds",
    "counted_seconds",
    "billable",
    "note",
    "tags",
];

/// A row of them.
pub(crate) fn row(exported: &Exported) -> Vec<Cell> {
    let Exported { entry, person } = exported;
    let tracked = &entry.row.tracked;
    let record = tracked.record();
    let calendar = Calendar::of(&record.zone);
    let (end, length) = match tracked {
        Tracked::Ended(entry) => (Cell::At(calendar.local(entry.span.end())), entry.span.length()),
        Tracked::Running(_) => (Cell::nothing(), Length::ZERO),
    };
    let (name, email) = person.clone().unwrap_or_default();
    let task = entry.row.task.as_ref();
    let tags: Vec<&str> = record.details.tags.iter().map(tallyport_domain::time::Tag::as_str).collect();
    vec![
        Cell::Number(record.id.0),
        Cell::Text(name),
        Cell::Text(email),
        Cell::text(task.and_then(|task| task.path.last()).map(tallyport_domain::Name::as_str).unwrap_or_default()),
        Cell::Text(task.map(|task| path(&task.path)).unwrap_or_default()),
        task.map_or_else(Cell::nothing, |task| Cell::Number(task.id.0)),
        Cell::Day(calendar.day_of(tracked.start())),
        Cell::At(calendar.local(tracked.start())),
        end,
        Cell::text(record.zone.as_str()),
        Cell::Length(length),
        Cell::Number(length.seconds()),
        Cell::Number(entry.counted.seconds()),
        Cell::Yes(record.details.billable),
        Cell::text(record.details.note.as_str()),
        Cell::Text(tags.join(", ")),
    ]
}
