use serde_json::{Value, json as value};

use super::canned::{Answer, Request, json, reply};

/// A well-behaved account with one workspace, of which a test spoils what it is about.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) workspaces: Vec<Value>,
    pub(crate) clients: Vec<Value>,
    pub(crate) projects: Vec<Value>,
    pub(crate) tasks: Vec<Value>,
    pub(crate) members: Vec<Value>,
    /// The largest page.
    pub(crate) cap: usize,
}

pub(crate) fn project(id: i64, name: &str) -> Value {
    value!({"id": id, "workspace_id": 11, "client_id": 31, "name": name, "active": true, "is_private": false,
        "color": "#0b83d9", "billable": null, "template": null, "wid": 11, "cid": 31, "server_deleted_at": null})
}

pub(crate) fn task(id: i64, name: &str) -> Value {
    value!({"id": id, "workspace_id": 11, "project_id": 41, "name": name, "active": true, "server_deleted_at": null})
}

impl Account {
    pub(crate) fn new() -> Self {
        Self {
            workspaces: vec![
                value!({"id": 11, "organization_id": 22, "name": "Acme", "premium": true, "admin": true, "role": "admin"}),
            ],
            clients: vec![value!({"id": 31, "wid": 11, "archived": false, "name": "Big Client"})],
            projects: vec![project(41, "Site")],
            tasks: vec![task(51, "Build")],
            members: vec![
                value!({"id": 61, "user_id": 9, "workspace_id": 11, "email": "ada@example.test", "name": "Ada", "active": true, "inactive": false}),
            ],
            cap: 200,
        }
    }

    /// So many projects with ids from 1001.
    pub(crate) fn with_projects(mut self, count: i64) -> Self {
        self.projects = (1..=count).map(|n| project(1000 + n, &format!("Project {n}"))).collect();
        self
    }

    /// So many tasks with ids from 5001.
    pub(crate) fn with_tasks(mut self, count: i64) -> Self {
        self.tasks = (1..=count).map(|n| task(5000 + n, &format!("Task {n}"))).collect();
        self
    }

    fn page(&self, rows: &[Value], request: &Request) -> Vec<Value> {
        let size = request.query("per_page").map_or(50, |size| size.parse().unwrap()).min(self.cap);
        rows.iter().skip((request.page() - 1) * size).take(size).cloned().collect()
    }

    fn list(rows: &[Value]) -> Answer {
        if rows.is_empty() { json("null") } else { json(value!(rows).to_string()) }
    }

    /// What Toggl answers.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        match request.path() {
            "/me" => json(r#"{"id":9,"email":"ada@example.test","fullname":"Ada","api_token":"not-for-logs"}"#),
            "/me/workspaces" => Self::list(&self.workspaces),
            "/workspaces/11/clients" => Self::list(&self.clients),
            "/workspaces/11/projects" => Self::list(&self.page(&self.projects, request)),
            "/workspaces/11/tasks" => {
                let rows = self.page(&self.tasks, request);
                let data = if rows.is_empty() { Value::Null } else { value!(rows) };
                let size = request.query("per_page").map_or(50, |size| size.parse().unwrap()).min(self.cap);
                let envelope = value!({"total_count": self.tasks.len(), "page": request.page(), "per_page": size, "data": data});
                json(envelope.to_string())
            }
            "/organizations/22/workspaces/11/workspace_users" => Self::list(&self.page(&self.members, request)),
            _ => reply(404, &[], "\"Resource can not be found\""),
        }
    }
}
