//! Timers on a disk without room (M7): what was answered for is there, what was refused is not, and it goes on once there is room.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tallyport_api_types::{EntryChange, NewEntry, NewTimer};
use tallyport_client::{Client, ClientError};
use tallyport_compose::{Local, LocalOptions};

use super::full::fill;
use super::{Disk, assert_healthy, bench, told};

/// How much room there is, in kB.
const ROOM: [usize; 8] = [0, 8, 16, 40, 64, 100, 160, 250];

/// More than finds room anywhere.
const MANY: usize = 5000;

/// Notes of what was answered for, and how often there was no room.
#[derive(Default)]
struct Tracked {
    notes: BTreeSet<String>,
    refused: usize,
}

impl Tracked {
    /// Takes down what was answered; says whether it was done.
    fn heard<T>(&mut self, answer: Result<T, ClientError>) -> Option<T> {
        match answer {
            Ok(done) => Some(done),
            Err(ClientError::Problem(problem)) if problem.code == "storage_full" => {
                self.refused += 1;
                None
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Switches timers, adds entries and changes them, until there is no room, or a few times.
    async fn track(&mut self, client: &Client, name: &str, times: usize) {
        let before = self.refused;
        for number in 0..times {
            let note = format!("{name} {number}");
            let timer = NewTimer { note: note.clone(), tags: vec![format!("tag {number}")], ..NewTimer::default() };
            if self.heard(client.time().start(&timer).await).is_some() {
                self.notes.insert(note);
            }
            let note = format!("{name} {number} by hand");
            let entry = NewEntry {
                note: note.clone(),
                start: Some("0:00".to_owned()),
                end: Some("0:01".to_owned()),
                ..NewEntry::default()
            };
            if let Some(added) = self.heard(client.time().add(&entry).await) {
                let changed = format!("{note}, changed");
                let change = EntryChange { note: Some(changed.clone()), ..EntryChange::default() };
                let is_changed = self.heard(client.time().change(added.id, &change).await).is_some();
                self.notes.insert(if is_changed { changed } else { note });
            }
            if self.refused > before + 3 {
                return;
            }
        }
    }

    /// What there is, which can be read at any time.
    async fn hold(&self, client: &Client) {
        let entries = client.time().entries(Some("yesterday"), Some("today"), None).await.unwrap();
        let notes: BTreeSet<String> = entries.iter().map(|entry| entry.note.clone()).collect();
        assert_eq!((notes.len(), &notes), (entries.len(), &self.notes));
        assert!(entries.iter().filter(|entry| entry.end.is_none()).count() <= 1, "E1");
    }
}

async fn on_a_full_disk(disk: &Path, database: &Path, room: usize) -> usize {
    let local = Local::open(LocalOptions::at(database)).await.unwrap();
    let client = Client::new(local.acting(None, None).await.unwrap());
    let mut tracked = Tracked::default();
    tracked.track(&client, "before", 5).await;
    assert_eq!(tracked.refused, 0);
    fill(disk, room);
    tracked.track(&client, "full", MANY).await;
    assert!(tracked.refused > 0, "{room} kB are enough for everything");
    tracked.hold(&client).await;
    fs::remove_file(disk.join("filler")).unwrap();
    let refused = tracked.refused;
    tracked.track(&client, "after", 5).await;
    assert_eq!(tracked.refused, refused, "with room again it works by itself");
    tracked.hold(&client).await;
    local.close().await;
    refused
}

#[test] // L1, L8
#[ignore = "needs root to mount: cargo xtask test"]
fn timers_on_a_full_disk_are_saved_or_refused_and_go_on_once_there_is_room() {
    let bench = bench();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut faults = 0;
    for room in ROOM {
        let Some(disk) = Disk::mount(&bench.folder().join(format!("disk-{room}")), "8m") else { return };
        let database = disk.path.join("tallyport.db");
        let create = ["account", "create", "--name", "Studio", "--admin-email", "olga@example.com", "--database"];
        bench.done(&[&create[..], &[&database.display().to_string()]].concat());
        faults += runtime.block_on(on_a_full_disk(&disk.path, &database, room));
        assert_healthy(&bench, &database);
    }
    told("timers on a full disk", faults);
}
