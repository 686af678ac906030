//! `backup`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use tallyport_api_types::Code;
use tallyport_compose::{Contents, chores};

use crate::cli::Globals;
use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::session::refused;
use crate::{ask, database, render};

/// Backups of the whole database
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Backup {
    Create(Create),
    Restore(Restore),
}

/// Copy the database into a file, while others go on working with it
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The file to make
    file: PathBuf,
}

/// Put a backup in the place of the database, which is kept under another name
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A file that `backup create` made
    file: PathBuf,
}

/// What `backup create` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Created {
    pub(crate) file: String,
    pub(crate) bytes: u64,
    pub(crate) schema: i64,
    pub(crate) key_included: bool,
    pub(crate) accounts: Vec<Held>,
}

/// What `backup restore` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Restored {
    pub(crate) file: String,
    pub(crate) kept_old: Option<String>,
    pub(crate) migrated_from: Option<i64>,
    pub(crate) ended_runs: u32,
    pub(crate) api_tokens: u32,
    pub(crate) accounts: Vec<Held>,
    pub(crate) key_problem: Option<String>,
}

/// What an account in a backup holds.
#[derive(Debug, Serialize)]
pub(crate) struct Held {
    pub(crate) name: String,
    pub(crate) people: u32,
    pub(crate) tasks: u32,
    pub(crate) changed_at: Option<String>,
}

impl From<&Contents> for Held {
    fn from(contents: &Contents) -> Self {
        let changed_at = contents.changed_at.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        Self { name: contents.account.clone(), people: contents.people, tasks: contents.tasks, changed_at }
    }
}

fn held(contents: &[Contents]) -> Vec<Held> {
    contents.iter().map(Held::from).collect()
}

impl Backup {
    pub(crate) async fn run(self, globals: &Globals, out: &Out) -> Result<(), Stop> {
        match self {
            Self::Create(create) => create.run(globals, out).await,
            Self::Restore(restore) => restore.run(globals, out).await,
        }
    }
}

impl Create {
    async fn run(self, globals: &Globals, out: &Out) -> Result<(), Stop> {
        let options = database::options(globals, false)?;
        let exists = self.file.is_file();
        if exists {
            let failure = Failure::new(Code::ConfirmationNeeded, format!("{} exists already", self.file.display()));
            let failure = failure.hint("Give another name, or replace it with --yes.");
            say_yes(failure, "Replace it?", globals, out)?;
        }
        let made = chores::backup(&options, self.file, exists).await.map_err(|error| refused(&error))?;
        let created = Created {
            file: made.file.display().to_string(),
            bytes: made.bytes,
            schema: made.schema,
            key_included: false,
            accounts: held(&made.contents),
        };
        out.record(&created, render::backup::created)
    }
}

impl Restore {
    async fn run(self, globals: &Globals, out: &Out) -> Result<(), Stop> {
        let options = database::options(globals, true)?;
        let ready = chores::prepare_restore(&options, self.file).await.map_err(|error| refused(&error))?;
        if let Some(replaced) = ready.replaces() {
            let message = format!("restoring replaces {}, which is kept under another name", replaced.display());
            let contents = held(ready.contents());
            let details = contents.iter().map(|account| render::backup::account(account, &out.margin())).collect();
            say_yes(Failure::new(Code::ConfirmationNeeded, message).details(details), "Restore it?", globals, out)?;
        }
        let (restored, keys) = ready.put_in_place().await.map_err(|error| refused(&error))?;
        let restored = Restored {
            file: restored.database.display().to_string(),
            kept_old: restored.kept_old.map(|kept| kept.display().to_string()),
            migrated_from: restored.migrated_from,
            ended_runs: restored.ended_runs,
            api_tokens: restored.api_tokens,
            accounts: held(&restored.contents),
            key_problem: keys.as_ref().map(|keys| keys.message.clone()),
        };
        out.record(&restored, render::backup::restored)?;
        if let Some(hint) = keys.and_then(|keys| keys.hint) {
            out.note(&format!("hint: {hint}"));
        }
        Ok(())
    }
}

/// Goes on only with a yes: the one of `--yes`, or the one of somebody who is asked.
fn say_yes(failure: Failure, question: &str, globals: &Globals, out: &Out) -> Result<(), Stop> {
    if globals.yes {
        return Ok(());
    }
    if !out.can_ask() {
        return Err(failure.into());
    }
    out.ask_about(&failure);
    if ask::yes(question)? { Ok(()) } else { Err(failure.details(Vec::new()).into()) }
}
