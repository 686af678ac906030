//! What a server costs that saves one row for each start and stop and does nothing else: one that commits each by itself, and one
//! whose waiting requests share a commit, as our writer does.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::put;
use axum::{Json, Router};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use super::bare;
use crate::Result;

/// As many as our writer lets share a commit.
const SHARED: usize = 128;

#[derive(Deserialize)]
struct Start {
    note: String,
    task_id: i64,
}

#[derive(Deserialize)]
struct Which {
    entry: i64,
}

#[derive(Serialize)]
struct Saved {
    timer: Timer,
}

#[derive(Serialize)]
struct Timer {
    id: i64,
}

/// Something to save.
enum Job {
    Start(Start),
    Stop(i64),
}

impl Job {
    fn save(&self, file: &Connection) -> rusqlite::Result<i64> {
        match self {
            Self::Start(Start { note, task_id }) => bare::insert(file, *task_id, note),
            Self::Stop(entry) => bare::end(file, *entry).map(|()| *entry),
        }
    }
}

type Answer = std::result::Result<Json<Saved>, StatusCode>;

fn answer(saved: Option<i64>) -> Answer {
    saved.map(|id| Json(Saved { timer: Timer { id } })).ok_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Each start and stop is a commit.
pub(crate) fn each(database: &Path) -> Result<Router> {
    let file = Arc::new(Mutex::new(bare::open(database)?));
    let start = |State(file): State<Arc<Mutex<Connection>>>, Json(start): Json<Start>| alone(file, Job::Start(start));
    let stop = |State(file): State<Arc<Mutex<Connection>>>, Query(which): Query<Which>| alone(file, Job::Stop(which.entry));
    Ok(Router::new().route("/timer", put(start).delete(stop)).with_state(file))
}

async fn alone(file: Arc<Mutex<Connection>>, job: Job) -> Answer {
    let saving = move || job.save(&file.lock().unwrap_or_else(PoisonError::into_inner)).ok();
    answer(tokio::task::spawn_blocking(saving).await.ok().flatten())
}

type Waiting = (Job, oneshot::Sender<Option<i64>>);

/// What waits shares a commit.
pub(crate) fn shared(database: &Path) -> Result<Router> {
    let file = bare::open(database)?;
    let (queue, jobs) = mpsc::channel(1024);
    std::thread::spawn(move || write(&file, jobs));
    let start = |State(queue): State<mpsc::Sender<Waiting>>, Json(start): Json<Start>| queued(queue, Job::Start(start));
    let stop = |State(queue): State<mpsc::Sender<Waiting>>, Query(which): Query<Which>| queued(queue, Job::Stop(which.entry));
    Ok(Router::new().route("/timer", put(start).delete(stop)).with_state(queue))
}

async fn queued(queue: mpsc::Sender<Waiting>, job: Job) -> Answer {
    let (reply, saved) = oneshot::channel();
    if queue.send((job, reply)).await.is_err() {
        return answer(None);
    }
    answer(saved.await.ok().flatten())
}

fn write(file: &Connection, mut jobs: mpsc::Receiver<Waiting>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < SHARED
            && let Ok(next) = jobs.try_recv()
        {
            batch.push(next);
        }
        let begun = file.prepare_cached("BEGIN IMMEDIATE").and_then(|mut begin| begin.execute([]));
        let saved: Vec<Option<i64>> = batch.iter().map(|(job, _)| job.save(file).ok()).collect();
        let ended = file.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        let is_saved = begun.is_ok() && ended.is_ok();
        for ((_, reply), saved) in batch.into_iter().zip(saved) {
            // Whoever asked may have gone away.
            _ = reply.send(saved.filter(|_| is_saved));
        }
    }
}
