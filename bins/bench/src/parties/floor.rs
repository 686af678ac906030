//! The floor: the same pages, fetched by a bare HTTP client, parsed into plain structs, the rows that come in written in one
//! transaction. What it leaves out is what nobody would want to be without: the check that lists are complete, the plan,
//! history, names that sort, and everything about a second account.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use reqwest::Client;
use rusqlite::{Connection, params};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Result;
use crate::server;
use crate::stopwatch::{Stopwatch, Took};

#[derive(Deserialize)]
struct Workspace {
    id: i64,
    organization_id: i64,
    name: String,
}

#[derive(Deserialize)]
struct ClientRow {
    id: i64,
    name: String,
    archived: bool,
}

#[derive(Deserialize)]
struct Project {
    id: i64,
    client_id: Option<i64>,
    name: String,
    active: bool,
    color: Option<String>,
    billable: Option<bool>,
}

#[derive(Deserialize)]
struct Task {
    id: i64,
    project_id: i64,
    name: String,
    active: bool,
}

#[derive(Deserialize)]
struct Envelope {
    total_count: usize,
    data: Option<Vec<Task>>,
}

#[derive(Deserialize)]
struct Member {
    #[expect(dead_code, reason = "parsed like everything else")]
    email: Option<String>,
}

/// Everything that was read.
struct Read {
    spaces: Vec<(Workspace, Vec<ClientRow>, Vec<Project>, Vec<Task>)>,
    requests: u32,
}

struct Fetcher {
    client: Client,
    url: String,
    token: String,
    requests: u32,
}

impl Fetcher {
    async fn get<T: DeserializeOwned>(&mut self, target: String) -> Result<T> {
        self.requests += 1;
        let request = self.client.get(format!("{}{target}", self.url)).basic_auth(&self.token, Some("api_token"));
        let body = request.send().await?.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice(&body)?)
    }

    async fn projects(&mut self, workspace: i64) -> Result<Vec<Project>> {
        let mut projects = Vec::new();
        for page in 1.. {
            let target = format!("/workspaces/{workspace}/projects?active=both&per_page=200&page={page}");
            let read = self.get::<Option<Vec<Project>>>(target).await?.unwrap_or_default();
            let last = read.len() < 200;
            projects.extend(read);
            if last {
                break;
            }
        }
        Ok(projects)
    }

    async fn tasks(&mut self, workspace: i64) -> Result<Vec<Task>> {
        let mut tasks = Vec::new();
        for page in 1.. {
            let query = "active=both&sort_field=created_at&per_page=200";
            let read: Envelope = self.get(format!("/workspaces/{workspace}/tasks?{query}&page={page}")).await?;
            tasks.extend(read.data.unwrap_or_default());
            if tasks.len() >= read.total_count {
                break;
            }
        }
        Ok(tasks)
    }

    async fn read(mut self) -> Result<Read> {
        let workspaces: Vec<Workspace> = self.get("/me/workspaces".to_owned()).await?;
        let ids: Vec<String> = workspaces.iter().map(|workspace| workspace.id.to_string()).collect();
        let organization = workspaces[0].organization_id;
        let mut spaces = Vec::new();
        for workspace in workspaces {
            let clients: Option<Vec<ClientRow>> = self.get(format!("/workspaces/{}/clients?status=both", workspace.id)).await?;
            let projects = self.projects(workspace.id).await?;
            let tasks = self.tasks(workspace.id).await?;
            spaces.push((workspace, clients.unwrap_or_default(), projects, tasks));
        }
        let members = format!("/organizations/{organization}/users?workspaces={}&per_page=200&page=1", ids.join(","));
        let _: Vec<Member> = self.get(members).await?;
        Ok(Read { spaces, requests: self.requests })
    }
}

fn read(url: &str, token: &str) -> Result<Read> {
    let fetcher = Fetcher { client: server::client()?, url: url.to_owned(), token: token.to_owned(), requests: 0 };
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(fetcher.read())
}

/// Fetches and parses.
pub(crate) fn read_only(url: &str, token: &str) -> Result<Took> {
    let stopwatch = Stopwatch::start()?;
    let read = read(url, token)?;
    let rows = read.spaces.iter().map(|(_, clients, projects, tasks)| clients.len() + projects.len() + tasks.len());
    let rows = rows.sum::<usize>() as i64;
    Ok(Took { rows, ..stopwatch.stop(read.requests)? })
}

/// What is in the tree, as kind and number.
type Key = (u8, i64);

/// A row to write.
struct Row<'a> {
    key: Key,
    parent: Option<Key>,
    name: &'a str,
    color: Option<&'a str>,
    billable: Option<bool>,
}

impl<'a> Row<'a> {
    fn new(key: Key, parent: Key, name: &'a str) -> Self {
        Self { key, parent: Some(parent), name, color: None, billable: None }
    }
}

const ROOT: Key = (0, 0);

/// The active items, each after what it hangs under.
fn active(read: &Read) -> Vec<Row<'_>> {
    let mut rows = vec![Row { parent: None, ..Row::new(ROOT, ROOT, "Toggl") }];
    for (workspace, clients, projects, tasks) in &read.spaces {
        let space = (1, workspace.id);
        rows.push(Row::new(space, ROOT, &workspace.name));
        let used: HashSet<i64> =
            projects.iter().filter(|project| project.active).filter_map(|project| project.client_id).collect();
        let there: HashSet<i64> = clients.iter().map(|client| client.id).collect();
        let shown = clients.iter().filter(|client| !client.archived || used.contains(&client.id));
        rows.extend(shown.map(|client| Row::new((2, client.id), space, &client.name)));
        let mut open = HashSet::new();
        for project in projects.iter().filter(|project| project.active) {
            open.insert(project.id);
            let client = project.client_id.filter(|client| there.contains(client));
            let parent = client.map_or(space, |client| (2, client));
            let (color, billable) = (project.color.as_deref(), project.billable);
            rows.push(Row { color, billable, ..Row::new((3, project.id), parent, &project.name) });
        }
        let shown = tasks.iter().filter(|task| task.active && open.contains(&task.project_id));
        rows.extend(shown.map(|task| Row::new((4, task.id), (3, task.project_id), &task.name)));
    }
    rows
}

fn open(file: &Path) -> Result<Connection> {
    let database = Connection::open(file)?;
    database.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    Ok(database)
}

/// Fetches, parses, and writes what is active into a new file.
pub(crate) fn first(url: &str, token: &str, file: &Path) -> Result<Took> {
    let mut database = open(file)?;
    database.execute_batch(
        "CREATE TABLE tasks (
             id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES tasks (id), kind INTEGER NOT NULL, external_id INTEGER NOT NULL,
             name TEXT NOT NULL, color TEXT, billable INTEGER
         ) STRICT;
         CREATE UNIQUE INDEX tasks_origin ON tasks (kind, external_id);
         CREATE INDEX tasks_parent ON tasks (parent_id);",
    )?;
    let stopwatch = Stopwatch::start()?;
    let read = read(url, token)?;
    let rows = active(&read);
    let mut numbers: HashMap<Key, i64> = HashMap::with_capacity(rows.len());
    let transaction = database.transaction()?;
    {
        let mut insert = transaction.prepare("INSERT INTO tasks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
        for (number, row) in (1_i64..).zip(&rows) {
            let parent = row.parent.map(|parent| numbers[&parent]);
            insert.execute(params![number, parent, row.key.0, row.key.1, row.name, row.color, row.billable])?;
            numbers.insert(row.key, number);
        }
    }
    transaction.commit()?;
    database.close().map_err(|(_, error)| error)?;
    Ok(Took { rows: rows.len() as i64, ..stopwatch.stop(read.requests)? })
}

/// Fetches, parses, compares names with those in the file, and writes those that differ.
pub(crate) fn changed(url: &str, token: &str, file: &Path) -> Result<Took> {
    let mut database = open(file)?;
    let stopwatch = Stopwatch::start()?;
    let read = read(url, token)?;
    let rows = active(&read);
    let mut known: HashMap<Key, (i64, String)> = HashMap::with_capacity(rows.len());
    {
        let mut select = database.prepare("SELECT kind, external_id, id, name FROM tasks")?;
        let mut found = select.query([])?;
        while let Some(row) = found.next()? {
            known.insert((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?));
        }
    }
    let transaction = database.transaction()?;
    {
        let mut update = transaction.prepare("UPDATE tasks SET name = ?2 WHERE id = ?1")?;
        for row in &rows {
            let (number, name) = &known[&row.key];
            if name != row.name {
                update.execute(params![number, row.name])?;
            }
        }
    }
    transaction.commit()?;
    database.close().map_err(|(_, error)| error)?;
    Ok(Took { rows: rows.len() as i64, ..stopwatch.stop(read.requests)? })
}
