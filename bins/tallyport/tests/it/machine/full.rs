//! A disk without room (M7): nothing is lost, nothing is half done, and with room again it works by itself.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use tallyport_simulator::{QuotaMode, Size, World};

use super::{Disk, assert_healthy, code, names, told};
use crate::support::{Bench, Mode};

/// How much room there is at first, in kB, from none at all to not quite enough, and before which step it gets scarce.
const ROOM: [(usize, usize); 8] = [(0, 0), (16, 0), (16, 1), (40, 1), (8, 2), (100, 2), (250, 2), (450, 2)];

fn world() -> World {
    let size =
        Size { clients: 20, projects: 300, tasks: 1_500, members: 3, inactive_percent: 0, private_percent: 0, ..Size::default() };
    World::generate(7, &size)
}

/// Fills the disk but for so much.
pub(super) fn fill(disk: &Path, room: usize) {
    let mut filler = File::create(disk.join("filler")).unwrap();
    while filler.write_all(&[0; 4096]).is_ok() {}
    let length = filler.metadata().unwrap().len();
    filler.set_len(length - u64::try_from(room).unwrap() * 1024).unwrap();
}

#[test]
#[ignore = "needs root to mount: cargo xtask test"]
fn a_first_sync_on_a_full_disk_changes_nothing_and_works_once_there_is_room() {
    let bench = Bench::over(Mode::Local, world());
    bench.simulator().switch(|switches| {
        switches.quota = QuotaMode::Counted;
        switches.quota_headers = false;
    });
    let mut faults = 0;
    let mut expected = None;
    // The steps that met a full disk.
    let mut met = BTreeSet::new();
    for (room, scarce_from) in ROOM {
        let Some(disk) = Disk::mount(&bench.folder().join(format!("disk-{room}-{scarce_from}")), "24m") else { return };
        let database = disk.path.join("tallyport.db");
        let before = faults;
        for full in [true, false] {
            for (number, step) in steps(&bench).into_iter().enumerate() {
                if full && number == scarce_from {
                    fill(&disk.path, room);
                }
                let arguments: Vec<&str> = step.iter().map(String::as_str).collect();
                let place = database.display().to_string();
                let ran = bench.run_with(&[&arguments[..], &["--database", &place, "--json"]].concat(), &bench.token(), &[]);
                match ran.code {
                    0 => {}
                    // What was done while there was no room is done.
                    5 if !full && ["account_exists", "already_enabled"].iter().any(|known| code(&ran) == *known) => {}
                    1 if full => {
                        assert_eq!(code(&ran), "storage_full", "{room} kB, {arguments:?}: {ran:?}");
                        faults += 1;
                        met.insert(arguments[1].to_owned());
                        break;
                    }
                    _ => panic!("{room} kB, {arguments:?}: {ran:?}"),
                }
            }
            if full {
                assert!(faults > before, "{room} kB are no fault");
                nothing_is_half_done(&bench, &database);
                fs::remove_file(disk.path.join("filler")).unwrap();
            }
        }
        assert_healthy(&bench, &database);
        let tree = names(&bench, &database);
        assert!(tree.len() > 1_800, "{}", tree.len());
        assert_eq!(expected.get_or_insert_with(|| tree.clone()), &tree);
    }
    assert_eq!(met.into_iter().collect::<Vec<_>>(), ["create", "enable", "select"]);
    told("first sync on a full disk", faults);
}

/// Where there is a database with an account, it can be read, and holds nothing of the sync that found no room.
fn nothing_is_half_done(bench: &Bench, database: &Path) {
    let ran = bench.run(&["tasks", "tree", "--json", "--database", &database.display().to_string()]);
    match ran.code {
        0 => assert!(serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap().as_array().unwrap().len() <= 1, "{ran:?}"),
        _ => assert!(["storage_full", "account_needed", "database_unusable"].iter().any(|known| code(&ran) == *known), "{ran:?}"),
    }
}

fn steps(bench: &Bench) -> [Vec<String>; 3] {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    [
        words(&["account", "create", "--name", "Studio", "--admin-email", &bench.owner(), "--admin-name", "Olga"]),
        words(&["toggl", "enable", "--token-stdin"]),
        words(&["toggl", "select", "--all"]),
    ]
}

#[test]
#[ignore = "needs root to mount: cargo xtask test"]
fn a_backup_or_a_restored_copy_that_finds_no_room_leaves_everything_as_it_was() {
    let bench = Bench::over(Mode::Local, world());
    bench.imported();
    let tree = names(&bench, bench.database().as_ref());
    let file = bench.folder().join("copy.db").display().to_string();
    bench.done(&["backup", "create", &file]);
    let mut faults = 0;
    for (room, _) in ROOM.into_iter().filter(|(_, step)| *step != 1) {
        let Some(disk) = Disk::mount(&bench.folder().join(format!("disk-{room}")), "24m") else { return };
        let (copy, database) = (disk.path.join("copy.db"), disk.path.join("tallyport.db").display().to_string());
        bench.done(&["account", "create", "--name", "Old", "--admin-email", "old@example.com", "--database", &database]);
        fill(&disk.path, room);
        for command in [
            &["backup", "create", &copy.display().to_string(), "--json"][..],
            &["backup", "restore", &file, "--yes", "--json", "--database", &database],
        ] {
            let ran = bench.run(command);
            assert_eq!((ran.code, code(&ran).as_str()), (1, Some("storage_full")), "{room} kB: {ran:?}");
            faults += 1;
        }
        // Empty logs may stay behind where there was no room to open them.
        let left = fs::read_dir(&disk.path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let left: Vec<_> =
            left.filter(|name| name.contains("copy") || name.contains("part") || name.contains("before")).collect();
        assert_eq!(left, [""; 0]);
        fs::remove_file(disk.path.join("filler")).unwrap();
        assert_healthy(&bench, database.as_ref());
        assert_eq!(names(&bench, database.as_ref()), [""; 0]);
        bench.done(&["backup", "restore", &file, "--yes", "--database", &database]);
        assert_eq!(names(&bench, database.as_ref()), tree);
    }
    told("backup and restore on a full disk", faults);
}
