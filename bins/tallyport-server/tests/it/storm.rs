//! A server that is killed at any moment while one person's timers are switched from everywhere (M4): what it answered for is
//! there, and whatever got no answer is asked for again under its key and counts once (M11, M22).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::asking::Asking;
use crate::faults::{Chance, faults, told};
use crate::support::{Answer, Bench, JSON, Running, try_ask};

/// How many devices of the person are at work.
pub(crate) const DEVICES: usize = 8;

/// How long a round lasts at most, in milliseconds.
const ROUND: usize = 400;

/// Something that was asked for once.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) what: String,
    pub(crate) key: String,
    pub(crate) body: Value,
}

impl Asked {
    pub(crate) fn of(admin: &Asking, asked: &Self) -> std::io::Result<Answer> {
        let Self { what, key, body } = asked;
        let body = if body.is_null() { String::new() } else { body.to_string() };
        try_ask(admin.address, what, &[&admin.bearer, JSON, &format!("Idempotency-Key: {key}")], &body)
    }
}

/// What the server answered for, and what it owes an answer.
#[derive(Debug, Default, Clone)]
pub(crate) struct Promised {
    /// Timers and entries, by their notes.
    made: BTreeMap<String, i64>,
    stopped: BTreeSet<i64>,
    /// What was to be changed or deleted, and whether that was answered for.
    pub(crate) changed: BTreeMap<i64, bool>,
    pub(crate) deleted: BTreeMap<i64, bool>,
    pub(crate) owed: Vec<Asked>,
    pub(crate) answers: usize,
}

impl Promised {
    /// Takes down what is answered.
    pub(crate) fn heard(&mut self, asked: &Asked, answer: &Answer) {
        assert!((200..300).contains(&answer.status), "{asked:?}: {} {}", answer.status, answer.body);
        self.answers += 1;
        if asked.what.starts_with("DELETE /api/v1/timer") {
            self.stopped.insert(answer.json()["entry"]["id"].as_i64().unwrap());
        } else {
            let made = answer.json();
            let made = if made["timer"].is_object() { &made["timer"] } else { &made };
            self.made.insert(asked.body["note"].as_str().unwrap().to_owned(), made["id"].as_i64().unwrap());
        }
    }
}

/// One device: switches timers, stops some, adds entries, changes and deletes those, until nobody answers.
pub(crate) fn device(admin: &Asking, name: &str, promised: &Mutex<Promised>) {
    for number in 0.. {
        let note = format!("{name} {number}");
        let made = if number % 3 == 2 {
            json!({"note": note, "start": "0:00", "end": "0:01", "tags": ["desk"]})
        } else {
            json!({"note": note, "tags": ["desk"]})
        };
        let what = if number % 3 == 2 { "POST /api/v1/entries" } else { "PUT /api/v1/timer" };
        let Some(answer) = ask(admin, Asked { what: what.to_owned(), key: format!("{name}-{number}"), body: made }, promised)
        else {
            return;
        };
        let made = answer.json();
        let went_on = match number % 3 {
            0 => true,
            1 => {
                let what = format!("DELETE /api/v1/timer?entry={}", made["timer"]["id"]);
                ask(admin, Asked { what, key: format!("{name}-{number}-stop"), body: Value::Null }, promised).is_some()
            }
            _ => correct(admin, made["id"].as_i64().unwrap(), number, promised),
        };
        if !went_on {
            return;
        }
    }
}

/// Asks for something once; nothing where no answer comes.
fn ask(admin: &Asking, asked: Asked, promised: &Mutex<Promised>) -> Option<Answer> {
    let answer = Asked::of(admin, &asked);
    let mut promised = promised.lock().unwrap();
    let Ok(answer) = answer else {
        promised.owed.push(asked);
        return None;
    };
    promised.heard(&asked, &answer);
    Some(answer)
}

/// Asks twice for what was not answered for: it is done once.
pub(crate) fn ask_again(admin: &Asking, promised: &mut Promised, unanswered: Vec<Asked>) {
    for asked in unanswered {
        let [first, second] = [(); 2].map(|()| Asked::of(admin, &asked).unwrap());
        assert_eq!((first.status, &first.body), (second.status, &second.body), "{asked:?}");
        assert_eq!(second.header("idempotent-replayed"), Some("true"), "{asked:?}");
        promised.heard(&asked, &first);
    }
}

/// Changes an entry, or deletes it. Either does no more twice than once, so neither has a key.
fn correct(admin: &Asking, entry: i64, number: usize, promised: &Mutex<Promised>) -> bool {
    let deletes = number.is_multiple_of(2);
    let note = |answered: bool| {
        let mut promised = promised.lock().unwrap();
        let noted = if deletes { &mut promised.deleted } else { &mut promised.changed };
        noted.insert(entry, answered);
    };
    note(false);
    let path = format!("/api/v1/entries/{entry}");
    let answer = if deletes {
        admin.try_ask(&format!("DELETE {path}"), &Value::Null)
    } else {
        admin.try_ask(&format!("PATCH {path}"), &json!({"note": changed(entry), "end": "0:02"}))
    };
    let Ok(answer) = answer else { return false };
    assert!([200, 204].contains(&answer.status), "{}", answer.body);
    note(true);
    true
}

pub(crate) fn changed(entry: i64) -> String {
    format!("changed {entry}")
}

/// Holds what is there against what was answered for, and against what was asked for since; gives how many there are.
pub(crate) fn judge(admin: &Asking, promised: &Promised, since: &Promised) -> usize {
    let listed = admin.done("GET /api/v1/entries?from=yesterday&to=today", &Value::Null);
    let mut found: BTreeMap<i64, &Value> = BTreeMap::new();
    let mut notes = BTreeSet::new();
    for entry in listed.as_array().unwrap() {
        assert!(found.insert(entry["id"].as_i64().unwrap(), entry).is_none(), "{entry} is there twice");
        assert!(notes.insert(entry["note"].as_str().unwrap()), "{entry} came to be twice");
    }
    for (note, id) in &promised.made {
        let Some(entry) = found.get(id) else {
            assert!(since.deleted.contains_key(id), "{note} is lost");
            continue;
        };
        assert_ne!(promised.deleted.get(id), Some(&true), "{entry} was deleted");
        assert!(!promised.stopped.contains(id) || entry["end"].is_string(), "{entry} was stopped");
        let is_changed = entry["note"] == changed(*id);
        assert!(is_changed || entry["note"] == **note, "{entry} is not {note}");
        assert!(!is_changed || since.changed.contains_key(id), "{entry} was never changed");
        assert!(is_changed || promised.changed.get(id) != Some(&true), "{entry} was changed");
    }
    let running = found.values().filter(|entry| entry["end"].is_null()).count();
    assert!(running <= 1, "E1: {running} timers run");
    found.len()
}

fn kill(server: Running) {
    server.signal(Signal::KILL);
    assert_eq!(server.ended().0, None);
}

/// What a dead server left is sound.
pub(crate) fn sound(bench: &Bench) {
    let left = Connection::open_with_flags(bench.path("tallyport.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sound: String = left.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    let broken: i64 = left.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    assert_eq!((sound.as_str(), broken), ("ok", 0));
    drop(left);
    let ran = Bench::ran(bench.terminal(&["doctor", "--json"]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test] // L1, L6, E1, E7
#[ignore = "needs the program of the terminal: cargo xtask test"]
fn timers_outlive_a_server_that_is_killed_and_what_got_no_answer_counts_once() {
    let (bench, mut chance, promised) = (Bench::new(), Chance::seeded(), Mutex::new(Promised::default()));
    let mut server = bench.start();
    let token = server.set_up();
    let (wanted, mut struck, mut owed, mut rounds) = (faults(10), 0, 0, 0);
    while struck < wanted {
        rounds += 1;
        assert!(rounds < 10 * wanted, "{rounds} kills hit nobody");
        let admin = Asking::with(&server, &token);
        std::thread::scope(|scope| {
            for number in 0..DEVICES {
                let (admin, promised) = (&admin, &promised);
                scope.spawn(move || device(admin, &format!("r{rounds}-d{number}"), promised));
            }
            let after = Duration::from_millis(u64::try_from(20 + chance.below(ROUND)).unwrap());
            #[expect(clippy::disallowed_methods, reason = "a process dies at any moment, and none of them announces itself")]
            std::thread::sleep(after);
            kill(server);
        });
        sound(&bench);
        server = bench.start();
        let admin = Asking::with(&server, &token);
        let mut promised = promised.lock().unwrap();
        let unanswered = std::mem::take(&mut promised.owed);
        struck += usize::from(!unanswered.is_empty());
        owed += unanswered.len();
        ask_again(&admin, &mut promised, unanswered);
        let found = judge(&admin, &promised, &promised);
        let gone = promised.deleted.keys().filter(|id| promised.made.values().any(|made| made == *id)).count();
        assert!((promised.made.len() - gone..=promised.made.len()).contains(&found), "{found} entries");
    }
    server.stop();
    let answers = promised.into_inner().unwrap().answers;
    told(&format!("kill -9 while timers are switched, {answers} answers, {owed} asked for again"), struck);
}
