//! The things in the world, with the fields that any answer is made of.

use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What an organization pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// No tasks, 30 requests an hour.
    Free,
    /// Tasks, 240 requests an hour.
    Starter,
    /// Everything, 600 requests an hour.
    Premium,
    /// By agreement.
    Enterprise,
}

impl Plan {
    /// As organizations spell it in `pricing_plan_name`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Starter => "Starter",
            Self::Premium => "Premium",
            Self::Enterprise => "Enterprise",
        }
    }
}

/// What a person may do in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees everything.
    Admin,
    /// Leads projects; sees what a member sees.
    ProjectLead,
    /// Leads people; sees what a member sees.
    TeamLead,
    /// Sees public projects and the private ones they belong to.
    Member,
}

impl Role {
    /// As the API spells it.
    #[must_use]
    pub fn spelled(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::ProjectLead => "projectlead",
            Self::TeamLead => "teamlead",
            Self::Member => "user",
        }
    }

    pub(crate) fn id(self) -> i64 {
        match self {
            Self::Admin => 1,
            Self::ProjectLead => 2,
            Self::Member => 3,
            Self::TeamLead => 4,
        }
    }
}

/// A person, with or without a token.
#[derive(Debug, Clone)]
pub struct User {
    /// The global id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The email as spelled; `None` leaves the key out, an empty one is written empty.
    pub email: Option<String>,
    /// The tokens that are valid now.
    pub tokens: Vec<String>,
    /// The IANA zone.
    pub timezone: String,
    /// When the person signed up.
    pub created_at: DateTime<Utc>,
}

/// An organization: the unit that pays, and that has a quota.
#[derive(Debug, Clone)]
pub struct Organization {
    /// The id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// What it pays for.
    pub plan: Plan,
    /// Its people.
    pub members: Vec<OrganizationMember>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A person in an organization.
#[derive(Debug, Clone)]
pub struct OrganizationMember {
    /// The id of the membership, not of the person.
    pub id: i64,
    /// The person.
    pub user: i64,
    /// Whether they administer the organization.
    pub admin: bool,
    /// Whether it is theirs.
    pub owner: bool,
}

/// A workspace and all that hangs under it.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The id.
    pub id: i64,
    /// Its organization.
    pub organization: i64,
    /// The name.
    pub name: String,
    /// Set while billing is in trouble; its lists are refused then.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Set once deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub at: DateTime<Utc>,
    /// Its people.
    pub members: Vec<Membership>,
    /// Its groups of people.
    pub groups: Vec<Group>,
    /// Its clients, as they were made.
    pub clients: Vec<Client>,
    /// Its projects, as they were made.
    pub projects: Vec<Project>,
    /// Its tasks, as they were made.
    pub tasks: Vec<Task>,
    /// Its tags.
    pub tags: Vec<Tag>,
    pub(super) projects_by_name: OnceLock<Vec<u32>>,
    pub(super) tasks_by_name: OnceLock<Vec<u32>>,
}

/// A person in a workspace.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The id of the membership (the "workspace user"), not of the person.
    pub id: i64,
    /// The person.
    pub user: i64,
    /// What they may do.
    pub role: Role,
    /// Whether the invitation was accepted.
    pub joined: bool,
    /// Whether they were deactivated.
    pub inactive: bool,
    /// Whether they were added themselves, and not through a group alone.
    pub direct: bool,
    /// When it changed last.
    pub at: DateTime<Utc>,
}

/// A group of people.
#[derive(Debug, Clone)]
pub struct Group {
    /// The id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Its people.
    pub users: Vec<i64>,
    /// When it changed last.
    pub at: DateTime<Utc>,
}

/// A client.
#[derive(Debug, Clone)]
pub struct Client {
    /// The id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Whether it was archived.
    pub archived: bool,
    /// Who made it.
    pub creator: i64,
    /// When it changed last.
    pub at: DateTime<Utc>,
    /// Set once deleted.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A project.
#[derive(Debug, Clone)]
pub struct Project {
    /// The id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Its client.
    pub client: Option<i64>,
    /// Whether only its members and administrators see it.
    pub private: bool,
    /// Whether it is not archived.
    pub active: bool,
    /// Whether it is a template to make others from.
    pub template: bool,
    /// Its colour as `#rrggbb`.
    pub color: String,
    /// The people who belong to it.
    pub members: Vec<i64>,
    /// The day it starts.
    pub start_date: NaiveDate,
    /// The day it ends.
    pub end_date: Option<NaiveDate>,
    /// Time tracked on it.
    pub actual_seconds: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub at: DateTime<Utc>,
    /// Set once deleted.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A task under a project.
#[derive(Debug, Clone)]
pub struct Task {
    /// The id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Its project.
    pub project: i64,
    /// Whether it is not done.
    pub active: bool,
    /// Whom it is given to.
    pub user: Option<i64>,
    /// Time tracked on it, in the milliseconds that the API calls seconds.
    pub tracked_milliseconds: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub at: DateTime<Utc>,
    /// Set once deleted.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A tag.
#[derive(Debug, Clone)]
pub struct Tag {
    /// The id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Who made it.
    pub creator: i64,
    /// When it changed last.
    pub at: DateTime<Utc>,
}

/// A stretch of time that somebody tracked.
#[derive(Debug, Clone)]
pub struct TimeEntry {
    /// The id.
    pub id: i64,
    /// Whose it is.
    pub user: i64,
    /// Where it lies.
    pub workspace: i64,
    /// On which project.
    pub project: Option<i64>,
    /// On which task.
    pub task: Option<i64>,
    /// The note.
    pub description: Option<String>,
    /// When it began.
    pub start: DateTime<Utc>,
    /// When it ended; `None` while it runs.
    pub stop: Option<DateTime<Utc>>,
    /// When it changed last.
    pub at: DateTime<Utc>,
    /// Set once deleted.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Workspace {
    /// The membership of a person, whatever its state.
    #[must_use]
    pub fn member(&self, user: i64) -> Option<&Membership> {
        self.members.iter().find(|member| member.user == user)
    }

    pub(crate) fn active_member(&self, user: i64) -> Option<&Membership> {
        self.member(user).filter(|member| member.joined && !member.inactive)
    }

    pub(crate) fn groups_of(&self, user: i64) -> Vec<&Group> {
        self.groups.iter().filter(|group| group.users.contains(&user)).collect()
    }
}

impl Project {
    /// Whether someone in that role sees it.
    pub(crate) fn visible_to(&self, reader: &Membership) -> bool {
        !self.private || reader.role == Role::Admin || self.members.contains(&reader.user)
    }

    /// The derived status of the API.
    pub(crate) fn status(&self, today: NaiveDate) -> &'static str {
        if self.deleted_at.is_some() {
            "deleted"
        } else if !self.active {
            "archived"
        } else if self.start_date > today {
            "upcoming"
        } else if self.end_date.is_some_and(|end| end < today) {
            "ended"
        } else {
            "active"
        }
    }
}
