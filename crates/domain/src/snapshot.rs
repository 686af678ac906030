//! What a complete reading of the source shows. Nothing in it has Toggl's shape.

use serde::{Deserialize, Serialize};

use crate::{Color, Email, ExternalId, Name};

/// The source at one time: every visible workspace, and the content of the selected ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The workspaces that the credential sees, selected or not, in any order.
    pub workspaces: Vec<WorkspaceSnapshot>,
}

/// One visible workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceSnapshot {
    /// What the list of workspaces says of it.
    pub workspace: SourceWorkspace,
    /// What is in it.
    pub content: Content,
}

/// A workspace that the credential sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceWorkspace {
    /// Its number in the source.
    pub id: ExternalId,
    /// Its name.
    pub name: Name,
    /// Whether the credential administers it, so that what it does not see does not exist (I8).
    pub administered: bool,
}

/// What a reading knows of a workspace's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// It was not asked for.
    NotSelected,
    /// The source lists the workspace but refuses its lists; in words for an administrator (I8).
    Refused(String),
    /// All of it.
    Read(WorkspaceContent),
}

/// Everything in one workspace. No list is in any particular order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkspaceContent {
    /// Its clients, archived ones included.
    pub clients: Vec<SourceClient>,
    /// Its projects, archived ones included.
    pub projects: Vec<SourceProject>,
    /// The tasks of its projects, done ones included; nothing where its plan has no tasks, so that none can be read (I10).
    pub tasks: Option<Vec<SourceTask>>,
    /// Its people but deactivated ones; nothing where the credential may not read them (P5).
    pub members: Option<Vec<Member>>,
}

/// A client of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceClient {
    /// Its number in the source.
    pub id: ExternalId,
    /// Its name.
    pub name: Name,
    /// Whether it is archived there.
    pub archived: bool,
}

/// A project of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceProject {
    /// Its number in the source.
    pub id: ExternalId,
    /// Its client, where it has one; the clients may lack it (I5).
    pub client: Option<ExternalId>,
    /// Its name.
    pub name: Name,
    /// Whether it is active there.
    pub active: bool,
    /// Whether it is a template, on which nobody tracks time (I5).
    pub template: bool,
    /// Whether only its members and administrators see it (I21).
    pub private: bool,
    /// Its colour.
    pub color: Option<Color>,
    /// Whether time on it is billable, where the source says so.
    pub billable: Option<bool>,
}

/// A task of a project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceTask {
    /// Its number in the source.
    pub id: ExternalId,
    /// Its project; the projects may lack it.
    pub project: ExternalId,
    /// Its name.
    pub name: Name,
    /// Whether it is not done yet.
    pub active: bool,
}

/// Somebody in a workspace who is not deactivated there. A row without an address is nobody's and left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Their address, by which they are matched (P4).
    pub email: Email,
    /// Their name there.
    pub name: String,
    /// Whether they joined; someone invited is not a member yet (P4).
    pub joined: bool,
}
