//! Mirrors a Toggl account into a file: `TOGGL_API_TOKEN=… cargo run -p tallyport-sync --example embed -- mirror.db`
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program reads its environment and prints")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tallyport_domain::plan::Consent;
use tallyport_domain::{AccountId, Clock, Email, Role, Selection, Source, Trigger, Zone};
use tallyport_storage::{Enable, IntegrationStore, NewAccount, NewPerson, PeopleStore, TaskStore, Viewer};
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::system::{SystemClock, SystemRandom};
use tallyport_sync::{Order, Patience, SyncEngine};
use tallyport_toggl::{Config, Toggl};

/// Brings the mirror in the file up to date, and answers the tree as paths.
pub(crate) async fn mirror(url: &str, token: String, file: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let clock = Arc::new(SystemClock);
    let toggl = Arc::new(Toggl::new(Config::at(url), token.into(), clock.clone(), Arc::new(SystemRandom))?);
    let store = Arc::new(Sqlite::open(file, Options { create: true })?);
    let account = match store.accounts().await?.first() {
        Some(account) => account.id,
        None => link(&store, &toggl, clock.now()).await?,
    };
    let engine = SyncEngine::new(store.clone(), clock);
    let order = Order { trigger: Trigger::Manual, started_by: None, consent: Consent::None, patience: Patience::Forever };
    let run = engine.run(account, toggl, order).await?;
    if let Some(error) = run.error {
        return Err(error.message.into());
    }
    let person = store.people(account).await?[0].id;
    let tree = store.tree(account, Viewer { person, sees_all: true }, false).await?;
    Ok(tree.iter().map(|row| row.path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" / ")).collect())
}

/// Makes an account for the token's owner, which mirrors every workspace.
async fn link(store: &Sqlite, toggl: &Toggl, now: DateTime<Utc>) -> Result<AccountId, Box<dyn Error>> {
    let (me, workspaces) = (toggl.identify().await?, toggl.workspaces().await?);
    let (email, name) = (Email::parse(&me.email)?, me.name.clone());
    let administrator = NewPerson { email, name, role: Role::Administrator, password_hash: None };
    let new = NewAccount { name: "Mirror".to_owned(), zone: Zone::utc(), administrator, now };
    let (account, owner) = store.create_account(&new).await?;
    let (owner, toggl_user, sealed_token) = (owner.id, me, Vec::new());
    store.enable(account.id, &Enable { owner, toggl_user, sealed_token, workspaces: workspaces.clone(), now }).await?;
    store.select(account.id, &Selection::All, &workspaces, owner, now).await?;
    Ok(account.id)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("say which file to mirror into")?;
    let token = std::env::var("TOGGL_API_TOKEN").map_err(|_| "put your Toggl Track token into TOGGL_API_TOKEN")?;
    for path in mirror("https://api.track.toggl.com/api/v9", token, Path::new(&file)).await? {
        println!("{path}");
    }
    Ok(())
}
