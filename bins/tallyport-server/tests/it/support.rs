//! A folder, the program in it, and the plainest client there is.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than anything takes that does not hang.
pub(crate) const DEADLINE: Duration = Duration::from_mins(1);

/// The address and the password of the administrator of [`Running::set_up`].
pub(crate) const OLGA: (&str, &str) = ("olga@example.com", "a sentence is a good one");

/// A folder for a server, which is there as long as one is at work in it.
pub(crate) struct Bench(Arc<TempDir>);

/// What a program that ended did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self(Arc::new(tempfile::tempdir().unwrap()))
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// The program with nothing of this machine's environment, over the folder's database.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.program(assert_cmd::cargo::cargo_bin!("tallyport-server"), arguments)
    }

    /// The terminal's program over the same database. Another package makes it, so only tests that run with those of all
    /// packages can count on it: they are ignored otherwise.
    pub(crate) fn terminal(&self, arguments: &[&str]) -> Command {
        let program = assert_cmd::cargo::cargo_bin!("tallyport-server").with_file_name("tallyport");
        assert!(program.exists(), "{} is not built", program.display());
        self.program(&program, arguments)
    }

    fn program(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("HOME", self.0.path()).env("TMPDIR", self.0.path()).stdin(Stdio::null());
        command.env("TALLYPORT_DATABASE", self.path("tallyport.db")).args(arguments);
        command
    }

    /// Runs it until it ends by itself.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Self::ran(self.command(arguments))
    }

    pub(crate) fn ran(mut command: Command) -> Ran {
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Starts it on free ports, with logs for programs, and waits until it is ready.
    pub(crate) fn start(&self) -> Running {
        self.start_with(&[])
    }

    pub(crate) fn start_with(&self, arguments: &[&str]) -> Running {
        let usual = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--log-format", "json"];
        self.running(self.command(&[&usual[..], arguments].concat()))
    }

    /// A server that is started so, once it is ready; what it wrote and ended with, where it never was.
    pub(crate) fn if_ready(&self, command: Command) -> Result<Running, (Option<i32>, Vec<String>)> {
        Running::if_ready(command, self.0.clone())
    }

    /// A server that is started so, once it is ready.
    pub(crate) fn running(&self, command: Command) -> Running {
        Running::of(command, self.0.clone())
    }
}

/// A server at work; dropped, it is killed.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
    pub(crate) address: SocketAddr,
    pub(crate) metrics: SocketAddr,
    _folder: Arc<TempDir>,
}

impl Running {
    fn of(command: Command, folder: Arc<TempDir>) -> Self {
        Self::if_ready(command, folder).unwrap_or_else(|(code, lines)| panic!("it ended with {code:?}: {lines:#?}"))
    }

    /// A server that is ready, or what it wrote and ended with before.
    fn if_ready(mut command: Command, folder: Arc<TempDir>) -> Result<Self, (Option<i32>, Vec<String>)> {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (send, lines) = channel();
        spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let mut running = Self { child, lines, seen: Vec::new(), address: nowhere, metrics: nowhere, _folder: folder };
        let Some(ready) = running.heard("ready") else { return Err(running.ended()) };
        let address = |field: &str| ready[field].as_str().unwrap().parse().unwrap();
        (running.address, running.metrics) = (address("listen"), address("metrics"));
        Ok(running)
    }

    /// Waits for an event of the log.
    pub(crate) fn event(&mut self, message: &str) -> Value {
        self.heard(message).unwrap_or_else(|| panic!("there is no {message:?} among {:#?}", self.seen))
    }

    /// The same of a server that may end before.
    fn heard(&mut self, message: &str) -> Option<Value> {
        loop {
            let line = match self.lines.recv_timeout(DEADLINE) {
                Ok(line) => line,
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => panic!("there is no {message:?} among {:#?}", self.seen),
            };
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            self.seen.push(line);
            if event["message"] == message {
                return Some(event);
            }
        }
    }

    /// Every line that it wrote so far and was looked at.
    pub(crate) fn seen(&self) -> &[String] {
        &self.seen
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until it has ended, and gives its exit code and the rest of what it wrote.
    pub(crate) fn ended(mut self) -> (Option<i32>, Vec<String>) {
        loop {
            match self.lines.recv_timeout(DEADLINE) {
                Ok(line) => self.seen.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {:#?}", self.seen),
            }
        }
        (self.child.wait().unwrap().code(), std::mem::take(&mut self.seen))
    }

    /// Stops it as a machine does.
    pub(crate) fn stop(self) -> Vec<String> {
        self.signal(Signal::TERM);
        let (code, lines) = self.ended();
        assert_eq!(code, Some(0), "{lines:#?}");
        lines
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        ask(self.address, &format!("GET {path}"), &[], "")
    }

    /// The set-up code that it printed.
    pub(crate) fn set_up_code(&self) -> String {
        let lines = self.seen.iter().map(|line| line.trim());
        lines.filter(|line| line.starts_with("tps_")).map(str::to_owned).next().unwrap()
    }

    /// Sets it up with Olga as administrator, and gives a token of hers.
    pub(crate) fn set_up(&self) -> String {
        let (email, password) = OLGA;
        let new = json!({
            "code": self.set_up_code(), "account": "Northlight", "email": email, "name": "Olga", "password": password,
        });
        let answer = ask(self.address, "POST /api/v1/setup", &[JSON], &new.to_string());
        assert_eq!(answer.status, 201, "{}", answer.body);
        self.sign_in(OLGA)
    }

    /// A token of somebody's.
    pub(crate) fn sign_in(&self, (email, password): (&str, &str)) -> String {
        let sign_in = json!({ "email": email, "password": password, "token": { "name": "test", "scope": "admin" } });
        let answer = ask(self.address, "POST /api/v1/session", &[JSON], &sign_in.to_string());
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

pub(crate) const JSON: &str = "Content-Type: application/json";

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A connection that does not wait for ever.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream
}

/// Sends a request with these headers and a body, and reads the answer to its end.
pub(crate) fn ask(address: SocketAddr, what: &str, headers: &[&str], body: &str) -> Answer {
    try_ask(address, what, headers, body).unwrap()
}

/// The same for a server that may die meanwhile: an answer that is not here to its end is none.
pub(crate) fn try_ask(address: SocketAddr, what: &str, headers: &[&str], body: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(DEADLINE))?;
    stream.write_all(request(what, &[&["Connection: close"], headers].concat(), body).as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    answer(&text).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// What an answer says, if it is whole.
fn answer(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let answer = Answer { status: head.split(' ').nth(1)?.parse().ok()?, head: head.to_owned(), body: body.to_owned() };
    if answer.header("transfer-encoding") == Some("chunked") {
        return Some(Answer { body: joined(body)?, ..answer });
    }
    let length = answer.header("content-length").map_or(Some(0), |length| length.parse().ok())?;
    (body.len() >= length).then_some(answer)
}

/// A body that was sent in pieces, each after its length.
fn joined(mut pieces: &str) -> Option<String> {
    let mut body = String::new();
    loop {
        let (length, rest) = pieces.split_once("\r\n")?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.push_str(rest.get(..length)?);
        pieces = rest.get(length + 2..)?;
    }
}

/// A request as it is sent.
pub(crate) fn request(what: &str, headers: &[&str], body: &str) -> String {
    let headers: Vec<String> = headers.iter().map(|header| format!("{header}\r\n")).collect();
    format!("{what} HTTP/1.1\r\nHost: lies.example\r\nContent-Length: {}\r\n{}\r\n{body}", body.len(), headers.concat())
}

/// A stream of events in somebody's name, once its first event is here.
pub(crate) fn follow(address: SocketAddr, token: &str) -> BufReader<TcpStream> {
    let mut stream = connect(address);
    let bearer = format!("Authorization: Bearer {token}");
    stream.write_all(request("GET /api/v1/events", &[&bearer], "").as_bytes()).unwrap();
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while !line.starts_with("event: ready") {
        line.clear();
        assert!(stream.read_line(&mut line).unwrap() > 0, "it ended before its first event");
        assert!(!line.starts_with("HTTP/1.1 4"), "{line}");
    }
    stream
}

/// Reads a stream on a thread of its own to its end, which is a piece of no length: the connection may serve on.
pub(crate) fn heard(stream: BufReader<TcpStream>) -> JoinHandle<String> {
    spawn(move || stream.lines().map(Result::unwrap).take_while(|line| line != "0").collect::<Vec<_>>().join("\n"))
}
