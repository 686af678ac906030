//! The reader's own time entries, newest first and never more than a thousand.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use super::since::listed;
use super::{Answered, Context, id_in_path};
use crate::answer::{Refusal, Reply};
use crate::times::{Fine, Seconds};
use crate::world::TimeEntry;

const MOST: usize = 1_000;

#[derive(Serialize)]
pub(super) struct EntryRow<'a> {
    id: i64,
    workspace_id: i64,
    project_id: Option<i64>,
    task_id: Option<i64>,
    billable: bool,
    start: Seconds,
    stop: Option<Seconds>,
    duration: i64,
    description: Option<&'a str>,
    tags: [&'a str; 0],
    tag_ids: [i64; 0],
    duronly: bool,
    at: Fine,
    server_deleted_at: Option<Seconds>,
    user_id: i64,
    uid: i64,
    wid: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tid: Option<i64>,
    #[serde(flatten)]
    meta: Option<Meta<'a>>,
}

#[derive(Serialize)]
struct Meta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_color: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_billable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_name: Option<&'a str>,
    user_name: &'a str,
    user_avatar_url: &'static str,
}

impl Context<'_> {
    pub(super) fn time_entries(&self) -> Answered {
        let since = self.since()?;
        let before = self.query.get("before").map(|text| instant(text, "before")).transpose()?;
        if since.is_some() && before.is_some() {
            return Err(Refusal::bad_request("'since' and 'before' can not be present simultaneously"));
        }
        let start = self.query.get("start_date").map(|text| instant(text, "start_date")).transpose()?;
        let end = self.query.get("end_date").map(|text| instant(text, "end_date")).transpose()?;
        if start.is_some() != end.is_some() {
            return Err(Refusal::bad_request("start_date and end_date must be present together"));
        }
        let earliest = (self.now - TimeDelta::days(90)).date_naive();
        if start.is_some_and(|start| start.date_naive() < earliest) {
            return Err(Refusal::bad_request(format!("start_date must not be earlier than {earliest}")));
        }
        let from = if before.is_some() || since.is_some() { None } else { Some(start.unwrap_or_else(|| self.recent())) };
        let rows = self.entries(|entry| {
            listed(since, entry.at, entry.deleted_at)
                && from.is_none_or(|from| entry.start >= from)
                && end.is_none_or(|end| entry.start < end)
                && before.is_none_or(|before| entry.start < before)
        });
        Ok(self.list(&rows))
    }

    fn recent(&self) -> DateTime<Utc> {
        self.now - TimeDelta::days(9)
    }

    /// What comes along with `/me?with_related_data=true`.
    pub(super) fn recent_entries(&self) -> Vec<EntryRow<'_>> {
        let from = self.recent();
        self.entries(|entry| entry.deleted_at.is_none() && entry.start >= from)
    }

    fn entries(&self, wanted: impl Fn(&TimeEntry) -> bool) -> Vec<EntryRow<'_>> {
        let own = self.world.entries.iter().filter(|entry| entry.user == self.reader.id && wanted(entry));
        let mut entries: Vec<&TimeEntry> = own.collect();
        entries.sort_by_key(|entry| std::cmp::Reverse((entry.start, entry.id)));
        entries.into_iter().take(MOST).map(|entry| self.entry_row(entry)).collect()
    }

    pub(super) fn current_time_entry(&self) -> Reply {
        let mut own = self.world.entries.iter().filter(|entry| entry.user == self.reader.id);
        let running = own.find(|entry| entry.stop.is_none() && entry.deleted_at.is_none());
        Reply::json(&running.map(|entry| self.entry_row(entry)))
    }

    pub(super) fn time_entry(&self, id: &str) -> Answered {
        let id = id_in_path(id, "time_entry_id")?;
        let mut own = self.world.entries.iter().filter(|entry| entry.user == self.reader.id);
        let entry = own.find(|entry| entry.id == id).ok_or_else(Refusal::not_found)?;
        Ok(Reply::json(&self.entry_row(entry)))
    }

    fn entry_row<'a>(&'a self, entry: &'a TimeEntry) -> EntryRow<'a> {
        EntryRow {
            id: entry.id,
            workspace_id: entry.workspace,
            project_id: entry.project,
            task_id: entry.task,
            billable: false,
            start: Seconds(entry.start),
            stop: entry.stop.map(Seconds),
            duration: entry.stop.map_or(-entry.start.timestamp(), |stop| (stop - entry.start).num_seconds()),
            description: entry.description.as_deref(),
            tags: [],
            tag_ids: [],
            duronly: true,
            at: Fine(entry.at),
            server_deleted_at: entry.deleted_at.map(Seconds),
            user_id: entry.user,
            uid: entry.user,
            wid: entry.workspace,
            pid: entry.project,
            tid: entry.task,
            meta: self.query.is("meta", "true").then(|| self.meta(entry)),
        }
    }

    fn meta<'a>(&'a self, entry: &TimeEntry) -> Meta<'a> {
        let project = entry.project.and_then(|id| self.world.project(id));
        let client = project.and_then(|project| project.client).and_then(|id| self.world.client(id));
        let task = entry.task.and_then(|id| self.world.task(id));
        Meta {
            client_name: client.map(|client| client.name.as_str()),
            project_name: project.map(|project| project.name.as_str()),
            project_color: project.map(|project| project.color.as_str()),
            project_active: project.map(|project| project.active),
            project_billable: project.map(|_| false),
            task_name: task.map(|task| task.name.as_str()),
            user_name: &self.reader.name,
            user_avatar_url: "",
        }
    }
}

/// A date, which means its first instant, or an RFC 3339 instant.
fn instant(text: &str, name: &str) -> Result<DateTime<Utc>, Refusal> {
    let date = text.parse::<NaiveDate>().ok().and_then(|date| date.and_hms_opt(0, 0, 0)).map(|date| date.and_utc());
    let parsed = date.or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc()));
    parsed.ok_or_else(|| Refusal::bad_request(format!("Invalid {name}")))
}
