//! Backups, and what comes back from them.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use rusqlite::Connection;
use tallyport_domain::{AccountId, Email, Fate, MailKind, MailState, Name, Outcome, Part, PersonId, Role, Scope, SecretHash};
use tallyport_storage::{
    Begun, ChangeStore, IntegrationStore, InvitationStore, LinkFor, MailSecrets, NewInvitation, NewLink, NewSession, NewToken,
    OutboxStore, PeopleStore, SessionStore, StoreError, Subject, SyncStore, TaskStore, Viewer,
};
use tallyport_storage_sqlite::{Restore, Restored, Sqlite, State, backup, examine};
use tempfile::TempDir;

use crate::support::{account, begin, enabled, noon, open};

/// A database with an account, and the paths of a test.
struct Bench {
    folder: TempDir,
    ours: AccountId,
    ada: PersonId,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ours, ada) = account(&open(&folder.path().join("tallyport.db"))).await;
        Self { folder, ours, ada }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn database(&self) -> PathBuf {
        self.at("tallyport.db")
    }

    fn store(&self) -> Sqlite {
        open(&self.database())
    }

    async fn add(&self, store: &Sqlite, name: &str) {
        store.add_task(self.ours, None, &Name::from_source(name), self.ada, noon()).await.unwrap();
    }

    async fn names(&self, store: &Sqlite) -> Vec<String> {
        let tree = store.tree(self.ours, Viewer { person: self.ada, sees_all: true }, false).await.unwrap();
        tree.into_iter().map(|row| row.task.name.as_str().to_owned()).collect()
    }

    /// What lies in the folder beside locks.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| Path::new(name).extension().is_none_or(|it| it != "lock")).collect();
        names.sort_unstable();
        names
    }
}

fn restored(database: &Path, backup: &Path) -> Restored {
    Restore::prepare(database, backup, noon()).unwrap().put_in_place(noon()).unwrap()
}

/// In what words a backup is not restored.
fn refusal(database: &Path, backup: &Path) -> String {
    match Restore::prepare(database, backup, noon()) {
        Err(StoreError::Unusable { problem, advice }) => format!("{problem}; {advice}"),
        other => panic!("{other:?}"),
    }
}

/// The states of what a look at the file finds, beside those that are well.
fn troubles(database: &Path) -> Vec<(&'static str, State)> {
    let findings = examine(database, noon()).findings;
    assert!(findings.len() > 10, "{findings:?}");
    findings.into_iter().filter(|finding| finding.state != State::Ok).map(|finding| (finding.check, finding.state)).collect()
}

#[tokio::test]
async fn a_backup_is_taken_beside_the_process_that_writes_and_comes_back_whole() {
    let bench = Bench::new().await;
    let store = bench.store();
    bench.add(&store, "Before").await;
    let made = backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    assert_eq!(made.file, bench.at("copy.db").canonicalize().unwrap());
    assert_eq!((made.bytes, made.schema), (bench.at("copy.db").metadata().unwrap().len(), 3));
    assert_eq!((made.contents[0].account.as_str(), made.contents[0].people, made.contents[0].tasks), ("Ours", 1, 1));
    bench.add(&store, "After").await;
    store.close();

    let told = restored(&bench.database(), &bench.at("copy.db"));
    assert_eq!((told.migrated_from, told.ended_runs), (None, 0));
    let kept = "tallyport.db.before-restore-20261124T120000Z";
    assert_eq!(told.kept_old.as_deref(), Some(bench.at(kept).canonicalize().unwrap().as_path()));
    assert_eq!(bench.files(), ["copy.db", "tallyport.db", kept]);
    assert_eq!(troubles(&bench.database()), []);
    assert_eq!(bench.names(&bench.store()).await, ["Before"]);
    assert_eq!(bench.names(&open(&bench.at(kept))).await, ["After", "Before"]);
}

#[tokio::test]
async fn only_its_owner_reads_a_backup() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new().await;
    backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    assert_eq!(bench.at("copy.db").metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test] // I15
async fn a_token_that_was_unlinked_before_is_not_in_a_backup() {
    let token = b"sealed-0123456789-abcdefghijklmnopqrstuvwxyz";
    let bench = Bench::new().await;
    let store = bench.store();
    enabled(&store, bench.ours, bench.ada, token).await;
    let traces = |name: &str| fs::read(bench.at(name)).unwrap().windows(token.len()).any(|window| window == token);
    backup(&bench.database(), &bench.at("linked.db"), false).unwrap();
    store.unlink(bench.ours, Fate::Archive, bench.ada, noon()).await.unwrap();
    backup(&bench.database(), &bench.at("unlinked.db"), false).unwrap();
    assert_eq!((traces("linked.db"), traces("unlinked.db")), (true, false));
}

#[tokio::test]
async fn a_backup_never_goes_over_what_is_there_or_belongs_to_a_database() {
    let bench = Bench::new().await;
    let store = bench.store();
    fs::write(bench.at("letter.txt"), "Dear reader").unwrap();
    let told = |name: &str, replace| match backup(&bench.database(), &bench.at(name), replace) {
        Err(StoreError::Unusable { problem, .. }) => problem.rsplit_once(name).unwrap().1.to_owned(),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(told("letter.txt", false), " exists already");
    assert_eq!(fs::read_to_string(bench.at("letter.txt")).unwrap(), "Dear reader");
    for name in ["tallyport.db", "tallyport.db-wal", "tallyport.db.lock", "tallyport.db.key"] {
        assert_eq!(told(name, true), " belongs to the database itself");
    }
    fs::create_dir(bench.at("somewhere")).unwrap();
    assert_eq!(told("somewhere", true), " is a folder");
    assert_eq!(told("missing/copy.db", true), " is in a folder that does not exist");
    let other = open(&bench.at("other.db"));
    assert_eq!(told("other.db", true), " is a database in use");
    drop(other);
    backup(&bench.database(), &bench.at("letter.txt"), true).unwrap();
    assert_eq!(troubles(&bench.at("letter.txt")), [("journal", State::Warn)]);
    drop(store);
}

#[tokio::test]
async fn what_a_dead_backup_left_is_cleared_away_by_the_next() {
    let bench = Bench::new().await;
    fs::write(bench.at("copy.db.part"), vec![7; 10_000]).unwrap();
    fs::write(bench.at("copy.db.part-journal"), vec![7; 10_000]).unwrap();
    backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    assert_eq!(bench.files(), ["copy.db", "tallyport.db"]);
    fs::write(bench.at("tallyport.db.part"), vec![7; 10_000]).unwrap();
    restored(&bench.database(), &bench.at("copy.db"));
    assert!(!bench.at("tallyport.db.part").exists());
}

#[tokio::test]
async fn a_damaged_database_gives_no_backup_and_leaves_no_file() {
    let bench = Bench::new().await;
    let store = bench.store();
    bench.add(&store, &"x".repeat(20_000)).await;
    store.close();
    let mut bytes = fs::read(bench.database()).unwrap();
    // All but the first page: the header and the schema stay readable.
    bytes[4096..].fill(0x5a);
    fs::write(bench.database(), bytes).unwrap();
    let refused = backup(&bench.database(), &bench.at("copy.db"), false);
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
    assert_eq!(bench.files(), ["tallyport.db"]);
    let findings = examine(&bench.database(), noon()).findings;
    assert!(findings.last().unwrap().message.starts_with("damaged: "), "{findings:?}");
}

#[tokio::test]
async fn a_database_that_is_in_use_is_not_replaced_and_nothing_is_left_behind() {
    let bench = Bench::new().await;
    backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    let store = bench.store();
    assert!(
        refusal(&bench.database(), &bench.at("copy.db"))
            .ends_with("is in use; Stop the other programs that use it, then try again.")
    );
    store.close();
    // A program that knows nothing of our lock, such as the shell of the engine.
    let stranger = Connection::open(bench.database()).unwrap();
    stranger.query_row("SELECT count(*) FROM people", [], |row| row.get::<_, i64>(0)).unwrap();
    let ready = Restore::prepare(&bench.database(), &bench.at("copy.db"), noon()).unwrap();
    let refused = ready.put_in_place(noon()).unwrap_err();
    assert!(matches!(&refused, StoreError::Unusable { problem, .. } if problem.ends_with("is in use")), "{refused:?}");
    drop(stranger);
    assert_eq!(bench.files(), ["copy.db", "tallyport.db"]);
    restored(&bench.database(), &bench.at("copy.db"));
}

#[tokio::test]
async fn while_a_backup_is_being_restored_nobody_opens_the_database() {
    let bench = Bench::new().await;
    backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    let ready = Restore::prepare(&bench.database(), &bench.at("copy.db"), noon()).unwrap();
    let text = crate::support::refusal(&bench.database(), crate::support::CREATE);
    assert!(
        text.ends_with("is being migrated or restored by another program; Wait until that is done, then try again."),
        "{text}"
    );
    drop(ready);
    assert_eq!(bench.files(), ["copy.db", "tallyport.db"]);
    drop(bench.store());
}

#[tokio::test] // I11
async fn a_restored_copy_does_not_bring_a_sync_back_to_life() {
    let bench = Bench::new().await;
    let store = bench.store();
    enabled(&store, bench.ours, bench.ada, b"sealed").await;
    let Begun::Open { lease, .. } = store.begin_run(bench.ours, &begin()).await.unwrap() else { panic!("it is under way") };
    let part = Part { list: "clients".into(), page: 1, read_at: noon(), bytes: vec![1, 2, 3] };
    store.stage_parts(bench.ours, &lease, &[part]).await.unwrap();
    backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    store.close();

    assert_eq!(restored(&bench.database(), &bench.at("copy.db")).ended_runs, 1);
    let store = bench.store();
    let run = store.run(bench.ours, lease.run).await.unwrap().unwrap();
    assert_eq!((run.outcome, run.error.unwrap().code.as_str()), (Outcome::Failed, "interrupted"));
    let late = store.stage_parts(bench.ours, &lease, &[]).await;
    assert!(matches!(late, Err(StoreError::Fenced(_))), "{late:?}");
    match store.begin_run(bench.ours, &begin()).await.unwrap() {
        Begun::Open { kept, .. } => assert_eq!(kept, [], "pages of the past serve nobody"),
        Begun::UnderWay { .. } => panic!("nothing is under way"),
    }
}

#[tokio::test] // A4, A5, A7, N2, N3
async fn a_restored_copy_lets_nobody_in_but_with_tokens_and_sends_no_mail() {
    let bench = Bench::new().await;
    let store = bench.store();
    let (ours, ada) = (bench.ours, bench.ada);
    let hash = |number: u8| SecretHash([number; 32]);
    let session = NewSession { hash: hash(1), client: "Browser".to_owned(), ends: None, now: noon() };
    store.begin_session(ours, ada, &session).await.unwrap();
    let token = |number: u8, expires_at| {
        let name = format!("Script {number}");
        NewToken { hash: hash(number), name, scope: Scope::Admin, expires_at, now: noon() }
    };
    let mut made = Vec::new();
    for (number, until) in [(2, None), (3, Some(noon() + TimeDelta::days(1))), (4, Some(noon())), (5, None)] {
        made.push(store.create_token(ours, ada, &token(number, until), None).await.unwrap().now());
    }
    store.revoke_token(ours, ada, made[3].id, noon()).await.unwrap();
    let link = NewLink { hash: Some(hash(6)), purpose: LinkFor::Password, mailed: true, by: ada };
    store.make_link(ours, ada, &link, noon()).await.unwrap();
    let invited = |name: &str, number: Option<u8>| {
        let email = Email::parse(&format!("{name}@tally.test")).unwrap();
        NewInvitation { email, role: Role::Member, hash: number.map(hash) }
    };
    let new = [invited("fay", Some(7)), invited("gil", None), invited("hal", Some(8))];
    store.invite(ours, &new, ada, noon(), None).await.unwrap();
    let secrets = MailSecrets { invitation: hash(9), reset: hash(10), email: hash(11) };
    assert_eq!(store.claim_mail(&secrets, noon()).await.unwrap().unwrap().kind, MailKind::Reset);
    store.accept_invitation(&hash(8), "Hal", "hash", noon()).await.unwrap();
    let changes = store.latest_change(ours).await.unwrap();
    backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    store.close();

    assert_eq!(restored(&bench.database(), &bench.at("copy.db")).api_tokens, 2);

    let store = bench.store();
    let works = async |number| store.bearer(&hash(number), noon()).await.unwrap().is_some();
    assert_eq!(
        [works(1).await, works(2).await, works(3).await, works(4).await, works(5).await],
        [false, true, true, false, false]
    );
    assert_eq!(store.sessions(ours, ada, noon()).await.unwrap(), []);
    for number in [6, 10] {
        assert_eq!(store.link(&hash(number), noon()).await.unwrap(), None);
    }
    let words: Vec<_> = store.invitations(ours).await.unwrap().iter().map(|it| it.word(noon())).collect();
    assert_eq!(words, ["accepted", "revoked", "revoked"]);
    let late = store.accept_invitation(&hash(7), "Fay", "hash", noon()).await;
    assert!(matches!(late, Err(StoreError::NotOpen("revoked"))), "{late:?}");
    assert_eq!((store.next_mail(noon()).await.unwrap(), store.claim_mail(&secrets, noon()).await.unwrap()), (None, None));
    let troubled = store.troubled_mail(ours).await.unwrap();
    let troubled: Vec<_> = troubled.iter().map(|mail| (mail.kind, mail.state)).collect();
    assert_eq!(troubled, [(MailKind::Invitation, MailState::Withheld), (MailKind::Reset, MailState::Withheld)]);
    let told = store.changes(ours, changes, 10).await.unwrap();
    assert!(told.len() == 2 && told.iter().all(|it| matches!(it.subject, Subject::Invitation(_)) && it.by.is_none()), "{told:?}");
    // Whoever was invited is invited anew.
    store.invite(ours, &[invited("fay", Some(12))], ada, noon(), None).await.unwrap();
}

#[tokio::test]
async fn a_backup_of_the_first_release_comes_back_in_todays_version() {
    let bench = Bench::new().await;
    Connection::open(bench.at("old.db")).unwrap().execute_batch(include_str!("../../dumps/0.1.0.sql")).unwrap();
    let told = restored(&bench.database(), &bench.at("old.db"));
    assert_eq!((told.migrated_from, told.ended_runs, told.api_tokens, told.contents.len()), (Some(1), 1, 0, 2));
    let store = bench.store();
    assert_eq!(store.people(AccountId(2)).await.unwrap().len(), 6);
    assert_eq!(troubles(&bench.database()), []);
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_everything_stays() {
    let bench = Bench::new().await;
    let copy = bench.at("copy.db");
    let ours = " Give a file that `tallyport backup create` made.";
    let told = |name: &str| {
        let text = refusal(&bench.database(), &bench.at(name));
        text.rsplit_once(&format!("{name} ")).unwrap().1.to_owned()
    };
    fs::write(bench.at("letter.txt"), "Dear reader, this is a letter. ".repeat(100)).unwrap();
    fs::write(bench.at("empty.db"), "").unwrap();
    Connection::open(bench.at("other.db")).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    for name in ["letter.txt", "empty.db", "other.db"] {
        assert_eq!(told(name), format!("is not a backup of Tallyport;{ours}"));
    }
    assert_eq!(told("missing.db"), format!("does not exist;{ours}"));
    assert_eq!(told("tallyport.db"), format!("belongs to the database itself;{ours}"));

    backup(&bench.database(), &copy, false).unwrap();
    let bytes = fs::read(&copy).unwrap();
    fs::write(bench.at("half.db"), &bytes[..bytes.len() / 2]).unwrap();
    assert!(told("half.db").starts_with("is damaged"));
    let change = |name: &str, sql: &str| {
        fs::write(bench.at(name), &bytes).unwrap();
        Connection::open(bench.at(name)).unwrap().execute_batch(sql).unwrap();
    };
    change("newer.db", "PRAGMA user_version = 999");
    assert!(told("newer.db").starts_with("has version 999, but this Tallyport knows versions up to 3; Use the newer"));
    change("astray.db", "PRAGMA foreign_keys = OFF; DELETE FROM accounts");
    let astray = told("astray.db");
    assert!(astray.starts_with("is damaged (a row of people refers to one of accounts that is not there)"), "{astray}");
    for (column, text) in [("checksum", "'x'"), ("checksum", "NULL"), ("applied_on", "'today'"), ("applied_on", "X'00'")] {
        change("scribbled.db", &format!("UPDATE refinery_schema_history SET {column} = {text}"));
        assert!(told("scribbled.db").starts_with("is damaged (its record of migrations cannot be read)"), "{column} {text}");
    }
    // What would run with our own statements, or answer in place of our tables.
    let hostile = [
        ("CREATE TRIGGER thief AFTER UPDATE ON people BEGIN DELETE FROM tasks; END", "an unknown trigger \"thief\""),
        ("CREATE VIEW spy AS SELECT * FROM tokens", "an unknown view \"spy\""),
        ("CREATE INDEX slow ON people (name)", "an unknown index \"slow\""),
        ("CREATE TABLE more (x)", "an unknown table \"more\""),
        ("DROP INDEX tasks_parent", "no index \"tasks_parent\""),
        ("ALTER TABLE people ADD COLUMN secret TEXT AS (upper(name))", "an unknown table \"people\""),
        (
            "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = sql || ' ' WHERE name = 'people'",
            "an unknown table \"people\"",
        ),
    ];
    for (sql, difference) in hostile {
        change("hostile.db", sql);
        assert_eq!(told("hostile.db"), format!("has {difference}, which no backup of Tallyport has;{ours}"), "{sql}");
    }
    assert_eq!(troubles(&bench.database()), []);
    assert!(bench.files().iter().all(|name| !name.contains("part") && !name.contains("before-restore")), "{:?}", bench.files());
}

#[tokio::test]
async fn somebody_elses_database_is_not_replaced_but_a_damaged_one_is_and_is_kept() {
    let bench = Bench::new().await;
    backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    Connection::open(bench.at("other.db")).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    assert!(refusal(&bench.at("other.db"), &bench.at("copy.db")).contains("is not a database of Tallyport"));

    let mut broken = fs::read(bench.database()).unwrap();
    broken[..100].fill(0x5a);
    fs::write(bench.database(), &broken).unwrap();
    let kept = restored(&bench.database(), &bench.at("copy.db")).kept_old.unwrap();
    assert!(fs::read(&kept).unwrap() == broken);
    assert_eq!(bench.store().people(bench.ours).await.unwrap().len(), 1);

    // A log without its database, which would ruin the one that is put beside it.
    let log = vec![0x5a; 5_000];
    fs::remove_file(bench.database()).unwrap();
    fs::write(bench.at("tallyport.db-wal"), &log).unwrap();
    assert_eq!(restored(&bench.database(), &bench.at("copy.db")).kept_old, None);
    assert!(!bench.at("tallyport.db-wal").exists());
    assert!(fs::read(bench.at("tallyport.db.before-restore-20261124T120000Z-2-wal")).unwrap() == log);
    assert_eq!(bench.store().people(bench.ours).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_backup_makes_a_database_where_there_is_none() {
    let bench = Bench::new().await;
    backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    let told = restored(&bench.at("new.db"), &bench.at("copy.db"));
    assert_eq!(told.kept_old, None);
    assert_eq!(troubles(&bench.at("new.db")), []);
    // A backup that somebody only copied to its place works as well.
    fs::copy(bench.at("copy.db"), bench.at("copied.db")).unwrap();
    drop(open(&bench.at("copied.db")));
    assert_eq!(troubles(&bench.at("copied.db")), []);
}

#[tokio::test]
async fn old_databases_are_kept_side_by_side() {
    let bench = Bench::new().await;
    backup(&bench.database(), &bench.at("copy.db"), false).unwrap();
    let kept: Vec<_> = (0..3).map(|_| restored(&bench.database(), &bench.at("copy.db")).kept_old.unwrap()).collect();
    let names: Vec<_> = kept.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    let name = "tallyport.db.before-restore-20261124T120000Z";
    assert_eq!(names, [name.to_owned(), format!("{name}-2"), format!("{name}-3")]);
    assert!(kept.iter().all(|path| path.exists()));
}
