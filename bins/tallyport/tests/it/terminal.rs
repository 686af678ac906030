//! What only somebody at a terminal meets: questions, progress, colours.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tallyport_simulator::{Fault, How};

use crate::support::{Bench, Mode, Ran, in_every_mode};

in_every_mode!(a_held_sync_asks_and_a_yes_carries_it_out, deselecting_asks_and_a_yes_saves, progress_is_seen_and_ctrl_c_ends_it,);

/// A terminal of which a command has standard input and standard error, and this test the other end.
struct Terminal {
    ours: File,
    child: Child,
    seen: String,
}

impl Terminal {
    fn start(bench: &Bench, arguments: &[&str]) -> Self {
        Self::running(bench.command(arguments))
    }

    /// One that has standard output as well.
    fn showing(bench: &Bench, arguments: &[&str]) -> Self {
        Self::over(bench.command(arguments), true)
    }

    fn running(command: Command) -> Self {
        Self::over(command, false)
    }

    fn over(mut command: Command, shows: bool) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        let theirs = File::options().read(true).write(true).open(name).unwrap();
        command.stdout(if shows { theirs.try_clone().unwrap().into() } else { Stdio::piped() });
        command.stdin(theirs.try_clone().unwrap()).stderr(theirs).env("TERM", "xterm-256color");
        let child = command.spawn().unwrap();
        drop(command);
        Self { ours: ours.into(), child, seen: String::new() }
    }

    /// Reads until the text was seen.
    fn wait_for(&mut self, text: &str) {
        while !self.seen.contains(text) {
            assert!(self.read(), "{text} was never shown: {}", self.seen);
        }
    }

    /// Reads some more; false once the command has closed its end.
    fn read(&mut self) -> bool {
        let mut some = [0; 4096];
        match self.ours.read(&mut some) {
            Ok(length @ 1..) => {
                self.seen.push_str(&String::from_utf8_lossy(&some[..length]));
                true
            }
            _ => false,
        }
    }

    fn type_in(&mut self, text: &str) {
        self.ours.write_all(text.as_bytes()).unwrap();
    }

    fn finish(mut self) -> Ran {
        while self.read() {}
        let output = self.child.wait_with_output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        Ran { code: output.status.code().unwrap_or(-1), stdout, stderr: self.seen }
    }
}

// I12
fn a_held_sync_asks_and_a_yes_carries_it_out(bench: &Bench) {
    let bench = Bench::with_much_to_archive(bench.mode());
    let mut terminal = Terminal::start(&bench, &["toggl", "sync"]);
    terminal.wait_for("Sync anyway?");
    assert!(
        terminal.seen.contains("it would archive 12 of 22") && terminal.seen.contains("Toggl / Studio / 12"),
        "{}",
        terminal.seen
    );
    terminal.type_in("y\r");
    let ran = terminal.finish();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("12 archived"), "{ran:?}");
}

#[test] // I12
fn a_no_leaves_it_held_and_is_not_told_twice() {
    let bench = Bench::with_much_to_archive(Mode::Local);
    let mut terminal = Terminal::start(&bench, &["toggl", "sync"]);
    terminal.wait_for("Sync anyway?");
    terminal.type_in("n\r");
    let ran = terminal.finish();
    assert_eq!(ran.code, 5, "{ran:?}");
    assert_eq!(ran.stderr.matches("Toggl / Studio / 12").count(), 1, "{ran:?}");
    assert_eq!(bench.json(&["toggl", "status"])["last_run"]["outcome"], "held");
}

// I3
fn deselecting_asks_and_a_yes_saves(bench: &Bench) {
    let bench = Bench::with_much_to_archive(bench.mode());
    let mut terminal = Terminal::start(&bench, &["toggl", "select", "--none"]);
    terminal.wait_for("Save this selection?");
    terminal.type_in("y\r");
    let ran = terminal.finish();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 1);
}

#[test]
fn scripts_are_not_asked_even_at_a_terminal() {
    let bench = Bench::with_much_to_archive(Mode::Local);
    let ran = Terminal::start(&bench, &["toggl", "sync", "--json"]).finish();
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(!ran.stderr.contains("anyway?"), "{ran:?}");
}

#[test] // E8
fn a_workbook_is_not_written_to_a_terminal() {
    let bench = Bench::new(Mode::Local);
    bench.account();
    let ran = Terminal::showing(&bench, &["export", "--format", "xlsx"]).finish();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("a workbook is nothing that a terminal can show"), "{ran:?}");
    assert!(!ran.stderr.contains("PK"), "{ran:?}");
    // A table is, and so is a workbook that goes elsewhere.
    let ran = Terminal::showing(&bench, &["export", "--format", "csv"]).finish();
    assert!(ran.code == 0 && ran.stderr.contains("id,person,email"), "{ran:?}");
    let file = bench.folder().join("week.xlsx").display().to_string();
    let ran = Terminal::start(&bench, &["export", "--format", "xlsx", "-o", &file]).finish();
    assert!(ran.code == 0 && ran.stderr.contains("week.xlsx, "), "{ran:?}");
}

#[test] // I2
fn a_token_is_asked_for_and_not_shown() {
    let bench = Bench::new(Mode::Local);
    bench.account();
    let mut terminal = Terminal::start(&bench, &["toggl", "enable"]);
    terminal.wait_for("Toggl API token");
    terminal.type_in(&bench.token());
    terminal.type_in("\r");
    let ran = terminal.finish();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.stderr.contains(&bench.token()) && !ran.stdout.contains(&bench.token()), "{ran:?}");
}

#[test] // C5
fn signing_in_asks_for_a_token_or_a_password_and_shows_neither() {
    let bench = Bench::new(Mode::Server);
    let add = ["people", "add", "zoe@example.com", "--name", "Zoë", "--password-stdin"];
    assert_eq!(bench.account().run_with(&add, "a long sentence", &[]).code, 0);
    let token = bench.token_of("zoe@example.com");
    let by_token: &[&str] = &["login", bench.served().url()];
    let by_password = [by_token, &["--email", "zoe@example.com"]].concat();
    for (arguments, question, secret) in [(by_token, "API token", token.as_str()), (&by_password, "Password", "a long sentence")]
    {
        let mut terminal = Terminal::running(bench.bare_command(arguments));
        terminal.wait_for(question);
        terminal.type_in(&format!("{secret}\r"));
        let ran = terminal.finish();
        assert!(ran.code == 0 && ran.stdout.contains("as Zoë"), "{ran:?}");
        assert!(!ran.stderr.contains(secret) && !ran.stdout.contains(secret), "{ran:?}");
    }
    let mut terminal = Terminal::running(bench.bare_command(by_token));
    terminal.wait_for("API token");
    terminal.type_in("\u{1b}");
    assert_eq!(terminal.finish().code, 1);
    assert_eq!(bench.output(bench.bare_command(&["whoami"])).code, 0, "who was signed in before still is");
}

// I19
fn progress_is_seen_and_ctrl_c_ends_it(bench: &Bench) {
    let bench = Bench::with_much_to_archive(bench.mode());
    bench.simulator().inject(Fault::on("/projects", How::StallBeforeHead));
    let mut terminal = Terminal::start(&bench, &["toggl", "sync"]);
    terminal.wait_for("Reading Studio, projects");
    terminal.wait_for("0 of 1 workspaces");
    bench.wait_for_run("running");
    let pid = rustix::process::Pid::from_child(&terminal.child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    terminal.wait_for("Cancelling");
    let ran = terminal.finish();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.starts_with("Cancelled just now"), "{ran:?}");
}

#[test] // I11
fn a_second_ctrl_c_leaves_at_once_whatever_still_works() {
    let bench = Bench::with_much_to_archive(Mode::Local);
    bench.simulator().inject(Fault::on("/projects", How::StallBeforeHead));
    let mut terminal = Terminal::start(&bench, &["toggl", "sync"]);
    bench.wait_for_run("running");
    // Nothing can be taken down any more, so that the sync cannot end.
    let database = rusqlite::Connection::open(bench.database()).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let pid = rustix::process::Pid::from_child(&terminal.child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    terminal.wait_for("Cancelling");
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ran = terminal.finish();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("left before the sync had ended"), "{ran:?}");
}

#[test]
fn errors_are_coloured_at_a_terminal_and_say_the_same() {
    let bench = Bench::with_much_to_archive(Mode::Local);
    let coloured = Terminal::start(&bench, &["tasks", "show", "99"]).finish();
    assert!(coloured.stderr.contains("\u{1b}[31merror:\u{1b}[0m there is no such task"), "{coloured:?}");
    let plain = Terminal::start(&bench, &["tasks", "show", "99", "--color", "never"]).finish();
    assert!(plain.stderr.starts_with("error: there is no such task"), "{plain:?}");
}
