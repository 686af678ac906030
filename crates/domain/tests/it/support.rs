//! An account in memory that syncs, and short words for what the source shows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::plan::{Current, Plan, Terms, plan};
use tallyport_domain::{
    Content, Email, ExternalId, Identity, Member, Name, Origin, PersonId, Roster, RosterPerson, Selection, Settings, Snapshot,
    SourceClient, SourceProject, SourceTask, SourceWorkspace, Task, TaskId, WorkspaceContent, WorkspaceSnapshot,
};

pub(crate) fn name(text: &str) -> Name {
    Name::from_source(text)
}

pub(crate) fn client(id: i64, called: &str) -> SourceClient {
    SourceClient { id: ExternalId(id), name: name(called), archived: false }
}

pub(crate) fn project(id: i64, called: &str, client: impl Into<Option<i64>>) -> SourceProject {
    SourceProject {
        id: ExternalId(id),
        client: client.into().map(ExternalId),
        name: name(called),
        active: true,
        template: false,
        private: false,
        color: None,
        billable: None,
    }
}

pub(crate) fn task(id: i64, called: &str, project: i64) -> SourceTask {
    SourceTask { id: ExternalId(id), project: ExternalId(project), name: name(called), active: true }
}

pub(crate) fn member(email: &str) -> Member {
    Member { email: Email::parse(email).unwrap(), name: email.to_owned(), joined: true }
}

/// Everything readable, nothing in it.
pub(crate) fn empty() -> WorkspaceContent {
    WorkspaceContent { tasks: Some(Vec::new()), members: Some(Vec::new()), ..WorkspaceContent::default() }
}

/// A small agency: a client with a project with two tasks, and a project of their own.
pub(crate) fn agency() -> WorkspaceContent {
    WorkspaceContent {
        clients: vec![client(31, "Nike")],
        projects: vec![project(41, "Site", 31), project(42, "Internal", None)],
        tasks: Some(vec![task(51, "Build", 41), task(52, "Test", 41), task(53, "Books", 42)]),
        members: Some(vec![member("ada@x.test"), member("bea@x.test")]),
    }
}

pub(crate) fn space(id: i64, called: &str, content: Content) -> WorkspaceSnapshot {
    WorkspaceSnapshot { workspace: SourceWorkspace { id: ExternalId(id), name: name(called), administered: true }, content }
}

/// The workspace that most tests need only one of.
pub(crate) fn acme(content: WorkspaceContent) -> Vec<WorkspaceSnapshot> {
    vec![space(11, "Acme", Content::Read(content))]
}

/// An account with its tree, which every sync here plans and applies.
pub(crate) struct Account {
    pub(crate) current: Current,
    pub(crate) selection: Selection,
    pub(crate) settings: Settings,
    pub(crate) roster: Roster,
    pub(crate) now: DateTime<Utc>,
}

impl Account {
    pub(crate) fn new() -> Self {
        let person = |id, email: &str| RosterPerson { id: PersonId(id), email_key: email.to_owned(), active: true };
        Self {
            current: Current::default(),
            selection: Selection::All,
            settings: Settings::default(),
            roster: Roster { people: vec![person(1, "ada@x.test"), person(2, "bea@x.test")], owner: PersonId(1) },
            now: "2026-11-26T12:00:00Z".parse().unwrap(),
        }
    }

    /// An account that mirrors the agency already.
    pub(crate) fn with_agency() -> Self {
        let mut account = Self::new();
        account.sync(acme(agency()));
        account
    }

    pub(crate) fn preview(&self, workspaces: Vec<WorkspaceSnapshot>) -> Plan {
        let Self { selection, settings, roster, now, .. } = self;
        plan(&self.current, &Snapshot { workspaces }, Terms { selection, settings, roster, at: *now })
    }

    /// Syncs, an hour after the last time.
    pub(crate) fn sync(&mut self, workspaces: Vec<WorkspaceSnapshot>) -> Plan {
        self.now += TimeDelta::hours(1);
        let plan = self.preview(workspaces);
        self.current = plan.apply_to(&self.current, self.next_id());
        plan
    }

    pub(crate) fn next_id(&self) -> i64 {
        self.current.tasks.iter().map(|task| task.id.0).max().unwrap_or(0) + 1
    }

    /// Makes a native task.
    pub(crate) fn add(&mut self, called: &str, parent: impl Into<Option<TaskId>>) -> TaskId {
        let id = TaskId(self.next_id());
        let (name, parent) = (name(called), parent.into());
        self.current.tasks.push(Task { id, parent, name, origin: Origin::Native, color: None, billable: None, archived: None });
        id
    }

    /// Unlinks and keeps the tasks as ordinary native ones (I15).
    pub(crate) fn unlink_and_keep(&mut self) {
        for task in &mut self.current.tasks {
            if let Origin::Imported(identity) = task.origin {
                task.origin = Origin::Kept(identity);
            }
        }
        self.current.automatic.clear();
    }

    pub(crate) fn task(&mut self, called: &str) -> &mut Task {
        let mut found = self.current.tasks.iter_mut().filter(|task| task.name.as_str() == called);
        let task = found.next().unwrap();
        assert!(found.next().is_none(), "two tasks are called {called}");
        task
    }

    pub(crate) fn id(&mut self, called: &str) -> TaskId {
        self.task(called).id
    }

    pub(crate) fn of(&self, identity: Identity) -> &Task {
        self.current.tasks.iter().find(|task| task.origin.imported() == Some(identity)).unwrap()
    }

    /// The tree as people draw it: names by depth, reasons behind them, `~` before what is native and `=` before what was kept.
    pub(crate) fn outline(&self) -> Vec<String> {
        let mut below: BTreeMap<Option<TaskId>, Vec<&Task>> = BTreeMap::new();
        for task in &self.current.tasks {
            below.entry(task.parent).or_default().push(task);
        }
        let mut lines = Vec::new();
        draw(&below, None, 0, &mut lines);
        assert_eq!(lines.len(), self.current.tasks.len(), "every task hangs in the forest: {lines:?}");
        lines
    }

    /// Whose automatic assignments are on what.
    pub(crate) fn automatic(&self) -> BTreeSet<(i64, &str)> {
        let name_of = |id| self.current.tasks.iter().find(|task| task.id == id).unwrap().name.as_str();
        self.current.automatic.iter().map(|grant| (grant.person.0, name_of(grant.task))).collect()
    }
}

fn draw(below: &BTreeMap<Option<TaskId>, Vec<&Task>>, parent: Option<TaskId>, depth: usize, lines: &mut Vec<String>) {
    let mut here = below.get(&parent).cloned().unwrap_or_default();
    here.sort_by_key(|task| (&task.name, task.id));
    for task in here {
        let mark = match task.origin {
            Origin::Native => "~",
            Origin::Kept(_) => "=",
            Origin::Imported(_) => "",
        };
        let reason = task.archived.map(|archived| format!(" [{}]", archived.reason.as_str())).unwrap_or_default();
        lines.push(format!("{}{mark}{}{reason}", ". ".repeat(depth), task.name.as_str()));
        draw(below, Some(task.id), depth + 1, lines);
    }
}
