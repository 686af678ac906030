//! The lists that make a snapshot, as cheaply as the API allows and with every filter spelled out: its own ones leave
//! things out in silence, and not the same things everywhere.

use chrono::{DateTime, Utc};
use tallyport_domain::{ExternalId, SourceClient, SourceProject, SourceTask};

use crate::decode::Null;
use crate::endpoint::{Bucket, Endpoint};
use crate::pages::{List, PageSize};
use crate::wire::{
    self, ClientRow, OrganizationUser, OrganizationUserRow, ProjectRow, Seen, UserRow, WorkspaceMember, WorkspaceRow,
};

const PROJECTS: PageSize = PageSize { wanted: 200, usual: 151 };
const TASKS: PageSize = PageSize { wanted: 200, usual: 50 };
const USERS: PageSize = PageSize { wanted: 200, usual: 50 };

/// The workspaces that the token sees. They are never kept: what is visible is asked anew by each reading.
pub(crate) fn workspaces() -> List<'static, Seen> {
    List {
        name: "workspaces",
        id: "workspaces".to_owned(),
        title: "the list of workspaces".to_owned(),
        workspace: None,
        endpoint: Endpoint { path: "/me/workspaces".to_owned(), ..Endpoint::me() },
        size: None,
        // Nobody is known to have seen `null` here, and taken for empty it would archive everything.
        decode: Box::new(|body, headers, _| wire::page::<WorkspaceRow>(body, headers, None, Null::Nonsense)),
        known: &[],
        administered: false,
        not_before: None,
    }
}

/// By what a list of a workspace is known in progress and parts.
pub(crate) fn id(workspace: ExternalId, list: &str) -> String {
    format!("{workspace}/{list}")
}

/// The same of an organization's people.
pub(crate) fn organization_users_id(organization: i64) -> String {
    format!("organization {organization}/members")
}

/// What the lists of a workspace count against.
pub(crate) fn bucket(seen: &Seen) -> Bucket {
    match seen.organization {
        Some(organization) => Bucket::Organization(organization),
        None => Bucket::Workspace(seen.id().0),
    }
}

/// A workspace whose lists are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Workspace<'a> {
    pub(crate) seen: &'a Seen,
    /// Pages kept from before then are too old; none is kept where nothing is set.
    pub(crate) not_before: Option<DateTime<Utc>>,
}

impl<'a> Workspace<'a> {
    fn endpoint(self, list: &str, query: &str) -> Endpoint {
        let path = format!("/workspaces/{}/{list}", self.seen.id());
        Endpoint { path, query: query.to_owned(), page: None, bucket: bucket(self.seen), paid: false }
    }

    fn list<T>(
        self,
        name: &'static str,
        endpoint: Endpoint,
        decode: impl Fn(&[u8], &http::HeaderMap, u32) -> Result<wire::Page<T>, String> + Send + Sync + 'a,
    ) -> List<'a, T> {
        List {
            name,
            id: id(self.seen.id(), name),
            title: format!("the list of {name} of {:?}", self.seen.workspace.name.shown()),
            workspace: Some(self.seen.id()),
            endpoint,
            size: None,
            decode: Box::new(decode),
            known: &[],
            administered: self.seen.workspace.administered,
            not_before: self.not_before,
        }
    }

    /// Its clients, archived ones too; always all at once.
    pub(crate) fn clients(self) -> List<'a, SourceClient> {
        let workspace = Some(self.seen.id());
        let endpoint = self.endpoint("clients", "status=both");
        self.list("clients", endpoint, move |body, headers, _| wire::page::<ClientRow>(body, headers, workspace, Null::Empty))
    }

    /// Its projects, archived ones too; by pages that do not say how many there are.
    pub(crate) fn projects(self, known: &'a [ExternalId]) -> List<'a, SourceProject> {
        let workspace = Some(self.seen.id());
        let endpoint = self.endpoint("projects", "active=both");
        let decode = move |body: &[u8], headers: &_, _| wire::page::<ProjectRow>(body, headers, workspace, Null::Empty);
        List { size: Some(PROJECTS), known, ..self.list("projects", endpoint, decode) }
    }

    /// Its tasks, done ones too; sorted by what no rename changes.
    pub(crate) fn tasks(self, known: &'a [ExternalId]) -> List<'a, SourceTask> {
        let workspace = self.seen.id();
        let endpoint = Endpoint { paid: true, ..self.endpoint("tasks", "active=both&sort_field=created_at") };
        let decode = move |body: &[u8], _: &_, page| wire::tasks(body, workspace, page);
        List { size: Some(TASKS), known, ..self.list("tasks", endpoint, decode) }
    }

    fn members(self, endpoint: Endpoint) -> List<'a, WorkspaceMember> {
        let workspace = Some(self.seen.id());
        // The reader is a member, so there is no such thing as none.
        let list = self
            .list("members", endpoint, move |body, headers, _| wire::page::<UserRow>(body, headers, workspace, Null::Nonsense));
        List { title: format!("the members of {:?}", self.seen.workspace.name.shown()), ..list }
    }

    /// The ways to its members, best first. Those who are in it through a group are in the first two lists; the third is
    /// all that some readers may see.
    pub(crate) fn ways_to_members(self) -> Vec<List<'a, WorkspaceMember>> {
        let organization = self.seen.organization.map(|organization| {
            let path = format!("/organizations/{organization}/workspaces/{}/workspace_users", self.seen.id());
            let endpoint = Endpoint { path, ..self.endpoint("", "") };
            // The API answers `null` past the end of its other paged lists, so perhaps here.
            let workspace = Some(self.seen.id());
            let list = self.members(endpoint);
            let decode = move |body: &[u8], headers: &_, page| {
                let null = if page == 1 { Null::Nonsense } else { Null::Empty };
                wire::page::<UserRow>(body, headers, workspace, null)
            };
            List { size: Some(USERS), decode: Box::new(decode), ..list }
        });
        let direct = self.members(self.endpoint("workspace_users", "includeIndirect=true"));
        let users = self.members(self.endpoint("users", ""));
        organization.into_iter().chain([direct, users]).collect()
    }
}

/// Everybody in an organization who is in one of these workspaces, in far fewer requests than by workspace.
pub(crate) fn organization_users(
    organization: i64,
    workspaces: &[ExternalId],
    not_before: Option<DateTime<Utc>>,
) -> List<'static, OrganizationUser> {
    let ids: Vec<String> = workspaces.iter().map(ToString::to_string).collect();
    let path = format!("/organizations/{organization}/users");
    let query = format!("workspaces={}", ids.join(","));
    List {
        name: "organization members",
        id: organization_users_id(organization),
        title: format!("the list of members of organization {organization}"),
        workspace: None,
        endpoint: Endpoint { path, query, page: None, bucket: Bucket::Organization(organization), paid: false },
        size: Some(USERS),
        decode: Box::new(|body, headers, page| {
            let null = if page == 1 { Null::Nonsense } else { Null::Empty };
            wire::page::<OrganizationUserRow>(body, headers, None, null)
        }),
        known: &[],
        administered: true,
        not_before,
    }
}
