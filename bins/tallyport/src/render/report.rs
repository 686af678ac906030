//! Reports: how much time falls on what, with bars of its share.

use jiff::civil::Date;
use tallyport_api_types::{Report, ReportGroup};

use super::{Ink, Lines, Page, text};

/// Columns of a bar that has all of it.
const BAR: usize = 20;
/// Columns of "100.0 %".
const SHARE: usize = 7;
/// Columns of a name, where there are so many; else there are no bars.
const NAME: usize = 24;
/// Columns that a row stands further in than the one above it.
const STEP: usize = 2;

/// A report as a table.
pub(crate) fn draw(report: &Report, page: &Page) -> String {
    let mut drawing = Lines::default();
    drawing.line(page.ink(Ink::Bold, &text::fit(&days(&report.from, &report.to, page), page.width)));
    if report.seconds == 0 {
        drawing.line("No time on these days");
        return drawing.finish();
    }
    for line in text::facts(facts(report), page.width) {
        drawing.line(text::fit(&line, page.width));
    }
    drawing.line("");
    let table = Table::of(report, page);
    drawing.line(page.ink(Ink::Dim, &table.row(&report.by.join(", "), "time", "share", None)));
    for group in &report.groups {
        table.group(&mut drawing, group, &report.by, 0, page);
    }
    let total = table.row("Total", &full(report.seconds), "", None);
    drawing.line(page.ink(Ink::Bold, total.trim_end()));
    if counts_twice(&report.groups, report.seconds, &report.by) {
        drawing.line(page.ink(Ink::Dim, &text::fit("What has several tags counts under each of them.", page.width)));
    }
    drawing.finish()
}

/// What there is to say about all of it.
fn facts(report: &Report) -> Vec<String> {
    let of_all = |part: i64| share(u32::try_from(part * 1000 / report.seconds).unwrap_or_default());
    let held = match (report.before_seconds, report.seconds - report.before_seconds) {
        (0, _) => String::new(),
        (_, 0) => "as much as the days before".to_owned(),
        (before, more) => {
            let percent = (more.abs() * 100 + before / 2) / before;
            format!("{percent} % {} than the days before", if more > 0 { "more" } else { "less" })
        }
    };
    let archived = match report.archived_seconds {
        0 => String::new(),
        seconds => format!("{} on archived tasks", full(seconds)),
    };
    vec![
        full(report.seconds),
        format!("{} billable", of_all(report.billable_seconds)),
        archived,
        text::count(report.people, "person", "people"),
        format!("on {}", text::count(report.days, "day", "days")),
        held,
    ]
}

/// The widths of the columns.
struct Table {
    name: usize,
    time: usize,
    bar: bool,
}

impl Table {
    fn of(report: &Report, page: &Page) -> Self {
        let time = full(report.seconds).len().max("time".len());
        let time = deepest(&report.groups, &|group| full(group.seconds).len()).max(time);
        let fixed = time + SHARE + 4;
        let bar = page.width >= fixed + 2 + BAR + NAME;
        let room = page.width.saturating_sub(fixed + if bar { 2 + BAR } else { 0 });
        let widest = widest(&report.groups, &report.by, 0, page).max(text::width(&report.by.join(", "))).max("Total".len());
        Self { name: room.min(widest), time, bar }
    }

    fn row(&self, name: &str, time: &str, share: &str, bar: Option<String>) -> String {
        let name = text::pad(&text::fit(name, self.name), self.name);
        let line = format!("{name}  {time:>width$}  {share:>SHARE$}", width = self.time);
        match bar.filter(|_| self.bar) {
            Some(bar) => format!("{line}  {bar}"),
            None => line,
        }
    }

    /// A group, and what it is told apart into.
    fn group(&self, drawing: &mut Lines, group: &ReportGroup, by: &[String], outer: usize, page: &Page) {
        let Some((grouping, rest)) = by.split_first() else { return };
        let depth = outer + depth(group);
        let name = format!("{}{}", indent(depth, self.name), self::name(group, grouping, page));
        let line = self.row(&name, &full(group.seconds), &share(group.share), Some(bar(group.share)));
        let is_outer = outer == 0 && (!rest.is_empty() || depth == 0);
        drawing.line(page.ink(if is_outer && by.len() > 1 { Ink::Bold } else { Ink::Plain }, line.trim_end()));
        for within in &group.groups {
            self.group(drawing, within, rest, depth + 1, page);
        }
    }
}

/// Whether some time stands under several tags, so that they have more together than what they are within.
fn counts_twice(groups: &[ReportGroup], seconds: i64, by: &[String]) -> bool {
    let Some((grouping, rest)) = by.split_first() else { return false };
    let together: i64 = groups.iter().map(|group| group.seconds).sum();
    grouping == "tag" && together > seconds || groups.iter().any(|group| counts_twice(&group.groups, group.seconds, rest))
}

fn depth(group: &ReportGroup) -> usize {
    usize::try_from(group.level.saturating_sub(1)).unwrap_or_default()
}

/// How far in a row stands; in trees so deep that no name would be left it is told as a number.
fn indent(depth: usize, room: usize) -> String {
    if depth * STEP > room / 2 { format!("… {depth} ") } else { " ".repeat(depth * STEP) }
}

/// The most that anything measures of any group.
fn deepest(groups: &[ReportGroup], measure: &impl Fn(&ReportGroup) -> usize) -> usize {
    groups.iter().map(|group| measure(group).max(deepest(&group.groups, measure))).max().unwrap_or_default()
}

fn widest(groups: &[ReportGroup], by: &[String], outer: usize, page: &Page) -> usize {
    let Some((grouping, rest)) = by.split_first() else { return 0 };
    let width = |group: &ReportGroup| {
        let depth = outer + depth(group);
        let own = depth * STEP + text::width(&name(group, grouping, page));
        own.max(widest(&group.groups, rest, depth + 1, page))
    };
    groups.iter().map(width).max().unwrap_or_default()
}

/// What a group is called.
fn name(group: &ReportGroup, by: &str, page: &Page) -> String {
    if let Some(task) = &group.task {
        let name = text::name(&task.name);
        return if task.archived { format!("{name} (archived)") } else { name };
    }
    if let Some(person) = &group.person {
        return text::name(&person.name);
    }
    if let (Some(from), Some(to)) = (&group.from, &group.to) {
        return if by == "month" { month(from) } else { short_days(from, to, page) };
    }
    match (group.billable, &group.tag) {
        (Some(true), _) => "Billable".to_owned(),
        (Some(false), _) => "Not billable".to_owned(),
        (None, Some(tag)) => text::harmless(tag),
        (None, None) => format!("No {by}"),
    }
}

/// `32.9 %`.
fn share(tenths: u32) -> String {
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A bar as long as a share is large, to an eighth of a column; what there is of anything can be seen.
fn bar(tenths: u32) -> String {
    let eighths = usize::try_from(tenths).unwrap_or_default() * BAR * 8 / 1000;
    let eighths = if tenths > 0 { eighths.max(1) } else { 0 };
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"].get(eighths % 8).copied().unwrap_or_default();
    format!("{}{rest}", "█".repeat(eighths / 8))
}

/// `1:24:07`.
fn full(seconds: i64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `23 – 29 November 2026`.
fn days(from: &str, to: &str, page: &Page) -> String {
    let (Ok(first), Ok(last)) = (from.parse::<Date>(), to.parse::<Date>()) else {
        return text::harmless(&format!("{from} – {to}"));
    };
    let this_year = page.zone.to_datetime(page.now).year();
    let year = |date: Date| if date.year() == this_year { String::new() } else { format!(" {}", date.year()) };
    let whole = |date: Date| format!("{} {}{}", date.day(), date.strftime("%B"), year(date));
    if first == last {
        format!("{} {}", first.strftime("%A"), whole(first))
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{} – {}", first.day(), whole(last))
    } else if first.year() == last.year() {
        format!("{} {} – {}", first.day(), first.strftime("%B"), whole(last))
    } else {
        format!("{} – {}", whole(first), whole(last))
    }
}

/// `Thu 26 Nov`, or `23 – 29 Nov`; with the year where it is not this one.
fn short_days(from: &str, to: &str, page: &Page) -> String {
    let (Ok(first), Ok(last)) = (from.parse::<Date>(), to.parse::<Date>()) else {
        return text::harmless(&format!("{from} – {to}"));
    };
    let year = if last.year() == page.zone.to_datetime(page.now).year() { String::new() } else { format!(" {}", last.year()) };
    if first == last {
        format!("{:>6} {}{year}", format!("{} {:>2}", first.strftime("%a"), first.day()), first.strftime("%b"))
    } else if first.month() == last.month() {
        format!("{} – {} {}{year}", first.day(), last.day(), last.strftime("%b"))
    } else {
        format!("{} {} – {} {}{year}", first.day(), first.strftime("%b"), last.day(), last.strftime("%b"))
    }
}

/// `November 2026`.
fn month(from: &str) -> String {
    from.parse::<Date>().map_or_else(|_| text::harmless(from), |date| date.strftime("%B %Y").to_string())
}

#[cfg(test)]
mod tests {
    use tallyport_api_types::{EntryTask, ReportPerson};

    use super::*;

    fn group(level: u32, seconds: i64, share: u32) -> ReportGroup {
        ReportGroup {
            task: None,
            person: None,
            from: None,
            to: None,
            tag: None,
            billable: None,
            level,
            own_seconds: seconds,
            seconds,
            billable_seconds: 0,
            share,
            groups: Vec::new(),
        }
    }

    fn task(name: &str, level: u32, seconds: i64, share: u32) -> ReportGroup {
        let task = EntryTask { id: 1, name: name.to_owned(), path: vec![name.to_owned()], archived: name == "Catalogue" };
        ReportGroup { task: Some(task), ..group(level, seconds, share) }
    }

    fn report(by: &[&str], groups: Vec<ReportGroup>) -> Report {
        Report {
            by: by.iter().map(|by| (*by).to_owned()).collect(),
            from: "2026-11-23".to_owned(),
            to: "2026-11-29".to_owned(),
            timezone: "UTC".to_owned(),
            week_start: "monday".to_owned(),
            seconds: 360_045,
            billable_seconds: 180_000,
            archived_seconds: 0,
            before_seconds: 300_000,
            people: 2,
            days: 5,
            groups,
        }
    }

    fn tree() -> Vec<ReportGroup> {
        vec![
            task("Nordlicht Studio", 1, 345_645, 960),
            task("Website relaunch", 2, 309_645, 860),
            task("株式会社みなと", 3, 9_645, 27),
            task("Catalogue", 2, 36_000, 100),
            group(1, 14_400, 40),
        ]
    }

    #[test] // E8
    fn a_report_is_a_tree_with_bars_of_shares_and_a_total() {
        let report = Report { archived_seconds: 36_000, ..report(&["task"], tree()) };
        insta::assert_snapshot!(draw(&report, &Page::plain()), @r#"
        23 – 29 November
        100:00:45 · 49.9 % billable · 10:00:00 on archived tasks · 2 people · on 5 days
        20 % more than the days before

        task                         time    share
        Nordlicht Studio         96:00:45   96.0 %  ███████████████████▏
          Website relaunch       86:00:45   86.0 %  █████████████████▏
            株式会社みなと        2:40:45    2.7 %  ▌
          Catalogue (archived)   10:00:00   10.0 %  ██
        No task                   4:00:00    4.0 %  ▊
        Total                   100:00:45
        "#);
    }

    #[test] // E8
    fn a_second_grouping_stands_within_the_first() {
        let person = |id, name: &str, seconds, share| ReportGroup {
            person: Some(ReportPerson { id, name: name.to_owned() }),
            ..group(1, seconds, share)
        };
        let day = |day: &str, seconds, share| ReportGroup {
            from: Some(day.to_owned()),
            to: Some(day.to_owned()),
            ..group(1, seconds, share)
        };
        let ana = vec![day("2026-11-23", 36_000, 100), day("2026-11-24", 144_000, 400)];
        let groups = vec![
            ReportGroup { groups: ana, ..person(1, "Ana Nováková", 180_000, 500) },
            ReportGroup { groups: vec![day("2026-11-26", 180_045, 500)], ..person(2, "Zo\u{1b}[2J", 180_045, 500) },
        ];
        insta::assert_snapshot!(draw(&report(&["person", "day"], groups), &Page::plain()), @r#"
        23 – 29 November
        100:00:45 · 49.9 % billable · 2 people · on 5 days
        20 % more than the days before

        person, day        time    share
        Ana Nováková   50:00:00   50.0 %  ██████████
          Mon 23 Nov   10:00:00   10.0 %  ██
          Tue 24 Nov   40:00:00   40.0 %  ████████
        Zo\u{1b}[2J    50:00:45   50.0 %  ██████████
          Thu 26 Nov   50:00:45   50.0 %  ██████████
        Total         100:00:45
        "#);
    }

    #[test]
    fn every_line_fits_the_page() {
        let mut groups = tree();
        let long = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz ".repeat(3);
        groups.push(task(&long, 40, 1, 1));
        for width in [20, 40, 60, 80, 120] {
            for line in draw(&report(&["task"], groups.clone()), &Page { width, ..Page::plain() }).lines() {
                assert!(text::width(line) <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn colours_are_beside_the_words() {
        let report = report(&["task"], tree());
        let mut bare = draw(&report, &Page::coloured());
        assert!(bare.contains("\u{1b}["), "{bare:?}");
        for code in ["\u{1b}[2m", "\u{1b}[1m", "\u{1b}[36m", "\u{1b}[0m"] {
            bare = bare.replace(code, "");
        }
        assert_eq!(bare, draw(&report, &Page::plain()));
    }

    #[test]
    fn days_have_a_year_where_it_is_not_this_one() {
        let page = Page::plain();
        for (from, to, told) in [
            ("2026-11-26", "2026-11-26", "Thursday 26 November"),
            ("2026-11-01", "2026-11-26", "1 – 26 November"),
            ("2026-10-26", "2026-11-01", "26 October – 1 November"),
            ("2025-12-29", "2026-01-04", "29 December 2025 – 4 January"),
            ("2024-02-01", "2024-02-29", "1 – 29 February 2024"),
        ] {
            assert_eq!(days(from, to, &page), told);
        }
        assert_eq!(short_days("2026-10-26", "2026-11-01", &page), "26 Oct – 1 Nov");
        assert_eq!(short_days("2025-11-03", "2025-11-09", &page), "3 – 9 Nov 2025");
        assert_eq!(month("2026-11-01"), "November 2026");
    }

    #[test]
    fn whatever_there_is_of_something_can_be_seen() {
        assert_eq!([0, 1, 50, 500, 1000].map(bar), ["", "▏", "█", "██████████", "████████████████████"]);
    }
}
