//! `people add`.

use std::path::PathBuf;

use clap::Args;
use secrecy::ExposeSecret;
use tallyport_api_types::NewPerson;

use super::table;
use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{render, secrets};

/// Add somebody, or everybody in a CSV file
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Their address
    #[arg(required_unless_present = "csv", requires = "name")]
    email: Option<String>,
    /// What they are called
    #[arg(long, requires = "email")]
    name: Option<String>,
    /// administrator, manager or member
    #[arg(long, requires = "email", default_value = "member")]
    role: String,
    /// Read their first password from standard input; without one they cannot sign in yet
    #[arg(long, requires = "email")]
    password_stdin: bool,
    /// A file with the columns email, name and, if you like, role; all are added or none; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["email", "name"])]
    csv: Option<PathBuf>,
}

impl Add {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let people = session.client().people();
        if let Some(file) = &self.csv {
            let new = table::read(file)?;
            return out.show(people.add_all(&new), |people, page| render::people::list(people, page)).await;
        }
        let password = if self.password_stdin { Some(secrets::password(out)?) } else { None };
        let new = NewPerson {
            email: self.email.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            role: Some(self.role),
            password: password.map(|password| password.expose_secret().to_owned()),
        };
        out.show(people.add(&new), |person, page| render::people::list(std::slice::from_ref(person), page)).await
    }
}
