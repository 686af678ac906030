use std::sync::Barrier;

use refinery::Migration;
use rusqlite::ErrorCode;

use super::*;

/// The version of this build.
fn newest() -> i64 {
    migrate::NEWEST
}

/// The migration to a version of later.
fn to(version: i64, name: &str, sql: &str) -> Migration {
    Migration::unapplied(&format!("V{version}__{name}"), &format!("{sql}; PRAGMA user_version = {version};")).unwrap()
}

/// What the next version might bring.
fn with_the_next() -> Vec<Migration> {
    let mut migrations = migrate::all();
    migrations.push(to(newest() + 1, "next", "CREATE TABLE next (account_id INTEGER PRIMARY KEY) STRICT"));
    migrations
}

fn version(connection: &Connection) -> i64 {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn opened(path: &Path) -> Opened {
    open(path, Options { create: true }, &Known::ours()).map_err(|error| error.to_string()).unwrap()
}

fn refusal(answer: Result<Opened, StoreError>) -> String {
    match answer {
        Err(StoreError::Unusable { problem, advice }) => format!("{problem}; {advice}"),
        Err(other) => panic!("another refusal: {other:?}"),
        Ok(_) => panic!("it opened"),
    }
}

fn pragma(connection: &Connection, name: &str) -> String {
    connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0)).map(|it| format!("{it:?}")).unwrap()
}

#[test]
fn every_connection_has_the_settings_on_which_the_store_rests() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let opened = opened(&path);
    for connection in [&opened.writer, &reader(&path).unwrap(), &reopen(&path).unwrap()] {
        let settings = [
            ("journal_mode", "Text(\"wal\")"),
            ("synchronous", "Integer(2)"),
            ("busy_timeout", "Integer(5000)"),
            ("foreign_keys", "Integer(1)"),
            ("trusted_schema", "Integer(0)"),
            ("cell_size_check", "Integer(1)"),
            ("mmap_size", "Integer(0)"),
            ("secure_delete", "Integer(1)"),
            ("journal_size_limit", "Integer(67108864)"),
            ("application_id", "Integer(1414289744)"),
        ];
        for (name, value) in settings {
            assert_eq!(pragma(connection, name), value, "{name}");
        }
        assert_eq!(version(connection), newest());
    }
    assert_eq!(pragma(&reader(&path).unwrap(), "query_only"), "Integer(1)");
}

#[test]
fn the_engine_is_one_whose_log_cannot_lose_a_race() {
    assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
}

#[test]
fn a_reader_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let _opened = opened(&path);
    let refused = reader(&path).unwrap().execute("UPDATE meta SET value = 2", []).unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::ReadOnly));
}

#[test]
fn an_older_file_is_migrated_by_whoever_has_it_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let old = opened(&path);
    old.writer.execute("INSERT INTO accounts (name, zone) VALUES ('Ours', 'UTC')", []).unwrap();

    let text = refusal(open(&path, Options::default(), &with_the_next().into()));
    assert!(text.ends_with("has to be migrated but is in use; Stop the other programs that use it, then try again."), "{text}");
    assert_eq!(version(&old.writer), newest());

    drop(old);
    let new = open(&path, Options::default(), &with_the_next().into()).map_err(|error| error.to_string()).unwrap();
    assert_eq!(version(&new.writer), newest() + 1);
    let accounts: i64 = new.writer.query_row("SELECT count(*) FROM accounts", [], |row| row.get(0)).unwrap();
    assert_eq!(accounts, 1);
    let kept = Connection::open(folder.path().join("tallyport.db.before-migration")).unwrap();
    assert_eq!(version(&kept), newest());
    assert_eq!(kept.query_row("SELECT count(*) FROM accounts", [], |row| row.get::<_, i64>(0)).unwrap(), 1);

    let text = refusal(open(&path, Options::default(), &Known::ours()));
    let newer = format!("has version {}, but this Tallyport knows versions up to {}", newest() + 1, newest());
    assert!(text.contains(&newer), "{text}");
}

#[test]
fn a_migration_that_fails_leaves_the_old_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    drop(opened(&path));
    let mut migrations = with_the_next();
    migrations.push(to(newest() + 2, "broken", "CREATE TABLE third (a); SELECT nonsense"));
    assert!(open(&path, Options::default(), &migrations.into()).is_err());
    let old = opened(&path);
    assert_eq!(version(&old.writer), newest());
    let left = old.writer.prepare("SELECT * FROM next").map(drop);
    assert!(left.is_err());
}

#[test]
fn a_migration_that_was_edited_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    drop(open(&path, Options { create: true }, &with_the_next().into()).map_err(|error| error.to_string()).unwrap());
    let mut edited = migrate::all();
    edited.push(to(newest() + 1, "next", "SELECT 1"));
    edited.push(to(newest() + 2, "third", "SELECT 1"));
    assert!(matches!(open(&path, Options::default(), &edited.into()), Err(StoreError::Failed(_))));
}

#[test]
fn an_older_file_whose_record_of_migrations_is_damaged_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    for scribble in ["checksum = ''", "checksum = '-1'", "applied_on = ''", "applied_on = '2026-11-24T12:00:60Z'"] {
        std::fs::remove_file(&path).ok();
        drop(opened(&path));
        let sql = format!("UPDATE {} SET {scribble}", migrate::HISTORY);
        Connection::open(&path).unwrap().execute_batch(&sql).unwrap();
        assert!(matches!(open(&path, Options::default(), &with_the_next().into()), Err(StoreError::Corrupt(_))), "{scribble}");
    }
}

#[test]
fn a_file_whose_making_was_cut_off_is_made_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let cut_off = Connection::open(&path).unwrap();
    cut_off
        .execute_batch(&format!("CREATE TABLE {} (version int4 PRIMARY KEY, name, applied_on, checksum)", migrate::HISTORY))
        .unwrap();
    drop(cut_off);
    assert_eq!(version(&opened(&path).writer), newest());
}

/// Has many open a file at the same moment; answers the version that each of them finds.
fn opened_at_once(open: impl Fn() -> Opened + Sync) -> Vec<i64> {
    let together = Barrier::new(8);
    std::thread::scope(|scope| {
        let open = || {
            together.wait();
            open()
        };
        let openers: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        // All of them have it open before the first one lets go of it.
        let opened: Vec<Opened> = openers.into_iter().map(|opener| opener.join().unwrap()).collect();
        opened.iter().map(|opened| version(&opened.writer)).collect()
    })
}

#[test]
fn of_many_who_open_a_new_file_at_once_one_makes_it_and_all_use_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    assert_eq!(opened_at_once(|| opened(&path)), [newest(); 8]);
}

#[test]
fn of_many_who_open_an_older_file_at_once_one_migrates_it_and_all_use_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    drop(opened(&path));
    let newer = || open(&path, Options::default(), &with_the_next().into()).map_err(|error| error.to_string()).unwrap();
    assert_eq!(opened_at_once(newer), [newest() + 1; 8]);
}

#[test]
fn the_second_name_that_a_restore_left_is_gone_before_the_file_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    drop(opened(&path));
    let second = beside(&path, &format!("{}2026-12-01", place::KEPT));
    std::fs::hard_link(&path, &second).unwrap();
    let _store = opened(&path);
    assert!(!second.exists());
}

#[test]
fn a_file_that_lost_its_journal_mode_gets_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    drop(opened(&path));
    let copied = Connection::open(&path).unwrap();
    let mode: String = copied.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
    drop(copied);
    assert_eq!(pragma(&opened(&path).writer, "journal_mode"), "Text(\"wal\")");
}

#[test] // T4
fn sort_keys_of_another_release_are_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let old = opened(&path);
    old.writer
        .execute_batch(
            "INSERT INTO accounts (account_id, name, zone) VALUES (1, 'Ours', 'UTC');
             INSERT INTO tasks (account_id, task_id, name, sort_key, search_key, origin) VALUES (1, 1, 'Äpfel', x'00', '', 'native');
             UPDATE meta SET value = 0 WHERE name = 'sort_key_version'",
        )
        .unwrap();
    assert!(refusal(open(&path, Options::default(), &Known::ours())).contains("is in use"));
    drop(old);
    let key: Vec<u8> = opened(&path).writer.query_row("SELECT sort_key FROM tasks", [], |row| row.get(0)).unwrap();
    assert_eq!(key, tallyport_domain::SortKey::of("Äpfel").as_bytes());

    // So they are where the file has lost its word on them.
    let damaged = Connection::open(&path).unwrap();
    damaged.execute_batch("DELETE FROM meta WHERE name = 'sort_key_version'; UPDATE tasks SET sort_key = x'00'").unwrap();
    drop(damaged);
    let key: Vec<u8> = opened(&path).writer.query_row("SELECT sort_key FROM tasks", [], |row| row.get(0)).unwrap();
    assert_eq!(key, tallyport_domain::SortKey::of("Äpfel").as_bytes());
}
