//! More than a server can do (S11): it does what it can, refuses the rest at once, and nobody who means no harm is held up.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{scope, spawn};
use std::time::Duration;

use serde_json::json;

use crate::load::{lasting, now, percentile};
use crate::support::{Answer, Bench, JSON, OLGA, ask, connect, follow, heard};

/// Connections at once, by what is asked over them: most sign in, where the machine is made to work hardest.
const SIGN_INS: usize = 160;
const LISTS: usize = 60;
const STREAMS: usize = 36;
/// Clients that never finish the head of their request; every other one goes on sending something.
const SLOW: usize = 200;
/// What it may take of memory meanwhile.
const MEMORY_MIB: u64 = 256;

/// How often which status was answered; what is refused for want of room says when to come again.
#[derive(Default)]
struct Statuses(std::sync::Mutex<BTreeMap<u16, usize>>);

impl Statuses {
    fn count(&self, answer: &Answer) {
        assert!(answer.status != 503 || answer.header("retry-after").is_some(), "{}", answer.head);
        *self.0.lock().unwrap().entry(answer.status).or_default() += 1;
    }

    fn told(&self) -> BTreeMap<u16, usize> {
        self.0.lock().unwrap().clone()
    }
}

/// Sends a head that does not end until it is cut off; answers whether it was without an answer that says all is well.
fn dawdle(address: SocketAddr, keeps_sending: bool) -> bool {
    let mut stream = connect(address);
    let mut said = Vec::new();
    let _cut_off = stream.write_all(b"GET /healthz HTTP/1.1\r\nX-Slow: ");
    if keeps_sending {
        stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        let mut piece = [0; 1024];
        loop {
            match stream.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => said.extend_from_slice(&piece[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    if stream.write_all(b"a").is_err() {
                        break;
                    }
                }
                Err(_) => break,
            }
        }
    } else {
        let _reset_is_as_good = stream.read_to_end(&mut said);
    }
    !String::from_utf8_lossy(&said).contains(" 200 ")
}

#[test] // S7, S11, M23
#[ignore = "needs the machine for a while: cargo xtask test"]
#[expect(clippy::print_stdout, reason = "what was found is for people to read")]
fn who_means_no_harm_is_answered_while_others_ask_for_more_than_can_be_done() {
    let server = Bench::new().start_with(&["--trusted-proxies", "127.0.0.1"]);
    let olga = server.set_up();
    let bearer = format!("Authorization: Bearer {olga}");
    let address = server.address;
    let done = |what: &str, body: &str| {
        let answer = ask(address, what, &[&bearer, JSON], body);
        assert!(answer.status < 300, "{what}: {} {}", answer.status, answer.body);
        answer
    };
    let person = json!({"email": "oda@example.com", "name": "Oda", "role": "administrator", "password": OLGA.1}).to_string();
    done("POST /api/v1/people", &person);
    let tokens = [olga.clone(), server.sign_in(("oda@example.com", OLGA.1))];
    for number in 0..40 {
        done("POST /api/v1/tasks", &json!({"name": format!("Task {number}")}).to_string());
    }
    let task = done("POST /api/v1/tasks", &json!({"name": "Renamed"}).to_string()).json()["id"].clone();
    let streams: Vec<_> = (0..STREAMS).map(|number| heard(follow(address, &tokens[number % 2]))).collect();

    let (over, tries) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (sign_ins, lists, harmless) = (Statuses::default(), Statuses::default(), Statuses::default());
    let slow: Vec<_> = (0..SLOW).map(|number| spawn(move || dawdle(address, number % 2 == 0))).collect();
    let (mut took, mut resident, mut renamed) = (Vec::new(), 0, 0);
    scope(|scope| {
        for _ in 0..SIGN_INS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    // Each try for somebody else from somewhere else: no other limit is what refuses it.
                    let number = tries.fetch_add(1, Ordering::Relaxed);
                    let from = format!("X-Forwarded-For: 2001:db8:{:x}:{:x}::1", number >> 16, number & 0xffff);
                    let body = json!({"email": format!("n{number}@example.com"), "password": "wrong wrong"}).to_string();
                    sign_ins.count(&ask(address, "POST /api/v1/session", &[JSON, &from], &body));
                }
            });
        }
        for _ in 0..LISTS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    lists.count(&ask(address, "GET /api/v1/tasks", &[&bearer], ""));
                }
            });
        }
        let (began, lasting) = (now(), lasting(15));
        while began.elapsed() < lasting {
            let rename = json!({"name": format!("Renamed {renamed}")}).to_string();
            let (path, renaming) = (format!("GET /api/v1/tasks/{task}"), format!("PATCH /api/v1/tasks/{task}"));
            for (what, body) in [("GET /api/v1/me", ""), (&path, ""), (&renaming, &rename), ("GET /readyz", "")] {
                let asked = now();
                harmless.count(&ask(address, what, &[&bearer, JSON], body));
                took.push(asked.elapsed());
            }
            renamed += 1;
            resident = resident.max(server.resident());
        }
        over.store(true, Ordering::Relaxed);
    });
    let slow = slow.into_iter().map(|slow| slow.join().unwrap()).filter(|cut_off| *cut_off).count();
    let (shed, answered) = (server.number("tallyport_requests_shed_total "), took.len());
    let (half, most) = (percentile(&mut took, 50), percentile(&mut took, 99));
    println!(
        "{answered} requests of who means no harm {:?}: p50 {half:?}, p99 {most:?}; {shed} shed; sign-ins {:?}, lists {:?}; \
         {slow} slow clients cut off; {} MiB at most",
        harmless.told(),
        sign_ins.told(),
        lists.told(),
        resident >> 10
    );

    // It is well, and lets people in again.
    assert_eq!((server.get("/healthz").status, server.get("/readyz").status), (200, 200));
    server.sign_in(OLGA);
    assert_eq!(harmless.told().into_keys().collect::<Vec<_>>(), [200]);
    assert!(most < Duration::from_secs(1), "{most:?}");
    assert_eq!(slow, SLOW);
    assert!(shed > 0 && sign_ins.told().contains_key(&503), "nothing was too much");
    assert!(sign_ins.told().keys().all(|status| [401, 503].contains(status)), "{:?}", sign_ins.told());
    assert!(lists.told().keys().all(|status| [200, 503].contains(status)), "{:?}", lists.told());
    assert!(resident < MEMORY_MIB << 10, "{resident} KiB");
    server.stop();
    for stream in streams {
        assert_eq!(stream.join().unwrap().matches(r#""subject":"task""#).count(), renamed, "each change is heard once");
    }
}
