//! What a server costs that does next to nothing: axum answering a constant, and axum reading one row of SQLite.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path as PathOf, State};
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use tokio::net::TcpListener;

use crate::Result;

/// As many readers as the product has.
const READERS: usize = 4;

#[derive(Serialize)]
struct Task {
    id: i64,
    parent_id: Option<i64>,
    name: String,
}

/// Serves one of the floors on a free port, which it prints, until the process is ended.
pub(crate) fn serve(which: &str, database: &Path) -> Result<()> {
    let router = match which {
        "constant" => Router::new().route("/tasks/{id}", get(|| async { r#"{"id":1,"parent_id":null,"name":"Task"}"# })),
        "row" => Router::new().route("/tasks/{id}", get(row)).with_state(Readers::open(database)?),
        "commit-each" => crate::time::floors::each(database)?,
        "commit-shared" => crate::time::floors::shared(database)?,
        _ => return Err(format!("there is no floor {which}").into()),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        axum::serve(listener, router).await?;
        Ok(())
    })
}

#[derive(Clone)]
struct Readers(Arc<Mutex<Vec<Connection>>>);

impl Readers {
    fn open(database: &Path) -> Result<Self> {
        let open = |_| Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let readers = (0..READERS).map(open).collect::<Result<Vec<_>, _>>()?;
        Ok(Self(Arc::new(Mutex::new(readers))))
    }

    fn take(&self) -> Option<Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, connection: Connection) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

async fn row(State(readers): State<Readers>, PathOf(id): PathOf<i64>) -> Json<Option<Task>> {
    let read = tokio::task::spawn_blocking(move || {
        let connection = loop {
            match readers.take() {
                Some(connection) => break connection,
                None => std::thread::yield_now(),
            }
        };
        let task = connection
            .prepare_cached("SELECT task_id, parent_id, name FROM tasks WHERE account_id = 1 AND task_id = ?1")
            .and_then(|mut select| {
                select.query_row([id], |row| Ok(Task { id: row.get(0)?, parent_id: row.get(1)?, name: row.get(2)? }))
            })
            .ok();
        readers.give_back(connection);
        task
    });
    Json(read.await.ok().flatten())
}
