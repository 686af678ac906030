//! Whole processes that start a timer, say what runs and stop it, beside a program that saves a row and does nothing else, and
//! beside timewarrior.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use tallyport_domain::Clock as _;
use tallyport_sync::system::SystemClock;

use super::seeded;
use crate::Result;
use crate::http::server::{import, terminal};
use crate::report::Line;
use crate::series::Series;
use crate::server::{Server as Toggl, program};
use crate::stopwatch::now;

/// How many entries there are before.
const ENTRIES: [usize; 2] = [10_000, 100_000];
/// How often each program runs in a round.
const RUNS: usize = 20;
/// In this order, so that each start finds nothing that runs.
const WORDS: [&str; 3] = ["start", "status", "stop"];

/// Somebody's program, and how long it took to start, to say what runs, and to stop.
struct Party {
    name: &'static str,
    command: Box<dyn Fn(&str) -> Command>,
    /// Whether it wants another second for whatever it saves, so that it is waited for, and runs less often.
    is_slow: bool,
    took: [Series; 3],
}

impl Party {
    fn new(name: &'static str, command: impl Fn(&str) -> Command + 'static) -> Self {
        Self { name, command: Box::new(command), is_slow: false, took: [(); 3].map(|()| Series::default()) }
    }

    fn run(&mut self) -> Result<()> {
        for (word, took) in WORDS.into_iter().zip(&mut self.took) {
            let mut command = (self.command)(word);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if self.is_slow && word != "status" {
                next_second();
            }
            let began = now();
            let status = command.status()?;
            took.push(began.elapsed().as_secs_f64());
            if !status.success() {
                return Err(format!("{command:?} failed").into());
            }
        }
        Ok(())
    }
}

/// Measures them in turn, with few entries and with many.
pub(crate) fn measure(toggl: &Toggl, folder: &Path, rounds: usize) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let mut before: Option<[f64; 3]> = None;
    for entries in ENTRIES {
        let mut parties = parties(toggl, &folder.join(entries.to_string()), entries)?;
        for run in 0..=rounds * RUNS {
            for party in parties.iter_mut().filter(|party| !party.is_slow || run <= RUNS) {
                match party.run() {
                    // What others' programs make of it keeps nobody from being measured.
                    Err(error) if party.is_slow => lines.push(Line::told(party.name, format!("failed once: {error}"))),
                    ran => ran?,
                }
            }
            if run == 0 {
                // So that nobody reads their program from the disk for the first time.
                for party in &mut parties {
                    party.took = [(); 3].map(|()| Series::default());
                }
            }
        }
        let [floor, ours, others @ ..] = parties.as_slice() else { return Err("nobody is measured".into()) };
        for (number, word) in WORDS.into_iter().enumerate() {
            let what = format!("tallyport {word}, {entries} entries, beside a bare program");
            lines.push(Line::ratio(what, &ours.took[number], &floor.took[number], 1.8));
            for other in others {
                lines.push(Line::told(format!("{} {word}, {entries} entries", other.name), other.took[number].to_string()));
            }
        }
        if others.is_empty() {
            lines.push(Line::told("timewarrior", "is not installed or does not work here, so it is not measured"));
        }
        let took = [0, 1, 2].map(|number| ours.took[number].median());
        if let Some(before) = before {
            for (number, word) in WORDS.into_iter().enumerate() {
                let growth = took[number] / before[number];
                let what = format!("tallyport {word}, from {} to {entries} entries", ENTRIES[0]);
                lines.push(Line::bound(what, format!("{growth:.2} ×"), "≤ 1.1 ×", growth <= 1.1));
            }
        }
        before = Some(took);
    }
    Ok(lines)
}

/// The floor, ours, and timewarrior where it is installed; each over so many entries.
fn parties(toggl: &Toggl, folder: &Path, entries: usize) -> Result<Vec<Party>> {
    std::fs::create_dir_all(folder)?;
    let (ours, floor, theirs) = (folder.join("time.db"), folder.join("floor.db"), folder.join("timewarrior"));
    import(toggl, folder, &ours)?;
    seeded::product(&ours, entries)?;
    terminal(&ours, &[], &["doctor"], "")?;
    seeded::floor(&floor, entries)?;
    seeded::timewarrior(&theirs, entries)?;
    let (bare, tallyport) = (installed(&std::env::current_exe()?, folder)?, installed(&program("tallyport")?, folder)?);
    let mut parties = vec![
        Party::new("a bare program", move |word| with(&bare, &["track", word], &floor)),
        Party::new("tallyport", move |word| {
            let mut command = Command::new(&tallyport);
            // A task by its number: what is typed is another question.
            let words: &[&str] = if word == "start" { &["start", "1"] } else { &[word] };
            command.args(["--quiet", "--database"]).arg(&ours).args(words);
            command
        }),
    ];
    if Command::new("timew").arg("--version").output().is_ok() {
        let timewarrior = Party::new("timewarrior", move |word| {
            let mut command = Command::new("timew");
            match word {
                "start" => command.args(["start", "task1", ":quiet", ":yes"]),
                "status" => command.arg(":yes"),
                _ => command.args(["stop", ":quiet", ":yes"]),
            };
            command.env("TIMEWARRIORDB", &theirs);
            command
        });
        let mut timewarrior = Party { is_slow: true, ..timewarrior };
        // One that does not work here keeps nobody else from being measured.
        if timewarrior.run().is_ok() {
            parties.push(timewarrior);
        }
    }
    Ok(parties)
}

/// A program as whoever installs it has it, copied: the file that a linker wrote lies in the system's memory in small pieces, and
/// takes longer to load.
fn installed(program: &Path, folder: &Path) -> Result<PathBuf> {
    let copy = folder.join(program.file_name().ok_or("a program has no name")?);
    std::fs::copy(program, &copy)?;
    Ok(copy)
}

/// Waits until the clock shows another second to everybody: `time()`, which others ask, is behind by up to a tick of the system.
fn next_second() {
    let second = || SystemClock.now().timestamp();
    let this = second();
    while second() == this {
        std::thread::park_timeout(Duration::from_millis(5));
    }
    let shown = SystemClock.now() + TimeDelta::milliseconds(20);
    while SystemClock.now() < shown {
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

fn with(program: &PathBuf, words: &[&str], file: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(words).arg(file);
    command
}
