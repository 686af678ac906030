//! A report as rows of a table: a column for what each grouping is about, and the same numbers as on the page.

use tallyport_app::{About, Report, ReportRow};
use tallyport_domain::time::{Grouping, Length};

use super::cell::{Cell, path};

/// What the columns are called.
pub(crate) fn titles(report: &Report) -> Vec<String> {
    let numbers = ["level", "duration", "own_seconds", "seconds", "billable_seconds", "share_percent"];
    report.by.iter().map(|grouping| grouping.as_str()).chain(numbers).map(str::to_owned).collect()
}

/// Its rows; those that are told apart further stand before what they are told apart into.
pub(crate) fn rows(report: &Report) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let others = report.by.len().saturating_sub(1);
    for row in &report.rows {
        let first = about(row, report.by[0]);
        let blank = (0..others).map(|_| Cell::nothing());
        rows.push([first.clone()].into_iter().chain(blank).chain(numbers(row)).collect());
        for within in &row.rows {
            let second = report.by.get(1).map(|grouping| about(within, *grouping));
            rows.push([first.clone()].into_iter().chain(second).chain(numbers(within)).collect());
        }
    }
    rows
}

fn about(row: &ReportRow, by: Grouping) -> Cell {
    match &row.about {
        About::Task(Some(task)) => Cell::Text(path(&task.path)),
        About::Task(None) => Cell::text(format!("No {}", by.as_str())),
        About::Person(_, name) => Cell::text(name),
        About::Days(days) if by == Grouping::Month => Cell::text(days.from().month().to_string()),
        About::Days(days) => Cell::Day(days.from()),
        About::Tag(Some(tag)) => Cell::text(tag.as_str()),
        About::Tag(None) => Cell::text("No tag"),
        About::Billable(billable) => Cell::text(if *billable { "Billable" } else { "Not billable" }),
    }
}

fn numbers(row: &ReportRow) -> [Cell; 6] {
    let seconds = |length: Length| Cell::Number(length.seconds());
    [
        Cell::Number(row.level.into()),
        Cell::Length(row.whole.time),
        seconds(row.own.time),
        seconds(row.whole.time),
        seconds(row.whole.billable),
        Cell::Share(row.share),
    ]
}
