//! A folder, a simulated Toggl, and the binary over both.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, OnceLock};

use serde_json::Value;
use tallyport_simulator::{NewProject, Plan, Role, Server, Simulator, World};
use tempfile::TempDir;

use crate::served::Served;

/// How the binary reaches the API. A list of cases runs once in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Over a database of its own, the API being in the same process.
    Local,
    /// Over HTTP, with a token of whoever acts.
    Server,
}

/// Runs each case of a list in every mode, each as a test of its own.
macro_rules! in_every_mode {
    ($($(#[$attribute:meta])* $case:ident),* $(,)?) => {
        mod local {
            $(#[test] $(#[$attribute])* fn $case() { super::$case(&$crate::support::Bench::new($crate::support::Mode::Local)); })*
        }
        mod server {
            $(#[test] $(#[$attribute])* fn $case() { super::$case(&$crate::support::Bench::new($crate::support::Mode::Server)); })*
        }
    };
}
pub(crate) use in_every_mode;

/// Everything that a case needs.
pub(crate) struct Bench {
    folder: TempDir,
    server: Server,
    mode: Mode,
    /// The address of the owner of the simulated account, who is the administrator here too.
    owner: String,
    /// The server of [`Mode::Server`], once there is an account to serve.
    served: OnceLock<Served>,
    /// The token of each person there, by address.
    tokens: Mutex<HashMap<String, String>>,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Bench {
    /// Over a small workspace: client "Café Ñandú" with the project "Website" and its task "Design", the project "Internal", and
    /// Zoë as a second member. The owner is Olga.
    pub(crate) fn new(mode: Mode) -> Self {
        Self::over(mode, small().unwrap())
    }

    pub(crate) fn over(mode: Mode, world: World) -> Self {
        let server = Server::start(Simulator::new(world)).unwrap();
        let token = server.simulator().owner_token().unwrap();
        let owner = server.simulator().read(|world| world.user_by_token(&token).unwrap().email.clone().unwrap());
        Self { folder: tempfile::tempdir().unwrap(), server, mode, owner, served: OnceLock::new(), tokens: Mutex::default() }
    }

    /// Twenty imported projects, of which twelve are gone in Toggl: a sync that needs a yes (I12).
    pub(crate) fn with_much_to_archive(mode: Mode) -> Self {
        let bench = Self::over(mode, many_projects(20));
        bench.imported();
        bench.simulator().change(|world| {
            for number in 1..=12 {
                world.archive_project(world.find_project(&number.to_string()).unwrap()).unwrap();
            }
        });
        bench
    }

    pub(crate) fn simulator(&self) -> &Simulator {
        self.server.simulator()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn database(&self) -> String {
        self.folder().join("tallyport.db").display().to_string()
    }

    pub(crate) fn token(&self) -> String {
        self.simulator().owner_token().unwrap()
    }

    /// The address of the owner of the simulated account, who is the administrator here too.
    pub(crate) fn owner(&self) -> String {
        self.owner.clone()
    }

    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// What serves the database, in the mode that has one.
    pub(crate) fn served(&self) -> &Served {
        self.served.get().unwrap()
    }

    /// The binary with nothing of this machine's environment but what the mode needs.
    ///
    /// On a server the token says who acts, so `--as` becomes a token of theirs.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let Mode::Server = self.mode else { return self.local_command(arguments) };
        let mut arguments = arguments.to_vec();
        let named = arguments.iter().position(|argument| *argument == "--as");
        let named = named.map(|at| arguments.drain(at..at + 2).next_back().unwrap().to_owned());
        let (url, token) = match self.served.get() {
            Some(served) => (served.url().to_owned(), self.token_of(named.as_deref().unwrap_or(&self.owner))),
            None => ("http://127.0.0.1:9".to_owned(), "tpt_of_nobody".to_owned()),
        };
        let mut command = self.bare_command(&arguments);
        command.env("TALLYPORT_SERVER", url).env("TALLYPORT_TOKEN", token);
        command
    }

    /// Stops serving, and says so once it has ended.
    pub(crate) fn stop_serving(&mut self) {
        self.served.take().unwrap().end();
    }

    /// A token that may do all that this person may; the same one each time, also when the person may do nothing any more.
    pub(crate) fn token_of(&self, email: &str) -> String {
        let mut tokens = self.tokens.lock().unwrap();
        let email = email.trim().to_lowercase();
        tokens.entry(email.clone()).or_insert_with(|| self.make_token(&email, "admin")).clone()
    }

    /// A new token of this scope, made beside the server.
    pub(crate) fn make_token(&self, email: &str, scope: &str) -> String {
        let create = ["tokens", "create", "Test", "--scope", scope, "--as", email];
        let ran = self.output(self.local_command(&create));
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.stdout.trim().to_owned()
    }

    /// The binary over the database itself, whatever the mode: for the chores of the machine.
    pub(crate) fn local_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare_command(arguments);
        command.env("TALLYPORT_DATABASE", self.database()).env("TALLYPORT_TOGGL_URL", self.server.url());
        command
    }

    /// The binary, told neither of a database nor of a server.
    pub(crate) fn bare_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tallyport"));
        command.env_clear().env("HOME", self.folder()).env("TZ", "UTC").env("TMPDIR", self.folder()).args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "", &[])
    }

    /// The same with standard input and more of an environment.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Ran {
        self.run_command(self.command(arguments), input, environment)
    }

    /// Runs a command of one's own making, with standard input and more of an environment.
    pub(crate) fn run_command(&self, command: Command, input: &str, environment: &[(&str, &str)]) -> Ran {
        let mut command = assert_cmd::Command::from_std(command);
        command.write_stdin(input).envs(environment.iter().copied());
        self.ran(&command.output().unwrap())
    }

    /// Starts a command that is not waited for.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    pub(crate) fn finish(&self, child: Child) -> Ran {
        self.ran(&child.wait_with_output().unwrap())
    }

    /// Runs a command of one's own making.
    pub(crate) fn output(&self, mut command: Command) -> Ran {
        self.ran(&command.stdin(Stdio::null()).output().unwrap())
    }

    fn ran(&self, output: &Output) -> Ran {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let text = text.replace(&self.folder().display().to_string(), "[folder]").replace(&self.server.url(), "[toggl]");
            match self.served.get() {
                Some(served) => text.replace(served.url(), "[server]"),
                None => text.replace("http://localhost", "[server]"),
            }
        };
        Ran { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Runs a command that has to succeed, and gives what it printed.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
        ran.stdout
    }

    /// Runs a command with `--json` that has to succeed, and reads its one document.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        serde_json::from_str(&self.done(&arguments)).unwrap()
    }

    /// An account with the owner as its administrator.
    pub(crate) fn account(&self) -> &Self {
        let create = ["account", "create", "--name", "Studio", "--admin-email", &self.owner(), "--admin-name", "Olga"];
        let ran = self.output(self.local_command(&create));
        assert_eq!(ran.code, 0, "{ran:?}");
        if self.mode == Mode::Server {
            let served = || Served::start(Path::new(&self.database()), self.server.url());
            self.served.get_or_init(served);
        }
        self
    }

    /// That, with the integration enabled.
    pub(crate) fn enabled(&self) -> &Self {
        let ran = self.account().run_with(&["toggl", "enable", "--token-stdin"], &self.token(), &[]);
        assert_eq!(ran.code, 0, "{ran:?}");
        self
    }

    /// That, with everything imported.
    pub(crate) fn imported(&self) -> &Self {
        self.enabled().done(&["toggl", "select", "--all"]);
        self
    }

    /// The number of the active task of that name.
    pub(crate) fn task(&self, name: &str) -> String {
        let tree = self.json(&["tasks", "tree"]);
        let task = tree.as_array().unwrap().iter().find(|task| task["name"] == name);
        task.unwrap_or_else(|| panic!("no task {name} in {tree}"))["id"].to_string()
    }

    /// Asks for the status until the last run has that outcome.
    pub(crate) fn wait_for_run(&self, outcome: &str) {
        for _ in 0..500 {
            if self.json(&["toggl", "status"])["last_run"]["outcome"] == outcome {
                return;
            }
        }
        panic!("no run was seen to be {outcome}");
    }
}

impl Ran {
    /// The exit code, and both streams, for a snapshot: without what is another each time.
    pub(crate) fn told(&self) -> String {
        let mut told = format!("exit {}", self.code);
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                told.push_str(&["\n--- ", name, "\n", text].concat());
            }
        }
        told
    }

    /// What an error said with `--json`.
    pub(crate) fn error(&self) -> Value {
        let told: Value = serde_json::from_str(self.stderr.trim()).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        told["error"].clone()
    }
}

/// Compares with a snapshot, leaving out instants, durations and times of day. A case says the same in every mode.
macro_rules! snapshot {
    ($told:expr, @$expected:literal) => {
        insta::with_settings!({ filters => $crate::support::FILTERS.to_vec() }, {
            insta::allow_duplicates! {
                insta::assert_snapshot!($told, @$expected);
            }
        })
    };
}
pub(crate) use snapshot;

pub(crate) const FILTERS: [(&str, &str); 12] = [
    (r" \(os error \d+\)", ""),
    (r"tp[tir]_\w{30}_?\w{6}", "[secret]"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "[instant]"),
    (r#""duration_ms":\d+"#, r#""duration_ms":[ms]"#),
    (r"\d{4}-\d\d-\d\d", "[date]"),
    (r"request [0-9a-f]{32}", "request [id]"),
    (r"took [\d.]+ m?s", "took [time]"),
    // Late in the evening it is of the next day.
    (r"\buntil \d{1,2} [A-Z][a-z]{2} \d{1,2}:\d\d\b", "until [clock]"),
    (r"\b\d{1,2}:\d\d\b", "[clock]"),
    (r"on \d{1,2} [A-Z][a-z]{2} *", "on [day]  "),
    // The heading above it is as far away as the day is long.
    (r"\barchived {2,}in\b", "archived  in"),
    (r"\b\d{9,10}\b", "[external]"),
];

fn small() -> Result<World, tallyport_simulator::UnknownId> {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio")?;
    let client = world.add_client(workspace, "Café Ñandú")?;
    let website = world.add_project(workspace, NewProject::named("Website").under(client))?;
    world.add_task(website, "Design")?;
    world.add_project(workspace, "Internal")?;
    let zoe = world.add_user("Zoë Lefèvre", "zoe@example.com");
    world.add_member(workspace, zoe, Role::Member)?;
    Ok(world)
}

/// A workspace with so many projects, named 1, 2, 3, …
pub(crate) fn many_projects(count: usize) -> World {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    for number in 1..=count {
        world.add_project(workspace, NewProject::named(number.to_string())).unwrap();
    }
    world
}
