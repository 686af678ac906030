//! A device as one should be: it keeps what was pressed until it is answered, and shows what it hears of.
//!
//! A press gets its key at once. Where somebody looks it is asked for as it is, by the clock of the server; where no answer comes
//! it is asked for with its instant from then on. If it had come through after all, the server says that the key was used for
//! something else, and what was asked for before is asked for again. A start whose stop was pressed too before it was ever sent
//! leaves as one entry, and what it had ended on this device is stopped by itself. No instant precedes the start of what ends at it,
//! whatever the clock showed meanwhile.

use std::collections::{BTreeMap, VecDeque};

use tallyport_domain::TaskId;

use super::request::{Answer, Body, Request, Shown, about};

/// A device. All of it but the view is on its disk.
#[derive(Debug, Default)]
pub(super) struct Device {
    pub(super) number: usize,
    /// By how many milliseconds its clock is wrong.
    pub(super) wrong: i64,
    /// How many milliseconds it adds to what its clock shows, by what it last heard from a server.
    pub(super) right: i64,
    pub(super) online: bool,
    pub(super) presses: usize,
    pub(super) queue: VecDeque<Press>,
    pub(super) view: View,
}

/// What a device shows, which it reads again after a restart.
#[derive(Debug, Default)]
pub(super) struct View {
    /// The change that it heard of last.
    pub(super) after: Option<i64>,
    pub(super) is_read: bool,
    pub(super) rows: BTreeMap<i64, Shown>,
}

/// Something that was pressed and is not answered yet.
#[derive(Debug, Clone)]
pub(super) struct Press {
    key: String,
    what: What,
    /// Whether somebody looks, so that it is first asked for as it is.
    live: bool,
    /// Everything that was sent under its key.
    sent: Vec<Body>,
    /// What the key was not used for.
    differs: Vec<Body>,
}

/// What was pressed, with the instants in seconds; nothing for one that lies too far ahead, which is when it arrives.
#[derive(Debug, Clone)]
enum What {
    Start { mark: String, task: Option<TaskId>, at: Option<i64>, ends: Option<Timer> },
    Stop { timer: Timer, at: Option<i64> },
    Add { mark: String, task: Option<TaskId>, start: i64, end: i64 },
}

/// A timer that a device shows.
#[derive(Debug, Clone)]
pub(super) struct Timer {
    pub(super) mark: String,
    /// Its number and its start; nothing before its own start was answered.
    known: Option<(i64, i64)>,
}

/// What came of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// Whether another one of what was sent had come through.
    Settled { differed: bool },
    /// It is asked for again, with another body.
    Again(&'static str),
    /// It is given up: it was refused to who looks, or what was to be stopped is gone.
    Dropped { mark: String, why: &'static str },
}

impl Device {
    /// The second that it is, as far as it knows.
    pub(super) fn now(&self, truth: i64) -> i64 {
        (truth + self.wrong + self.right).div_euclid(1000)
    }

    /// The timer that it shows as running.
    pub(super) fn runs(&self) -> Option<Timer> {
        for press in self.queue.iter().rev() {
            match &press.what {
                What::Start { mark, .. } => return Some(Timer { mark: mark.clone(), known: None }),
                What::Stop { .. } => return None,
                What::Add { .. } => {}
            }
        }
        let running = self.view.rows.values().find(|shown| shown.end.is_none());
        running.map(|shown| Timer { mark: shown.mark().to_owned(), known: Some((shown.id, shown.start)) })
    }

    /// Start is pressed; gives by what it is told from all others, and what it ends.
    pub(super) fn start(&mut self, task: Option<TaskId>, at: i64) -> (String, Option<Timer>) {
        let runs = self.runs();
        let ends = runs.clone().filter(|timer| !self.counted(&timer.mark, at));
        let mark = self.press();
        self.keep(mark.clone(), What::Start { mark: mark.clone(), task, at: Some(at), ends });
        (mark, runs)
    }

    /// Stop is pressed; gives what it ends, if anything runs, and how it was pressed.
    pub(super) fn stop(&mut self, at: i64) -> Option<(String, Timer)> {
        let timer = self.runs()?;
        let key = self.press();
        if !self.counted(&timer.mark, at) {
            self.keep(key.clone(), What::Stop { timer: timer.clone(), at: Some(at) });
        }
        Some((key, timer))
    }

    fn press(&mut self) -> String {
        self.presses += 1;
        format!("d{}-{}", self.number, self.presses)
    }

    fn keep(&mut self, key: String, what: What) {
        let live = self.online && self.queue.is_empty();
        self.queue.push_back(Press { key, what, live, sent: Vec::new(), differs: Vec::new() });
    }

    /// Ends a timer whose start was never sent: it leaves as a whole. Says whether it was that.
    fn counted(&mut self, timer: &str, end: i64) -> bool {
        let unsent = |press: &Press| press.sent.is_empty() && matches!(&press.what, What::Start { mark, .. } if mark == timer);
        let Some(place) = self.queue.iter().position(unsent) else { return false };
        let Some(Press { key, what: What::Start { mark, task, at, ends }, .. }) = self.queue.remove(place) else { return false };
        let start = at.unwrap_or(end);
        if let Some(timer) = ends {
            let what = What::Stop { timer, at: Some(start) };
            let press = Press { key: format!("{key}-end"), what, live: false, sent: Vec::new(), differs: Vec::new() };
            self.queue.insert(place, press);
        }
        self.keep(key, What::Add { mark, task, start, end: end.max(start) });
        true
    }

    /// What it sends next; it is on the disk before it leaves.
    pub(super) fn request(&mut self) -> Option<Request> {
        let press = self.queue.front_mut()?;
        let other = press.sent.iter().find(|body| !press.differs.contains(body)).filter(|_| !press.differs.is_empty());
        let body = other.cloned().unwrap_or_else(|| press.what.body(press.live && press.sent.is_empty()));
        assert!(!press.differs.contains(&body), "the key was used for nothing that was sent: {press:?}");
        if !press.sent.contains(&body) {
            press.sent.push(body.clone());
        }
        Some(Request { key: press.key.clone(), body })
    }

    /// An answer arrives, with what the clock of the server showed.
    pub(super) fn answered(&mut self, request: &Request, answer: &Answer, (truth, server): (i64, i64)) -> Came {
        self.right = server - truth - self.wrong;
        let press = self.queue.front_mut().expect("it waits for the answer");
        match answer {
            Answer::Done { text, .. } => {
                let differed = !press.differs.is_empty();
                let mark = press.what.made().to_owned();
                self.queue.pop_front();
                self.queue.iter_mut().for_each(|press| press.what.learn(&mark, about(text)));
                Came::Settled { differed }
            }
            Answer::Refused("replay_differs") => {
                press.differs.push(request.body.clone());
                Came::Again("replay_differs")
            }
            Answer::Refused("ahead_of_clock") => {
                press.what.put_back(server.div_euclid(1000));
                Came::Again("ahead_of_clock")
            }
            Answer::Refused(why) if press.what.is_unclear() => {
                press.what.tell_anyhow(server.div_euclid(1000));
                Came::Again(why)
            }
            Answer::Refused(why) => {
                let is_stop = matches!(press.what, What::Stop { .. }) && *why == "not_found";
                assert!(is_stop || press.sent.len() == 1 && press.live, "{why}: what is told later is refused: {press:?}");
                let mark = press.what.made().to_owned();
                self.queue.pop_front();
                // What was to be stopped then never was.
                self.queue
                    .retain(|press| !matches!(&press.what, What::Stop { timer, .. } if !mark.is_empty() && timer.mark == mark));
                Came::Dropped { mark, why }
            }
        }
    }

    /// It dies and is started again.
    pub(super) fn restart(&mut self) {
        self.view = View::default();
    }
}

impl What {
    fn body(&self, live: bool) -> Body {
        // Nothing ends before it began, nor does what comes after it begin before that.
        let not_before = |at: &Option<i64>, timer: Option<&Timer>| {
            let start = timer.and_then(|timer| timer.known).map(|(_, start)| start);
            at.filter(|_| !live).map(|at| at.max(start.unwrap_or(at)))
        };
        match self {
            Self::Start { mark, task, at, ends } => {
                Body::Start { mark: mark.clone(), task: *task, done: not_before(at, ends.as_ref()) }
            }
            Self::Stop { timer, at } => {
                let (entry, _) = timer.known.expect("its start was answered before");
                Body::Stop { entry, at: not_before(at, Some(timer)) }
            }
            Self::Add { mark, task, start, end } => Body::Add { mark: mark.clone(), task: *task, start: *start, end: *end },
        }
    }

    /// By what the entry that it makes is told from others.
    fn made(&self) -> &str {
        match self {
            Self::Start { mark, .. } | Self::Add { mark, .. } => mark,
            Self::Stop { .. } => "",
        }
    }

    /// Hears which entry a start made.
    fn learn(&mut self, mark: &str, known: (i64, i64)) {
        let timer = match self {
            Self::Start { ends, .. } => ends.as_mut(),
            Self::Stop { timer, .. } => Some(timer),
            Self::Add { .. } => None,
        };
        if let Some(timer) = timer.filter(|timer| timer.known.is_none() && timer.mark == mark) {
            timer.known = Some(known);
        }
    }

    /// The server says that this is yet to come: it was now. Where even that precedes what ends, the server's clock was set back since
    /// that began, and decides by itself.
    fn put_back(&mut self, now: i64) {
        match self {
            Self::Start { at, ends, .. } => {
                let begun = ends.as_ref().and_then(|timer| timer.known).map(|(_, start)| start);
                *at = Some(now).filter(|now| begun.is_none_or(|begun| begun <= *now));
            }
            Self::Stop { at, .. } => *at = None,
            Self::Add { start, end, .. } => (*start, *end) = (*start - (*end - now), now),
        }
    }

    /// Whether it is a start that the server's clock is to decide.
    fn is_unclear(&self) -> bool {
        matches!(self, Self::Start { at: None, .. })
    }

    /// It cannot be started now, which nobody is there to hear: that it was pressed is told all the same.
    fn tell_anyhow(&mut self, now: i64) {
        if let Self::Start { at, ends, .. } = self {
            (*at, *ends) = (Some(now), None);
        }
    }
}
