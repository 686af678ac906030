//! Starts and stops from many connections at once, each of another person, beside servers that save a row and do nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Result;
use crate::http::load::{self, Took};
use crate::http::milliseconds;
use crate::http::server::{Floor, Product};
use crate::report::Line;
use crate::series::Series;
use crate::stopwatch::now;

/// Timers that are started and stopped at once.
const CONNECTIONS: usize = 32;
/// How long one load lasts.
const LASTING: Duration = Duration::from_secs(3);

/// Measures them in turn.
pub(crate) async fn measure(product: &Product, folder: &Path, rounds: usize) -> Result<Vec<Line>> {
    let each = Floor::start("commit-each", &folder.join("each.db"))?;
    let shared = Floor::start("commit-shared", &folder.join("shared.db"))?;
    let tasks = product.task_ids().await?;
    let (root, leaf) = (tasks[0], *tasks.last().ok_or("there is no task")?);
    let trackers = product.trackers(CONNECTIONS, root).await?.to_vec();
    let nobody = vec![String::new(); CONNECTIONS];
    let mut rates = [(); 3].map(|()| Series::default());
    let mut answers = Series::default();
    for _ in 0..rounds {
        let parties = [(each.address(), "", &nobody), (shared.address(), "", &nobody), (product.address(), "/api/v1", &trackers)];
        for (number, (address, prefix, tokens)) in parties.into_iter().enumerate() {
            let took = run(address, prefix, tokens, leaf).await?;
            rates[number].push(took.rate());
            if number == 2 {
                answers.add(took.answers);
            }
        }
    }
    let [each, shared, ours] = rates.map(|series| series.median());
    let ratio = ours / shared;
    let [half, most] = [50, 99].map(|percent| milliseconds(answers.percentile(percent)));
    Ok(vec![
        Line::told(format!("axum saving a row a commit, {CONNECTIONS} connections"), format!("{each:.0} a second")),
        Line::told("axum saving a row, those that wait in one commit", format!("{shared:.0} a second")),
        Line::bound(
            "starts and stops of timers",
            format!(
                "{ours:.0} a second, {ratio:.2} of the shared commit, {:.2} of a commit each; p50 {half}, p99 {most}",
                ours / each
            ),
            "≥ 0.5 of the shared commit",
            ratio >= 0.5,
        ),
    ])
}

/// Starts and stops on a connection for each token, for a while.
async fn run(address: &str, prefix: &str, tokens: &[String], task: i64) -> Result<Took> {
    let began = now();
    let mut workers = JoinSet::new();
    for token in tokens {
        let (address, token) = (address.to_owned(), token.clone());
        let path = format!("{prefix}/timer");
        workers.spawn(async move { one(&address, &path, &token, task, began).await.map_err(|error| error.to_string()) });
    }
    let mut took = Took::default();
    while let Some(answers) = workers.join_next().await {
        took.answers.extend(answers??);
    }
    took.lasted = began.elapsed().as_secs_f64();
    Ok(took)
}

async fn one(address: &str, path: &str, token: &str, task: i64, began: Instant) -> Result<Vec<f64>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = |method: &str, query: &str, body: &str| {
        let length = body.len();
        format!(
            "{method} {path}{query} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
    };
    let start = request("PUT", "", &json!({ "task_id": task, "note": "Call" }).to_string());
    let (mut answers, mut buffer) = (Vec::with_capacity(1 << 14), Vec::with_capacity(1 << 14));
    while began.elapsed() < LASTING {
        let started = asked(&mut stream, &start, &mut buffer, &mut answers).await?;
        let timer = started["timer"]["id"].as_i64().ok_or_else(|| format!("no timer was started: {started}"))?;
        asked(&mut stream, &request("DELETE", &format!("?entry={timer}"), ""), &mut buffer, &mut answers).await?;
    }
    Ok(answers)
}

/// Sends a request, and takes down how long its answer took.
async fn asked(stream: &mut TcpStream, request: &str, buffer: &mut Vec<u8>, answers: &mut Vec<f64>) -> Result<Value> {
    let sent = now();
    stream.write_all(request.as_bytes()).await?;
    let body = load::read(stream, buffer).await?;
    answers.push(sent.elapsed().as_secs_f64());
    Ok(serde_json::from_slice(&buffer[body..])?)
}
