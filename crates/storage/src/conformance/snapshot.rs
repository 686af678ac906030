//! The hand-made source that cases mirror, and ways to change it.
//!
//! ```text
//! Toggl
//! ├── Northlight          ada, bea and fay are members, gil is invited
//! │   ├── Harbour
//! │   │   └── Website
//! │   │       ├── Draft
//! │   │       └── Review
//! │   └── Internal
//! └── Southwind           cem and fay are members; its plan has no tasks
//!     └── Advice
//! ```

use tallyport_domain::{
    Color, Content, Email, ExternalId, Member, Name, Selection, Snapshot, SourceClient, SourceProject, SourceTask, SourceUser,
    SourceWorkspace, WorkspaceContent, WorkspaceSnapshot,
};

pub(super) const NORTHLIGHT: ExternalId = ExternalId(100);
pub(super) const SOUTHWIND: ExternalId = ExternalId(200);
pub(super) const HARBOUR: ExternalId = ExternalId(110);
pub(super) const WEBSITE: ExternalId = ExternalId(120);
pub(super) const INTERNAL: ExternalId = ExternalId(121);
pub(super) const ADVICE: ExternalId = ExternalId(220);
pub(super) const DRAFT: ExternalId = ExternalId(130);
/// Past 2³¹, as Toggl's numbers are (I7).
pub(super) const REVIEW: ExternalId = ExternalId(5_000_000_131);

/// The source as it is at first. Archived and done things in it are never imported (I5).
pub(super) fn toggl() -> Snapshot {
    let northlight = WorkspaceContent {
        clients: vec![client(HARBOUR, "Harbour", false), client(ExternalId(111), "Former", true)],
        projects: vec![
            SourceProject { color: Color::parse("#0b83d9"), billable: Some(true), ..project(WEBSITE, Some(HARBOUR), "Website") },
            project(INTERNAL, None, "Internal"),
            SourceProject { active: false, ..project(ExternalId(122), Some(ExternalId(111)), "Over") },
        ],
        tasks: Some(vec![
            task(DRAFT, WEBSITE, "Draft"),
            task(REVIEW, WEBSITE, "Review"),
            SourceTask { active: false, ..task(ExternalId(132), WEBSITE, "Done") },
        ]),
        members: Some(vec![member("ada", true), member("bea", true), member("fay", true), member("gil", false)]),
    };
    let southwind = WorkspaceContent {
        projects: vec![project(ADVICE, None, "Advice")],
        members: Some(vec![member("cem", true), member("fay", true)]),
        ..WorkspaceContent::default()
    };
    Snapshot {
        workspaces: vec![
            WorkspaceSnapshot { workspace: workspace(NORTHLIGHT, "Northlight", true), content: Content::Read(northlight) },
            WorkspaceSnapshot { workspace: workspace(SOUTHWIND, "Southwind", false), content: Content::Read(southwind) },
        ],
    }
}

/// The same source, read for another selection.
pub(super) fn selecting(mut snapshot: Snapshot, selection: &Selection) -> Snapshot {
    for seen in &mut snapshot.workspaces {
        if !selection.holds(seen.workspace.id) {
            seen.content = Content::NotSelected;
        }
    }
    snapshot
}

/// The workspaces of [`toggl`].
pub(super) fn workspaces() -> Vec<SourceWorkspace> {
    toggl().workspaces.into_iter().map(|seen| seen.workspace).collect()
}

/// Whose token it is.
pub(super) fn toggl_user(name: &str) -> SourceUser {
    SourceUser { id: ExternalId(9), name: name.to_owned(), email: format!("{name}@toggl.test") }
}

pub(super) fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@tally.test")).unwrap()
}

pub(super) fn member(name: &str, joined: bool) -> Member {
    Member { email: email(name), name: format!("{name} in Toggl"), joined }
}

pub(super) fn workspace(id: ExternalId, name: &str, administered: bool) -> SourceWorkspace {
    SourceWorkspace { id, name: Name::from_source(name), administered }
}

pub(super) fn client(id: ExternalId, name: &str, archived: bool) -> SourceClient {
    SourceClient { id, name: Name::from_source(name), archived }
}

pub(super) fn project(id: ExternalId, client: Option<ExternalId>, name: &str) -> SourceProject {
    SourceProject {
        id,
        client,
        name: Name::from_source(name),
        active: true,
        template: false,
        private: false,
        color: None,
        billable: None,
    }
}

pub(super) fn task(id: ExternalId, project: ExternalId, name: &str) -> SourceTask {
    SourceTask { id, project, name: Name::from_source(name), active: true }
}

/// What a workspace holds, to be changed.
pub(super) fn content(snapshot: &mut Snapshot, workspace: ExternalId) -> &mut WorkspaceContent {
    let seen = snapshot.workspaces.iter_mut().find(|seen| seen.workspace.id == workspace).unwrap();
    match &mut seen.content {
        Content::Read(content) => content,
        other => panic!("workspace {workspace} is not read but {other:?}"),
    }
}

/// A project of Northlight, to be changed.
pub(super) fn project_of(snapshot: &mut Snapshot, project: ExternalId) -> &mut SourceProject {
    content(snapshot, NORTHLIGHT).projects.iter_mut().find(|it| it.id == project).unwrap()
}

/// A task of Northlight, to be changed.
pub(super) fn task_of(snapshot: &mut Snapshot, task: ExternalId) -> &mut SourceTask {
    content(snapshot, NORTHLIGHT).tasks.as_mut().unwrap().iter_mut().find(|it| it.id == task).unwrap()
}

/// The members of a workspace, to be changed.
pub(super) fn members_of(snapshot: &mut Snapshot, workspace: ExternalId) -> &mut Vec<Member> {
    content(snapshot, workspace).members.as_mut().unwrap()
}

/// The first source after a busy day: everything that a sync can do to a tree happens in it.
pub(super) fn changed() -> Snapshot {
    let mut source = toggl();
    let spare = ExternalId(112);
    let north = content(&mut source, NORTHLIGHT);
    north.clients.push(client(spare, "Spare", false));
    north.projects.push(project(ExternalId(123), Some(spare), "Fresh"));
    north.tasks.as_mut().unwrap().push(task(ExternalId(133), ExternalId(123), "First"));
    north.tasks.as_mut().unwrap().retain(|task| task.id != DRAFT);
    task_of(&mut source, REVIEW).active = false;
    let website = project_of(&mut source, WEBSITE);
    website.client = Some(spare);
    website.name = Name::from_source("Web site \u{1f980} / \"new\"");
    website.color = Color::parse("#c7741c");
    website.billable = None;
    project_of(&mut source, INTERNAL).active = false;
    members_of(&mut source, NORTHLIGHT).retain(|member| member.email != email("bea"));
    members_of(&mut source, NORTHLIGHT).push(member("dee", true));
    source
}
