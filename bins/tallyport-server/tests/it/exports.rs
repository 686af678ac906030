//! Exports take the same little memory however much is exported, and end where nobody takes them (E8, S11).

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;

use crate::asking::{Asking, soon};
use crate::support::{Bench, Running, connect, request};

/// How many entries there are. Kept in memory, they would take several times of what is allowed.
const ENTRIES: u32 = 60_000;
/// How much an export may take, in KiB.
const ALLOWED: u64 = 24 << 10;
/// How many are hung up on: twice as many as are read for at once.
const HUNG_UP: u64 = 8;

/// Writes entries into the file, as if somebody had tracked for years.
fn plant(path: &str) {
    let db = Connection::open(path).unwrap();
    db.execute_batch(&format!(
        "BEGIN;
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {ENTRIES})
         INSERT INTO entries (account_id, entry_id, person_id, started_at, ended_at, way, zone, day, note, billable, made_by, made_at,
                              changed_by, changed_at)
             SELECT 1, n, 1, (1500000000 + n * 3600) * 1000000, (1500000000 + n * 3600 + 1800) * 1000000, 'stopped', 'UTC',
                    (1500000000 + n * 3600) / 86400, 'A note of some length about what was done, number ' || n, 0, 1,
                    1500000000000000, 1, 1500000000000000
             FROM n;
         INSERT INTO entry_days (account_id, person_id, day, entry_id, task_id, billable, seconds)
             SELECT account_id, person_id, day, entry_id, task_id, billable, 1800 FROM entries;
         UPDATE accounts SET last_entry = {ENTRIES};
         COMMIT;"
    ))
    .unwrap();
}

impl Running {
    /// The most of its memory that was ever resident, in KiB.
    fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// How many bytes it ever read, from files and from whoever asks.
    fn read_so_far(&self) -> u64 {
        let told = std::fs::read_to_string(format!("/proc/{}/io", self.process())).unwrap();
        told.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().parse().unwrap()
    }

    /// The same, once it reads no more.
    fn read_in_all(&self) -> u64 {
        let mut before = self.read_so_far();
        soon(|| {
            std::thread::park_timeout(Duration::from_millis(200));
            let now = self.read_so_far();
            (std::mem::replace(&mut before, now) == now).then_some(now)
        })
    }

    /// Asks for everything, and takes nothing of it yet.
    fn ask_for_all(&self, token: &str, format: &str) -> TcpStream {
        let mut stream = connect(self.address);
        let bearer = format!("Authorization: Bearer {token}");
        let what = format!("GET /api/v1/export?from=2017-01-01&to=2030-12-31&format={format}");
        stream.write_all(request(&what, &["Connection: close", &bearer], "").as_bytes()).unwrap();
        stream
    }

    /// Exports everything; answers how many bytes came.
    fn export(&self, token: &str, format: &str) -> usize {
        let mut stream = self.ask_for_all(token, format);
        let (mut bytes, mut piece, mut head, mut last) = (0, vec![0; 64 << 10], [0; 12], Vec::new());
        loop {
            let many = stream.read(&mut piece).unwrap();
            if many == 0 {
                break;
            }
            if bytes == 0 {
                head.copy_from_slice(&piece[..12]);
            }
            last.extend_from_slice(&piece[..many]);
            last.drain(..last.len().saturating_sub(5));
            bytes += many;
        }
        assert_eq!((&head, last.as_slice()), (b"HTTP/1.1 200", b"0\r\n\r\n".as_slice()), "{format} is whole");
        bytes
    }
}

#[test] // E8
fn an_export_takes_little_memory_however_much_it_is() {
    let bench = Bench::new();
    let server = bench.start();
    let token = server.set_up();
    plant(&bench.path("tallyport.db"));
    for format in ["csv", "json", "xlsx"] {
        let before = server.resident();
        let bytes = server.export(&token, format);
        let taken = server.peak().saturating_sub(before);
        assert!(bytes > usize::try_from(ENTRIES).unwrap() * 20, "{format}: {bytes} bytes");
        assert!(taken < ALLOWED, "{format}: {taken} KiB more");
    }
    server.stop();
}

#[test] // E8, S11
fn an_export_that_is_hung_up_on_ends_and_lets_go_of_all_it_had() {
    let bench = Bench::new();
    let server = bench.start();
    let token = server.set_up();
    plant(&bench.path("tallyport.db"));
    let admin = Asking::with(&server, &token);
    for format in ["csv", "json", "xlsx"] {
        let before = server.read_in_all();
        server.export(&token, format);
        let whole = server.read_in_all() - before;

        let (before, resident) = (server.read_in_all(), server.resident());
        let mut open: Vec<TcpStream> = (0..HUNG_UP).map(|_| server.ask_for_all(&token, format)).collect();
        if format != "xlsx" {
            // A workbook leaves once it is whole.
            for stream in &mut open {
                stream.read_exact(&mut [0; 2000]).unwrap();
            }
        }
        soon(|| (server.read_so_far() - before > whole / 4).then_some(()));
        // Who takes nothing keeps nobody from being answered.
        admin.done("GET /api/v1/reports?from=2017-01-01&to=2017-01-31", &Value::Null);
        drop(open);
        let read = server.read_in_all() - before;
        assert!(read < whole * HUNG_UP * 2 / 3, "{format}: {read} bytes were read where all are {}", whole * HUNG_UP);
        let taken = server.resident().saturating_sub(resident);
        assert!(taken < ALLOWED, "{format}: {taken} KiB are kept");
        admin.done("GET /api/v1/reports?from=2017-01-01&to=2017-01-31", &Value::Null);
    }
    server.stop();
}
