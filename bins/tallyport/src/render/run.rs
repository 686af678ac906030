//! Runs: how one ended, and the list of them.

use tallyport_api_types::{ListProof, Quota, Run, RunDetail};

use super::table::{Column, Table};
use super::text::{self, count};
use super::{Ink, Lines, Page, preview, reasons, time};

/// How a run ended: one line of facts, one of counts, and its warnings.
pub(crate) fn draw(run: &Run, quota: Option<&Quota>, page: &Page) -> String {
    let mut drawing = Lines::default();
    drawing.line(headline(run, quota, page));
    drawing.all(text::facts(changed(run), page.width));
    drawing.text(&preview::warnings(run.warnings.iter().map(|warning| warning.message.as_str()), page));
    drawing.finish()
}

/// One run with what it changed, why it failed, and what showed that everything was read (I14, I20).
pub(crate) fn detail(detail: &RunDetail, page: &Page) -> String {
    let run = &detail.run;
    let mut drawing = Lines::default();
    let facts = [
        format!("Run {}", run.id),
        format!("started {} {}", time::clock(page, &run.started_at), cause(run)),
        format!("took {}", time::duration(run.duration_ms)),
    ];
    drawing.all(text::facts(facts, page.width).iter().map(|line| page.ink(Ink::Dim, line)));
    drawing.text(&draw(run, None, page));
    if let (Some(error), Some(what_to_do)) = (&run.error, reasons::what_to_do(run)) {
        drawing.all(text::wrap(&text::harmless(&format!("{}. {what_to_do}", error.message)), page.width));
    }
    for part in [preview::changes(&detail.changes, page), proof(&run.proof, page)] {
        if !part.is_empty() {
            drawing.line("");
            drawing.text(&part);
        }
    }
    drawing.finish()
}

/// "Synced 4 min ago · 7 requests · 23 left until 15:00".
pub(crate) fn headline(run: &Run, quota: Option<&Quota>, page: &Page) -> String {
    let (ink, outcome) = outcome(run, page);
    let facts = [
        Some(page.ink(ink, &outcome)),
        Some(count(run.requests, "request", "requests")),
        quota.and_then(|quota| left(quota, page)),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// "23 left until 15:00"; nothing once that is past, since then the allowance is another.
fn left(quota: &Quota, page: &Page) -> Option<String> {
    let is_past = time::parse(&quota.resets_at).is_some_and(|reset| reset <= page.now);
    (!is_past).then(|| format!("{} left until {}", quota.remaining.max(0), time::clock(page, &quota.resets_at)))
}

fn outcome(run: &Run, page: &Page) -> (Ink, String) {
    let ended = time::parse(&run.started_at)
        .and_then(|start| start.checked_add(jiff::SignedDuration::from_millis(run.duration_ms)).ok())
        .map_or_else(|| run.started_at.clone(), |end| end.to_string());
    let ago = time::ago(page, &ended);
    match run.outcome.as_str() {
        "succeeded" => (Ink::Good, format!("Synced {ago}")),
        "failed" => (Ink::Bad, format!("Failed {ago}")),
        "held" => (Ink::Warn, format!("Held {ago}: it needs a yes")),
        "cancelled" => (Ink::Warn, format!("Cancelled {ago}")),
        "rejected" => (Ink::Plain, format!("Rejected {ago}")),
        "superseded" => (Ink::Dim, "Superseded by a newer run".to_owned()),
        "waiting" => {
            let until =
                run.waiting_until.as_deref().map(|until| format!(" until {}", time::clock(page, until))).unwrap_or_default();
            (Ink::Warn, format!("Waiting{until}"))
        }
        "running" => (Ink::Plain, format!("Syncing since {}", time::clock(page, &run.started_at))),
        other => (Ink::Plain, text::harmless(other)),
    }
}

/// The counts, and whether they are what it did or what it would have done.
fn changed(run: &Run) -> Vec<String> {
    let mut counts = counts(run);
    if let (Some(first), true) = (counts.first_mut(), run.outcome != "succeeded") {
        first.insert_str(0, "It would change: ");
    }
    counts
}

/// "38 created · 2 archived · 12 unchanged": what there was none of is left out.
pub(crate) fn counts(run: &Run) -> Vec<String> {
    let counts = [
        (run.created, "created"),
        (run.renamed, "renamed"),
        (run.moved, "moved"),
        (run.archived, "archived"),
        (run.restored, "restored"),
        (run.assigned, "assigned"),
        (run.withdrawn, "withdrawn"),
        (run.unchanged, "unchanged"),
    ];
    counts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect()
}

/// "by hand (Ana Nováková)".
pub(crate) fn cause(run: &Run) -> String {
    let trigger = reasons::trigger(&run.trigger);
    match &run.started_by {
        Some(person) => format!("{trigger} ({})", text::name(&person.name)),
        None => trigger,
    }
}

/// Runs, one a line.
pub(crate) fn list(runs: &[Run], page: &Page) -> String {
    let columns = [
        Column::number("run"),
        Column::whole("started"),
        Column::whole("outcome"),
        Column::number("requests"),
        Column::cut("changes", 10),
        Column::cut("cause", 8),
    ];
    let mut table = Table::new(columns);
    for run in runs {
        let ink = match run.outcome.as_str() {
            "succeeded" => Ink::Good,
            "failed" => Ink::Bad,
            "held" | "cancelled" | "waiting" => Ink::Warn,
            _ => Ink::Plain,
        };
        table.row([
            (Ink::Dim, run.id.to_string()),
            (Ink::Plain, format!("{}, {}", time::clock(page, &run.started_at), time::ago(page, &run.started_at))),
            (ink, text::harmless(&run.outcome)),
            (Ink::Plain, run.requests.to_string()),
            (Ink::Plain, signs(run)),
            (Ink::Dim, cause(run)),
        ]);
    }
    table.draw(page)
}

/// "+38 ~1 >1 -2": counts by the signs of the preview.
fn signs(run: &Run) -> String {
    let signs = [(run.created + run.restored, '+'), (run.renamed, '~'), (run.moved, '>'), (run.archived, '-')];
    let said: Vec<String> =
        signs.iter().filter(|(number, _)| *number > 0).map(|(number, sign)| format!("{sign}{number}")).collect();
    if said.is_empty() { "none".to_owned() } else { said.join(" ") }
}

/// What showed that everything was read (I20).
fn proof(lists: &[ListProof], page: &Page) -> String {
    let columns = [
        Column::whole("list"),
        Column::whole("workspace"),
        Column::number("pages"),
        Column::number("rows"),
        Column::number("Toggl's total"),
        Column::whole("read twice"),
    ];
    let mut table = Table::new(columns);
    for list in lists {
        table.row([
            (Ink::Plain, text::harmless(&list.list)),
            (Ink::Plain, list.workspace.as_deref().map(text::harmless).unwrap_or_default()),
            (Ink::Plain, list.pages.to_string()),
            (Ink::Plain, list.rows.to_string()),
            (Ink::Plain, list.total.map(|total| total.to_string()).unwrap_or_default()),
            (Ink::Plain, if list.read_twice { "yes" } else { "" }.to_owned()),
        ]);
    }
    table.draw(page)
}

#[cfg(test)]
pub(crate) mod samples {
    use tallyport_api_types::{PersonRef, Run};

    pub(crate) fn run(outcome: &str) -> Run {
        Run {
            id: 17,
            outcome: outcome.to_owned(),
            trigger: "manual".to_owned(),
            started_by: Some(PersonRef { id: 1, email: "ana@example.com".into(), name: "Ana Nováková".into() }),
            started_at: "2026-11-24T13:55:00Z".to_owned(),
            duration_ms: 60_000,
            requests: 7,
            created: 2,
            renamed: 1,
            moved: 0,
            archived: 3,
            restored: 0,
            unchanged: 30,
            assigned: 1,
            withdrawn: 0,
            waiting_until: None,
            error: None,
            warnings: Vec::new(),
            proof: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::run;
    use super::*;

    #[test]
    fn a_run_is_told_in_the_words_of_the_design() {
        let quota = Quota { remaining: 23, resets_at: "2026-11-24T15:00:00Z".into() };
        insta::assert_snapshot!(draw(&run("succeeded"), Some(&quota), &Page::plain()), @r"
        Synced 4 min ago · 7 requests · 23 left until 15:00
        2 created · 1 renamed · 3 archived · 1 assigned · 30 unchanged
        ");
    }

    #[test] // I19
    fn an_allowance_of_an_hour_ago_is_not_told() {
        let quota = Quota { remaining: 0, resets_at: "2026-11-24T13:59:00Z".into() };
        assert_eq!(headline(&run("succeeded"), Some(&quota), &Page::plain()), "Synced 4 min ago · 7 requests");
    }

    #[test] // I12
    fn every_outcome_has_words() {
        let waiting = Run { waiting_until: Some("2026-11-24T15:00:00Z".into()), ..run("waiting") };
        assert_eq!(headline(&waiting, None, &Page::plain()), "Waiting until 15:00 · 7 requests");
        let told = ["running", "failed", "cancelled", "held", "rejected", "superseded"]
            .map(|word| outcome(&run(word), &Page::plain()).1);
        let expected = [
            "Syncing since 13:55",
            "Failed 4 min ago",
            "Cancelled 4 min ago",
            "Held 4 min ago: it needs a yes",
            "Rejected 4 min ago",
            "Superseded by a newer run",
        ];
        assert_eq!(told, expected);
    }

    #[test] // I14
    fn history_fits_a_line_each() {
        let mut scheduled = Run { trigger: "schedule".into(), started_by: None, id: 9, ..run("held") };
        scheduled.started_at = "2026-11-21T06:00:00Z".into();
        let drawing = list(&[run("succeeded"), scheduled], &Page::plain());
        insta::assert_snapshot!(drawing, @r"
        run  started                  outcome    requests  changes   cause
         17  13:55, 5 min ago         succeeded         7  +2 ~1 -3  by hand (Ana Novák…
          9  21 Nov 6:00, 3 days ago  held              7  +2 ~1 -3  by the schedule
        ");
        assert!(drawing.lines().all(|line| text::width(line) <= 80));
    }
}
