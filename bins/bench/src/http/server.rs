//! The servers that are measured, each a process of its own.

use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use argon2::Argon2;
use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};
use tallyport_domain::{Secret, SecretKind};
use tallyport_sync::system::SystemRandom;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Result;
use crate::series::Series;
use crate::server::{Server as Toggl, client, program};
use crate::stopwatch::now;

const EMAIL: &str = "ana.novakova@nordlicht.example";
const PASSWORD: &str = "a sentence is a good password";
/// The members beside the administrator, and the number of the first.
const MEMBERS: i64 = 50;
const FIRST_MEMBER: i64 = 1000;

/// A process that is ended when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already, which is all that is wanted.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// A floor, which this program serves.
pub(crate) struct Floor {
    _running: Running,
    address: String,
}

impl Floor {
    pub(crate) fn start(which: &str, database: &Path) -> Result<Self> {
        let mut process =
            Command::new(std::env::current_exe()?).args(["serve", which]).arg(database).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("the floor says nothing")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("http://").ok_or("the floor does not say where it is")?.to_owned();
        Ok(Self { _running: Running(process), address })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

/// Our server over an imported account, and somebody who is signed in.
pub(crate) struct Product {
    running: Running,
    database: PathBuf,
    address: String,
    token: String,
    /// Of members who follow live events, since one person may open only so many streams, and who track time.
    members: Vec<String>,
    ready_after: f64,
}

impl Product {
    pub(crate) fn start(toggl: &Toggl, folder: &Path) -> Result<Self> {
        let database = folder.join("server.db");
        import(toggl, folder, &database)?;
        Self::over(toggl, database)
    }

    /// The same over a database that exists.
    pub(crate) fn over(toggl: &Toggl, database: PathBuf) -> Result<Self> {
        let members = (0..MEMBERS).map(|number| member(&database, number)).collect::<Result<_>>()?;
        // Once, so that what is measured is a start and not the first reading of the program from the disk.
        drop(Started::new(toggl, &database)?);
        let Started { running, address, ready_after } = Started::new(toggl, &database)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let token = runtime.block_on(async { token(&client()?, &address).await })?;
        Ok(Self { running, database, address, token, members, ready_after })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.database.clone()
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Tokens of so many members, each of whom has the task and all below it.
    pub(crate) async fn trackers(&self, many: usize, task: i64) -> Result<&[String]> {
        for number in 0..many {
            let path = format!("tasks/{task}/assignments/{}", FIRST_MEMBER + i64::try_from(number)?);
            self.ask(Method::PUT, &path, &Value::Null).await?;
        }
        self.members.get(..many).ok_or_else(|| format!("there are no {many} members").into())
    }

    /// Seconds from the start of the process until it is ready.
    pub(crate) fn ready_after(&self) -> f64 {
        self.ready_after
    }

    /// How much of its memory is resident.
    pub(crate) fn resident_kib(&self) -> Result<u64> {
        self.status("VmRSS:")
    }

    /// How much of it ever was, or was since [`Product::forget_peak`].
    pub(crate) fn peak_kib(&self) -> Result<u64> {
        self.status("VmHWM:")
    }

    /// Lets the peak begin anew at what is resident now.
    pub(crate) fn forget_peak(&self) -> Result<()> {
        Ok(std::fs::write(format!("/proc/{}/clear_refs", self.running.0.id()), "5")?)
    }

    fn status(&self, field: &str) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.running.0.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)).ok_or_else(|| format!("no {field}"))?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// The numbers of its tasks.
    pub(crate) async fn task_ids(&self) -> Result<Vec<i64>> {
        let tasks: Vec<Value> = serde_json::from_slice(&self.ask(Method::GET, "tasks", &Value::Null).await?)?;
        Ok(tasks.iter().filter_map(|task| task["id"].as_i64()).collect())
    }

    /// How long signing in takes, in seconds: the median of some.
    pub(crate) async fn sign_in(&self) -> Result<f64> {
        let mut series = Series::default();
        // Making ready for TLS and the first connection are the client's.
        let client = client()?;
        client.get(format!("http://{}/healthz", self.address)).send().await?.error_for_status()?;
        // As many as may come at once before tries are slowed down.
        for _ in 0..3 {
            let began = now();
            token(&client, &self.address).await?;
            series.push(began.elapsed().as_secs_f64());
        }
        Ok(series.median())
    }

    /// How long a search takes each time that something was changed before it.
    pub(crate) async fn search_after_each_change(&self, word: &str) -> Result<Series> {
        let (client, tasks) = (client()?, format!("http://{}/api/v1/tasks", self.address));
        let mut series = Series::default();
        for number in 0..100 {
            let name = json!({ "name": format!("Changed {number}") }).to_string();
            let add = client.post(&tasks).bearer_auth(&self.token).header("content-type", "application/json").body(name);
            add.send().await?.error_for_status()?;
            let began = now();
            let search = client.get(format!("{tasks}?q={word}")).bearer_auth(&self.token);
            search.send().await?.error_for_status()?.bytes().await?;
            series.push(began.elapsed().as_secs_f64());
        }
        Ok(series)
    }

    /// Opens streams of live events.
    pub(crate) async fn open_streams(&self, many: usize) -> Result<Vec<TcpStream>> {
        let mut open = Vec::with_capacity(many);
        for token in self.members.iter().cycle().take(many) {
            open.push(self.follow(token).await?);
        }
        Ok(open)
    }

    /// Opens a stream of live events in somebody's name, which has said that it stands.
    pub(crate) async fn follow(&self, token: &str) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let request = format!("GET /api/v1/events HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).await?;
        let mut said = Vec::new();
        while !said.windows(5).any(|five| five == b"ready") {
            if stream.read_buf(&mut said).await? == 0 {
                return Err(format!("a stream was refused: {}", String::from_utf8_lossy(&said)).into());
            }
        }
        Ok(stream)
    }

    /// Sends a request to the API in the administrator's name, and reads the answer to its end.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: &Value) -> Result<Vec<u8>> {
        let mut request = client()?.request(method, format!("http://{}/api/v1/{path}", self.address)).bearer_auth(&self.token);
        if !body.is_null() {
            request = request.header("content-type", "application/json").body(serde_json::to_vec(body)?);
        }
        Ok(request.send().await?.error_for_status()?.bytes().await?.to_vec())
    }

    /// Adds a native task, and gives its number.
    pub(crate) async fn add_task(&self, name: &str) -> Result<i64> {
        let added: Value = serde_json::from_slice(&self.ask(Method::POST, "tasks", &json!({ "name": name })).await?)?;
        added["id"].as_i64().ok_or_else(|| format!("no task was added: {added}").into())
    }

    /// Runs the terminal program on the database itself.
    pub(crate) fn program(&self, words: &[&str]) -> Result<()> {
        terminal(&self.database, &[], words, "")
    }
}

/// A server that has said that it is ready.
struct Started {
    running: Running,
    address: String,
    ready_after: f64,
}

impl Started {
    fn new(toggl: &Toggl, database: &Path) -> Result<Self> {
        let began = now();
        let mut process = Command::new(program("tallyport-server")?)
            .args(["--listen", "127.0.0.1:0", "--log-format", "json", "--toggl-url", toggl.url(), "--database"])
            .arg(database)
            .stderr(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(process.stderr.take().ok_or("the server says nothing")?);
        let running = Running(process);
        let mut told = String::new();
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Err(format!("the server did not start: {told}").into());
            }
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            if event["message"] == "ready" {
                let address = event["listen"].as_str().ok_or("the server does not say where it listens")?.to_owned();
                let ready_after = began.elapsed().as_secs_f64();
                // Whoever stops reading stops the server at the first line that no longer fits.
                std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
                return Ok(Self { running, address, ready_after });
            }
            told.push_str(&line);
        }
    }
}

/// Makes an account with a password and imports everything, by the terminal.
pub(crate) fn import(toggl: &Toggl, folder: &Path, database: &Path) -> Result<()> {
    let key = folder.join("token.txt");
    std::fs::write(&key, toggl.token())?;
    let key = key.display().to_string();
    let create = ["account", "create", "--name", "Nordlicht", "--admin-email", EMAIL, "--admin-name", "Ana", "--password-stdin"];
    for words in [&create[..], &["toggl", "enable", "--token-file", &key], &["toggl", "select", "--all"]] {
        terminal(database, &["--toggl-url", toggl.url()], words, PASSWORD)?;
    }
    Ok(())
}

/// Runs the terminal program on a database.
pub(crate) fn terminal(database: &Path, options: &[&str], words: &[&str], input: &str) -> Result<()> {
    let mut process = Command::new(program("tallyport")?)
        .args(["--quiet", "--database"])
        .arg(database)
        .args(options)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    process.stdin.take().ok_or("the terminal hears nothing")?.write_all(input.as_bytes())?;
    if process.wait()?.success() { Ok(()) } else { Err(format!("tallyport {} failed", words.join(" ")).into()) }
}

/// Adds a member with a token, past the API: signing in fifty times from one address would be slowed down.
fn member(database: &Path, number: i64) -> Result<String> {
    let (person, id) = (FIRST_MEMBER + number, 1000 + number);
    let token = Secret::generate(SecretKind::Token, &SystemRandom);
    let email = format!("member{number}@nordlicht.example");
    let database = Connection::open(database)?;
    database.execute(
        "INSERT INTO people (account_id, person_id, email, email_key, name, role, active) VALUES (1, ?1, ?2, ?2, ?2, 'member', 1)",
        (person, email),
    )?;
    database.execute(
        "INSERT INTO api_tokens (account_id, token_id, person_id, name, scope, created_at) VALUES (1, ?1, ?2, 'bench', 'track', 0)",
        (id, person),
    )?;
    let hash = token.hash().0;
    database.execute("INSERT INTO secrets (hash, account_id, kind, id) VALUES (?1, 1, 'token', ?2)", (&hash[..], id))?;
    Ok(token.reveal().to_owned())
}

async fn token(client: &reqwest::Client, address: &str) -> Result<String> {
    let body = json!({ "email": EMAIL, "password": PASSWORD, "token": { "name": "bench", "scope": "admin" } });
    let request = client
        .post(format!("http://{address}/api/v1/session"))
        .header("content-type", "application/json")
        .header("sec-fetch-site", "same-origin")
        .timeout(Duration::from_secs(10))
        .body(serde_json::to_vec(&body)?);
    let answer = request.send().await?;
    let (status, body) = (answer.status(), answer.bytes().await?);
    let said: Value = serde_json::from_slice(&body)?;
    let token = said["token"].as_str().map(str::to_owned);
    token.ok_or_else(|| format!("signing in was answered with {status}: {said}").into())
}

/// How long hashing one password takes with our parameters, in seconds: the median of some.
pub(crate) fn hash_once() -> Result<f64> {
    let params = argon2::Params::new(19 * 1024, 2, 1, None).map_err(|error| error.to_string())?;
    let argon2 = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut series = Series::default();
    for _ in 0..5 {
        let began = now();
        let mut hash = [0; 32];
        argon2.hash_password_into(PASSWORD.as_bytes(), &[7; 16], &mut hash).map_err(|error| error.to_string())?;
        series.push(began.elapsed().as_secs_f64());
    }
    Ok(series.median())
}
