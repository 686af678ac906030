//! Other people's programs that read the same account: what they take, and what they get.
//!
//! Neither lets its base be set, so a few lines of Python each set it at run time; nothing else about them is touched.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::Result;
use crate::measure::Party;
use crate::report::Line;
use crate::server::Server;
use crate::stopwatch::now;

const PACKAGES: [&str; 2] = ["toggl-to-sqlite==0.9.0", "tap-toggl==2.1.0"];
const TAP: &str = include_str!("../../others/tap_toggl_at.py");
const TO_SQLITE: &str = include_str!("../../others/toggl_to_sqlite_at.py");

pub(crate) fn run(server: &Server, folder: &Path) -> Result<Vec<Line>> {
    let python = match python() {
        Ok(python) => python,
        Err(error) => return Ok(vec![Line::told("other programs", format!("not run: {error}"))]),
    };
    let floor = Party::FloorFirst.measure(server, &folder.join("floor-beside-others.db"))?;
    let others = [("toggl-to-sqlite", to_sqlite as fn(&_, &_, &_) -> _), ("tap-toggl", tap)];
    let line = |(name, run): (&str, fn(&Path, &Server, &Path) -> Result<Got>)| match run(&python, server, folder) {
        Ok(Got { seconds, rows }) => {
            let rows: Vec<String> = rows.iter().map(|(what, rows)| format!("{rows} {what}")).collect();
            let times = seconds / floor.seconds;
            Line::told(name, format!("{seconds:.1} s, {times:.1} × the floor, got {}", rows.join(", ")))
        }
        Err(error) => Line::told(name, format!("failed: {error}")),
    };
    Ok(others.into_iter().map(line).collect())
}

/// What a program took and got.
struct Got {
    seconds: f64,
    rows: BTreeMap<String, i64>,
}

/// The interpreter of a virtual environment that has them, made where there is none yet.
fn python() -> Result<PathBuf> {
    let folder = std::env::current_exe()?.with_file_name("bench").join("python");
    let python = folder.join("bin/python");
    if !python.exists() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES))?;
    Ok(python)
}

fn succeed(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.trim().lines().last().unwrap_or("it says nothing");
    if output.status.success() { Ok(()) } else { Err(last.to_owned().into()) }
}

/// Runs one of the scripts against the server.
fn script(python: &Path, folder: &Path, (name, text): (&str, &str), server: &Server) -> Result<Command> {
    let script = folder.join(name);
    fs::write(&script, text)?;
    let mut command = Command::new(python);
    command.arg(script).arg(server.url()).env("NO_PROXY", "127.0.0.1").current_dir(folder);
    Ok(command)
}

fn to_sqlite(python: &Path, server: &Server, folder: &Path) -> Result<Got> {
    fs::write(folder.join("auth.json"), json!({ "api_token": server.token() }).to_string())?;
    let file = folder.join("toggl-to-sqlite.db");
    let began = now();
    let mut command = script(python, folder, ("toggl_to_sqlite_at.py", TO_SQLITE), server)?;
    succeed(command.arg("fetch").arg(&file).args(["-t", "workspaces", "-t", "projects"]))?;
    let seconds = began.elapsed().as_secs_f64();
    let database = Connection::open(&file)?;
    let count = |table: &str| database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
    let rows = [("projects".to_owned(), count("projects")?), ("workspaces".to_owned(), count("workspaces")?)];
    Ok(Got { seconds, rows: rows.into() })
}

fn tap(python: &Path, server: &Server, folder: &Path) -> Result<Got> {
    let config = json!({
        "api_token": server.token(),
        "start_date": "2026-01-01T00:00:00Z",
        "user_agent": "bench",
        "detailed_report_trailing_days": 1,
    });
    fs::write(folder.join("tap.json"), config.to_string())?;
    let command = || script(python, folder, ("tap_toggl_at.py", TAP), server);
    let discovered = command()?.args(["--config", "tap.json", "--discover"]).output()?;
    let mut catalog: Value = serde_json::from_slice(&discovered.stdout)?;
    for stream in catalog["streams"].as_array_mut().ok_or("it discovers no streams")? {
        let wanted = ["workspaces", "clients", "projects", "tasks"].contains(&stream["tap_stream_id"].as_str().unwrap_or(""));
        for about in stream["metadata"].as_array_mut().into_iter().flatten() {
            about["metadata"]["selected"] = Value::Bool(wanted);
        }
    }
    fs::write(folder.join("catalog.json"), catalog.to_string())?;

    let began = now();
    let records = folder.join("tap.jsonl");
    let mut command = command()?;
    command.args(["--config", "tap.json", "--catalog", "catalog.json"]).stdout(Stdio::from(File::create(&records)?));
    succeed(command.stderr(Stdio::piped()))?;
    let seconds = began.elapsed().as_secs_f64();
    let mut rows = BTreeMap::new();
    for line in BufReader::new(File::open(&records)?).lines() {
        let message: Value = serde_json::from_str(&line?)?;
        if message["type"] == "RECORD" {
            *rows.entry(message["stream"].as_str().unwrap_or("?").to_owned()).or_insert(0) += 1;
        }
    }
    Ok(Got { seconds, rows })
}
