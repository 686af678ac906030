//! Secrets that are known by heart, and a search for them in everything that is said and written (I2).
//!
//! Every failure is provoked in a way that carries them: Toggl answers with the token, with what its own bodies hold of secrets,
//! and with both in places where neither belongs.

use serde_json::json;
use tallyport_canaries::Search;
use tallyport_simulator::{Fault, How, QuotaMode, secrets};

use crate::faults::tell;
use crate::support::{Bench, Mode, Ran};

const PASSWORD: &str = "caña \"ry\" of the administrator/1";
const SECOND_PASSWORD: &str = "caña \"ry\" of somebody else+2";
const SHORT_PASSWORD: &str = "cañ\"1/";
const WRONG_TOKEN: &str = "0badc0de0badc0de0badc0de0badc0de";
/// A key that is none, for want of its last digit.
const WRONG_KEY: &str = "5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea";
const IN_A_URL: &str = "canary0in0an0address";

/// Everything that could make a program talkative.
const TALKATIVE: [(&str, &str); 4] =
    [("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full"), ("RUST_LIB_BACKTRACE", "1"), ("SSLKEYLOGFILE", "")];

/// Runs commands, and searches what each of them says.
struct Watch<'a> {
    bench: &'a Bench,
    search: Search,
    commands: usize,
    failures: usize,
}

impl Watch<'_> {
    fn run_with(&mut self, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Ran {
        let ran = self.bench.run_with(arguments, input, &[&TALKATIVE[..], environment].concat());
        self.search.look(&format!("stdout of {arguments:?}"), ran.stdout.as_bytes());
        self.search.look(&format!("stderr of {arguments:?}"), ran.stderr.as_bytes());
        self.commands += 1;
        self.failures += usize::from(ran.code != 0);
        ran
    }

    fn run(&mut self, arguments: &[&str]) -> Ran {
        self.run_with(&[arguments, &["-vvv"]].concat(), "", &[])
    }

    fn done(&mut self, arguments: &[&str], input: &str) {
        let ran = self.run_with(&[arguments, &["-vvv"]].concat(), input, &[]);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    }

    fn fails(&mut self, arguments: &[&str], input: &str, environment: &[(&str, &str)]) {
        for arguments in [[arguments, &["-vvv"]].concat(), [arguments, &["--json", "-vvv"]].concat()] {
            let ran = self.run_with(&arguments, input, environment);
            assert_ne!(ran.code, 0, "{arguments:?}: {ran:?}");
        }
    }

    /// Everything that only shows something, in both forms.
    fn look_around(&mut self, when: &str) {
        const LOOKS: [&[&str]; 11] = [
            &["toggl", "status"],
            &["toggl", "workspaces"],
            &["toggl", "history"],
            &["toggl", "history", "1"],
            &["toggl", "members"],
            &["toggl", "settings"],
            &["toggl", "preview"],
            &["people", "list"],
            &["tasks", "tree", "--archived"],
            &["tasks", "search", "e"],
            &["access", "ana.novakova@nordlicht.example"],
        ];
        for look in LOOKS {
            self.run(look);
            self.run(&[look, &["--json"]].concat());
        }
        let _names = self.search.look_at_files(self.bench.folder(), when).unwrap();
    }
}

/// Whether an answer is asked for again and again, which takes its time.
fn is_repeated(how: &How) -> bool {
    matches!(how, How::Status { status: 429 | 500.., .. })
}

/// Answers that carry secrets where none belongs.
fn leaking(token: &str) -> Vec<How> {
    let everything = [&[token], &secrets::ALL[..]].concat().join(" ");
    let status = |status, body: &str, headers: &[(&str, &str)]| How::Status {
        status,
        body: body.to_owned(),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let row = json!({"api_token": token, "ical_url": secrets::ICAL, "invitation_code": secrets::INVITATION, "id": 1, "name": {}});
    let mut answers: Vec<How> = [400, 401, 403, 404, 410, 418, 429, 500, 503].map(|code| status(code, &everything, &[])).into();
    let as_object = json!({"error": {"message": everything, "api_token": token}}).to_string();
    answers.extend([400, 500].map(|code| status(code, &as_object, &[])));
    answers.push(status(402, &everything, &[("X-Toggl-Quota-Remaining", "0"), ("X-Toggl-Quota-Resets-In", "1800")]));
    answers.push(status(402, "", &[("X-Toggl-Quota-Remaining", token), ("X-Toggl-Quota-Resets-In", secrets::INTERCOM)]));
    answers.push(status(429, "", &[("Retry-After", token)]));
    answers.push(status(200, "[]", &[("Content-Encoding", token), ("Content-Type", secrets::ICAL)]));
    answers.push(status(400, "", &[("X-Remaining-Login-Attempts", token), ("X-Toggl-Request-Id", token)]));
    answers.push(How::Redirect { status: 302, to: format!("http://127.0.0.1:9/{token}?{}", secrets::ICAL) });
    let in_places = [
        row.clone(),
        json!([row]),
        json!([{"id": token, "name": "x"}]),
        json!([{"id": 1, "workspace_id": secrets::INVITATION, "wid": secrets::INTERCOM, "name": "x", "active": token}]),
        json!([{(secrets::WORKSPACE_TOKEN): token}]),
        json!([token, secrets::INTERCOM]),
        json!(everything),
    ];
    answers.extend(in_places.map(|body| How::Body(body.to_string())));
    answers.push(How::Body(everything.clone()));
    answers.push(How::Body(format!("[{{\"id\": {everything}}}]")));
    answers.push(How::Body(format!("<html>{everything}</html>")));
    answers
}

/// What of a generated key file is the key.
fn key_of(bench: &Bench) -> String {
    std::fs::read_to_string(format!("{}.key", bench.database())).unwrap().trim().to_owned()
}

#[test] // I2, I15
fn no_secret_is_in_anything_that_is_said_or_written() {
    let bench = Bench::new(Mode::Local);
    let token = bench.token();
    bench.simulator().switch(|switches| switches.quota = QuotaMode::Counted);
    let second_token = bench.simulator().change(|world| {
        let owner = world.user_by_token(&token).unwrap().id;
        world.issue_token(owner).unwrap()
    });
    let [workspace, ical, intercom, invitation] = secrets::ALL;
    let canaries = [
        ("the token", token.as_str()),
        ("the second token", &second_token),
        ("a wrong token", WRONG_TOKEN),
        ("a password", PASSWORD),
        ("a second password", SECOND_PASSWORD),
        ("a short password", SHORT_PASSWORD),
        ("a wrong key", WRONG_KEY),
        ("a secret in an address", IN_A_URL),
        ("a workspace's token", workspace),
        ("a calendar's link", ical),
        ("the hash of Intercom", intercom),
        ("an invitation", invitation),
    ];
    let mut watch = Watch { bench: &bench, search: Search::of(canaries), commands: 0, failures: 0 };

    let create = ["account", "create", "--name", "Studio", "--admin-email", &bench.owner(), "--password-stdin"];
    watch.fails(&create, SHORT_PASSWORD, &[]);
    watch.done(&create, &format!("{PASSWORD}\n"));
    let add = ["people", "add", "bo@example.com", "--name", "Bo", "--password-stdin"];
    watch.fails(&add, SHORT_PASSWORD, &[]);
    watch.done(&add, SECOND_PASSWORD);
    watch.fails(&add, SECOND_PASSWORD, &[]);

    let enable = ["toggl", "enable"];
    watch.fails(&enable, "", &[("TOGGL_API_TOKEN", WRONG_TOKEN)]);
    watch.fails(&[&enable[..], &["--token", &token]].concat(), "", &[]);
    watch.fails(&[&enable[..], &[&token]].concat(), "", &[]);
    watch.fails(&[&enable[..], &["--token-file", "absent"]].concat(), &token, &[]);
    for address in ["http://user:{}@127.0.0.1:1/", "{}@example.com", "https://user:{}@[x", "http://127.0.0.1:1/?token={}"] {
        let address = address.replace("{}", IN_A_URL);
        watch.fails(&enable, "", &[("TOGGL_API_TOKEN", &token), ("TALLYPORT_TOGGL_URL", &address)]);
    }
    for database in ["postgres://user:{}@host/db", "mysql://{}@host"] {
        watch.fails(&enable, "", &[("TOGGL_API_TOKEN", &token), ("TALLYPORT_DATABASE", &database.replace("{}", IN_A_URL))]);
    }
    watch.fails(&enable, "", &[("TOGGL_API_TOKEN", &token), ("TALLYPORT_SECRET_KEY", WRONG_KEY)]);
    for how in leaking(&token).into_iter().filter(|how| !is_repeated(how)) {
        bench.simulator().inject(Fault::on("/me", how));
        watch.run_with(&["toggl", "enable", "--token-stdin", "-vvv"], &token, &[]);
        bench.simulator().clear_faults();
    }

    watch.done(&["toggl", "enable", "--token-stdin"], &token);
    let key = key_of(&bench);
    watch.search.add("the key", &key);
    watch.done(&["toggl", "select", "--all"], "");
    watch.look_around("after the import");

    for on in ["/me/workspaces", "/projects", "users"] {
        for (number, how) in leaking(&token).into_iter().filter(|how| on == "/projects" || !is_repeated(how)).enumerate() {
            bench.simulator().inject(Fault::on(on, how.clone()));
            let form: &[&str] = if number % 2 == 0 { &["--json", "-vvv"] } else { &["-vvv"] };
            let before = bench.simulator().faults_injected();
            let ran = watch.run_with(&[&["toggl", "sync", "--wait", "0"][..], form].concat(), "", &[]);
            assert_ne!(bench.simulator().faults_injected(), before, "{how:?}: {ran:?}");
            if number % 5 == 0 {
                watch.run_with(&[&["toggl", "preview", "--wait", "0"][..], form].concat(), "", &[]);
            }
            bench.simulator().clear_faults();
            if ran.code == 6 {
                watch.done(&["toggl", "re-enable", "--token-stdin", "--yes"], &token); // I17
            }
        }
    }
    watch.run(&["toggl", "history"]);
    watch.run(&["toggl", "history", "--json"]);
    assert!(watch.failures > 100, "only {} commands failed", watch.failures);

    // The log of a process that is at work, or dies, is on the disk too, and so are pages that are kept for the next sync.
    bench.simulator().inject(Fault::on("/tasks", How::StallBeforeHead));
    let mut stalled = bench.start(&["toggl", "sync"]);
    bench.wait_for_run("running");
    let names = watch.search.look_at_files(bench.folder(), "during a sync").unwrap();
    stalled.kill().unwrap();
    stalled.wait().unwrap();
    bench.simulator().clear_faults();
    for ending in ["", "-wal", "-shm", ".lock"] {
        assert!(names.contains(&format!("tallyport.db{ending}")), "no {ending} among {names:?}");
    }
    let spent = [("X-Toggl-Quota-Remaining".to_owned(), "0".to_owned()), ("X-Toggl-Quota-Resets-In".to_owned(), "1".to_owned())];
    bench.simulator().inject(Fault::on("/tasks", How::Status { status: 402, body: String::new(), headers: spent.into() }));
    watch.fails(&["toggl", "sync", "--wait", "0"], "", &[]);
    bench.simulator().clear_faults();
    let _names = watch.search.look_at_files(bench.folder(), "with pages that are kept").unwrap();

    watch.fails(&["toggl", "sync"], "", &[("TALLYPORT_SECRET_KEY", &"ab".repeat(32))]);
    watch.done(&["toggl", "sync"], "");
    let backup = bench.folder().join("backup.db").display().to_string();
    watch.done(&["backup", "create", &backup], "");
    watch.fails(&["backup", "create", &backup], "", &[]);
    watch.run(&["doctor"]);
    watch.run_with(&["doctor", "--json"], "", &[("TALLYPORT_SECRET_KEY", WRONG_KEY)]);
    let names = watch.search.look_at_files(bench.folder(), "beside its backup").unwrap();
    assert!(names.contains(&"backup.db".to_owned()));
    watch.done(&["toggl", "unlink", "--archive"], "");
    watch.look_around("after unlinking");
    watch.fails(&["toggl", "re-enable"], "", &[("TOGGL_API_TOKEN", WRONG_TOKEN)]);
    watch.done(&["toggl", "re-enable", "--token-stdin", "--yes"], &second_token);
    bench.simulator().change(|world| world.revoke_token(&second_token));
    watch.fails(&["toggl", "sync"], "", &[]);
    watch.look_around("at the end");

    let Watch { search, commands, failures, .. } = watch;
    let injected = bench.simulator().faults_injected();
    tell(&format!(
        "canaries: {injected} faults injected, {commands} commands run, {failures} failed, {} places searched",
        search.places()
    ));
    assert!(injected > 100, "only {injected} faults struck");
    search.must_have_found_nothing();
}
