//! Any bytes at all as a backup: it is refused and all stays as it was, or it is restored and can be used.
//!
//! The fuzz target `restore` includes this file, so it stands by itself.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use tallyport_domain::{Email, Name, Role, Zone};
use tallyport_storage::{NewAccount, NewPerson, PeopleStore, TaskStore};
use tallyport_storage_sqlite::{Options, Restore, Sqlite, backup, examine};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
/// Edits of a backup that is sound, so that what they spoil is looked at behind the first check.
const EDITS: u8 = b'e';

/// A backup of a small database.
fn sound() -> &'static [u8] {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    SOUND.get_or_init(|| {
        let folder = tempfile::tempdir().expect("there is room");
        let database = folder.path().join("tallyport.db");
        let store = Sqlite::open(&database, Options { create: true }).expect("a new file opens");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it needs nothing");
        runtime.block_on(async {
            let email = Email::parse("ada@tally.test").expect("it is one");
            let administrator = NewPerson { email, name: "Ada".to_owned(), role: Role::Administrator, password_hash: None };
            let new = NewAccount { name: "Ours".to_owned(), zone: Zone::utc(), administrator, now: NOW };
            let (account, ada) = store.create_account(&new).await.expect("it is the first");
            store.add_task(account.id, None, &Name::from_source("Design"), ada.id, NOW).await.expect("it is a task");
        });
        store.close();
        let file = folder.path().join("backup.db");
        backup(&database, &file, false).expect("the database is sound");
        fs::read(file).expect("it was just made")
    })
}

/// The file that an input is: itself, or edits of a sound one, each of three bytes that say where and one that says what.
fn file_of(input: &[u8]) -> Vec<u8> {
    let Some((&EDITS, edits)) = input.split_first() else { return input.to_vec() };
    let mut file = sound().to_vec();
    for edit in edits.chunks_exact(4) {
        let at = usize::from(edit[0]) << 16 | usize::from(edit[1]) << 8 | usize::from(edit[2]);
        let length = file.len();
        file[at % length] = edit[3];
    }
    file
}

/// The names in a folder, but for the lock that every use of a database leaves.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it is there");
    let names = entries.map(|entry| entry.expect("it is there").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name != "tallyport.db.lock").collect();
    names.sort_unstable();
    names
}

/// Restores a file of these bytes, and holds what comes of it against what must be.
pub(crate) fn check(input: &[u8]) {
    let folder = tempfile::tempdir().expect("there is room");
    let (database, from) = (folder.path().join("tallyport.db"), folder.path().join("backup.db"));
    let bytes = file_of(input);
    fs::write(&from, &bytes).expect("there is room");
    match Restore::prepare(&database, &from, NOW) {
        Ok(prepared) => {
            prepared.put_in_place(NOW).expect("what was checked can be put in place");
            let store = Sqlite::open(&database, Options { create: false }).expect("what was restored opens");
            store.close();
            drop(examine(&database, NOW));
        }
        Err(_) => assert_eq!(names(folder.path()), ["backup.db"], "something was left behind"),
    }
    assert!(fs::read(&from).is_ok_and(|after| after == bytes), "the backup was changed");
}

#[cfg(test)]
mod tests {
    use crate::replay::replay;

    #[test]
    fn whatever_a_backup_is_nothing_is_harmed() {
        replay("restore", super::check);
    }
}
