//! What is seen of a run at work: two lines that change on a terminal, and a word on each wait elsewhere.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tallyport_api_types::Progress;

use crate::echo::Hushed;
use crate::out::Out;
use crate::render::{Page, text, time};

/// How often the sign of life turns.
const TICK: Duration = Duration::from_millis(120);

/// The view of a run, until it is closed.
pub(crate) struct Sight<'a> {
    bar: ProgressBar,
    out: &'a Out,
    page: Page,
    cancelling: Cell<bool>,
    waiting: RefCell<Option<String>>,
    /// The lines are wrong as soon as something else is written among them.
    _hushed: Option<Hushed>,
}

impl<'a> Sight<'a> {
    /// A view that has seen nothing yet.
    pub(crate) fn new(out: &'a Out) -> Self {
        let target = if out.is_watched() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}\n  {prefix}") {
            bar.set_style(style);
        }
        if out.is_watched() {
            bar.enable_steady_tick(TICK);
        }
        Self {
            bar,
            out,
            page: out.margin(),
            cancelling: Cell::default(),
            waiting: RefCell::default(),
            _hushed: out.is_watched().then(Hushed::new),
        }
    }

    /// Shows how far the run is.
    pub(crate) fn show(&self, progress: &Progress) {
        if !self.cancelling.get() {
            self.bar.set_message(doing(progress, &self.page));
        }
        self.bar.set_prefix(text::fit(&reached(progress), self.page.width.saturating_sub(3)));
        if !self.out.is_watched() && progress.waiting_until != *self.waiting.borrow() {
            if progress.waiting_until.is_some() {
                self.out.note(&format!("{} · {}", doing(progress, &self.page), asked(progress)));
            }
            self.waiting.borrow_mut().clone_from(&progress.waiting_until);
        }
    }

    /// Shows that the run was asked to end.
    pub(crate) fn cancelling(&self) {
        let message = "Cancelling; Ctrl-C again leaves at once";
        self.cancelling.set(true);
        if self.out.is_watched() {
            self.bar.set_message(message);
        } else {
            self.out.note(message);
        }
    }

    /// Takes the view away.
    pub(crate) fn close(&self) {
        self.bar.finish_and_clear();
    }
}

/// "Reading Labs, projects", "Waiting for Toggl's allowance until 15:00".
fn doing(progress: &Progress, page: &Page) -> String {
    match (progress.phase.as_str(), &progress.workspace, &progress.list) {
        ("waiting", ..) => {
            let until = progress.waiting_until.as_deref().map(|until| format!(" until {}", time::clock(page, until)));
            format!("Waiting for Toggl's allowance{}", until.unwrap_or_default())
        }
        ("applying", ..) => "Applying".to_owned(),
        ("ended", ..) => "Done".to_owned(),
        (_, Some(workspace), Some(list)) => format!("Reading {}, {}", text::name(workspace), text::harmless(list)),
        (_, Some(workspace), None) => format!("Reading {}", text::name(workspace)),
        _ => "Reading".to_owned(),
    }
}

/// "5 of 7 requests".
fn asked(progress: &Progress) -> String {
    if progress.requests_expected > progress.requests {
        format!("{} of {} requests", progress.requests, progress.requests_expected)
    } else {
        text::count(progress.requests, "request", "requests")
    }
}

/// "1 of 3 workspaces · 4 pages · 210 items · 5 of 7 requests · 23 left".
fn reached(progress: &Progress) -> String {
    let facts = [
        (progress.workspaces > 0).then(|| format!("{} of {} workspaces", progress.workspaces_done, progress.workspaces)),
        (progress.pages > 0).then(|| text::count(progress.pages, "page", "pages")),
        (progress.items > 0).then(|| text::count(progress.items, "item", "items")),
        Some(asked(progress)),
        progress.requests_left.map(|left| format!("{} left", left.max(0))),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I19
    fn progress_says_what_is_read_what_it_costs_and_until_when_it_waits() {
        let reading = Progress {
            phase: "reading".into(),
            workspaces_done: 1,
            workspaces: 3,
            workspace: Some("Labs\u{7}".into()),
            list: Some("projects".into()),
            pages: 4,
            items: 210,
            requests: 5,
            requests_expected: 7,
            requests_left: Some(23),
            error: None,
            waiting_until: None,
        };
        let page = Page::plain();
        assert_eq!(doing(&reading, &page), "Reading Labs\\u{7}, projects");
        assert_eq!(reached(&reading), "1 of 3 workspaces · 4 pages · 210 items · 5 of 7 requests · 23 left");
        let waiting_until = Some("2026-11-24T15:00:00Z".to_owned());
        let waiting = Progress { phase: "waiting".into(), waiting_until, requests: 5, ..Progress::default() };
        assert_eq!(doing(&waiting, &page), "Waiting for Toggl's allowance until 15:00");
        assert_eq!(reached(&waiting), "5 requests");
    }
}
