use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc as channel};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use rusqlite::ffi;
use tempfile::TempDir;

use super::*;

/// A writer over a file with one table, whose commits are counted.
struct Bench {
    writer: Writer,
    commits: Arc<AtomicUsize>,
    reopened: Arc<AtomicUsize>,
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(prepare: impl FnOnce(&mut Connection)) -> Self {
        Self::over(prepare, |connection, reopen| Writer::start(connection, reopen).unwrap())
    }

    fn in_place() -> Self {
        Self::over(|_| {}, Writer::in_place)
    }

    fn over(prepare: impl FnOnce(&mut Connection), writer: impl FnOnce(Connection, Reopen) -> Writer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bench.db");
        let mut connection = Connection::open(&path).unwrap();
        connection.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE written (number INTEGER NOT NULL) STRICT").unwrap();
        let commits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&commits);
        connection
            .commit_hook(Some(move || {
                counted.fetch_add(1, Ordering::SeqCst);
                false
            }))
            .unwrap();
        prepare(&mut connection);
        let reopened = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&reopened);
        let reopen = Box::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(Connection::open(&path).unwrap())
        });
        Self { writer: writer(connection, reopen), commits, reopened, folder }
    }

    /// Keeps the writer busy until it is released, so that what is started meanwhile waits together.
    fn hold(&self) -> (channel::Sender<()>, Answer<'_, ()>) {
        let (release, held) = channel::channel();
        let (begun, begins) = channel::channel();
        let hold = self.start(move |_| {
            begun.send(()).unwrap();
            // A sender that is dropped releases as well.
            let _ = held.recv();
            Ok(())
        });
        begins.recv().unwrap();
        (release, hold)
    }

    /// Puts a job into the queue without waiting for it.
    fn start<T: Send + 'static>(&self, job: impl FnMut(&Connection) -> Result<T> + Send + 'static) -> Answer<'_, T> {
        let mut answer: Answer<'_, T> = Box::pin(self.writer.run(job));
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => answer,
            Poll::Ready(early) => Box::pin(std::future::ready(early)),
        }
    }

    fn insert(&self, number: i64) -> Answer<'_, ()> {
        self.start(move |db| insert(db, number))
    }

    fn commits(&self) -> usize {
        self.commits.load(Ordering::SeqCst)
    }

    /// What another connection finds in the file.
    fn written(&self) -> Vec<i64> {
        let other = Connection::open(self.folder.path().join("bench.db")).unwrap();
        let mut all = other.prepare("SELECT number FROM written ORDER BY number").unwrap();
        all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + 'a>>;

fn insert(db: &Connection, number: i64) -> Result<()> {
    db.execute("INSERT INTO written (number) VALUES (?1)", [number])?;
    Ok(())
}

/// A statement that writes a row and then fails.
fn insert_twice(db: &Connection) -> Result<()> {
    db.execute("INSERT INTO written (number) VALUES (20), (NULL)", [])?;
    Ok(())
}

fn failure(code: i32) -> Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
}

#[tokio::test]
async fn writes_that_wait_share_a_commit_and_each_gets_its_own_answer() {
    let bench = Bench::new();
    let (release, held) = bench.hold();
    let waiting: Vec<_> = (0..100)
        .map(|number| {
            bench.start(move |db| {
                insert(db, number)?;
                Ok(number)
            })
        })
        .collect();
    release.send(()).unwrap();
    held.await.unwrap();
    for (number, answer) in (0..100).zip(waiting) {
        assert_eq!(answer.await.unwrap(), number);
    }
    assert_eq!(bench.commits(), 2, "one for what the writer was held with, one for all that waited");
    assert_eq!(bench.written(), (0..100).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_answer_of_success_comes_after_the_commit() {
    let bench = Bench::new();
    bench.insert(1).await.unwrap();
    assert_eq!((bench.commits(), bench.written()), (1, vec![1]));
}

#[tokio::test]
async fn a_job_that_fails_among_others_leaves_nothing_and_spoils_nobody() {
    let bench = Bench::new();
    let (release, held) = bench.hold();
    let first = bench.insert(1);
    let failing = bench.start(|db| {
        insert(db, 2)?;
        Err::<(), _>(StoreError::NotFound("task").into())
    });
    let last = bench.insert(3);
    release.send(()).unwrap();
    held.await.unwrap();
    first.await.unwrap();
    assert!(matches!(failing.await, Err(StoreError::NotFound("task"))));
    last.await.unwrap();
    assert_eq!(bench.written(), [1, 3]);
}

#[tokio::test]
async fn the_others_run_again_only_where_one_that_fails_had_written() {
    let bench = Bench::new();
    for (number, writes) in [(1, false), (2, true)] {
        let (release, held) = bench.hold();
        let mut runs = 0;
        let first = bench.start(move |db| {
            runs += 1;
            insert(db, number)?;
            Ok(runs)
        });
        let failing = bench.start(move |db| {
            // Of a statement that fails by itself the engine leaves nothing.
            insert_twice(db).unwrap_err();
            if writes {
                insert(db, 10)?;
            }
            Err::<(), _>(StoreError::NotFound("task").into())
        });
        release.send(()).unwrap();
        held.await.unwrap();
        assert!(matches!(failing.await, Err(StoreError::NotFound("task"))));
        assert_eq!(first.await.unwrap(), if writes { 2 } else { 1 });
    }
    assert_eq!(bench.written(), [1, 2]);
}

#[tokio::test]
async fn a_job_that_fails_alone_leaves_nothing() {
    let bench = Bench::new();
    let failing = bench.start(|db| {
        insert(db, 1)?;
        Err::<(), _>(StoreError::NotFound("task").into())
    });
    assert!(matches!(failing.await, Err(StoreError::NotFound("task"))));
    assert_eq!((bench.commits(), bench.written()), (0, vec![]));
}

#[tokio::test]
async fn a_job_that_panics_is_answered_as_failed_and_harms_no_other() {
    let bench = Bench::new();
    let (release, held) = bench.hold();
    let panicking = bench.start(|db| {
        insert(db, 1)?;
        assert!(db.is_autocommit(), "on purpose");
        Ok(())
    });
    let other = bench.insert(2);
    release.send(()).unwrap();
    held.await.unwrap();
    let Err(StoreError::Failed(cause)) = panicking.await else { panic!("it did not fail") };
    assert_eq!(cause.to_string(), "a job panicked: on purpose");
    other.await.unwrap();
    assert_eq!(bench.written(), [2]);
}

#[tokio::test]
async fn jobs_run_again_alone_where_the_engine_undid_their_transaction() {
    let bench = Bench::new();
    let (release, held) = bench.hold();
    let mut runs = 0;
    let first = bench.start(move |db| {
        runs += 1;
        insert(db, 1)?;
        Ok(runs)
    });
    let mut undone = false;
    let second = bench.start(move |db| {
        if !undone {
            undone = true;
            // As the engine does by itself where it runs out of memory or room.
            db.execute_batch("ROLLBACK")?;
            return Err(failure(ffi::SQLITE_NOMEM));
        }
        insert(db, 2)
    });
    let third = bench.insert(3);
    release.send(()).unwrap();
    held.await.unwrap();
    assert_eq!(first.await.unwrap(), 2);
    second.await.unwrap();
    third.await.unwrap();
    assert_eq!(bench.written(), [1, 2, 3]);
}

#[tokio::test]
async fn jobs_run_again_alone_where_the_commit_failed_with_nothing_written() {
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    // Refuses the commit after that of what the writer is held with.
    let refuse = move || counted.fetch_add(1, Ordering::SeqCst) == 1;
    let bench = Bench::with(|db| db.commit_hook(Some(refuse)).unwrap());
    let (release, held) = bench.hold();
    let waiting = [bench.insert(1), bench.insert(2)];
    release.send(()).unwrap();
    held.await.unwrap();
    for answer in waiting {
        answer.await.unwrap();
    }
    assert_eq!(bench.written(), [1, 2]);
    assert_eq!(attempts.load(Ordering::SeqCst), 4, "one held, one refused, and two alone");
}

#[tokio::test]
async fn after_an_io_error_nothing_runs_again_and_the_outcome_is_unknown() {
    let bench = Bench::new();
    let (release, held) = bench.hold();
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let before = bench.start(move |db| {
        counted.fetch_add(1, Ordering::SeqCst);
        insert(db, 1)
    });
    let failing = bench.start(|_| Err::<(), _>(failure(ffi::SQLITE_IOERR_FSYNC)));
    release.send(()).unwrap();
    held.await.unwrap();
    assert!(matches!(before.await, Err(StoreError::Unknown(_))));
    assert!(matches!(failing.await, Err(StoreError::Unknown(_))));
    assert_eq!((runs.load(Ordering::SeqCst), bench.reopened.load(Ordering::SeqCst)), (1, 1));

    // On a new connection it goes on, until it happens again.
    bench.insert(2).await.unwrap();
    let again = bench.start(|_| Err::<(), _>(failure(ffi::SQLITE_IOERR_WRITE)));
    assert!(matches!(again.await, Err(StoreError::Unknown(_))));
    assert!(matches!(bench.insert(3).await, Err(StoreError::Failed(_))));
    assert_eq!((bench.reopened.load(Ordering::SeqCst), bench.written()), (1, vec![2]));
}

#[tokio::test]
async fn where_another_process_holds_the_lock_too_long_all_are_told_that_it_is_busy() {
    let bench = Bench::with(|db| db.busy_timeout(Duration::ZERO).unwrap());
    let other = Connection::open(bench.folder.path().join("bench.db")).unwrap();
    let (release, held) = bench.hold();
    let waiting = [bench.insert(1), bench.insert(2)];
    release.send(()).unwrap();
    held.await.unwrap();
    for answer in waiting {
        answer.await.unwrap();
    }
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(bench.insert(3).await, Err(StoreError::Busy(_))));
    other.execute_batch("COMMIT").unwrap();
    bench.insert(4).await.unwrap();
    assert_eq!(bench.written(), [1, 2, 4]);
}

#[tokio::test]
async fn a_full_queue_is_busy_and_loses_nothing_that_waits() {
    let bench = Bench::new();
    let (release, held) = bench.hold();
    let mut waiting = Vec::new();
    let refused = (0..).find_map(|number| {
        let mut answer: Answer<'_, ()> = Box::pin(bench.writer.run(move |db| insert(db, number)));
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => {
                waiting.push(answer);
                None
            }
        }
    });
    assert!(matches!(refused, Some(Err(StoreError::Busy(_)))));
    release.send(()).unwrap();
    held.await.unwrap();
    let many = waiting.len();
    for answer in waiting {
        answer.await.unwrap();
    }
    assert!(many >= QUEUE);
    assert_eq!(bench.written().len(), many);
    assert!(bench.commits() <= 1 + many.div_ceil(SHARED));
}

#[tokio::test]
async fn in_place_whatever_a_read_writes_is_undone_and_one_that_panics_harms_no_other() {
    let bench = Bench::in_place();
    let read = |read: fn(&Connection) -> Result<i64>| bench.writer.here().unwrap().read(read);
    bench.insert(1).await.unwrap();
    let count = |db: &Connection| Ok(db.query_row("SELECT count(*) FROM written", [], |row| row.get(0))?);
    let writes = |db: &Connection| {
        insert(db, 2)?;
        Ok(db.last_insert_rowid())
    };
    assert_eq!(read(writes).unwrap(), 2);
    let Err(StoreError::Failed(cause)) = read(|_| panic!("on purpose")) else { panic!("it did not fail") };
    assert_eq!(cause.to_string(), "a job panicked: on purpose");
    assert_eq!((read(count).unwrap(), bench.written()), (1, vec![1]));
    bench.insert(3).await.unwrap();
    assert_eq!((bench.commits(), bench.written()), (2, vec![1, 3]));
}

#[tokio::test]
async fn in_place_no_connection_outlives_an_io_error_and_the_second_one_is_the_last() {
    let bench = Bench::in_place();
    let read = |read: fn(&Connection) -> Result<()>| bench.writer.here().unwrap().read(read);
    bench.insert(1).await.unwrap();
    assert!(read(|_| Err(failure(ffi::SQLITE_IOERR_READ))).is_err());
    assert_eq!(bench.reopened.load(Ordering::SeqCst), 1);
    bench.insert(2).await.unwrap();
    let failing = bench.start(|_| Err::<(), _>(failure(ffi::SQLITE_IOERR_WRITE)));
    assert!(matches!(failing.await, Err(StoreError::Unknown(_))));
    assert!(matches!(bench.insert(3).await, Err(StoreError::Failed(_))));
    assert!(matches!(read(|_| Ok(())), Err(StoreError::Failed(_))));
    assert_eq!((bench.reopened.load(Ordering::SeqCst), bench.written()), (1, vec![1, 2]));
}

#[tokio::test]
async fn a_writer_that_is_dropped_finishes_what_waits() {
    let bench = Bench::new();
    let (release, held) = bench.hold();
    let waiting: Vec<_> = (0..10).map(|number| bench.insert(number)).collect();
    // Whoever asked goes away; the jobs stay.
    drop((waiting, held));
    let Bench { writer, folder, .. } = bench;
    release.send(()).unwrap();
    drop(writer);
    let other = Connection::open(folder.path().join("bench.db")).unwrap();
    let many: i64 = other.query_row("SELECT count(*) FROM written", [], |row| row.get(0)).unwrap();
    assert_eq!(many, 10);
}
