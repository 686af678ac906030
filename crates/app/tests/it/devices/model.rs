//! A second, naive account of what servers do with what arrives: everything in one list, looked through from end to end.

use std::collections::BTreeMap;

use tallyport_domain::TaskId;
use tallyport_domain::time::Way;

use super::request::{Answer, Body, Request, Shown};

/// How far ahead a device may be, in seconds.
const AHEAD: i64 = 5 * 60;

/// The one task whose state changes.
#[derive(Debug, Default)]
pub(super) struct Task {
    pub(super) archived: Option<i64>,
    pub(super) lost: Option<i64>,
}

/// What the servers hold.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) entries: BTreeMap<i64, (Shown, Way)>,
    pub(super) task: Task,
    /// What was asked for and answered under each key.
    answered: BTreeMap<String, (Body, String)>,
    last: i64,
    /// The entries that another one ended earlier, later on.
    pub(super) ended_earlier: u64,
}

/// The one task that changes, and its name.
pub(super) const SITE: (TaskId, &str) = (TaskId(1), "Site");

impl Model {
    /// What arrives when the clock of its server shows `now`.
    pub(super) fn ask(&mut self, request: &Request, now: i64) -> Answer {
        let Request { key, body } = request;
        if let Some((asked, text)) = self.answered.get(key) {
            return if asked == body {
                Answer::Done { text: text.clone(), before: true }
            } else {
                Answer::Refused("replay_differs")
            };
        }
        let done = match body {
            Body::Start { mark, task, done } => self.start(mark, *task, *done, now),
            Body::Stop { entry, at } => self.stop(*entry, *at, now),
            Body::Add { mark, task, start, end } => self.add(mark, *task, (*start, *end), now),
        };
        match done {
            Ok(id) => {
                let text = self.entries[&id].0.to_string();
                self.answered.insert(key.clone(), (body.clone(), text.clone()));
                Answer::Done { text, before: false }
            }
            Err(code) => Answer::Refused(code),
        }
    }

    fn start(&mut self, mark: &str, task: Option<TaskId>, done: Option<i64>, now: i64) -> Result<i64, &'static str> {
        let at = done.unwrap_or(now);
        let (task, note) = self.on(mark, task, done, now)?;
        let later = self.starts().filter(|start| *start > at).min();
        let end = done.and(later);
        let goes_on =
            |(shown, way): &(Shown, Way)| *way == Way::Switched && shown.start <= at && shown.end.is_some_and(|end| at < end);
        let before = self.entries.values_mut().filter(|entry| done.is_some() && goes_on(entry));
        if let Some((shown, _)) = before.max_by_key(|(shown, _)| shown.start) {
            self.ended_earlier += 1;
            shown.end = Some(at);
        }
        if let Some((shown, _)) = self.entries.values_mut().find(|(shown, _)| end.is_none() && shown.end.is_none()) {
            shown.stepped_back = at < shown.start;
            shown.end = Some(at.max(shown.start));
        }
        Ok(self.make(note, task, at, end, Way::Switched))
    }

    fn stop(&mut self, entry: i64, at: Option<i64>, now: i64) -> Result<i64, &'static str> {
        let (shown, way) = self.entries.get_mut(&entry).ok_or("not_found")?;
        match (shown.end, at) {
            (None, Some(at)) if at > now + AHEAD => return Err("ahead_of_clock"),
            (None, Some(at)) if at < shown.start => return Err("end_before_start"),
            (None, at) => {
                shown.stepped_back = at.unwrap_or(now) < shown.start;
                (shown.end, *way) = (Some(at.unwrap_or(now).max(shown.start)), Way::Stopped);
            }
            (Some(end), Some(at)) if *way == Way::Switched && shown.start <= at && at < end => {
                self.ended_earlier += 1;
                (shown.end, *way) = (Some(at), Way::Stopped);
            }
            (Some(_), _) => {}
        }
        Ok(entry)
    }

    fn add(&mut self, mark: &str, task: Option<TaskId>, (start, end): (i64, i64), now: i64) -> Result<i64, &'static str> {
        if end > now + AHEAD {
            return Err("ahead_of_clock");
        }
        let (task, note) = self.on(mark, task, Some(start), now)?;
        Ok(self.make(note, task, start, Some(end), Way::Device))
    }

    /// On which task it comes to be, and with which note.
    fn on(
        &self,
        mark: &str,
        task: Option<TaskId>,
        done: Option<i64>,
        now: i64,
    ) -> Result<(Option<TaskId>, String), &'static str> {
        let since = |since: Option<i64>| since.is_some_and(|since| done.is_none_or(|done| since <= done));
        let Task { archived, lost } = self.task;
        match done {
            Some(done) if done > now + AHEAD => Err("ahead_of_clock"),
            _ if task != Some(SITE.0) || !(since(archived) || since(lost)) => Ok((task, mark.to_owned())),
            None => Err(if lost.is_some() { "not_found" } else { "task_archived" }),
            Some(_) => Ok((None, format!("{mark}\n{}", SITE.1))),
        }
    }

    fn make(&mut self, note: String, task: Option<TaskId>, start: i64, end: Option<i64>, way: Way) -> i64 {
        self.last += 1;
        let shown = Shown { id: self.last, note, task, start, end, stepped_back: false };
        self.entries.insert(self.last, (shown, way));
        self.last
    }

    fn starts(&self) -> impl Iterator<Item = i64> {
        self.entries.values().filter(|(_, way)| way.was_started()).map(|(shown, _)| shown.start)
    }

    pub(super) fn running(&self) -> Option<&Shown> {
        self.entries.values().map(|(shown, _)| shown).find(|shown| shown.end.is_none())
    }
}
