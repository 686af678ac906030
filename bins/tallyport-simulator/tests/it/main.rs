//! The program as whoever starts it sees it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot start the program has failed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;

struct Started {
    child: Child,
    said: Value,
}

impl Started {
    fn with(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tallyport-simulator"));
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { said: serde_json::from_str(&line).unwrap(), child }
    }

    fn get(&self, path: &str) -> String {
        let control = self.said["control"].as_str().unwrap();
        let host = control.strip_prefix("http://").unwrap().split('/').next().unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn end(mut self, signal: &str) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

#[test]
fn it_says_where_it_listens_answers_and_ends_cleanly_on_a_signal() {
    for signal in ["TERM", "INT"] {
        let started = Started::with(&["--projects", "7", "--workspaces", "2", "--plan", "free", "--fixed-clock"]);
        assert!(started.said["url"].as_str().unwrap().ends_with("/api/v9"));
        assert_eq!(started.said["token"].as_str().unwrap().len(), 32);
        let state = started.get("/control/state");
        assert!(state.contains("2026-11-26T14:06:00Z") && state.contains("\"plan\":\"free\""), "{state}");
        assert!(started.get("/api/v9/me").starts_with("HTTP/1.1 401"));
        assert!(started.end(signal).success());
    }
}

#[test]
fn the_world_of_nordlicht_is_served_on_request() {
    let started = Started::with(&["--nordlicht"]);
    assert!(started.get("/control/state").contains("Pro bono"));
    assert!(started.end("TERM").success());
}

#[test]
fn nonsense_is_refused_with_exit_code_2() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tallyport-simulator"));
    let output = command.args(["--inactive", "101"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}
