//! Sheets and tags.

use chrono::{DateTime, Utc};
use tallyport_api_types as wire;
use tallyport_app::{CellToFill, Filled, SheetNotice, TagRow, Timesheet, day_word};
use tallyport_domain::TaskId;

use super::time::{entry, task};

pub(crate) fn timesheet(sheet: &Timesheet, now: DateTime<Utc>) -> wire::Timesheet {
    let day = |day: &tallyport_app::SheetDay| wire::TimesheetDay {
        date: day.day.to_string(),
        length_seconds: day.length.seconds(),
        seconds: day.time.seconds(),
    };
    let row = |row: &tallyport_app::SheetRow| wire::TimesheetRow {
        task: row.task.as_ref().map(task),
        trackable: row.is_open,
        cells: row
            .cells
            .iter()
            .map(|(time, entries)| wire::TimesheetCell { seconds: time.seconds(), entries: *entries })
            .collect(),
        seconds: row.time.seconds(),
    };
    wire::Timesheet {
        person_id: sheet.person.0,
        timezone: sheet.zone.as_str().to_owned(),
        week_start: day_word(u8::try_from(sheet.week_start.number_from_monday()).unwrap_or(1)).to_owned(),
        days: sheet.days.iter().map(day).collect(),
        rows: sheet.rows.iter().map(row).collect(),
        seconds: sheet.total.seconds(),
        timer: sheet.timer.as_ref().map(|row| entry(row, now)),
        notices: sheet.notices.iter().map(notice).collect(),
    }
}

fn notice(notice: &SheetNotice) -> wire::TimesheetNotice {
    match notice {
        SheetNotice::Overlap(overlap) => wire::TimesheetNotice {
            kind: "overlap".to_owned(),
            entry_id: overlap.first.0,
            other_id: Some(overlap.second.0),
            seconds: overlap.length().seconds(),
        },
        SheetNotice::Overlong(entry, length) => {
            wire::TimesheetNotice { kind: "overlong".to_owned(), entry_id: entry.0, other_id: None, seconds: length.seconds() }
        }
    }
}

pub(crate) fn cell_to_fill(cell: wire::CellText) -> CellToFill {
    CellToFill { task: cell.task_id.map(TaskId), date: cell.date, text: cell.text }
}

pub(crate) fn filled(filled: &Filled) -> wire::Filled {
    wire::Filled {
        seconds: filled.cell.seconds(),
        reading: filled.cell.prose(),
        day_seconds: filled.day.seconds(),
        step: filled.step.number,
    }
}

pub(crate) fn tag(tag: &TagRow) -> wire::Tag {
    wire::Tag { id: tag.id.0, name: tag.name.as_str().to_owned(), entries: tag.entries }
}
