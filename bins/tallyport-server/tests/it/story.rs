//! The whole story through the program: a team is set up, its tree comes in, somebody is invited, joins, works and is gone; and
//! nothing that lets anybody in is left anywhere.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tallyport_mail::{Catcher, Security};
use tallyport_simulator::{Clock, Server, Simulator, World};

use crate::asking::{Asking, soon};
use crate::canaries::{Secrets, search_everything};
use crate::support::{Bench, JSON, OLGA, ask, connect, follow, heard, request};
use crate::tap::Tap;

const BJORK: &str = "bjork@nordlicht.example";
const MOVED: &str = "bjork@harbour.example";
const PASSWORD: &str = "a ship in the harbour";
const NEW_PASSWORD: &str = "two ships on the sea";
const MAIL_USER: (&str, &str) = ("tallyport", "correct horse & battery");
const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
/// What browsers say with what is sent from a page of ours.
const OURS: &str = "Sec-Fetch-Site: same-origin";

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

#[test] // A3, I2, I3, N1, N2, N3, P4, P6, E6, A5, M25
#[ignore = "needs aiosmtpd: cargo xtask test"]
#[expect(clippy::disallowed_methods, reason = "where it is installed is known to the command that installed it alone")]
fn the_whole_story_with_a_real_mail_server() {
    let python: PathBuf = std::env::var_os("TALLYPORT_MAIL_SERVER").expect("the command that runs all tests names it").into();
    let kept = tempfile::tempdir().unwrap();
    let catcher = Catcher::start(&python, kept.path(), Security::StartTls, Some(MAIL_USER)).unwrap();
    let toggl = Server::start(Simulator::with_clock(World::nordlicht(), Clock::real())).unwrap();
    let bench = Bench::new();
    let mut server = bench.running(talkative(&bench, &catcher, kept.path(), &toggl.url()));
    let tap = Tap::before(server.address);
    let here = std::mem::replace(&mut server.address, tap.address);
    let mut secrets = Secrets::default();
    secrets.know("the password at the mail server", MAIL_USER.1);
    secrets.know("the set-up code", &server.set_up_code());
    secrets.know("Olga's password", OLGA.1);
    secrets.know("Björk's password", PASSWORD);

    // An administrator sets it up and brings the tree in, watching.
    let olga = server.set_up();
    secrets.handed_out("Olga's API token", &olga, "POST /api/v1/session");
    let admin = Asking::with(&server, &olga);
    let token = toggl.simulator().owner_token().unwrap();
    secrets.know("the token of Toggl", &token);
    for secret in tallyport_simulator::secrets::ALL {
        secrets.know("what else Toggl says in confidence", secret);
    }
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
    let secret = linked(&mail, &format!("http://{here}/accept/"));
    secrets.know("the link of an invitation", &secret);
    assert_eq!(server.get(&format!("/accept/{secret}")).status, 200, "looking uses nothing up");
    let join = json!({"secret": secret, "name": "Björk", "password": PASSWORD}).to_string();
    let joined = ask(server.address, "POST /api/v1/invitations/accept", &[JSON], &join);
    assert_eq!(joined.status, 201, "{}", joined.body);
    assert_ne!(ask(server.address, "POST /api/v1/invitations/accept", &[JSON], &join).status, 201);

    // They see just their tasks, and hear of what concerns them.
    let person = joined.json()["person"]["id"].clone();
    let bjork = server.sign_in((BJORK, PASSWORD));
    secrets.handed_out("Björk's API token", &bjork, "POST /api/v1/session");
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

    // They sign in with a browser, have another token made, forget their password, and move to another address.
    let form = format!("email={BJORK}&password={}", PASSWORD.replace(' ', "+"));
    let cookie = ask(server.address, "POST /sign-in", &[FORM, OURS], &form);
    let cookie = cookie.header("set-cookie").unwrap().split([';', '=']).nth(1).unwrap().to_owned();
    secrets.handed_out("a session", &cookie, "POST /sign-in");
    assert!(ask(server.address, "GET /", &[&format!("Cookie: tallyport={cookie}")], "").body.contains(BJORK));
    let made = member.done("POST /api/v1/tokens", &json!({"name": "Phone", "scope": "track"}));
    secrets.handed_out("a token for a phone", made["token"].as_str().unwrap(), "POST /api/v1/tokens");
    let asked = json!({"email": BJORK}).to_string();
    assert_eq!(ask(server.address, "POST /api/v1/password-reset", &[JSON], &asked).status, 202);
    let reset = linked(&soon(|| catcher.mails().unwrap().into_iter().nth(1)), &format!("http://{here}/reset/"));
    secrets.know("the link of a reset", &reset);
    assert_eq!(server.get(&format!("/reset/{reset}")).status, 200);
    secrets.know("Björk's new password", NEW_PASSWORD);
    let form = format!("password={}", NEW_PASSWORD.replace(' ', "+"));
    assert_eq!(ask(server.address, &format!("POST /reset/{reset}"), &[FORM, OURS], &form).status, 303);
    assert_eq!(member.ask("POST /api/v1/me/email", &json!({"email": MOVED})).status, 202);
    let proof = linked(&soon(|| catcher.mails().unwrap().into_iter().nth(2)), &format!("http://{here}/email/"));
    secrets.know("the link of an address", &proof);
    member.done("POST /api/v1/me/email/confirm", &json!({"secret": proof}));

    // Toggl rejects the token, and takes another one.
    let another = toggl.simulator().change(|world| {
        let owner = world.user_by_token(&token).unwrap().id;
        world.revoke_token(&token);
        world.issue_token(owner).unwrap()
    });
    secrets.know("another token of Toggl", &another);
    let run = admin.done("POST /api/v1/integrations/toggl/runs", &json!({}));
    assert_eq!(progress(&admin, &run).last().unwrap()["phase"], "ended");
    admin.done("POST /api/v1/integrations/toggl/re-enable", &json!({"api_token": another}));

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
    let again = json!({"email": MOVED, "password": NEW_PASSWORD}).to_string();
    assert_eq!(ask(server.address, "POST /api/v1/session", &[JSON], &again).status, 401);
    assert_eq!(catcher.mails().unwrap().len(), 3);

    // Nothing that lets anybody in is left anywhere, whatever is done with it.
    secrets.know("the key", std::fs::read_to_string(bench.path("tallyport.db.key")).unwrap().trim());
    let refused = secrets.misplace(here, &tap, &olga);
    assert!(refused > 200, "{refused} requests were refused");
    search_everything(&bench, server, &tap, &secrets);
    assert!(others.join().unwrap().contains(r#""subject":"person""#));
}

/// A server that says all that it can, and sends mail.
fn talkative(bench: &Bench, catcher: &Catcher, kept: &Path, toggl: &str) -> Command {
    let (port, authority) = (catcher.port().to_string(), kept.join("authority.pem"));
    let mut command = bench.command(&["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--toggl-url", toggl]);
    command.args(["--log-format", "json", "--log-level", "debug", "--trusted-proxies", "127.0.0.1"]);
    command.args(["--smtp-host", "127.0.0.1", "--smtp-port", &port, "--smtp-from", "tallyport@time.example"]);
    command.args(["--smtp-user", MAIL_USER.0, "--smtp-certificates"]).arg(authority).env("TALLYPORT_SMTP_PASSWORD", MAIL_USER.1);
    command.envs([("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full")]);
    command.stdout(File::create(bench.path("stdout")).unwrap());
    command
}

/// The secret in a mail behind this beginning of a link.
fn linked(mail: &str, link: &str) -> String {
    let rest = mail.split_once(link).unwrap_or_else(|| panic!("there is no {link} in {mail}")).1;
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}
