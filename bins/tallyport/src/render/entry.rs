//! Timers and entries.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use tallyport_api_types::{Entry, Running, Started, Step, Stopped, Timesheet};

use super::table::{Column, Table};
use super::{Ink, Lines, Page, text, time};

/// The timer that runs, or that none does.
pub(crate) fn running(running: &Running, page: &Page) -> String {
    match &running.timer {
        Some(timer) => counting(timer, page),
        None => "No timer is running\n".to_owned(),
    }
}

/// The same for a prompt: nothing where no timer runs.
pub(crate) fn in_short(running: &Running, _: &Page) -> String {
    let Some(timer) = &running.timer else { return String::new() };
    let name = timer.task.as_ref().map_or_else(|| "No task".to_owned(), |task| text::name(&task.name));
    format!("{} {}\n", short(timer.duration_seconds), text::fit(&name, 40))
}

/// What a start began and ended.
pub(crate) fn started(started: &Started, page: &Page) -> String {
    let mut drawing = Lines::default();
    if let Some(stopped) = &started.stopped {
        drawing.line(page.ink(Ink::Dim, &format!("Stopped {} after {}", what(stopped), length(stopped.duration_seconds))));
    }
    if let Some(timer) = &started.timer {
        drawing.text(&counting(timer, page));
    }
    if let Some(entry) = &started.entry {
        drawing.text(&added(entry, page));
    }
    if let Some(notice) = &started.notice {
        let why = if notice.why == "archived" { "its task is archived" } else { "its task is no longer yours" };
        drawing.line(page.ink(Ink::Warn, &format!("Saved on \"No task\": {why}")));
    }
    drawing.finish()
}

/// What a stop ended.
pub(crate) fn stopped(stopped: &Stopped, page: &Page) -> String {
    let entry = &stopped.entry;
    let said = if stopped.changed { "Stopped" } else { "Was stopped already:" };
    let line = format!("{said} {}  {}", what(entry), page.ink(Ink::Bold, &length(entry.duration_seconds)));
    format!("{line}\n{}\n", page.ink(Ink::Dim, &when(entry)))
}

/// An entry that was added or changed, as it was read.
pub(crate) fn added(entry: &Entry, page: &Page) -> String {
    let mut drawing = Lines::default();
    drawing.line(format!("{}  {}  {}", page.ink(Ink::Dim, &entry.id.to_string()), what(entry), prose(entry.duration_seconds)));
    drawing.line(page.ink(Ink::Dim, &when(entry)));
    drawing.finish()
}

/// Entries by day, each day with its total, what lies between them and what is counted twice.
pub(crate) fn days(entries: &[Entry], sheet: &Timesheet, page: &Page) -> String {
    let mut drawing = Lines::default();
    for day in &sheet.days {
        let begun: Vec<&Entry> = entries.iter().filter(|entry| entry.date == day.date).collect();
        let reaching: Vec<&Entry> = entries.iter().filter(|entry| entry.date < day.date && reaches(entry, &day.date)).collect();
        if begun.is_empty() && day.seconds == 0 {
            continue;
        }
        let total = page.ink(Ink::Bold, &length(day.seconds));
        drawing.line(format!("{}  {total}", page.ink(Ink::Bold, &text::harmless(&time::weekday(page, &day.date)))));
        drawing.text(&day_table(&day.date, &reaching, &begun, sheet).draw(page));
    }
    let drawn = drawing.finish();
    if drawn.is_empty() { "No time on these days\n".to_owned() } else { format!("{drawn}{}", total(sheet, page)) }
}

fn total(sheet: &Timesheet, page: &Page) -> String {
    let zone = page.ink(Ink::Dim, &text::harmless(&sheet.timezone));
    if sheet.days.len() > 1 {
        format!("{}  in all  {zone}\n", page.ink(Ink::Bold, &length(sheet.seconds)))
    } else {
        String::new()
    }
}

fn day_table(date: &str, reaching: &[&Entry], begun: &[&Entry], sheet: &Timesheet) -> Table {
    let columns =
        [Column::number("id"), Column::whole("from"), Column::whole("time"), Column::cut("task", 16), Column::cut("note", 8)];
    let mut table = Table::new(columns);
    let mut until: Option<&Entry> = None;
    for entry in reaching.iter().chain(begun) {
        if let Some(before) = until
            && let (Some(end), Some(start)) = (before.end.as_deref().and_then(time::parse), time::parse(&entry.start))
            && start > end
        {
            let between = (start.as_second() - end.as_second()).max(0);
            let from = format!("{}–{}", clock(before, before.end.as_deref().unwrap_or_default()), clock(entry, &entry.start));
            table.row([
                (Ink::Dim, String::new()),
                (Ink::Dim, from),
                (Ink::Dim, length(between)),
                (Ink::Dim, "·".to_owned()),
                (Ink::Dim, String::new()),
            ]);
        }
        let ink = if entry.end.is_none() { Ink::Good } else { Ink::Plain };
        table.row([
            (Ink::Dim, entry.id.to_string()),
            (Ink::Plain, times(entry)),
            (ink, length_on(entry, date)),
            (Ink::Plain, what(entry)),
            (Ink::Dim, remarks(entry, sheet)),
        ]);
        let ends = |entry: &Entry| entry.end.as_deref().and_then(time::parse);
        until = until.filter(|before| ends(before) >= ends(entry) && entry.end.is_some()).or(Some(entry));
    }
    table
}

/// Whether an entry goes on into a day that begins after its own.
fn reaches(entry: &Entry, date: &str) -> bool {
    part_on(entry, date).is_some_and(|seconds| seconds > 0)
}

/// How long an entry is; what of it is on this day, where it is on others too: that is what the day adds up.
fn length_on(entry: &Entry, date: &str) -> String {
    let whole = length(entry.duration_seconds);
    match part_on(entry, date) {
        Some(part) if part != entry.duration_seconds => format!("{} of {whole}", length(part)),
        _ => whole,
    }
}

/// How many seconds of an entry are on a day of its zone; nothing of a timer that runs.
fn part_on(entry: &Entry, date: &str) -> Option<i64> {
    let (start, end) = (time::parse(&entry.start)?, time::parse(entry.end.as_deref()?)?);
    let date: Date = date.parse().ok()?;
    let begin = |date: Date| zone(entry).to_timestamp(date.to_datetime(Time::midnight())).ok();
    let (from, to) = (begin(date)?.max(start), begin(date.tomorrow().ok()?)?.min(end));
    Some((to.as_second() - from.as_second()).max(0))
}

/// What is to be looked at, the note and the tags.
fn remarks(entry: &Entry, sheet: &Timesheet) -> String {
    let notices = sheet.notices.iter().filter_map(|notice| match (notice.kind.as_str(), notice.other_id) {
        ("overlap", Some(other)) if notice.entry_id == entry.id => Some(format!("! overlaps {other}")),
        ("overlap", Some(other)) if other == entry.id => Some(format!("! overlaps {}", notice.entry_id)),
        ("overlong", _) if notice.entry_id == entry.id => Some("! left running?".to_owned()),
        _ => None,
    });
    notices.chain(Some(said(entry)).filter(|said| !said.is_empty())).collect::<Vec<_>>().join(" · ")
}

/// Entries that were taken away.
pub(crate) fn deleted(step: &Step, page: &Page) -> String {
    let mut drawing = Lines::default();
    for entry in &step.entries {
        let line = format!("Deleted {}  {}  {}", entry.id, what(entry), length(entry.duration_seconds));
        drawing.line(format!("{line}  {}", page.ink(Ink::Dim, &when(entry))));
    }
    if let Some(step) = step.step {
        drawing.line(page.ink(Ink::Dim, &format!("`tallyport undo {step}` brings it back")));
    }
    drawing.finish()
}

/// Entries that are as they were.
pub(crate) fn undone(step: &Step, page: &Page) -> String {
    if step.entries.is_empty() {
        return "Taken back\n".to_owned();
    }
    step.entries.iter().map(|entry| added(entry, page)).collect()
}

fn counting(timer: &Entry, page: &Page) -> String {
    let line = format!("{}  {}", page.ink(Ink::Good, &full(timer.duration_seconds)), what(timer));
    format!("{line}\n{}\n", page.ink(Ink::Dim, &format!("since {}", when(timer))))
}

/// What it is for: the task with what it hangs under.
fn what(entry: &Entry) -> String {
    let Some(task) = &entry.task else { return "No task".to_owned() };
    let above = text::above(&task.path);
    let name = text::name(&task.name);
    let name = if above.is_empty() { name } else { format!("{name} · {above}") };
    if task.archived { format!("{name} (archived)") } else { name }
}

/// The note and the tags.
fn said(entry: &Entry) -> String {
    let tags = entry.tags.iter().map(|tag| format!("#{}", text::harmless(tag)));
    let note = text::harmless(&entry.note);
    Some(note).filter(|note| !note.is_empty()).into_iter().chain(tags).collect::<Vec<_>>().join(" ")
}

/// The day and the times, in the zone that it was made in.
fn when(entry: &Entry) -> String {
    format!("{} {}", text::harmless(&entry.date), times(entry))
}

fn times(entry: &Entry) -> String {
    let start = clock(entry, &entry.start);
    match &entry.end {
        Some(end) => format!("{start}–{}", clock(entry, end)),
        None => start,
    }
}

fn clock(entry: &Entry, instant: &str) -> String {
    let local: Option<DateTime> = time::parse(instant).map(|instant| zone(entry).to_datetime(instant));
    local.map_or_else(|| text::harmless(instant), |local| format!("{}:{:02}", local.hour(), local.minute()))
}

fn zone(entry: &Entry) -> TimeZone {
    TimeZone::get(&entry.timezone).unwrap_or(TimeZone::UTC)
}

/// `1:24`.
fn short(seconds: i64) -> String {
    format!("{}:{:02}", seconds / 3600, seconds % 3600 / 60)
}

/// `1:24`, with the seconds where there are some: nothing is rounded in silence (E9).
fn length(seconds: i64) -> String {
    if seconds % 60 == 0 { short(seconds) } else { full(seconds) }
}

/// `1:24:07`.
fn full(seconds: i64) -> String {
    format!("{}:{:02}", short(seconds), seconds % 60)
}

/// `= 1 h 24 min`.
fn prose(seconds: i64) -> String {
    let parts = [(seconds / 3600, "h"), (seconds % 3600 / 60, "min"), (seconds % 60, "s")];
    let parts: Vec<String> = parts.iter().filter(|(many, _)| *many > 0).map(|(many, unit)| format!("{many} {unit}")).collect();
    format!("= {}", if parts.is_empty() { "0 min".to_owned() } else { parts.join(" ") })
}
