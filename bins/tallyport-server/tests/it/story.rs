//! The whole story through the program: a team is set up, its tree comes in, somebody is invited, joins, works and is gone.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use serde_json::{Value, json};
use tallyport_mail::{Catcher, Security};
use tallyport_simulator::{Clock, Server, Simulator, World};

use crate::asking::{Asking, soon};
use crate::support::{Bench, JSON, OLGA, ask, connect, follow, request};

const BJORK: &str = "bjork@nordlicht.example";
const PASSWORD: &str = "a ship in the harbour";

/// Reads a stream on a thread of its own to its end, which is a piece of no length: the connection may serve on.
fn heard(stream: BufReader<TcpStream>) -> JoinHandle<String> {
    spawn(move || stream.lines().map(Result::unwrap).take_while(|line| line != "0").collect::<Vec<_>>().join("\n"))
}

/// The progress of a run, event by event, to its end.
fn progress(admin: &Asking, run: &Value) -> Vec<Value> {
    let mut stream = connect(admin.address);
    let path = format!("GET /api/v1/integrations/toggl/runs/{}/events", run["id"]);
    stream.write_all(request(&path, &["Connection: close", &admin.bearer], "").as_bytes()).unwrap();
    let lines = BufReader::new(stream).lines().map(Result::unwrap);
    lines.filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok()).collect()
}

fn names(tasks: &Value) -> Vec<String> {
    tasks.as_array().unwrap().iter().map(|task| task["path"].to_string()).collect()
}

#[test] // A3, I2, I3, N1, N2, N3, P4, P6, E6, A5
#[ignore = "needs aiosmtpd: cargo xtask test"]
#[expect(clippy::disallowed_methods, reason = "where it is installed is known to the command that installed it alone")]
fn the_whole_story_with_a_real_mail_server() {
    let python: PathBuf = std::env::var_os("TALLYPORT_MAIL_SERVER").expect("the command that runs all tests names it").into();
    let kept = tempfile::tempdir().unwrap();
    let catcher = Catcher::start(&python, kept.path(), Security::Plain, None).unwrap();
    let toggl = Server::start(Simulator::with_clock(World::nordlicht(), Clock::real())).unwrap();
    let port = catcher.port().to_string();
    let (smtp, from) = (["--smtp-host", "127.0.0.1", "--smtp-security", "plain"], "tallyport@time.example");
    let server =
        Bench::new().start_with(&[&smtp[..], &["--smtp-port", &port, "--smtp-from", from, "--toggl-url", &toggl.url()]].concat());

    // An administrator sets it up and brings the tree in, watching.
    let admin = Asking::with(&server, &server.set_up());
    let token = toggl.simulator().owner_token().unwrap();
    assert_eq!(admin.done("PUT /api/v1/integrations/toggl", &json!({"api_token": token}))["state"], "enabled");
    let run = admin.done("PUT /api/v1/integrations/toggl/selection", &json!({"all": true}));
    let told = progress(&admin, &run);
    assert_eq!(told.last().unwrap()["phase"], "ended", "{told:?}");
    let run = admin.done(&format!("GET /api/v1/integrations/toggl/runs/{}?changes=false", run["id"]), &Value::Null);
    assert_eq!(run["outcome"], "succeeded");
    let tree = admin.done("GET /api/v1/tasks", &Value::Null);
    assert!(names(&tree).len() > 20);

    // A co-worker of Toggl is invited, gets a mail, and joins.
    let members = admin.done("GET /api/v1/integrations/toggl/members", &Value::Null);
    assert!(members.as_array().unwrap().iter().any(|member| member["email"] == BJORK && member["person_id"].is_null()));
    let invited = admin.done("POST /api/v1/invitations", &json!({"emails": [BJORK]}));
    assert_eq!(invited[0]["link"], Value::Null);
    let mail = soon(|| catcher.mails().unwrap().pop());
    let link = format!("http://{}/accept/", server.address);
    let secret: String =
        mail.split_once(&link).unwrap().1.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    assert_eq!(server.get(&format!("/accept/{secret}")).status, 200, "looking uses nothing up");
    let join = json!({"secret": secret, "name": "Björk", "password": PASSWORD}).to_string();
    let joined = ask(server.address, "POST /api/v1/invitations/accept", &[JSON], &join);
    assert_eq!(joined.status, 201, "{}", joined.body);
    assert_ne!(ask(server.address, "POST /api/v1/invitations/accept", &[JSON], &join).status, 201);

    // They see just their tasks, and hear of what concerns them.
    let person = joined.json()["person"]["id"].clone();
    let bjork = server.sign_in((BJORK, PASSWORD));
    let member = Asking::with(&server, &bjork);
    let theirs = names(&member.done("GET /api/v1/tasks", &Value::Null));
    let all = names(&tree);
    assert!(theirs.len() > 3 && theirs.len() < all.len() && theirs.iter().all(|path| all.contains(path)), "{theirs:?}");
    assert_eq!(member.ask("GET /api/v1/people", &Value::Null).status, 403);
    let stream = heard(follow(server.address, &bjork));
    let others = heard(follow(server.address, &server.sign_in(OLGA)));
    let native = admin.done("POST /api/v1/tasks", &json!({"name": "Of our own"}));
    admin.done(&format!("PUT /api/v1/tasks/{}/assignments/{person}", native["id"]), &Value::Null);
    assert!(names(&member.done("GET /api/v1/tasks", &Value::Null)).contains(&r#"["Of our own"]"#.to_owned()));

    // Deactivated, they lose everything within two seconds.
    admin.done(&format!("POST /api/v1/people/{person}/deactivate"), &json!({}));
    assert_eq!(member.ask("GET /api/v1/tasks", &Value::Null).status, 401);
    for _ in 0..100 {
        if stream.is_finished() {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    assert!(stream.is_finished(), "a stream of who is gone ends within two seconds");
    let told = stream.join().unwrap();
    assert!(told.contains(r#""subject":"access""#) && !told.contains(r#""subject":"invitation""#), "{told}");
    let again = json!({"email": BJORK, "password": PASSWORD}).to_string();
    assert_eq!(ask(server.address, "POST /api/v1/session", &[JSON], &again).status, 401);
    server.stop();
    assert!(others.join().unwrap().contains(r#""subject":"person""#));
    assert_eq!(catcher.mails().unwrap().len(), 1);
}
