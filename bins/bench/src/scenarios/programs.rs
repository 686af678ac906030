//! Whole processes of the terminal program on an imported account, beside one that does nothing.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::Result;
use crate::report::Line;
use crate::series::Series;
use crate::server::{self, Server};
use crate::stopwatch::now;

const RUNS: usize = 20;

pub(crate) fn run(server: &Server, folder: &Path) -> Result<Vec<Line>> {
    let program = server::program("tallyport")?.display().to_string();
    let database = folder.join("tallyport.db").display().to_string();
    let token = folder.join("token.txt");
    fs::write(&token, server.token())?;
    let token = token.display().to_string();
    let ours = |words: &[&str]| {
        let common = [&program, "--quiet", "--database", &database, "--toggl-url", server.url()];
        common.into_iter().chain(words.iter().copied()).map(str::to_owned).collect::<Vec<_>>()
    };
    succeed(&ours(&["account", "create", "--name", "Nordlicht", "--admin-email", "ana@nordlicht.example"]))?;
    succeed(&ours(&["toggl", "enable", "--token-file", &token]))?;
    succeed(&ours(&["toggl", "select", "--all"]))?;

    let mut lines = vec![Line::told("true", timed(&["true".to_owned()], folder)?.to_string())];
    for (words, most) in [(&["tasks", "tree"][..], 0.4), (&["tasks", "search", "moodboard"], 0.03), (&["people", "list"], 0.008)]
    {
        let series = timed(&ours(words), folder)?;
        let target = format!("< {:.0} ms", most * 1000.0);
        lines.push(Line::bound(format!("tallyport {}", words.join(" ")), series.to_string(), target, series.median() < most));
    }
    Ok(lines)
}

fn command(words: &[String]) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn succeed(words: &[String]) -> Result<()> {
    let output = command(words).stderr(Stdio::piped()).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}

/// How long the process takes: by hyperfine where it is installed, else by a stopwatch.
fn timed(words: &[String], folder: &Path) -> Result<Series> {
    succeed(words)?;
    let file = folder.join("hyperfine.json");
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let hyperfine = Command::new("hyperfine")
        .args(["-N", "--warmup", "2", "--runs", &RUNS.to_string(), "--export-json"])
        .arg(&file)
        .arg(quoted.join(" "))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if hyperfine.is_ok_and(|status| status.success()) {
        let Exported { results: [Times { times }] } = serde_json::from_slice(&fs::read(file)?)?;
        return Ok(times.into_iter().collect());
    }
    let mut series = Series::default();
    for _ in 0..RUNS {
        let began = now();
        succeed(words)?;
        series.push(began.elapsed().as_secs_f64());
    }
    Ok(series)
}

#[derive(Deserialize)]
struct Exported {
    results: [Times; 1],
}

#[derive(Deserialize)]
struct Times {
    times: Vec<f64>,
}
