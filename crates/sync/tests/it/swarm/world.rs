//! Small worlds, and what happens in them.

use tallyport_simulator::{AboveCap, Change, EmptyList, Plan, ProjectOrder, RateLimit, Role, Size, Switches, World};

use super::chance::Chance;

const PLANS: [Plan; 4] = [Plan::Free, Plan::Starter, Plan::Starter, Plan::Premium];
const STEMS: [&str; 8] = ["Website", "Ünïcode ✓", "Café", "設計", "'; DROP TABLE task", "  spaced  ", "", "\u{1F680} launch"];

/// A world to begin with.
pub(crate) fn begin(chance: &mut Chance) -> World {
    let organizations = 1 + usize::from(chance.percent(25));
    let workspaces = 1 + chance.below(3) + usize::from(chance.percent(15)) * 2;
    // A list of projects of several pages without a total needs many, so it is rare.
    let projects = if chance.percent(2) { 52 + chance.below(20) } else { chance.below(10) };
    let size = Size {
        organizations,
        workspaces,
        clients: chance.below(6),
        projects,
        tasks: chance.below(14),
        members: chance.below(7),
        inactive_percent: 20,
        private_percent: 25,
        entries: 0,
        plan: *chance.pick(&PLANS).unwrap(),
    };
    World::generate(chance.next(), &size)
}

/// How this Toggl behaves where that is not known.
pub(crate) fn switches(chance: &mut Chance) -> Switches {
    let totals = chance.percent(30);
    Switches {
        empty_lists: if chance.percent(70) { EmptyList::Null } else { EmptyList::Brackets },
        wrong_token_status: if chance.percent(70) { 403 } else { 401 },
        hidden_workspace_status: if chance.percent(70) { 403 } else { 404 },
        above_cap: AboveCap::Clamp,
        // A page that is cut short in silence is noticed by its total, or by its length where that is a known one.
        projects_cap: if totals { 1 + chance.below(6) } else { *chance.pick(&[200, 200, 50]).unwrap() },
        tasks_cap: if chance.percent(40) { 1 + chance.below(5) } else { 200 },
        users_cap: if chance.percent(30) { 50 } else { 200 },
        total_count_in_projects: totals,
        project_order: if chance.percent(50) { ProjectOrder::Name } else { ProjectOrder::CreatedAt },
        templates_in_projects: chance.percent(85),
        // A clock that is set back makes none younger than nothing.
        new_workspaces_hidden_for: -1_000_000_000,
        clients_limited: chance.percent(80),
        members_need_administrator: chance.percent(60),
        emails_hidden: chance.percent(60),
        quota_headers: chance.percent(85),
        plan_refusal_shows_quota: chance.percent(30),
        // What is sent a second apart may arrive closer together.
        rate_limit: chance.percent(50).then_some(RateLimit { burst: 2.0, per_second: 1.0 }),
        ..Switches::default()
    }
}

/// A change to something that there is; nothing where there is nothing of its kind.
pub(crate) fn change(world: &World, chance: &mut Chance) -> Option<Change> {
    let everything: Vec<_> = world.workspaces().collect();
    let workspace = *chance.pick(&everything)?;
    let owner = world.users().next()?.id;
    let name = format!("{} {}", chance.pick(&STEMS)?, chance.below(1000));
    let client = chance.pick(&workspace.clients).map(|client| client.id);
    let project = chance.pick(&workspace.projects).map(|project| project.id);
    let task = chance.pick(&workspace.tasks).map(|task| task.id);
    let users: Vec<i64> = world.users().map(|user| user.id).collect();
    let user = chance.pick(&users[1..]).copied();
    let member = chance.pick(&workspace.members).map(|member| member.user).filter(|user| *user != owner);
    let workspace_id = workspace.id;
    let within = if chance.percent(60) { client } else { None };
    let role = if chance.percent(30) { Role::Admin } else { Role::Member };
    let joins = user.filter(|user| workspace.member(*user).is_none());
    Some(match chance.below(56) {
        0..=2 => Change::AddClient { workspace: workspace_id, name },
        3..=7 => {
            let private_to = chance.percent(25).then(|| chance.some(&users, 40));
            Change::AddProject { workspace: workspace_id, name, client: within, private_to, template: chance.percent(8) }
        }
        8..=12 => Change::AddTask { project: project?, name },
        13 => Change::RenameClient { id: client?, name },
        14 | 15 => Change::RenameProject { id: project?, name },
        16 => Change::RenameTask { id: task?, name },
        17 | 18 => Change::MoveProject { id: project?, client: within },
        19 => Change::MoveTask { id: task?, project: project? },
        20 => Change::ArchiveClient { id: client? },
        21 => Change::RestoreClient { id: client?, with_projects: chance.percent(50) },
        22 => Change::DeleteClient { id: client? },
        23 | 24 => Change::ArchiveProject { id: project? },
        25 | 26 => Change::RestoreProject { id: project? },
        27 | 28 => Change::DeleteProject { id: project? },
        29 => Change::SetTemplate { id: project?, template: chance.percent(60) },
        30 => Change::MakePrivate { id: project?, members: chance.some(&users, 40) },
        31 => Change::MakePublic { id: project? },
        32 => Change::RecolorProject { id: project?, color: format!("#{:06x}", chance.below(0x0100_0000)) },
        33 | 34 => Change::FinishTask { id: task? },
        35 => Change::RestoreTask { id: task? },
        36 | 37 => Change::DeleteTask { id: task? },
        38 => Change::RenameWorkspace { id: workspace_id, name },
        39 => Change::DeleteWorkspace { id: workspace_id },
        40 => Change::SuspendWorkspace { id: workspace_id, suspended: workspace.suspended_at.is_none() },
        41 => Change::ChangePlan { organization: workspace.organization, plan: *chance.pick(&PLANS)? },
        42 => Change::AddWorkspace { organization: workspace.organization, name: (everything.len() < 6).then_some(name)? },
        43 => Change::AddUser { name: name.clone(), email: format!("person{}@nordlicht.example", users.len()) },
        44 | 45 => Change::AddMember { workspace: workspace_id, user: joins?, role },
        46 => Change::InviteMember { workspace: workspace_id, user: joins?, role },
        47 => Change::AcceptInvitation { workspace: workspace_id, user: member? },
        48 => Change::DeactivateMember { workspace: workspace_id, user: member?, inactive: chance.percent(60) },
        49 => Change::RemoveMember { workspace: workspace_id, user: member? },
        50 => Change::AddGroup { workspace: workspace_id, name, users: vec![user?] },
        51 => Change::ChangeEmail {
            user: user?,
            email: chance.percent(70).then(|| format!("moved{}@nordlicht.example", chance.below(90))),
        },
        52 => Change::RestoreWorkspace { id: deleted(world, chance)? },
        // What the token itself may see.
        53 => Change::ChangeRole {
            workspace: workspace_id,
            user: workspace.member(owner)?.user,
            role: if chance.percent(50) { Role::Admin } else { Role::Member },
        },
        54 => {
            Change::DeactivateMember { workspace: workspace_id, user: owner, inactive: workspace.member(owner)?.inactive ^ true }
        }
        _ => Change::ChangeOrganizationRole { organization: workspace.organization, user: owner, admin: chance.percent(60) },
    })
}

/// Some workspace that was deleted.
fn deleted(world: &World, chance: &mut Chance) -> Option<i64> {
    let newest = world.workspaces().map(|workspace| workspace.id).max()?;
    let gone: Vec<i64> =
        (newest - 6..=newest + 1).filter(|id| world.workspace(*id).is_some_and(|it| it.deleted_at.is_some())).collect();
    chance.pick(&gone).copied()
}
