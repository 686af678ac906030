//! `account`.

use clap::{Args, Subcommand};
use serde::Serialize;
use tallyport_api_types::Person;
use tallyport_compose::{AccountToCreate, Local};

use crate::cli::Globals;
use crate::failure::Stop;
use crate::out::Out;
use crate::session::refused;
use crate::{database, render, secrets};

/// Accounts of this database
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    Create(Create),
}

/// Create an account with its first administrator, and the database if there is none
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What the account is called
    #[arg(long)]
    name: String,
    /// The address of its first administrator
    #[arg(long, value_name = "EMAIL")]
    admin_email: String,
    /// What they are called
    #[arg(long, value_name = "NAME")]
    admin_name: Option<String>,
    /// The account's time zone, such as Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// Read the administrator's password from standard input; without one they cannot sign in yet
    #[arg(long)]
    password_stdin: bool,
}

/// What `account create` prints.
#[derive(Serialize)]
struct Created {
    account: Named,
    person: Person,
}

#[derive(Serialize)]
struct Named {
    id: i64,
    name: String,
}

impl Account {
    pub(crate) async fn run(self, globals: &Globals, out: &Out) -> Result<(), Stop> {
        match self {
            Self::Create(create) => create.run(globals, out).await,
        }
    }
}

impl Create {
    async fn run(self, globals: &Globals, out: &Out) -> Result<(), Stop> {
        let password = if self.password_stdin { Some(secrets::password(out)?) } else { None };
        let options = database::options(globals, true)?;
        out.detail(&format!("database {}", options.database.display()));
        let local = Local::open(options).await.map_err(|error| refused(&error))?;
        let new = AccountToCreate {
            name: self.name,
            admin_email: self.admin_email,
            admin_name: self.admin_name,
            password,
            timezone: self.timezone,
        };
        let created = local.create_account(new).await.map_err(|error| refused(&error))?;
        local.close().await;
        let created = Created { account: Named { id: created.id, name: created.name }, person: created.person };
        out.record(&created, |created, _| {
            let person = render::people::addressed(&created.person.name, &created.person.email);
            format!("Created the account {}\nAdministrator {person}\n", render::text::name(&created.account.name))
        })
    }
}
