//! The simulated Toggl, as a process of its own: what it costs must not count as ours.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Result;
use crate::account::Account;

/// A simulator that runs until it is dropped.
pub(crate) struct Server {
    process: Child,
    started: Started,
    runtime: tokio::runtime::Runtime,
}

#[derive(Deserialize)]
struct Started {
    url: String,
    control: String,
    token: String,
}

/// What is there, as far as the price of a snapshot and the changes depend on it.
#[derive(Deserialize)]
pub(crate) struct World {
    /// How many requests came so far.
    pub(crate) requests: u32,
    pub(crate) workspaces: Vec<Workspace>,
}

#[derive(Deserialize)]
pub(crate) struct Workspace {
    pub(crate) clients: Vec<Item>,
    pub(crate) projects: Vec<Item>,
    pub(crate) tasks: Vec<Item>,
}

#[derive(Deserialize)]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) active: bool,
}

impl Server {
    pub(crate) fn start(account: Account) -> Result<Self> {
        let mut process = Command::new(program("tallyport-simulator")?).args(account.options()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let stdout = process.stdout.take().ok_or("the simulator says nothing")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let started = serde_json::from_str(&line)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let server = Self { process, started, runtime };
        // Nothing but work is measured: no waiting for a quota, and no compression, which would cost the simulator more
        // than everything else and so hide what we cost.
        server.order(&json!({ "switches": { "quota_headers": false, "quota": "counted", "gzip": false } }))?;
        Ok(server)
    }

    pub(crate) fn url(&self) -> &str {
        &self.started.url
    }

    pub(crate) fn token(&self) -> &str {
        &self.started.token
    }

    pub(crate) fn world(&self) -> Result<World> {
        let url = format!("{}/state", self.started.control);
        let client = client()?;
        let body = self.runtime.block_on(async { client.get(url).send().await?.error_for_status()?.bytes().await })?;
        Ok(serde_json::from_slice(&body)?)
    }

    /// Lets every answer take so many milliseconds.
    pub(crate) fn delay(&self, milliseconds: u64) -> Result<()> {
        self.order(&json!({ "switches": { "latency": milliseconds } }))
    }

    /// Renames a hundredth of everything: every hundredth active task and project, and every hundredth client.
    pub(crate) fn change(&self, round: usize) -> Result<()> {
        let world = self.world()?;
        let mut changes = Vec::new();
        for workspace in &world.workspaces {
            let active = |items: &'static str, list: &[Item], all: bool| {
                let picked = list.iter().filter(|item| all || item.active).skip(round % 100).step_by(100);
                let renamed = |item: &Item| json!({ "change": items, "id": item.id, "name": format!("{} {round}", item.name) });
                picked.map(renamed).collect::<Vec<_>>()
            };
            changes.extend(active("rename_client", &workspace.clients, true));
            changes.extend(active("rename_project", &workspace.projects, false));
            changes.extend(active("rename_task", &workspace.tasks, false));
        }
        self.order(&json!({ "changes": changes }))
    }

    /// The number of an active project.
    pub(crate) fn a_project(&self) -> Result<i64> {
        let world = self.world()?;
        let mut projects = world.workspaces.iter().flat_map(|workspace| &workspace.projects);
        projects.find(|project| project.active).map(|project| project.id).ok_or_else(|| "there is no project".into())
    }

    pub(crate) fn rename_project(&self, project: i64, name: &str) -> Result<()> {
        self.order(&json!({ "changes": [{ "change": "rename_project", "id": project, "name": name }] }))
    }

    fn order(&self, orders: &Value) -> Result<()> {
        let body = serde_json::to_vec(orders)?;
        let client = client()?;
        self.runtime.block_on(async { client.post(&self.started.control).body(body).send().await?.error_for_status() })?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is all that is wanted.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// A bare client. Only plain HTTP is spoken here, so it trusts nobody.
pub(crate) fn client() -> Result<reqwest::Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let tls = tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    Ok(reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build()?)
}

/// A program that was built beside this one.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    if path.exists() { Ok(path) } else { Err(format!("{} is not built", path.display()).into()) }
}
