//! The whole job over a simulated Toggl, in a temporary folder that is gone afterwards.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
#[cfg(feature = "server")]
use tallyport_app::{AccountToCreate, App, PersonToAdd, Picked, RunOptions};
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

    /// What these people are in a demonstration that is served.
    pub const ROLES: [&str; 3] = ["manager", "member", "member"];

    /// The password of everybody in a demonstration that is served.
    pub const PASSWORD: &str = "nordlicht-demo";

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

    /// Furnishes an application: the account, its people, who all have [`Demo::PASSWORD`], and the tree of the simulated Toggl.
    /// Where that is there already it stays.
    ///
    /// # Errors
    /// `NoDemonstration` where there is another account, whose token must not reach a simulated Toggl.
    #[cfg(feature = "server")]
    pub(crate) async fn furnish(&self, app: &App) -> Result<()> {
        match app.accounts.list().await?.as_slice() {
            [] => {}
            [account] if account.name == Self::ACCOUNT => return Ok(()),
            _ => return Err(Error::NoDemonstration),
        }
        let password = || Some(SecretString::from(Self::PASSWORD));
        let (name, email) = Self::OWNER;
        let account = AccountToCreate {
            name: Self::ACCOUNT.to_owned(),
            admin_email: email.to_owned(),
            admin_name: Some(name.to_owned()),
            password: password(),
            timezone: Some("Europe/Berlin".to_owned()),
        };
        let (account, owner) = app.accounts.create(account).await?;
        let owner = app.actor(account.id, owner.id).await?;
        let people = Self::PEOPLE.into_iter().zip(Self::ROLES).map(|((name, email), role)| PersonToAdd {
            email: email.to_owned(),
            name: name.to_owned(),
            role: Some(role.to_owned()),
            password: password(),
        });
        app.people.add(&owner, people.collect()).await?;
        app.integration.enable(&owner, &self.token, RunOptions::default()).await?;
        app.integration.select(&owner, &Picked::All, true, RunOptions::default()).await?;
        app.idle().await;
        Ok(())
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
