//! Projects: a bare array in pages of 151 unless asked otherwise, with no word on how many there are.

use chrono::NaiveDate;
use serde::Serialize;

use super::since::listed;
use super::{Answered, Context, Seen, id_in_path};
use crate::answer::{Refusal, Reply};
use crate::switches::ProjectOrder;
use crate::times::Seconds;
use crate::world::{Project, Workspace};

/// A project, with both spellings of what it belongs to.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the object of the API has them")]
pub(super) struct ProjectRow<'a> {
    id: i64,
    workspace_id: i64,
    client_id: Option<i64>,
    name: &'a str,
    is_private: bool,
    active: bool,
    at: Seconds,
    created_at: Seconds,
    server_deleted_at: Option<Seconds>,
    color: &'a str,
    billable: Option<bool>,
    template: Option<bool>,
    auto_estimates: Option<bool>,
    estimated_hours: Option<i64>,
    estimated_seconds: Option<i64>,
    rate: Option<i64>,
    rate_last_updated: Option<Seconds>,
    currency: Option<&'a str>,
    recurring: bool,
    template_id: Option<i64>,
    recurring_parameters: Option<i64>,
    fixed_fee: Option<i64>,
    actual_hours: i64,
    actual_seconds: i64,
    tasks_count: Option<i64>,
    can_track_time: bool,
    start_date: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<NaiveDate>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_count: Option<usize>,
    wid: i64,
    cid: Option<i64>,
    is_shared: bool,
    pinned: bool,
}

impl<'a> ProjectRow<'a> {
    pub(super) fn new(workspace: i64, project: &'a Project, today: NaiveDate) -> Self {
        Self {
            id: project.id,
            workspace_id: workspace,
            client_id: project.client,
            name: &project.name,
            is_private: project.private,
            active: project.active,
            at: Seconds(project.at),
            created_at: Seconds(project.created_at),
            server_deleted_at: project.deleted_at.map(Seconds),
            color: &project.color,
            // Old projects of real accounts hold null where younger ones hold false.
            billable: (project.id % 3 != 0).then_some(false),
            template: project.template.then_some(true),
            auto_estimates: None,
            estimated_hours: None,
            estimated_seconds: None,
            rate: None,
            rate_last_updated: None,
            currency: None,
            recurring: false,
            template_id: None,
            recurring_parameters: None,
            fixed_fee: None,
            actual_hours: project.actual_seconds / 3600,
            actual_seconds: project.actual_seconds,
            tasks_count: None,
            can_track_time: false,
            start_date: project.start_date,
            end_date: project.end_date,
            status: project.status(today),
            total_count: None,
            wid: workspace,
            cid: project.client,
            is_shared: false,
            pinned: false,
        }
    }
}

/// Which of active and archived are asked for: `None` for both.
pub(super) fn active(text: Option<&str>, default: Option<bool>) -> Result<Option<bool>, Refusal> {
    match text {
        None => Ok(default),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some("both") => Ok(None),
        Some(_) => Err(Refusal::bad_request("Invalid active")),
    }
}

impl Context<'_> {
    pub(super) fn projects(&self, seen: Seen<'_>) -> Answered {
        let (workspace, _) = seen;
        let page = self.page(151, self.switches.projects_cap)?;
        let wanted = self.wanted_projects(seen)?;
        let (projects, total) = page.of(self.ordered_projects(workspace).filter(|project| wanted(project)));
        let today = self.now.date_naive();
        let rows: Vec<_> = projects
            .into_iter()
            .map(|project| ProjectRow {
                total_count: self.switches.total_count_in_projects.then_some(total),
                ..ProjectRow::new(workspace.id, project, today)
            })
            .collect();
        Ok(self.list(&rows))
    }

    /// The filter that the query makes, with what the reader may see.
    fn wanted_projects<'a>(&'a self, (_, reader): Seen<'a>) -> Result<impl Fn(&Project) -> bool + 'a, Refusal> {
        let active = active(self.query.get("active"), None)?;
        let since = self.since()?;
        let name = self.query.get("name").or(self.query.get("search")).map(str::to_lowercase);
        let clients = self.query.ids("client_ids");
        let projects = self.query.ids("project_ids");
        let users = self.query.ids("user_ids");
        let statuses: Option<Vec<&str>> = self.query.get("statuses").map(|list| list.split(',').collect());
        let only_templates = self.query.is("only_templates", "true");
        let only_me = self.query.is("only_me", "true");
        let today = self.now.date_naive();
        Ok(move |project: &Project| {
            listed(since, project.at, project.deleted_at)
                && active.is_none_or(|active| project.active == active)
                && project.visible_to(reader)
                && (self.switches.templates_in_projects || !project.template || only_templates)
                && (!only_templates || project.template)
                && (!only_me || project.members.contains(&self.reader.id))
                && name.as_ref().is_none_or(|name| project.name.to_lowercase().contains(name))
                && clients.as_ref().is_none_or(|ids| project.client.is_some_and(|client| ids.contains(&client)))
                && projects.as_ref().is_none_or(|ids| ids.contains(&project.id))
                && users.as_ref().is_none_or(|ids| project.members.iter().any(|member| ids.contains(member)))
                && statuses.as_ref().is_none_or(|statuses| statuses.contains(&project.status(today)))
        })
    }

    fn ordered_projects<'a>(&self, workspace: &'a Workspace) -> Box<dyn Iterator<Item = &'a Project> + 'a> {
        let by_name = match self.query.get("sort_field") {
            Some("created_at") => false,
            Some("name") => true,
            _ => self.switches.project_order == ProjectOrder::Name,
        };
        let descending = self.query.get("sort_order").is_some_and(|order| order.eq_ignore_ascii_case("desc"));
        match (by_name, descending) {
            (true, false) => Box::new(workspace.projects_by_name()),
            (true, true) => Box::new(workspace.projects_by_name().rev()),
            (false, false) => Box::new(workspace.projects.iter()),
            (false, true) => Box::new(workspace.projects.iter().rev()),
        }
    }

    pub(super) fn templates(&self, (workspace, reader): Seen<'_>) -> Reply {
        let today = self.now.date_naive();
        let rows: Vec<_> = workspace
            .projects
            .iter()
            .filter(|project| project.template && project.deleted_at.is_none() && project.visible_to(reader))
            .map(|project| ProjectRow::new(workspace.id, project, today))
            .collect();
        self.list(&rows)
    }

    pub(super) fn project(&self, seen: Seen<'_>, id: &str) -> Answered {
        let project = visible(seen, id)?;
        Ok(Reply::json(&ProjectRow::new(seen.0.id, project, self.now.date_naive())))
    }

    /// The projects that the reader takes part in: public ones, and private ones they are a member of.
    pub(super) fn own_projects(&self) -> impl Iterator<Item = (&Workspace, &Project)> {
        self.world
            .workspaces_of(self.reader.id)
            .flat_map(|(workspace, _)| workspace.projects.iter().map(move |project| (workspace, project)))
            .filter(|(_, project)| !project.private || project.members.contains(&self.reader.id))
    }

    pub(super) fn my_projects(&self) -> Answered {
        let include_archived = match self.query.get("include_archived") {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(Refusal::bad_request("Invalid include_archived")),
        };
        let since = self.since()?;
        let today = self.now.date_naive();
        let rows: Vec<_> = self
            .own_projects()
            .filter(|(_, project)| listed(since, project.at, project.deleted_at))
            .filter(|(_, project)| since.is_some() || include_archived || project.active)
            .map(|(workspace, project)| ProjectRow::new(workspace.id, project, today))
            .collect();
        Ok(self.list(&rows))
    }

    pub(super) fn my_projects_paginated(&self) -> Answered {
        let refusal = |_| Refusal::bad_request("Invalid start_project_id");
        let start: i64 = self.query.get("start_project_id").map_or(Ok(0), str::parse).map_err(refusal)?;
        let size = self.page(201, usize::MAX)?.size;
        let today = self.now.date_naive();
        let mut projects: Vec<_> = self.own_projects().filter(|(_, project)| project.deleted_at.is_none()).collect();
        projects.sort_by_key(|(_, project)| project.id);
        let rows: Vec<_> = projects
            .into_iter()
            .filter(|(_, project)| project.id >= start)
            .take(size)
            .map(|(workspace, project)| ProjectRow::new(workspace.id, project, today))
            .collect();
        Ok(self.list(&rows))
    }
}

/// The project of that id, if the reader sees it.
pub(super) fn visible<'a>(seen: Seen<'a>, id: &str) -> Result<&'a Project, Refusal> {
    let (workspace, reader) = seen;
    let id = id_in_path(id, "project_id")?;
    let mut projects = workspace.projects.iter();
    let found = projects.find(|project| project.id == id && project.deleted_at.is_none());
    found.filter(|project| project.visible_to(reader)).ok_or_else(Refusal::not_found)
}
