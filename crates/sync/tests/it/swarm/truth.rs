//! What a complete reading has to show, taken from the simulated world itself and not from its answers.

use std::collections::BTreeSet;

use tallyport_domain::{
    Color, Content, Email, ExternalId, Member, Name, Selection, Snapshot, SourceClient, SourceProject, SourceTask,
    SourceWorkspace, WorkspaceContent, WorkspaceSnapshot,
};
use tallyport_simulator::{Membership, Plan, Project, Role, Switches, Workspace, World};

/// What the person sees.
pub(crate) struct Truth<'a> {
    pub(crate) world: &'a World,
    pub(crate) reader: i64,
    pub(crate) switches: &'a Switches,
}

impl<'a> Truth<'a> {
    /// The workspaces that they are in, with their place there.
    pub(crate) fn visible(&self) -> Vec<(&'a Workspace, &'a Membership)> {
        let here = |workspace: &'a Workspace| workspace.members.iter().find(|member| member.user == self.reader);
        let all = self.world.workspaces().filter_map(|workspace| Some((workspace, here(workspace)?)));
        all.filter(|(_, member)| member.joined && !member.inactive).collect()
    }

    pub(crate) fn workspaces(&self) -> Vec<SourceWorkspace> {
        self.visible().into_iter().map(|(workspace, member)| listed(workspace, member)).collect()
    }

    pub(crate) fn snapshot(&self, selection: &Selection) -> Snapshot {
        let visible = self.visible().into_iter();
        let workspaces = visible.map(|(workspace, member)| {
            let content = if !selection.holds(ExternalId(workspace.id)) {
                Content::NotSelected
            } else if workspace.suspended_at.is_some() {
                Content::Refused(String::new())
            } else {
                Content::Read(self.content(workspace, member))
            };
            WorkspaceSnapshot { workspace: listed(workspace, member), content }
        });
        sorted(Snapshot { workspaces: workspaces.collect() })
    }

    fn content(&self, workspace: &Workspace, reader: &Membership) -> WorkspaceContent {
        let hidden = self.hidden_clients(workspace, reader);
        let clients = workspace.clients.iter().filter(|client| client.deleted_at.is_none() && !hidden.contains(&client.id));
        let projects = workspace.projects.iter().filter(|project| self.listed(project, reader));
        let seen = |project: i64| self.world.project(project).is_some_and(|project| sees(project, reader));
        let tasks = workspace.tasks.iter().filter(|task| task.deleted_at.is_none() && (is_admin(reader) || seen(task.project)));
        let tasks = tasks.map(|task| SourceTask {
            id: ExternalId(task.id),
            project: ExternalId(task.project),
            name: Name::from_source(&task.name),
            active: task.active,
        });
        WorkspaceContent {
            clients: clients
                .map(|client| SourceClient {
                    id: ExternalId(client.id),
                    name: Name::from_source(&client.name),
                    archived: client.archived,
                })
                .collect(),
            projects: projects
                .map(|project| SourceProject {
                    id: ExternalId(project.id),
                    client: project.client.map(ExternalId),
                    name: Name::from_source(&project.name),
                    active: project.active,
                    template: project.template,
                    private: project.private,
                    color: Color::parse(&project.color),
                    billable: (project.id % 3 != 0).then_some(false),
                })
                .collect(),
            tasks: (self.plan(workspace) != Plan::Free).then(|| tasks.collect()),
            members: self.members(workspace, reader),
        }
    }

    pub(crate) fn plan(&self, workspace: &Workspace) -> Plan {
        self.world.organization(workspace.organization).unwrap().plan
    }

    /// Whether the list of projects shows it.
    pub(crate) fn listed(&self, project: &Project, reader: &Membership) -> bool {
        project.deleted_at.is_none() && sees(project, reader) && (self.switches.templates_in_projects || !project.template)
    }

    /// Clients with projects of which the reader sees none.
    fn hidden_clients(&self, workspace: &Workspace, reader: &Membership) -> BTreeSet<i64> {
        if is_admin(reader) || !self.switches.clients_limited {
            return BTreeSet::new();
        }
        let of = |client: i64| {
            let all = workspace.projects.iter().filter(|project| project.deleted_at.is_none());
            all.filter(move |project| project.client == Some(client))
        };
        let hidden = |client: i64| of(client).next().is_some() && of(client).all(|project| !sees(project, reader));
        workspace.clients.iter().map(|client| client.id).filter(|client| hidden(*client)).collect()
    }

    fn members(&self, workspace: &Workspace, reader: &Membership) -> Option<Vec<Member>> {
        let admin = is_admin(reader);
        if !admin && self.switches.members_need_administrator {
            return None;
        }
        let shown = admin || !self.switches.emails_hidden;
        let there = workspace.members.iter().filter(|member| !member.inactive);
        let read: Vec<Option<Member>> = there
            .map(|member| {
                let user = self.world.user(member.user).unwrap();
                let email = user.email.as_deref().filter(|_| shown);
                let email = email.and_then(|email| Email::parse(email).ok())?;
                Some(Member { email, name: user.name.clone(), joined: member.joined })
            })
            .collect();
        let complete = admin || read.iter().all(Option::is_some);
        complete.then(|| read.into_iter().flatten().collect())
    }
}

fn is_admin(reader: &Membership) -> bool {
    reader.role == Role::Admin
}

fn sees(project: &Project, reader: &Membership) -> bool {
    !project.private || is_admin(reader) || project.members.contains(&reader.user)
}

fn listed(workspace: &Workspace, reader: &Membership) -> SourceWorkspace {
    SourceWorkspace { id: ExternalId(workspace.id), name: Name::from_source(&workspace.name), administered: is_admin(reader) }
}

/// In an order that does not depend on who listed it, and without the words of refusals.
pub(crate) fn sorted(mut snapshot: Snapshot) -> Snapshot {
    snapshot.workspaces.sort_by_key(|space| space.workspace.id);
    for space in &mut snapshot.workspaces {
        match &mut space.content {
            Content::Read(content) => {
                content.clients.sort_by_key(|client| client.id);
                content.projects.sort_by_key(|project| project.id);
                content.tasks.iter_mut().for_each(|tasks| tasks.sort_by_key(|task| task.id));
                let members = content.members.iter_mut();
                members.for_each(|members| members.sort_by_cached_key(|member| member.email.key().to_owned()));
            }
            Content::Refused(words) => words.clear(),
            Content::NotSelected => {}
        }
    }
    snapshot
}

/// Whether the one shows nothing but what the other does, where lists may have been refused to it.
pub(crate) fn less_by_refusals(read: &Snapshot, truth: &Snapshot) -> bool {
    let fits = |(read, truth): (&WorkspaceSnapshot, &WorkspaceSnapshot)| {
        read.workspace == truth.workspace
            && match (&read.content, &truth.content) {
                (Content::Refused(_), Content::Read(_)) => true,
                (Content::Read(read), Content::Read(truth)) => {
                    (&read.clients, &read.projects) == (&truth.clients, &truth.projects)
                        && (read.tasks.is_none() || read.tasks == truth.tasks)
                        && (read.members.is_none() || read.members == truth.members)
                }
                (read, truth) => read == truth,
            }
    };
    read.workspaces.len() == truth.workspaces.len() && read.workspaces.iter().zip(&truth.workspaces).all(fits)
}
