//! A source that changes: what each step does to it, and what a reading of it shows.

use std::collections::BTreeSet;

use tallyport_domain::{
    Color, Content, ExternalId, Member, Name, Selection, Snapshot, SourceProject, SourceTask, SourceWorkspace, WorkspaceContent,
    WorkspaceSnapshot,
};

use crate::support::{client, empty, member, project, task};

/// A workspace, with what it does not show just now.
pub(super) struct Space {
    workspace: SourceWorkspace,
    hides: BTreeSet<Hidden>,
    content: WorkspaceContent,
}

/// What a workspace does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hidden {
    Itself,
    Lists,
    Tasks,
    Members,
}

/// The source.
pub(super) struct World {
    spaces: Vec<Space>,
    next_id: i64,
    next_name: u32,
}

/// What can happen in the source. Each takes two numbers, which say to what.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    AddSpace,
    AddClient,
    AddProject,
    AddTask,
    RenameSpace,
    RenameClient,
    RenameProject,
    RenameTask,
    MoveProject,
    MoveProjectAway,
    MoveTask,
    ArchiveClient,
    ArchiveProject,
    FinishTask,
    DeleteClient,
    OrphanClient,
    DeleteProject,
    OrphanProject,
    DeleteTask,
    Template,
    Private,
    Recolor,
    Join,
    Invite,
    Leave,
    Vanish,
    Refuse,
    HideTasks,
    HideMembers,
    Administer,
}

impl Event {
    pub(super) const BUILDING: [Self; 10] = [
        Self::AddClient,
        Self::AddClient,
        Self::AddProject,
        Self::AddProject,
        Self::AddProject,
        Self::AddTask,
        Self::AddTask,
        Self::AddTask,
        Self::AddTask,
        Self::Join,
    ];

    pub(super) const ALL: [Self; 30] = [
        Self::AddSpace,
        Self::AddClient,
        Self::AddProject,
        Self::AddTask,
        Self::RenameSpace,
        Self::RenameClient,
        Self::RenameProject,
        Self::RenameTask,
        Self::MoveProject,
        Self::MoveProjectAway,
        Self::MoveTask,
        Self::ArchiveClient,
        Self::ArchiveProject,
        Self::FinishTask,
        Self::DeleteClient,
        Self::OrphanClient,
        Self::DeleteProject,
        Self::OrphanProject,
        Self::DeleteTask,
        Self::Template,
        Self::Private,
        Self::Recolor,
        Self::Join,
        Self::Invite,
        Self::Leave,
        Self::Vanish,
        Self::Refuse,
        Self::HideTasks,
        Self::HideMembers,
        Self::Administer,
    ];
}

impl World {
    pub(super) fn new() -> Self {
        let mut world = Self { spaces: Vec::new(), next_id: 100, next_name: 0 };
        world.add_space();
        world.add_space();
        world
    }

    /// The ids of all workspaces, visible or not.
    pub(super) fn spaces(&self) -> BTreeSet<ExternalId> {
        self.spaces.iter().map(|space| space.workspace.id).collect()
    }

    /// A name that nothing else has, so that a path tells tasks apart.
    pub(super) fn fresh_name(&mut self) -> Name {
        self.next_name += 1;
        Name::from_source(&format!("n{}", self.next_name))
    }

    /// What a complete reading shows.
    pub(super) fn snapshot(&self, selection: &Selection) -> Snapshot {
        let shown = self.spaces.iter().filter(|space| !space.hides.contains(&Hidden::Itself)).map(|space| {
            let content = if !selection.holds(space.workspace.id) {
                Content::NotSelected
            } else if space.hides.contains(&Hidden::Lists) {
                Content::Refused("no".to_owned())
            } else {
                let tasks = space.content.tasks.clone().filter(|_| !space.hides.contains(&Hidden::Tasks));
                let members = space.content.members.clone().filter(|_| !space.hides.contains(&Hidden::Members));
                Content::Read(WorkspaceContent { tasks, members, ..space.content.clone() })
            };
            WorkspaceSnapshot { workspace: space.workspace.clone(), content }
        });
        Snapshot { workspaces: shown.collect() }
    }

    /// Lets something happen; nothing where there is nothing for it to happen to.
    pub(super) fn apply(&mut self, event: Event, a: u16, b: u16) {
        let name = self.fresh_name();
        self.next_id += 1;
        let id = self.next_id;
        let at = usize::from(a) % self.spaces.len();
        let (a, b) = (usize::from(a), usize::from(b));
        let room = self.spaces.len() < 4;
        let space = &mut self.spaces[at];
        match event {
            Event::AddSpace if room => self.add_space(),
            Event::AddSpace => {}
            Event::AddClient => space.content.clients.push(client(id, name.as_str())),
            Event::AddProject => {
                let within = pick(&space.content.clients, b).map(|client| client.id.0).filter(|_| !b.is_multiple_of(3));
                space.content.projects.push(project(id, name.as_str(), within));
            }
            Event::AddTask => {
                if let Some(within) = pick(&space.content.projects, b).map(|project| project.id.0) {
                    tasks(space).push(task(id, name.as_str(), within));
                }
            }
            Event::RenameSpace => space.workspace.name = name,
            Event::RenameClient => change(&mut space.content.clients, b, |client| client.name = name),
            Event::RenameProject => change(&mut space.content.projects, b, |project| project.name = name),
            Event::RenameTask => change(tasks(space), b, |task| task.name = name),
            Event::MoveProject => {
                let to = pick(&space.content.clients, a / 7).map(|client| client.id).filter(|_| !a.is_multiple_of(3));
                change(&mut space.content.projects, b, |project| project.client = to);
            }
            Event::MoveProjectAway => self.move_away(at, a / 7, b),
            Event::MoveTask => {
                let to = pick(&space.content.projects, a / 7).map(|project| project.id);
                change(tasks(space), b, |task| task.project = to.unwrap_or(task.project));
            }
            Event::ArchiveClient => change(&mut space.content.clients, b, |client| client.archived ^= true),
            Event::ArchiveProject => change(&mut space.content.projects, b, |project| project.active ^= true),
            Event::FinishTask => change(tasks(space), b, |task| task.active ^= true),
            Event::DeleteClient => {
                if let Some(gone) = remove(&mut space.content.clients, b) {
                    let of_it = space.content.projects.iter_mut().filter(|project| project.client == Some(gone.id));
                    of_it.for_each(|project| project.client = None);
                }
            }
            Event::OrphanClient => drop(remove(&mut space.content.clients, b)),
            Event::DeleteProject => {
                if let Some(gone) = remove(&mut space.content.projects, b) {
                    tasks(space).retain(|task| task.project != gone.id);
                }
            }
            Event::OrphanProject => drop(remove(&mut space.content.projects, b)),
            Event::DeleteTask => drop(remove(tasks(space), b)),
            Event::Template => change(&mut space.content.projects, b, |project| project.template ^= true),
            Event::Private => change(&mut space.content.projects, b, |project| project.private ^= true),
            Event::Recolor => change(&mut space.content.projects, b, |project| recolor(project, a)),
            Event::Join => join(space, b, true),
            Event::Invite => join(space, b, false),
            Event::Leave => drop(remove(members(space), b)),
            Event::Vanish => toggle(space, Hidden::Itself),
            Event::Refuse => toggle(space, Hidden::Lists),
            Event::HideTasks => toggle(space, Hidden::Tasks),
            Event::HideMembers => toggle(space, Hidden::Members),
            Event::Administer => space.workspace.administered ^= true,
        }
    }

    fn add_space(&mut self) {
        self.next_id += 1;
        let (id, name) = (ExternalId(self.next_id), self.fresh_name());
        let workspace = SourceWorkspace { id, name, administered: true };
        let space = Space { workspace, hides: BTreeSet::new(), content: empty() };
        self.spaces.push(space);
    }

    /// Moves a project to another workspace, along with its tasks or without them.
    fn move_away(&mut self, from: usize, to: usize, which: usize) {
        let Some(moved) = remove(&mut self.spaces[from].content.projects, which) else { return };
        let id = moved.id;
        let along = |task: &SourceTask| task.project == id && !which.is_multiple_of(3);
        let (gone, stay) = tasks(&mut self.spaces[from]).drain(..).partition(along);
        *tasks(&mut self.spaces[from]) = stay;
        let to = to % self.spaces.len();
        self.spaces[to].content.projects.push(SourceProject { client: None, ..moved });
        tasks(&mut self.spaces[to]).extend::<Vec<_>>(gone);
    }
}

fn tasks(space: &mut Space) -> &mut Vec<SourceTask> {
    space.content.tasks.get_or_insert_default()
}

fn members(space: &mut Space) -> &mut Vec<Member> {
    space.content.members.get_or_insert_default()
}

fn toggle(space: &mut Space, what: Hidden) {
    if !space.hides.remove(&what) {
        space.hides.insert(what);
    }
}

fn join(space: &mut Space, who: usize, joined: bool) {
    let domain = if who % 12 < 6 { "x.test" } else { "X.Test" };
    let newcomer = Member { joined, ..member(&format!("p{}@{domain}", who % 6)) };
    let members = members(space);
    members.retain(|member| member.email != newcomer.email);
    members.push(newcomer);
}

fn recolor(project: &mut SourceProject, number: usize) {
    project.color = Color::parse(&format!("#{:06x}", number % 5));
    project.billable = [None, Some(false), Some(true)][number % 3];
}

fn pick<T>(list: &[T], number: usize) -> Option<&T> {
    list.get(number % list.len().max(1))
}

fn change<T>(list: &mut [T], number: usize, change: impl FnOnce(&mut T)) {
    let count = list.len().max(1);
    if let Some(item) = list.get_mut(number % count) {
        change(item);
    }
}

fn remove<T>(list: &mut Vec<T>, number: usize) -> Option<T> {
    (!list.is_empty()).then(|| list.swap_remove(number % list.len()))
}
