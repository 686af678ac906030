//! Any bytes at all as one of Toggl's answers, through the same door as every other answer.
//!
//! The fuzz target `toggl_bodies` includes this file, so it stands by itself.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode};
use tallyport_domain::{
    Clock, Content, Impatient, Part, Parts, Random, ReadProgress, ReadRequest, Reading, Source, SourceError, WaitFor,
};
use tallyport_toggl::{Answer, Broken, Config, Toggl, Transport};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// What an input is an answer to: its first byte says so.
const SHAPES: [&str; 8] = [
    "/me",
    "/me/workspaces",
    "/clients",
    "/projects",
    "/tasks",
    "/workspace_users",
    "/organizations/22/users",
    // A refusal of projects; the next byte says with what status.
    "/projects",
];

const REFUSALS: [u16; 8] = [400, 401, 402, 403, 404, 429, 500, 301];

/// A well-behaved account of three workspaces with one thing of each kind, but for one answer.
struct Spoiled {
    path: &'static str,
    status: StatusCode,
    body: Bytes,
}

impl Spoiled {
    fn of(input: &[u8]) -> Self {
        let (first, rest) = input.split_first().unwrap_or((&b'0', &[]));
        let shape = usize::from(first.wrapping_sub(b'0')) % SHAPES.len();
        let (status, body) = match rest.split_first() {
            Some((status, body)) if shape == SHAPES.len() - 1 => {
                (REFUSALS[usize::from(status.wrapping_sub(b'0')) % REFUSALS.len()], body)
            }
            _ => (200, rest),
        };
        Self {
            path: SHAPES[shape],
            status: StatusCode::from_u16(status).expect("each of them is one"),
            body: Bytes::copy_from_slice(body),
        }
    }

    fn rightly(path: &str) -> &'static str {
        match path {
            "/me" => r#"{"id": 9, "fullname": "Ada", "email": "ada@example.test"}"#,
            "/me/workspaces" => {
                r#"[{"id": 11, "organization_id": 22, "name": "Acme", "premium": true, "admin": true, "role": "admin"},
                    {"id": 12, "organization_id": 22, "name": "Labs", "premium": true, "admin": true, "role": "admin"},
                    {"id": 13, "organization_id": 22, "name": "Free", "premium": false, "admin": true, "role": "admin"}]"#
            }
            "/workspaces/11/clients" => r#"[{"id": 31, "wid": 11, "archived": false, "name": "Big Client"}]"#,
            "/workspaces/11/projects" => {
                r#"[{"id": 41, "workspace_id": 11, "client_id": 31, "name": "Site", "active": true, "is_private": false}]"#
            }
            "/workspaces/11/tasks" => {
                r#"{"total_count": 1, "page": 1, "per_page": 200, "data":
                    [{"id": 51, "workspace_id": 11, "project_id": 41, "name": "Build", "active": true}]}"#
            }
            "/workspaces/12/tasks" => r#"{"total_count": 0, "page": 1, "per_page": 200, "data": null}"#,
            path if path.ends_with("/workspace_users") => {
                r#"[{"id": 61, "user_id": 9, "email": "ada@example.test", "name": "Ada", "active": true, "inactive": false}]"#
            }
            // The short cut is closed, so that every workspace is asked by itself.
            "/organizations/22/users" => "refused",
            _ => "null",
        }
    }
}

#[async_trait]
impl Transport for Spoiled {
    async fn get(&self, target: &str, _: HeaderValue) -> Result<Answer, Broken> {
        let path = target.split('?').next().unwrap_or_default();
        let spoiled = if self.path.starts_with("/me") || self.path.starts_with("/organizations") {
            path == self.path
        } else {
            path.ends_with(self.path)
        };
        let (status, body) = if spoiled {
            (self.status, self.body.clone())
        } else {
            let body = Self::rightly(path);
            let status = if body == "refused" { StatusCode::FORBIDDEN } else { StatusCode::OK };
            (status, Bytes::from_static(body.as_bytes()))
        };
        Ok(Answer { status, headers: HeaderMap::new(), body })
    }
}

/// Time passes when it is waited for.
struct Patient(Mutex<DateTime<Utc>>);

#[async_trait]
impl Clock for Patient {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("nobody panics with it")
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        let mut now = self.0.lock().expect("nobody panics with it");
        *now = instant.max(*now);
    }
}

struct Zeros;

impl Random for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

struct Listener(Arc<Patient>);

#[async_trait]
impl Parts for Listener {
    async fn keep(&self, _: Part) {}

    fn progress(&self, _: ReadProgress) {}

    async fn wait(&self, until: DateTime<Utc>, why: WaitFor) -> Result<(), Impatient> {
        if why == WaitFor::Quota {
            return Err(Impatient);
        }
        self.0.sleep_until(until).await;
        Ok(())
    }
}

/// Reads an account of which one answer is these bytes, and holds whatever comes of it against what must be.
pub(crate) fn check(input: &[u8]) {
    let clock = Arc::new(Patient(Mutex::new(DateTime::UNIX_EPOCH)));
    let transport = Arc::new(Spoiled::of(input));
    let toggl = Toggl::over(Config::at("http://127.0.0.1"), transport, TOKEN.into(), clock.clone(), Arc::new(Zeros));
    let toggl = toggl.expect("the settings are good");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it needs nothing");
    runtime.block_on(async {
        if let Err(error) = toggl.identify().await {
            must_be_fit_to_show(&error);
        }
        match toggl.read(ReadRequest::default(), &Listener(clock)).await {
            Ok(reading) => must_be_sound(&reading),
            Err(error) => must_be_fit_to_show(&error),
        }
    });
}

fn must_be_fit_to_show(error: &SourceError) {
    let shown = error.to_string();
    assert!(shown.len() < 4096, "{} bytes", shown.len());
    assert!(!shown.contains(TOKEN) && !format!("{error:?}").contains(TOKEN), "{shown}");
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
}

fn must_be_sound(reading: &Reading) {
    let mut ids = Vec::new();
    for workspace in &reading.snapshot.workspaces {
        ids.push((0, workspace.workspace.id));
        let Content::Read(content) = &workspace.content else { continue };
        ids.extend(content.clients.iter().map(|client| (1, client.id)));
        ids.extend(content.projects.iter().map(|project| (2, project.id)));
        ids.extend(content.tasks.iter().flatten().map(|task| (3, task.id)));
    }
    assert!(ids.iter().all(|(_, id)| id.0 > 0), "{ids:?}");
    let workspaces = ids.iter().filter(|(kind, _)| *kind == 0).count();
    ids.retain(|(kind, _)| *kind == 0);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), workspaces);
    assert!(!reading.proof.lists.is_empty());
}

#[cfg(test)]
mod tests {
    use crate::replay::replay;

    #[test] // I10
    fn whatever_one_answer_is_reading_ends_soundly() {
        replay("toggl_bodies", |input| {
            super::check(input);
            (0..input.len()).step_by(1 + input.len() / 40).for_each(|end| super::check(&input[..end]));
        });
    }
}
