//! Exports take the same little memory however much is exported (E8).

use std::io::{Read as _, Write as _};

use rusqlite::Connection;

use crate::support::{Bench, Running, connect, request};

/// How many entries there are. Kept in memory, they would take several times of what is allowed.
const ENTRIES: u32 = 60_000;
/// How much an export may take, in KiB.
const ALLOWED: u64 = 24 << 10;

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

    /// Exports everything; answers how many bytes came.
    fn export(&self, token: &str, format: &str) -> usize {
        let mut stream = connect(self.address);
        let bearer = format!("Authorization: Bearer {token}");
        let what = format!("GET /api/v1/export?from=2017-01-01&to=2030-12-31&format={format}");
        stream.write_all(request(&what, &["Connection: close", &bearer], "").as_bytes()).unwrap();
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
