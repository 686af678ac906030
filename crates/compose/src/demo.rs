//! The whole job over a simulated Toggl, in a temporary folder that is gone afterwards.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use tallyport_simulator::{Clock, NewProject, Server, Simulator, UnknownId, World};
use tempfile::TempDir;

use crate::{Error, LocalOptions, Result};

/// A simulated Toggl on a port of this machine, and a folder for a database. Dropped, both are gone.
pub struct Demo {
    server: Server,
    folder: TempDir,
    token: SecretString,
}

impl Demo {
    /// Who owns the simulated Toggl account, and so who the demonstration's administrator is: name and email.
    pub const OWNER: (&str, &str) = ("Ana Nováková", "ana.novakova@nordlicht.example");

    /// What the demonstration's account is called.
    pub const ACCOUNT: &str = "Nordlicht Studio";

    /// People of the simulated Toggl who can be added, so that there is somebody to match (P4): name and email.
    pub const PEOPLE: [(&str, &str); 3] = [
        ("Jürgen Großmann", "j.grossmann@nordlicht.example"),
        ("Łukasz Wiśniewski", "lukasz.wisniewski@nordlicht.example"),
        ("Zoë Lefèvre", "zoe.lefevre@nordlicht.example"),
    ];

    /// Starts it.
    ///
    /// # Errors
    /// No temporary folder, or no port.
    pub fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("tallyport-demo-").tempdir().map_err(Error::Demo)?;
        let simulator = Simulator::with_clock(World::nordlicht(), Clock::real());
        let token = simulator.owner_token().unwrap_or_default().into();
        let server = Server::start(simulator).map_err(Error::Demo)?;
        Ok(Self { server, folder, token })
    }

    /// How to open its database, which is yet to be made.
    #[must_use]
    pub fn options(&self) -> LocalOptions {
        LocalOptions { create: true, toggl_url: Some(self.server.url()), ..LocalOptions::at(self.database()) }
    }

    /// The temporary folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where its database is.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("tallyport.db")
    }

    /// The base of the simulated Toggl's API.
    #[must_use]
    pub fn toggl_url(&self) -> String {
        self.server.url()
    }

    /// The owner's token.
    #[must_use]
    pub fn token(&self) -> &SecretString {
        &self.token
    }

    /// Makes changes in the simulated Toggl, of each kind that a sync follows; says which, in words.
    #[must_use]
    pub fn change_toggl(&self) -> Vec<String> {
        let mut told = Vec::new();
        self.server.simulator().change(|world| {
            for change in CHANGES {
                // A change of something that is not there is none, and then it is not told either.
                told.extend(change(world).ok().flatten().map(str::to_owned));
            }
        });
        told
    }
}

type Change = fn(&mut World) -> Result<Option<&'static str>, UnknownId>;

/// What somebody does in Toggl between two syncs.
const CHANGES: [Change; 7] = [
    |world| {
        let Some(project) = world.find_project("Menu & signage") else { return Ok(None) };
        world.rename_project(project, "Menu, signage & shop window")?;
        Ok(Some("renamed the project \"Menu & signage\""))
    },
    |world| {
        let (Some(project), Some(client)) = (world.find_project("Internal"), world.find_client("Żółw i Syn")) else {
            return Ok(None);
        };
        world.move_project(project, Some(client))?;
        Ok(Some("moved the project \"Internal\" to the client \"Żółw i Syn\""))
    },
    |world| {
        let Some(project) = world.find_project("Product catalogue") else { return Ok(None) };
        world.archive_project(project)?;
        Ok(Some("archived the project \"Product catalogue\""))
    },
    |world| {
        let Some(task) = world.find_task("Moodboard") else { return Ok(None) };
        world.finish_task(task)?;
        Ok(Some("marked the task \"Moodboard\" done"))
    },
    |world| {
        let Some(task) = world.find_task("Entwurf") else { return Ok(None) };
        world.delete_task(task)?;
        Ok(Some("deleted the task \"Entwurf\""))
    },
    |world| {
        let Some(workspace) = world.find_workspace("Labs") else { return Ok(None) };
        let project = world.add_project(workspace, NewProject::named("Weather station"))?;
        world.add_task(project, "Sensors")?;
        Ok(Some("added the project \"Weather station\" with a task"))
    },
    |world| {
        let Some(person) = world.find_user("lukasz.wisniewski@nordlicht.example") else { return Ok(None) };
        let Some(workspace) = world.find_workspace("Pro bono") else { return Ok(None) };
        world.remove_member(workspace, person)?;
        Ok(Some("removed Łukasz Wiśniewski from the workspace \"Pro bono\""))
    },
];
