//! The power that fails while timers are switched (M6): what was answered for is on the disk.
//!
//! The database lies on ext4, in an image that lies on XFS. A copy of the image that shares its blocks takes no time, so it is the
//! disk as the power would have left it: whatever was not synced yet is not in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use rustix::process::Signal;

use crate::asking::Asking;
use crate::faults::{Chance, faults, tell, told};
use crate::storm::{DEVICES, Promised, device, judge};
use crate::support::Bench;

/// How long there is between two cuts at most, in milliseconds.
const BETWEEN: usize = 150;

/// Something that is mounted until it is dropped.
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _gone_with_the_machine = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Mounts an image, and makes the folder for that.
fn mount(image: &Path, at: &Path) -> Option<Mounted> {
    std::fs::create_dir_all(at).unwrap();
    succeeds("mount", &["-o", "loop", text(image), text(at)]).then(|| Mounted(at.to_owned()))
}

/// Makes an image with a file system on it.
fn image(at: &Path, size: &str, make: &[&str]) -> bool {
    succeeds("truncate", &["-s", size, text(at)]) && succeeds(make[0], &[&make[1..], &[text(at)]].concat())
}

/// A disk whose power can be cut.
struct Disk {
    /// What is done to it goes to the image.
    mounted: Mounted,
    image: PathBuf,
    cuts: PathBuf,
    _below: Mounted,
}

impl Disk {
    /// Makes one in a folder; nothing where this machine does not let us.
    fn make(folder: &Path) -> Option<Self> {
        let (below, at) = (folder.join("xfs"), folder.join("disk"));
        let xfs = folder.join("xfs.image");
        let made = image(&xfs, "1G", &["mkfs.xfs", "-q", "-m", "reflink=1"]);
        let below = made.then(|| mount(&xfs, &below)).flatten()?;
        let image_of = below.0.join("disk.image");
        let made = image(&image_of, "96M", &["mkfs.ext4", "-q", "-F"]);
        let mounted = made.then(|| mount(&image_of, &at)).flatten()?;
        Some(Self { mounted, cuts: below.0.clone(), image: image_of, _below: below })
    }

    /// The disk as it would be had the power failed now.
    fn cut(&self, number: usize) -> PathBuf {
        let cut = self.cuts.join(format!("cut-{number}.image"));
        assert!(succeeds("cp", &["--reflink=always", text(&self.image), text(&cut)]), "{} is not copied", cut.display());
        cut
    }
}

/// A disk; nothing where this machine has none, which in CI is a failure.
#[expect(clippy::disallowed_methods, reason = "tests are allowed to know that they run in CI")]
fn disk(bench: &Bench) -> Option<Disk> {
    let disk = Disk::make(Path::new(&bench.path("")));
    assert!(disk.is_some() || std::env::var("CI").is_err(), "no disk can be made here");
    if disk.is_none() {
        tell("not shown: no disk can be made here");
    }
    disk
}

#[expect(clippy::disallowed_methods, reason = "the power fails at any moment, and nothing announces that")]
fn a_while(chance: &mut Chance) {
    std::thread::sleep(Duration::from_millis(u64::try_from(10 + chance.below(BETWEEN)).unwrap()));
}

#[test] // L1
#[ignore = "needs root and XFS: cargo xtask test"]
fn what_was_answered_for_survives_a_power_cut() {
    let (bench, mut chance) = (Bench::new(), Chance::seeded());
    let Some(disk) = disk(&bench) else { return };
    let database = |at: &Path| at.join("tallyport.db").display().to_string();
    let server = bench.start_with(&["--database", &database(&disk.mounted.0)]);
    let token = server.set_up();
    let (admin, promised) = (Asking::with(&server, &token), Mutex::new(Promised::default()));
    let mut cuts = Vec::new();
    std::thread::scope(|scope| {
        for number in 0..DEVICES {
            let (admin, promised) = (&admin, &promised);
            scope.spawn(move || device(admin, &format!("d{number}"), promised));
        }
        for number in 0..faults(20) {
            a_while(&mut chance);
            let before = promised.lock().unwrap().clone();
            let image = disk.cut(number);
            cuts.push((image, before, promised.lock().unwrap().clone()));
        }
        server.signal(Signal::KILL);
        assert_eq!(server.ended().0, None);
    });
    let mut answers = 0;
    for (number, (image, before, since)) in cuts.iter().enumerate() {
        let mounted = mount(image, Path::new(&bench.path(&format!("cut-{number}")))).expect("the disk can be mounted again");
        let left = Connection::open(database(&mounted.0)).unwrap();
        let sound: String = left.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        drop(left);
        let server = bench.start_with(&["--database", &database(&mounted.0)]);
        judge(&Asking::with(&server, &token), before, since);
        answers = before.answers;
        server.stop();
    }
    told(&format!("power cuts while timers are switched, {answers} answers, none lost"), cuts.len());
}

/// Saves rows with less than full synchronisation until it is told to stop, and counts those that are saved as far as it knows.
fn careless(database: &Path, saved: &AtomicI64, stop: &AtomicBool) {
    let file = Connection::open(database).unwrap();
    file.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE rows (id INTEGER PRIMARY KEY);")
        .unwrap();
    while !stop.load(Ordering::Relaxed) {
        file.execute("INSERT INTO rows DEFAULT VALUES", []).unwrap();
        saved.fetch_add(1, Ordering::SeqCst);
    }
}

/// How many rows a cut left.
fn left(database: &Path) -> i64 {
    let count = |file: Connection| file.query_row("SELECT count(*) FROM rows", [], |row| row.get(0));
    // A table that is not there yet has none.
    Connection::open(database).and_then(count).unwrap_or(0)
}

#[test] // L1: that cuts cut anything
#[ignore = "needs root and XFS: cargo xtask test"]
fn what_is_saved_with_less_care_is_lost_in_a_power_cut() {
    let (bench, mut chance) = (Bench::new(), Chance::seeded());
    let Some(disk) = disk(&bench) else { return };
    let (saved, stop) = (AtomicI64::new(0), AtomicBool::new(false));
    let mut cuts = Vec::new();
    std::thread::scope(|scope| {
        let (database, saved, stop) = (disk.mounted.0.join("careless.db"), &saved, &stop);
        scope.spawn(move || careless(&database, saved, stop));
        for number in 0..faults(20) {
            a_while(&mut chance);
            let before = saved.load(Ordering::SeqCst);
            cuts.push((disk.cut(number), before));
        }
        stop.store(true, Ordering::Relaxed);
    });
    let mut lossy = 0;
    for (number, (image, before)) in cuts.iter().enumerate() {
        let mounted = mount(image, Path::new(&bench.path(&format!("cut-{number}")))).expect("the disk can be mounted again");
        lossy += usize::from(left(&mounted.0.join("careless.db")) < *before);
    }
    told(&format!("power cuts with synchronous = NORMAL, of {}, that lost what was saved", cuts.len()), lossy);
}
