//! Files of earlier releases: all that is in them comes along, whatever cuts the migration off.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::open::{Options, open};
use crate::place::beside;
use crate::{schema, sound};

/// A file of the first release.
fn first(folder: &Path) -> PathBuf {
    let path = folder.join("tallyport.db");
    Connection::open(&path).unwrap().execute_batch(include_str!("../../dumps/0.1.0.sql")).unwrap();
    path
}

/// The tables of a file and their columns, but for what the file says of itself.
fn columns(db: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT t.name, group_concat('quote(' || c.name || ')', ' || '','' || ')
               FROM pragma_table_list t JOIN pragma_table_info(t.name) c
               WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%' AND t.name NOT IN (?1, 'meta') GROUP BY t.name ORDER BY t.name";
    db.all(sql, [HISTORY], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

/// Everything that stands in these columns.
fn rows(db: &Connection, columns: &[(String, String)]) -> Vec<String> {
    let mut rows = Vec::new();
    for (table, columns) in columns {
        let sql = format!("SELECT {columns} FROM {table} ORDER BY 1");
        rows.extend(db.all(&sql, [], |row| Ok(format!("{table}: {}", row.get::<_, String>(0)?))).unwrap());
    }
    rows
}

/// Fails with the first row that differs, rather than with all of them.
fn assert_same(now: &[String], before: &[String]) {
    let gone = before.iter().find(|row| !now.contains(row));
    let new = now.iter().find(|row| !before.contains(row));
    assert_eq!((gone, new, now.len()), (None, None, before.len()));
}

fn version(db: &Connection) -> i64 {
    db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

#[test]
fn a_file_of_the_first_release_comes_along_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = first(folder.path());
    let old = Connection::open(&path).unwrap();
    assert_eq!((version(&old), schema::difference(&old, 1, &all()).unwrap()), (1, None));
    let columns = columns(&old);
    let before = rows(&old, &columns);
    for table in columns.iter().map(|(table, _)| table) {
        assert!(before.iter().any(|row| row.starts_with(&format!("{table}: "))), "nothing of {table} is tested");
    }
    drop(old);

    let new = open(&path, Options::default(), &Known::ours()).map_err(|error| error.to_string()).unwrap().writer;

    assert_eq!(version(&new), NEWEST);
    assert_same(&rows(&new, &columns), &before);
    assert_eq!((sound::pages(&new).unwrap(), sound::references(&new).unwrap()), (None, None));
    assert_eq!(schema::difference(&new, NEWEST, &all()).unwrap(), None);
    let kept = Connection::open(beside(&path, ".before-migration")).unwrap();
    assert_eq!(version(&kept), 1);
    assert_same(&rows(&kept, &columns), &before);
}

#[test] // I4
fn schedules_of_the_first_release_count_from_the_last_change_of_the_integration() {
    let folder = tempfile::tempdir().unwrap();
    let new = open(&first(folder.path()), Options::default(), &Known::ours()).map_err(|error| error.to_string()).unwrap().writer;
    let sql = "SELECT i.schedule_since, (SELECT max(at) FROM changes c WHERE c.account_id = i.account_id
               AND c.subject = 'integration') FROM integrations i";
    let since = new.all(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))).unwrap();
    assert_eq!(since.len(), 2);
    assert!(since.iter().all(|(since, changed)| since == changed && *since > 0), "{since:?}");
}

#[test]
fn a_migration_that_fails_leaves_a_file_of_the_first_release_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = first(folder.path());
    let old = Connection::open(&path).unwrap();
    let columns = columns(&old);
    let before = rows(&old, &columns);
    drop(old);
    let mut migrations = all();
    let broken = Migration::unapplied(&format!("V{}__broken", newest(&migrations) + 1), "DELETE FROM changes; SELECT nonsense;");
    migrations.push(broken.unwrap());
    assert!(open(&path, Options::default(), &migrations.into()).is_err());
    let left = Connection::open(&path).unwrap();
    assert_eq!(version(&left), 1);
    assert_same(&rows(&left, &columns), &before);
    assert_eq!(schema::difference(&left, 1, &all()).unwrap(), None);
}

#[test]
fn wherever_a_migration_is_cut_off_the_file_is_whole_in_the_old_version_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = first(folder.path());
    let mut db = Connection::open(&path).unwrap();
    crate::open::write_ahead(&db).unwrap();
    db.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(())).unwrap();
    let columns = columns(&db);
    let before = rows(&db, &columns);
    let file = fs::read(&path).unwrap();
    up(&mut db, &all()).unwrap();
    let log = fs::read(beside(&path, "-wal")).unwrap();

    // What a power cut leaves: the log up to anywhere, in the middle of a page at worst.
    let page = usize::try_from(db.pragma_query_value(None, "page_size", |row| row.get::<_, i64>(0)).unwrap()).unwrap();
    let (header, frame) = (32, 24 + page);
    let frames = (log.len() - header) / frame;
    assert!(frames > 20, "{frames}");
    for cut in (0..=frames).map(|frames| header + frames * frame).flat_map(|cut| [cut, (cut + page / 2).min(log.len())]) {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("cut.db");
        fs::write(&path, &file).unwrap();
        fs::write(beside(&path, "-wal"), &log[..cut]).unwrap();
        let left = Connection::open(&path).unwrap();
        let expected = if cut == log.len() { NEWEST } else { 1 };
        assert_eq!(version(&left), expected, "after {cut} of {} bytes", log.len());
        assert_same(&rows(&left, &columns), &before);
        assert_eq!(sound::pages(&left).unwrap(), None);
        drop(left);
        // Whoever opens it next takes it along.
        let new = open(&path, Options::default(), &Known::ours()).map_err(|error| error.to_string()).unwrap();
        assert_eq!(version(&new.writer), NEWEST);
        assert_same(&rows(&new.writer, &columns), &before);
    }
}
