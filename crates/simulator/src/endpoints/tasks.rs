//! Tasks: an envelope in pages of 50 for a workspace, a bare array everywhere else, nothing on a free plan.

use serde::Serialize;

use super::projects::{active, visible};
use super::since::listed;
use super::{Answered, Context, Seen, id_in_path};
use crate::answer::{Refusal, Reply};
use crate::switches::EmptyList;
use crate::times::Seconds;
use crate::world::{Membership, Plan, Role, Task, Workspace};

/// A task, which calls its workspace `workspace_id` and nothing else.
#[derive(Serialize)]
pub(super) struct TaskRow<'a> {
    id: i64,
    name: &'a str,
    workspace_id: i64,
    project_id: i64,
    user_id: Option<i64>,
    recurring: bool,
    active: bool,
    at: Seconds,
    server_deleted_at: Option<Seconds>,
    estimated_seconds: i64,
    tracked_seconds: i64,
    toggl_accounts_id: Option<&'a str>,
}

impl<'a> TaskRow<'a> {
    pub(super) fn new(workspace: i64, task: &'a Task) -> Self {
        Self {
            id: task.id,
            name: &task.name,
            workspace_id: workspace,
            project_id: task.project,
            user_id: task.user,
            recurring: false,
            active: task.active,
            at: Seconds(task.at),
            server_deleted_at: task.deleted_at.map(Seconds),
            estimated_seconds: 0,
            tracked_seconds: task.tracked_milliseconds,
            toggl_accounts_id: None,
        }
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    total_count: usize,
    page: usize,
    per_page: usize,
    sort_field: &'static str,
    sort_order: &'static str,
    data: Option<Vec<TaskRow<'a>>>,
}

impl Context<'_> {
    pub(super) fn tasks(&self, (workspace, reader): Seen<'_>) -> Answered {
        self.tasks_paid_for(workspace)?;
        let page = self.page(50, self.switches.tasks_cap)?;
        let active = active(self.query.get("active"), Some(true))?;
        let since = self.since()?;
        let project = self.query.number("pid")?;
        let search = self.query.get("search").map(str::to_lowercase);
        let by_name = match self.query.get("sort_field") {
            None | Some("name") => true,
            Some("created_at") => false,
            Some(_) => return Err(Refusal::bad_request("Invalid sort_field")),
        };
        let descending = self.query.get("sort_order").is_some_and(|order| order.eq_ignore_ascii_case("desc"));
        let ordered: Box<dyn Iterator<Item = &Task>> = match (by_name, descending) {
            (true, false) => Box::new(workspace.tasks_by_name()),
            (true, true) => Box::new(workspace.tasks_by_name().rev()),
            (false, false) => Box::new(workspace.tasks.iter()),
            (false, true) => Box::new(workspace.tasks.iter().rev()),
        };
        let wanted = ordered
            .filter(|task| listed(since, task.at, task.deleted_at))
            .filter(|task| active.is_none_or(|active| task.active == active))
            .filter(|task| project.is_none_or(|project| task.project == project))
            .filter(|task| search.as_ref().is_none_or(|search| task.name.to_lowercase().contains(search)))
            .filter(|task| self.task_visible(task, reader));
        let (tasks, total_count) = page.of(wanted);
        let rows: Vec<_> = tasks.into_iter().map(|task| TaskRow::new(workspace.id, task)).collect();
        let absent = rows.is_empty() && self.switches.empty_lists == EmptyList::Null;
        Ok(Reply::json(&Envelope {
            total_count,
            page: page.number,
            per_page: page.size,
            sort_field: if by_name { "name" } else { "created_at" },
            sort_order: if descending { "DESC" } else { "ASC" },
            data: (!absent).then_some(rows),
        }))
    }

    fn tasks_paid_for(&self, workspace: &Workspace) -> Result<(), Refusal> {
        if self.world.plan_of(workspace) == Plan::Free { Err(Refusal::plan()) } else { Ok(()) }
    }

    pub(super) fn task_visible(&self, task: &Task, reader: &Membership) -> bool {
        reader.role == Role::Admin || self.world.project(task.project).is_some_and(|project| project.visible_to(reader))
    }

    /// `tasks/basic`, which shows the reader's own active tasks unless told otherwise.
    pub(super) fn basic_tasks(&self, (workspace, reader): Seen<'_>) -> Answered {
        self.tasks_paid_for(workspace)?;
        let only_me = !self.query.is("only_me", "false");
        let active = active(self.query.get("active"), Some(true))?;
        let rows: Vec<_> = workspace
            .tasks
            .iter()
            .filter(|task| task.deleted_at.is_none() && self.task_visible(task, reader))
            .filter(|task| active.is_none_or(|active| task.active == active))
            .filter(|task| !only_me || task.user == Some(self.reader.id))
            .map(|task| TaskRow::new(workspace.id, task))
            .collect();
        Ok(self.list(&rows))
    }

    pub(super) fn tasks_of_project(&self, seen: Seen<'_>, project: &str) -> Answered {
        self.tasks_paid_for(seen.0)?;
        let project = visible(seen, project)?;
        let only_active = self.query.is("active", "true");
        let rows: Vec<_> = seen
            .0
            .tasks
            .iter()
            .filter(|task| task.project == project.id && task.deleted_at.is_none())
            .filter(|task| !only_active || task.active)
            .map(|task| TaskRow::new(seen.0.id, task))
            .collect();
        Ok(self.list(&rows))
    }

    pub(super) fn task(&self, seen: Seen<'_>, project: &str, task: &str) -> Answered {
        self.tasks_paid_for(seen.0)?;
        let project = visible(seen, project)?;
        let id = id_in_path(task, "task_id")?;
        let mut tasks = seen.0.tasks.iter().filter(|task| task.project == project.id && task.deleted_at.is_none());
        let task = tasks.find(|task| task.id == id).ok_or_else(Refusal::not_found)?;
        Ok(Reply::json(&TaskRow::new(seen.0.id, task)))
    }

    pub(super) fn my_tasks(&self) -> Answered {
        let since = self.since()?;
        let include_not_active = self.query.is("include_not_active", "true");
        let offset = self.query.number("offset")?.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
        let size = self.page(usize::MAX, usize::MAX)?.size;
        let rows: Vec<_> = self
            .world
            .workspaces_of(self.reader.id)
            .filter(|(workspace, _)| self.world.plan_of(workspace) != Plan::Free)
            .flat_map(|(workspace, reader)| workspace.tasks.iter().map(move |task| (workspace, reader, task)))
            .filter(|(_, reader, task)| self.task_visible(task, reader))
            .filter(|(_, _, task)| listed(since, task.at, task.deleted_at))
            .filter(|(_, _, task)| include_not_active || since.is_some() || task.active)
            .skip(offset)
            .take(size)
            .map(|(workspace, _, task)| TaskRow::new(workspace.id, task))
            .collect();
        Ok(self.list(&rows))
    }
}
