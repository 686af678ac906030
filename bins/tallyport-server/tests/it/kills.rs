//! A server that is killed at any moment while people are invited, get their mail and join (M4).
//!
//! What it answered for with success is there afterwards. What it was at is there or is not, and goes on from there. A mail that
//! was in hand is told to have possibly left: no mail leaves twice, and none is dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use rustix::process::Signal;
use serde_json::{Value, json};
use tallyport_mail::{Catcher, Security};
use tempfile::TempDir;

use crate::asking::{Asking, soon};
use crate::faults::{Chance, faults, told};
use crate::support::{Bench, JSON, Running, try_ask};

const PASSWORD: &str = "a ship in the harbour";

/// How somebody comes to the link that they join by.
#[derive(Debug, Clone, Copy)]
enum Way {
    ByMail,
    /// The invitation is sent again at once, which is refused where its mail is leaving already.
    SentAgain,
    ByHand,
}

const WAYS: [Way; 3] = [Way::ByMail, Way::SentAgain, Way::ByHand];

/// What the server answered for with success.
#[derive(Default)]
struct Promised {
    /// Invitations, by whom they are for.
    invited: BTreeMap<String, Value>,
    joined: BTreeSet<String>,
}

/// A database with an administrator, and a mail server.
struct Team {
    bench: Bench,
    catcher: Catcher,
    admin: String,
    promised: Mutex<Promised>,
    /// Mail that the server was at when it died.
    in_hand: BTreeSet<i64>,
    dead: AtomicBool,
    _mails: TempDir,
}

impl Team {
    #[expect(clippy::disallowed_methods, reason = "where it is installed is known to the command that installed it alone")]
    fn new() -> Self {
        let python: PathBuf = std::env::var_os("TALLYPORT_MAIL_SERVER").expect("the command that runs all tests names it").into();
        let mails = tempfile::tempdir().unwrap();
        let catcher = Catcher::start(&python, mails.path(), Security::Plain, None).unwrap();
        let bench = Bench::new();
        let server = bench.start();
        let admin = server.set_up();
        server.stop();
        let (promised, in_hand, dead) = (Mutex::default(), BTreeSet::new(), AtomicBool::new(false));
        Self { bench, catcher, admin, promised, in_hand, dead, _mails: mails }
    }

    /// Starts the server with its mail server at that port.
    fn start(&self, port: u16) -> (Running, Asking) {
        let from = ["--smtp-from", "tallyport@time.example"];
        let smtp = ["--smtp-host", "127.0.0.1", "--smtp-security", "plain", "--smtp-port", &port.to_string()];
        let server = self.bench.start_with(&[&smtp[..], &from].concat());
        let admin = Asking::with(&server, &self.admin);
        self.dead.store(false, Ordering::Relaxed);
        (server, admin)
    }

    /// Has somebody invited and join. An error where the server dies meanwhile.
    fn join(&self, admin: &Asking, email: &str, way: Way) -> io::Result<()> {
        let invited = admin.try_done("POST /api/v1/invitations", &json!({"emails": [email]}))?;
        let id = invited[0]["id"].clone();
        self.promised.lock().unwrap().invited.insert(email.to_owned(), id.clone());
        let again = format!("POST /api/v1/invitations/{id}/resend");
        let by_hand = match way {
            Way::ByMail => None,
            Way::SentAgain => {
                let answer = admin.try_ask(&again, &json!({}))?;
                assert!([200, 429].contains(&answer.status), "{}", answer.body);
                None
            }
            Way::ByHand => Some(admin.try_done(&again, &json!({"by_hand": true}))?["link"].as_str().unwrap().to_owned()),
        };
        // What was sent again may have a mail before it, whose link is dead by then.
        for mail in 0.. {
            let link = by_hand.clone().map_or_else(|| self.mailed(email, mail), Ok)?;
            let join = json!({"secret": link.rsplit('/').next(), "name": "Guest", "password": PASSWORD}).to_string();
            let answer = try_ask(admin.address, "POST /api/v1/invitations/accept", &[JSON], &join)?;
            if answer.status == 201 {
                break;
            }
            assert!(matches!(way, Way::SentAgain) && mail == 0, "{way:?}: {} {}", answer.status, answer.body);
        }
        self.promised.lock().unwrap().joined.insert(email.to_owned());
        Ok(())
    }

    /// The link in somebody's n-th mail, once it is here.
    fn mailed(&self, email: &str, number: usize) -> io::Result<String> {
        soon(|| {
            let mail = self.mails_to(email).into_iter().nth(number);
            let secret = |mail: String| {
                let secret = mail.split_once("/accept/").unwrap().1.chars();
                secret.take_while(|character| character.is_ascii_alphanumeric() || *character == '_').collect()
            };
            let link: Option<String> = mail.map(secret);
            let dead = self.dead.load(Ordering::Relaxed);
            link.map(Ok).or_else(|| dead.then(|| Err(io::ErrorKind::ConnectionReset.into())))
        })
    }

    fn mails_to(&self, email: &str) -> Vec<String> {
        let to = format!("To: {email}\r\n");
        self.catcher.mails().unwrap().into_iter().filter(|mail| mail.contains(&to)).collect()
    }

    /// Has somebody join in every way at once, and kills the server after that time. Says how many had joined by then.
    fn kill_after(&self, round: usize, after: Duration) -> usize {
        let (server, admin) = self.start(self.catcher.port());
        std::thread::scope(|scope| {
            let joining = WAYS.map(|way| {
                let (admin, email) = (&admin, guest(round, way));
                scope.spawn(move || self.join(admin, &email, way).is_ok())
            });
            #[expect(clippy::disallowed_methods, reason = "a process dies at any moment, and none of them announces itself")]
            std::thread::sleep(after);
            self.kill(server);
            joining.into_iter().map(|it| usize::from(it.join().unwrap())).sum()
        })
    }

    /// How long it takes three to join where nothing disturbs them.
    #[expect(clippy::disallowed_methods, reason = "a moment at random lies within what joining takes on this very machine")]
    fn undisturbed(&self) -> Duration {
        let (server, admin) = self.start(self.catcher.port());
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for way in WAYS {
                let (admin, email) = (&admin, guest(0, way));
                scope.spawn(move || self.join(admin, &email, way).unwrap());
            }
        });
        let lasted = begun.elapsed();
        server.stop();
        lasted
    }

    /// Kills the server while it talks to a mail server that says nothing.
    fn kill_with_a_mail_in_hand(&mut self, round: usize) {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        silent.set_nonblocking(true).unwrap();
        let (server, admin) = self.start(silent.local_addr().unwrap().port());
        let email = guest(round, Way::ByMail);
        let invited = admin.done("POST /api/v1/invitations", &json!({"emails": [email]}));
        self.promised.get_mut().unwrap().invited.insert(email, invited[0]["id"].clone());
        // For this mail, or for one that waited since the last kill.
        let _talking = soon(|| silent.accept().ok());
        self.kill(server);
        self.judge(round);
    }

    fn kill(&self, server: Running) {
        server.signal(Signal::KILL);
        assert_eq!(server.ended().0, None);
        self.dead.store(true, Ordering::Relaxed);
    }

    /// Holds what a dead server left against what it had promised.
    fn judge(&mut self, round: usize) {
        let left = Connection::open_with_flags(self.bench.path("tallyport.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let sound: String = left.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        assert_eq!(rows(&left, "SELECT 1, 'a broken reference' FROM pragma_foreign_key_check"), []);
        self.in_hand
            .extend(rows(&left, "SELECT mail_id, state FROM outbox WHERE state = 'sending'").into_iter().map(|row| row.0));
        drop(left);
        self.assert_healthy();

        let (server, admin) = self.start(self.catcher.port());
        let listed = admin.done("GET /api/v1/invitations", &Value::Null);
        let listed: BTreeMap<&str, &Value> =
            listed.as_array().unwrap().iter().map(|it| (it["email"].as_str().unwrap(), it)).collect();
        let promised = self.promised.get_mut().unwrap();
        for (email, id) in &promised.invited {
            assert_eq!(listed.get(email.as_str()).map(|it| &it["id"]), Some(id), "an invitation that was answered for is lost");
        }
        for email in &promised.joined {
            assert_eq!(listed[email.as_str()]["state"], "accepted", "{email} had joined");
        }
        for way in WAYS {
            let email = guest(round, way);
            if listed.get(email.as_str()).is_some_and(|it| it["state"] == "accepted") {
                server.sign_in((&email, PASSWORD));
            }
        }
        server.stop();
    }

    fn assert_healthy(&self) {
        let ran = Bench::ran(self.bench.terminal(&["doctor", "--json"]));
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }

    /// How many mails arrived, by the row that each is from.
    fn arrived(&self) -> BTreeMap<i64, usize> {
        let mut arrived = BTreeMap::new();
        for mail in self.catcher.mails().unwrap() {
            let id = mail.split_once("Message-ID: <invitation.1.").unwrap().1.split_once('.').unwrap().0;
            *arrived.entry(id.parse().unwrap()).or_default() += 1;
        }
        arrived
    }

    /// Waits until no mail is under way, and holds what became of each against what arrived.
    fn account_for_all_mail(&self) {
        let file = Connection::open(self.bench.path("tallyport.db")).unwrap();
        // What a dead process was at counts as abandoned after some minutes.
        file.execute("UPDATE outbox SET claimed_at = claimed_at - 600000000 WHERE state = 'sending'", []).unwrap();
        let (server, admin) = self.start(self.catcher.port());
        let settled = soon(|| {
            let rows = rows(&file, "SELECT mail_id, state FROM outbox ORDER BY mail_id");
            rows.iter().all(|(_, state)| state != "queued" && state != "sending").then_some(rows)
        });
        let mut arrived = self.arrived();
        for (id, state) in &settled {
            let (many, was_in_hand) = (arrived.remove(id).unwrap_or(0), self.in_hand.contains(id));
            match state.as_str() {
                "sent" => assert!(many == 1 && !was_in_hand, "mail {id} arrived {many} times"),
                "possibly_sent" => assert!(many <= 1 && was_in_hand, "mail {id} arrived {many} times"),
                other => panic!("mail {id} is {other}"),
            }
        }
        assert_eq!(arrived, BTreeMap::new(), "mail of no row");
        let without = rows(&file, "SELECT invitation_id, email FROM invitations WHERE mail_id IS NULL");
        assert!(without.iter().all(|(_, email)| email.contains("byhand")), "no mail was to leave: {without:?}");

        // Whoever may still need theirs is shown to an administrator, who can have it sent anew.
        let needed = "SELECT o.mail_id, i.email FROM outbox o JOIN invitations i USING (account_id, mail_id)
                      WHERE o.state = 'possibly_sent' AND i.state = 'open' ORDER BY 1 DESC";
        let shown = admin.done("GET /api/v1/outbox", &Value::Null);
        let shown: Vec<&Value> = shown.as_array().unwrap().iter().collect();
        let of = |mail: &&Value| (mail["id"].as_i64().unwrap(), mail["to"].as_str().unwrap().to_owned());
        assert_eq!(shown.iter().map(of).collect::<Vec<_>>(), rows(&file, needed));
        assert!(!shown.is_empty());
        for mail in shown {
            let email = mail["to"].as_str().unwrap();
            let before = self.mails_to(email).len();
            admin.done(&format!("POST /api/v1/invitations/{}/resend", mail["invitation_id"]), &json!({}));
            self.mailed(email, before).unwrap();
        }
        server.stop();
    }
}

fn guest(round: usize, way: Way) -> String {
    format!("guest.{round}.{way:?}@nordlicht.example").to_lowercase()
}

fn rows(file: &Connection, sql: &str) -> Vec<(i64, String)> {
    let mut found = file.prepare(sql).unwrap();
    found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test] // L1, L10, N3
#[ignore = "needs aiosmtpd: cargo xtask test"]
fn invitations_outlive_a_server_that_is_killed_before_a_real_mail_server() {
    let (mut team, mut chance) = (Team::new(), Chance::seeded());
    let lasting = team.undisturbed();
    let (wanted, mut struck, mut late) = (faults(10), 0, 0);
    while struck < wanted {
        let round = 1 + struck + late;
        let after = lasting * u32::try_from(chance.below(1000)).unwrap() / 1000;
        if team.kill_after(round, after) < WAYS.len() {
            struck += 1;
        } else {
            late += 1;
        }
        team.judge(round);
        assert!(late < 10 * wanted, "{late} kills came when everybody had joined");
    }
    team.kill_with_a_mail_in_hand(1 + struck + late);
    told(&format!("kill -9 while people are invited, beside {late} that came too late"), struck);
    told("mail in hand when the server died", team.in_hand.len());
    team.account_for_all_mail();
    team.assert_healthy();
}
