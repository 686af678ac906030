//! The lines of the log on their way to standard error.
//!
//! A busy server would spend a part of its time that can be felt on handing over a line for each request. So what tells of requests waits a moment
//! for more of its kind; everything else, and what warns, leaves at once, behind all that waits.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tallyport_compose::REQUESTS;
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line waits.
const MOMENT: Duration = Duration::from_millis(50);

/// How much waits at most, in bytes.
const MOST: usize = 64 * 1024;

/// Lines that leave together. What still waits when it is dropped leaves then.
pub(crate) struct Lines<W: Write>(Arc<Shared<W>>);

struct Shared<W> {
    waiting: Mutex<Waiting<W>>,
    some: Condvar,
}

struct Waiting<W> {
    lines: Vec<u8>,
    out: W,
    is_over: bool,
}

impl<W: Write + Send + 'static> Lines<W> {
    /// Lines to `out`, with a thread that lets them leave. Without one, where none can be started, each leaves at once.
    pub(crate) fn to(out: W) -> Self {
        Self::within(MOMENT, out)
    }

    fn within(moment: Duration, out: W) -> Self {
        let waiting = Mutex::new(Waiting { lines: Vec::new(), out, is_over: false });
        let shared = Arc::new(Shared { waiting, some: Condvar::new() });
        let theirs = shared.clone();
        let started = std::thread::Builder::new().name("tallyport-log".to_owned()).spawn(move || theirs.let_leave(moment));
        shared.lock().is_over = started.is_err();
        Self(shared)
    }

    /// The same lines, for whoever writes them.
    pub(crate) fn writer(&self) -> impl for<'a> MakeWriter<'a> + use<W> {
        Writers(self.0.clone())
    }
}

impl<W: Write> Drop for Lines<W> {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.is_over = true;
        waiting.leave();
        self.0.some.notify_all();
    }
}

impl<W: Write> Shared<W> {
    fn lock(&self) -> MutexGuard<'_, Waiting<W>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn let_leave(&self, moment: Duration) {
        let mut waiting = self.lock();
        while !waiting.is_over {
            waiting =
                self.some.wait_while(waiting, |it| it.lines.is_empty() && !it.is_over).unwrap_or_else(PoisonError::into_inner);
            let more = self.some.wait_timeout_while(waiting, moment, |it| !it.is_over);
            waiting = more.unwrap_or_else(PoisonError::into_inner).0;
            waiting.leave();
        }
    }

    fn take(&self, line: &[u8], at_once: bool) {
        let mut waiting = self.lock();
        let is_first = waiting.lines.is_empty();
        waiting.lines.extend_from_slice(line);
        if at_once || waiting.is_over || waiting.lines.len() > MOST {
            waiting.leave();
        } else if is_first {
            self.some.notify_one();
        }
    }
}

impl<W: Write> Waiting<W> {
    fn leave(&mut self) {
        let lines = mem::take(&mut self.lines);
        // Where standard error is closed nobody is left to tell.
        let _nobody_reads_it = self.out.write_all(&lines);
        self.lines = lines;
        self.lines.clear();
    }
}

struct Writers<W>(Arc<Shared<W>>);

impl<'a, W: Write + 'a> MakeWriter<'a> for Writers<W> {
    type Writer = Line<'a, W>;

    fn make_writer(&'a self) -> Line<'a, W> {
        Line { shared: &self.0, at_once: true }
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Line<'a, W> {
        Line { shared: &self.0, at_once: event.target() != REQUESTS || *event.level() <= Level::WARN }
    }
}

/// One line.
struct Line<'a, W> {
    shared: &'a Shared<W>,
    at_once: bool,
}

impl<W: Write> Write for Line<'_, W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.shared.take(line, self.at_once);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was written, by write.
    #[derive(Clone, Default)]
    struct Out(Arc<Mutex<Vec<String>>>);

    impl Write for Out {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Out {
        fn written(&self) -> Vec<String> {
            self.0.lock().unwrap().clone()
        }
    }

    /// So long that no test waits for it.
    const AGES: Duration = Duration::from_hours(1);

    #[test]
    fn what_warns_leaves_at_once_behind_what_waits_and_what_still_waits_at_the_end() {
        let out = Out::default();
        let lines = Lines::within(AGES, out.clone());
        lines.0.take(b"a\n", false);
        lines.0.take(b"b\n", false);
        assert_eq!(out.written(), Vec::<String>::new());
        lines.0.take(b"warns\n", true);
        assert_eq!(out.written(), ["a\nb\nwarns\n"]);
        lines.0.take(b"c\n", false);
        drop(lines);
        assert_eq!(out.written(), ["a\nb\nwarns\n", "c\n"]);
    }

    #[test]
    fn what_waits_leaves_by_itself_after_a_moment() {
        let out = Out::default();
        let lines = Lines::within(Duration::from_millis(1), out.clone());
        for line in 1..=3 {
            lines.0.take(b"told\n", false);
            while out.written().concat().len() < line * 5 {
                std::thread::yield_now();
            }
        }
    }

    #[test]
    fn no_more_waits_than_has_room() {
        let out = Out::default();
        let lines = Lines::within(AGES, out.clone());
        for _ in 0..3 {
            lines.0.take(&vec![b'.'; MOST / 2], false);
        }
        assert_eq!(out.written().len(), 1);
    }
}
