//! Worlds of any size from a seed.

use chrono::{Days, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{NewProject, Plan, Role, TimeEntry, UnknownId, World, names};
use crate::clock;
use crate::random::Random;

/// How much there shall be, over all workspaces together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Size {
    /// Organizations, at least one.
    pub organizations: usize,
    /// Workspaces, dealt out to the organizations in turn; at least one.
    pub workspaces: usize,
    /// Clients, dealt out to the workspaces in turn.
    pub clients: usize,
    /// Projects, dealt out to the workspaces in turn; most of them under a client.
    pub projects: usize,
    /// Tasks, dealt out to the projects at random.
    pub tasks: usize,
    /// People beside the owner.
    pub members: usize,
    /// Of a hundred clients and projects so many are archived, of a hundred tasks so many are done.
    pub inactive_percent: u8,
    /// Of a hundred projects so many are private.
    pub private_percent: u8,
    /// Time entries of the owner, one each hour back from the start.
    pub entries: usize,
    /// What the organizations pay for.
    pub plan: Plan,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            organizations: 1,
            workspaces: 1,
            clients: 6,
            projects: 20,
            tasks: 60,
            members: 8,
            inactive_percent: 20,
            private_percent: 25,
            entries: 0,
            plan: Plan::Premium,
        }
    }
}

impl World {
    /// Makes a world of that size. The same seed and size give the same world.
    ///
    /// The first person is the owner: administrator of every workspace, with the only token. Among the others some
    /// have only been invited, are deactivated, come through a group, or have no email.
    ///
    /// # Panics
    /// Never: every id it uses is one that it made.
    #[must_use]
    pub fn generate(seed: u64, size: &Size) -> Self {
        let mut world = Self::empty();
        world.now = clock::start() - Days::new(400);
        world.populate(seed, size).expect("every id was made in this very world");
        world.now = clock::start();
        world
    }

    fn populate(&mut self, seed: u64, size: &Size) -> Result<(), UnknownId> {
        let mut random = Random::new(seed);
        let owner = self.add_user("Ana Nováková", "ana.novakova@nordlicht.example");
        self.issue_token(owner)?;
        let mut organizations = Vec::new();
        for index in 0..size.organizations.max(1) {
            let name = if index == 0 { "Nordlicht Studio".to_owned() } else { format!("Organization {}", index + 1) };
            organizations.push(self.add_organization(name, size.plan, owner)?);
        }
        let mut workspaces = Vec::new();
        for index in 0..size.workspaces.max(1) {
            let name = match index {
                0 => "Nordlicht Studio".to_owned(),
                1 => "Labs".to_owned(),
                2 => "Pro bono".to_owned(),
                _ => format!("Workspace {}", index + 1),
            };
            workspaces.push(self.add_workspace(organizations[index % organizations.len()], name)?);
        }
        for workspace in &workspaces {
            self.add_tag(*workspace, "urgent")?;
            self.add_tag(*workspace, "Rückfrage & Warten")?;
        }
        let people = self.generate_people(&mut random, size, &workspaces)?;
        let mut clients = vec![Vec::new(); workspaces.len()];
        for index in 0..size.clients {
            self.tick();
            let place = index % workspaces.len();
            clients[place].push(self.add_client(workspaces[place], names::client(index, &mut random))?);
        }
        let mut projects = Vec::new();
        for index in 0..size.projects {
            self.tick();
            let place = index % workspaces.len();
            let mut project = NewProject::named(names::project(index, &mut random));
            if !clients[place].is_empty() && !random.percent(15) {
                project = project.under(*random.pick(&clients[place]));
            }
            if random.percent(size.private_percent) {
                let members: Vec<i64> = people.iter().copied().filter(|_| random.percent(30)).collect();
                project = project.private(&members);
            }
            if random.percent(size.inactive_percent) {
                project = project.archived();
            }
            let id = self.add_project(workspaces[place], project)?;
            projects.push(id);
        }
        if !projects.is_empty() {
            for index in 0..size.tasks {
                self.tick();
                let project = *random.pick(&projects);
                let id = self.add_task(project, names::task(index, &mut random))?;
                if random.percent(size.inactive_percent) {
                    self.finish_task(id)?;
                }
            }
        }
        for client in clients.iter().flatten() {
            if random.percent(size.inactive_percent) {
                self.archive_client(*client)?;
            }
        }
        self.generate_entries(&mut random, size, owner, &projects);
        Ok(())
    }

    fn generate_people(&mut self, random: &mut Random, size: &Size, workspaces: &[i64]) -> Result<Vec<i64>, UnknownId> {
        let mut people = Vec::new();
        let mut grouped = vec![Vec::new(); workspaces.len()];
        for index in 0..size.members {
            let (name, email) = names::person(index);
            let id = self.add_user(name, email);
            people.push(id);
            for (place, workspace) in workspaces.iter().enumerate() {
                if place != index % workspaces.len() && !random.percent(35) {
                    continue;
                }
                // The fifth is invited, the sixth deactivated, the seventh comes through a group; and so on.
                match index % 12 {
                    4 => _ = self.invite_member(*workspace, id, Role::Member)?,
                    5 => {
                        self.add_member(*workspace, id, Role::Member)?;
                        self.deactivate_member(*workspace, id, true)?;
                    }
                    6 => grouped[place].push(id),
                    7 => _ = self.add_member(*workspace, id, Role::ProjectLead)?,
                    8 => _ = self.add_member(*workspace, id, Role::Admin)?,
                    _ => _ = self.add_member(*workspace, id, Role::Member)?,
                }
            }
            if index % 12 == 9 {
                self.change_email(id, None)?;
            }
        }
        for (workspace, users) in workspaces.iter().zip(&grouped) {
            if !users.is_empty() {
                self.add_group(*workspace, "Freelancers", users)?;
            }
        }
        Ok(people)
    }

    fn generate_entries(&mut self, random: &mut Random, size: &Size, owner: i64, projects: &[i64]) {
        let mut start = clock::start() - TimeDelta::hours(1);
        let Some(workspace) = self.workspaces.keys().next().copied() else { return };
        for index in 0..size.entries {
            let project = if random.percent(10) { None } else { projects.get(random.below(projects.len())).copied() };
            self.add_entry(TimeEntry {
                id: 0,
                user: owner,
                workspace: project.and_then(|project| self.workspace_of(project)).unwrap_or(workspace),
                project,
                task: None,
                description: (index % 5 != 0).then(|| format!("Entry {}", index + 1)),
                start,
                stop: Some(start + TimeDelta::minutes(50)),
                at: start + TimeDelta::minutes(50),
                deleted_at: None,
            });
            start -= TimeDelta::hours(1);
        }
    }

    /// Lets a little time pass, so that what is made later is younger; never past the start.
    fn tick(&mut self) {
        if self.now < clock::start() - Days::new(1) {
            self.now += TimeDelta::milliseconds(30_012);
        }
    }
}
