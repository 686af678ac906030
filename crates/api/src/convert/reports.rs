//! Reports, and entries to take away.

use chrono::{DateTime, Utc};
use tallyport_api_types as wire;
use tallyport_app::{About, Exported, Report, ReportRow, day_word};

use super::time::{entry, task};

pub(crate) fn report(report: &Report) -> wire::Report {
    wire::Report {
        by: report.by.iter().map(|grouping| grouping.as_str().to_owned()).collect(),
        from: report.days.from().to_string(),
        to: report.days.to().to_string(),
        timezone: report.zone.as_str().to_owned(),
        week_start: day_word(report.week_start).to_owned(),
        seconds: report.total.time.seconds(),
        billable_seconds: report.total.billable.seconds(),
        archived_seconds: report.archived.seconds(),
        before_seconds: report.before.seconds(),
        people: report.people,
        days: report.days_with_time,
        groups: report.rows.iter().map(group).collect(),
    }
}

fn group(row: &ReportRow) -> wire::ReportGroup {
    let mut group = wire::ReportGroup {
        task: None,
        person: None,
        from: None,
        to: None,
        tag: None,
        billable: None,
        level: row.level,
        own_seconds: row.own.time.seconds(),
        seconds: row.whole.time.seconds(),
        billable_seconds: row.whole.billable.seconds(),
        share: row.share,
        groups: row.rows.iter().map(self::group).collect(),
    };
    match &row.about {
        About::Task(on) => group.task = on.as_ref().map(task),
        About::Person(id, name) => group.person = Some(wire::ReportPerson { id: id.0, name: name.clone() }),
        About::Days(days) => (group.from, group.to) = (Some(days.from().to_string()), Some(days.to().to_string())),
        About::Tag(tag) => group.tag = tag.as_ref().map(|tag| tag.as_str().to_owned()),
        About::Billable(billable) => group.billable = Some(*billable),
    }
    group
}

/// An entry to take away, as of `now`.
pub(crate) fn exported(exported: &Exported, now: DateTime<Utc>) -> wire::ExportedEntry {
    let (person, email) = exported.person.clone().unwrap_or_default();
    let counted_seconds = exported.entry.counted.seconds();
    wire::ExportedEntry { entry: entry(&exported.entry.row, now), person, email, counted_seconds }
}
