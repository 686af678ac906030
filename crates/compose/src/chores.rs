//! Chores of the machine: backups, and a look at everything that can be wrong. They work on the file, not through the API.

use std::path::{Path, PathBuf};

use tallyport_api_types::Code;
use tallyport_app::{KeyError, KeyRing};
use tallyport_domain::Clock as _;
use tallyport_storage::StoreError;
use tallyport_storage_sqlite::{Backup, Contents, Finding, Restored, Sealed};
use tallyport_sync::system::SystemClock;

use crate::local::make_folder;
use crate::{LocalOptions, Result};

/// The name of the check of keys.
const KEYS: &str = "keys";

/// Copies the database into a file of its own, beside whatever is using it. Keys are not in it.
///
/// # Errors
/// A database that cannot be used, a file that cannot be written, one that exists unless `replace`, and a full disk.
pub async fn backup(options: &LocalOptions, file: PathBuf, replace: bool) -> Result<Backup> {
    let database = options.database.clone();
    Ok(blocking(move || tallyport_storage_sqlite::backup(&database, &file, replace)).await??)
}

/// Checks a backup and makes a copy of it ready beside the database, which stays as it is.
///
/// # Errors
/// A database that is in use or is none of ours, a file that is no backup, and a full disk.
pub async fn prepare_restore(options: &LocalOptions, backup: PathBuf) -> Result<Restore> {
    let database = options.database.clone();
    let prepared = blocking(move || {
        make_folder(&database);
        tallyport_storage_sqlite::Restore::prepare(&database, &backup, SystemClock.now())
    });
    Ok(Restore { prepared: prepared.await??, options: options.clone() })
}

/// A backup that is checked and ready to take the place of the database. Dropped, it leaves everything as it was.
#[derive(Debug)]
pub struct Restore {
    prepared: tallyport_storage_sqlite::Restore,
    options: LocalOptions,
}

impl Restore {
    /// The database that it would replace, if there is one.
    #[must_use]
    pub fn replaces(&self) -> Option<&Path> {
        Some(self.prepared.database()).filter(|database| database.exists())
    }

    /// What is in the backup.
    #[must_use]
    pub fn contents(&self) -> &[Contents] {
        self.prepared.contents()
    }

    /// Puts it in the place of the database. Answers what is wrong with the keys as well, where a token cannot be opened.
    ///
    /// # Errors
    /// A program that uses the database without our lock, and a folder that cannot be written.
    pub async fn put_in_place(self) -> Result<(Restored, Option<Finding>)> {
        let Self { prepared, options } = self;
        let (restored, sealed) = blocking(move || {
            let sealed = prepared.sealed().to_vec();
            prepared.put_in_place(SystemClock.now()).map(|restored| (restored, sealed))
        })
        .await??;
        Ok((restored, Some(keys(&options, &sealed)).filter(|keys| keys.hint.is_some())))
    }
}

/// Looks at the database, its place and its keys, and changes nothing.
///
/// # Errors
/// A fault of ours alone; whatever is wrong is among the findings.
pub async fn examine(options: &LocalOptions) -> Result<Vec<Finding>> {
    let database = options.database.clone();
    let examination = blocking(move || tallyport_storage_sqlite::examine(&database, SystemClock.now())).await?;
    let mut findings = examination.findings;
    findings.push(keys(options, &examination.sealed));
    Ok(findings)
}

/// Whether the keys are there, are for their owner alone, and open every stored token.
fn keys(options: &LocalOptions, sealed: &[Sealed]) -> Finding {
    let bad = |message: String, hint: &str| Finding::bad(KEYS, message, Code::in_terminal(hint));
    let ring = match options.keys().and_then(|keys| keys.ring().map_err(|error| tallyport_app::Error::from(error).into())) {
        Ok(ring) => ring,
        Err(error) => {
            let problem = error.problem();
            return Finding::bad(KEYS, problem.title, problem.hint);
        }
    };
    match sealed.iter().find_map(|sealed| unopened(&ring, sealed)) {
        Some((KeyError::Missing, name)) => {
            let message = format!("the key that opens the Toggl token of {name} is missing");
            bad(message, Code::KeyMissing.hint())
        }
        Some((error, _)) => bad(error.to_string(), error.hint().unwrap_or(Code::KeyMissing.hint())),
        None if sealed.is_empty() && ring.is_empty() => Finding::ok(KEYS, "none is needed yet"),
        None if sealed.is_empty() => Finding::ok(KEYS, "there, and no token to open"),
        None => Finding::ok(KEYS, "there, and they open every stored token"),
    }
}

fn unopened<'a>(ring: &KeyRing, sealed: &'a Sealed) -> Option<(KeyError, &'a str)> {
    ring.open(sealed.account, &sealed.token).err().map(|error| (error, sealed.name.as_str()))
}

async fn blocking<T: Send + 'static>(chore: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(chore).await;
    Ok(done.map_err(|error| StoreError::Failed(error.into()))?)
}
