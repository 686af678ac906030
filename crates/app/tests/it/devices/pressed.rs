//! What was pressed, whatever became of it on the way, and what has to be there in the end.

use std::collections::BTreeMap;

use tallyport_domain::time::Way;

use super::model::Model;
use super::request::Shown;

/// How much later than it was pressed something counts at most, in seconds: what is under way for longer never arrives.
pub(super) const LATE: i64 = 60;

/// Everything that was pressed, by the seconds of a clock that is right.
#[derive(Debug, Default)]
pub(super) struct Pressed {
    starts: BTreeMap<String, i64>,
    ends: Vec<End>,
}

/// Something ended.
#[derive(Debug)]
struct End {
    timer: String,
    at: i64,
    by: String,
}

impl Pressed {
    pub(super) fn start(&mut self, mark: &str, at: i64) {
        self.starts.insert(mark.to_owned(), at);
    }

    pub(super) fn end(&mut self, timer: &str, at: i64, by: &str) {
        self.ends.push(End { timer: timer.to_owned(), at, by: by.to_owned() });
    }

    /// It was refused to who pressed it, or deleted.
    pub(super) fn gone(&mut self, mark: &str) {
        self.starts.remove(mark);
        self.ends.retain(|end| end.by != mark);
    }

    /// Each start has made one entry.
    pub(super) fn hold(&self, shown: &[Shown]) {
        let mut marks: Vec<&str> = shown.iter().map(Shown::mark).collect();
        marks.sort_unstable();
        let mut expected: Vec<&str> = self.starts.keys().map(String::as_str).collect();
        expected.sort_unstable();
        assert_eq!(marks, expected, "what is there, and what was pressed");
        assert!(shown.iter().filter(|shown| shown.end.is_none()).count() <= 1, "E1: {shown:?}");
    }

    /// Where all clocks are right, everything is when it was pressed.
    pub(super) fn hold_instants(&self, model: &Model) {
        let within = |found: i64, pressed: i64| (pressed - 1..=pressed + LATE + 1).contains(&found);
        for (shown, way) in model.entries.values() {
            let pressed = self.starts[shown.mark()];
            assert!(within(shown.start, pressed), "{shown} began when nobody pressed it, {pressed}");
            let ends = self.ends.iter().filter(|end| end.timer == shown.mark()).map(|end| end.at);
            // What was stopped stays so, also where a stop before that is told later.
            let last = if *way == Way::Stopped { ends.max() } else { ends.min() };
            if let Some(last) = last {
                assert!(shown.end.is_some_and(|end| end <= last + LATE + 1), "{shown} goes on, and was ended at {last}");
            }
            // Whatever was started meanwhile has ended it.
            let inside = |start: i64| start > shown.start && shown.end.is_none_or(|end| start < end);
            let meanwhile = model.entries.values().find(|(other, way)| *way == Way::Switched && inside(other.start));
            assert!(*way != Way::Switched || meanwhile.is_none(), "E1: {shown} runs beside {meanwhile:?}");
        }
        let mut starts: Vec<(i64, &str)> = self.starts.iter().map(|(mark, at)| (*at, mark.as_str())).collect();
        starts.sort_unstable();
        if let [.., (before, _), (last, mark)] = starts[..]
            && last > before + LATE + 1
            && !self.ends.iter().any(|end| end.timer == mark)
        {
            assert_eq!(model.running().map(Shown::mark), Some(mark), "what was started last runs");
        }
    }
}
