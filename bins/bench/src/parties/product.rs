//! Our engine, as an embedder runs it: the adapter, the plan and a file.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tallyport_domain::plan::Consent;
use tallyport_domain::{AccountId, Clock, Email, ExternalId, Outcome, PersonId, Role, Selection, SourceUser, Trigger, Zone};
use tallyport_storage::{Enable, IntegrationStore, NewAccount, NewPerson, PeopleStore};
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::system::{SystemClock, SystemRandom};
use tallyport_sync::{Order, Patience, SyncEngine};
use tallyport_toggl::{Config, Toggl};

use crate::Result;
use crate::stopwatch::{Stopwatch, Took};

/// Syncs into a file, which is made where there is none; from the start of the run until the file is closed.
pub(crate) fn sync(url: &str, token: &str, file: &Path) -> Result<Took> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let took = runtime.block_on(run(url, token, file))?;
    Ok(Took { rows: rows(file)?, ..took })
}

async fn run(url: &str, token: &str, file: &Path) -> Result<Took> {
    let clock = Arc::new(SystemClock);
    let toggl = Arc::new(Toggl::new(Config::at(url), token.into(), clock.clone(), Arc::new(SystemRandom))?);
    let is_new = !file.exists();
    let store = Arc::new(Sqlite::open(file, Options { create: true })?);
    let (account, owner) = if is_new { enabled(&store, &*clock).await? } else { (AccountId(1), PersonId(1)) };
    let (started_by, patience) = (Some(owner), Patience::Forever);
    let order = Order { trigger: Trigger::Manual, started_by, consent: Consent::None, patience };

    let stopwatch = Stopwatch::start()?;
    let run = SyncEngine::new(store.clone(), clock).run(account, toggl, order).await?;
    Arc::into_inner(store).ok_or("the store is still in use")?.close();
    let took = stopwatch.stop(run.requests)?;
    if run.outcome != Outcome::Succeeded {
        return Err(format!("the sync ended otherwise: {run:?}").into());
    }
    Ok(took)
}

/// An account that mirrors everything, without asking anybody: only syncs are measured.
async fn enabled(store: &Sqlite, clock: &dyn Clock) -> Result<(AccountId, PersonId)> {
    let (name, email, now) = ("Ana".to_owned(), "ana.novakova@nordlicht.example", clock.now());
    let email = Email::parse(email)?;
    let toggl_user = SourceUser { id: ExternalId(1), name: name.clone(), email: email.as_str().to_owned() };
    let administrator = NewPerson { email, name, role: Role::Administrator, password_hash: None };
    let account = NewAccount { name: "Nordlicht Studio".to_owned(), zone: Zone::utc(), administrator, now };
    let (account, owner) = store.create_account(&account).await?;
    let enable = Enable { owner: owner.id, toggl_user, sealed_token: vec![0; 64], workspaces: Vec::new(), now };
    store.enable(account.id, &enable).await?;
    store.select(account.id, &Selection::All, &[], owner.id, now).await?;
    Ok((account.id, owner.id))
}

fn rows(file: &Path) -> Result<i64> {
    Ok(Connection::open(file)?.query_row("SELECT count(*) FROM tasks", [], |row| row.get(0))?)
}

/// Makes every write to a task of this file fail from now on.
pub(crate) fn forbid_writing_tasks(file: &Path) -> Result<()> {
    let database = Connection::open(file)?;
    for verb in ["INSERT", "UPDATE", "DELETE"] {
        database.execute_batch(&format!(
            "CREATE TRIGGER no_{verb} BEFORE {verb} ON tasks BEGIN SELECT raise(ABORT, 'a task row is written'); END"
        ))?;
    }
    Ok(())
}
