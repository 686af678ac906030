//! Mirrors a Toggl account into a file: `TOGGL_API_TOKEN=… cargo run -p tallyport-sync --example embed -- mirror.db`
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program reads its environment and prints")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use tallyport_domain::plan::Consent;
use tallyport_domain::{Clock, Email, Role, Selection, Source, Trigger, Zone};
use tallyport_storage::{Enable, IntegrationStore, NewAccount, NewPerson, PeopleStore, TaskStore, Viewer};
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::system::{SystemClock, SystemRandom};
use tallyport_sync::{Order, Patience, SyncEngine};
use tallyport_toggl::{Config, Toggl};

/// Reads everything that the token sees, and answers the tree as paths.
pub(crate) async fn mirror(url: &str, token: String, file: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let clock = Arc::new(SystemClock);
    let toggl = Arc::new(Toggl::new(Config::at(url), token.into(), clock.clone(), Arc::new(SystemRandom))?);
    let store = Arc::new(Sqlite::open(file, Options { create: true })?);

    let me = toggl.identify().await?;
    let (name, email, now) = (me.name.clone(), Email::parse(&me.email)?, clock.now());
    let administrator = NewPerson { email, name, role: Role::Administrator, password_hash: None };
    let account = NewAccount { name: "Mirror".to_owned(), zone: Zone::utc(), administrator, now };
    let (account, owner) = store.create_account(&account).await?;
    let workspaces = toggl.workspaces().await?;
    let enable = Enable { owner: owner.id, toggl_user: me, sealed_token: Vec::new(), workspaces: workspaces.clone(), now };
    store.enable(account.id, &enable).await?;
    store.select(account.id, &Selection::All, &workspaces, owner.id, now).await?;

    let engine = SyncEngine::new(store.clone(), clock);
    let started_by = Some(owner.id);
    let order = Order { trigger: Trigger::Manual, started_by, consent: Consent::None, patience: Patience::Forever };
    let run = engine.run(account.id, toggl, order).await?;
    if let Some(error) = run.error {
        return Err(error.message.into());
    }
    let tree = store.tree(account.id, Viewer { person: owner.id, sees_all: true }, false).await?;
    Ok(tree.iter().map(|row| row.path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" / ")).collect())
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
