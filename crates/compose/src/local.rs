//! Tallyport over a database of this machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use secrecy::{ExposeSecret as _, SecretString};
use tallyport_api_types::Person;
use tallyport_app::{AccountToCreate, App, KeyRing, Keys, Parts, Site};
use tallyport_client::Transport;
use tallyport_domain::{Clock, Mailer, Random};
use tallyport_http::ActingAs;
use tallyport_storage::Store;
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::SyncEngine;
use tallyport_sync::system::{SystemClock, SystemRandom};
use tallyport_toggl::Config;

use crate::transport::InProcess;
use crate::{KeyFile, Result, TogglSources, acting};

/// Where things are, as the binary read it from options and environment.
#[derive(Debug, Clone)]
pub struct LocalOptions {
    /// The database file.
    pub database: PathBuf,
    /// Whether to make the database where there is none, with its folder.
    pub create: bool,
    /// The base of Toggl's API; Toggl's own where nothing is set.
    pub toggl_url: Option<String>,
    /// Requests a second to Toggl; a safe pace where nothing is set (I19).
    pub toggl_rate: Option<f64>,
    /// Whether a program that asks one thing after the other has the database for a moment: it is then used on the thread that
    /// asks, which is blocked meanwhile. Nothing for syncs.
    pub in_place: bool,
    /// The keys that seal tokens, the first of them for new ones; a file beside the database where nothing is set.
    pub secret_key: Option<SecretString>,
}

impl LocalOptions {
    /// A database that exists, and everything else as usual.
    #[must_use]
    pub fn at(database: impl Into<PathBuf>) -> Self {
        Self { database: database.into(), create: false, toggl_url: None, toggl_rate: None, in_place: false, secret_key: None }
    }

    /// Where the keys come from.
    pub(crate) fn keys(&self) -> Result<Arc<dyn Keys>> {
        Ok(match &self.secret_key {
            Some(key) => {
                Arc::new(KeyRing::parse(key.expose_secret(), "TALLYPORT_SECRET_KEY").map_err(tallyport_app::Error::from)?)
            }
            None => Arc::new(KeyFile::beside(&self.database)),
        })
    }
}

/// An open database with the application over it.
pub struct Local {
    store: Arc<dyn Store>,
    app: App,
}

/// An account that was created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its first administrator.
    pub person: Person,
}

impl Local {
    /// Opens a database. Toggl's client is built when something is asked of it, and the key file made on first need.
    ///
    /// # Errors
    /// A database that cannot be used, an address or a pace of Toggl that cannot be, a key that is none.
    pub async fn open(options: LocalOptions) -> Result<Self> {
        Self::beside_server(options, "http://localhost").await
    }

    /// Opens a database that a server serves to the people at `public_url`: there lead the links of invitations (N3).
    ///
    /// # Errors
    /// As [`Local::open`].
    pub async fn beside_server(options: LocalOptions, public_url: &str) -> Result<Self> {
        let (store, app) = application(options, None, Site::at(public_url)).await?;
        Ok(Self { store, app })
    }

    /// Creates an account with its first administrator (A3).
    ///
    /// # Errors
    /// Name, email, zone or password that are none, and a name that an account has already.
    pub async fn create_account(&self, new: AccountToCreate) -> Result<Created> {
        let (account, person) = self.app.accounts.create(new).await?;
        let person = Person {
            id: person.id.0,
            email: person.email.as_str().to_owned(),
            name: person.name,
            role: person.role.as_str().to_owned(),
            active: person.active,
        };
        Ok(Created { id: account.id.0, name: account.name, person })
    }

    /// A way to the API in somebody's name.
    ///
    /// `account` is a name or a number and is needed only where there are several; `email` may be left out where there is one
    /// active person, or one active administrator.
    ///
    /// # Errors
    /// `account_needed` and `actor_needed`, with the ones to choose from; unknown and deactivated ones.
    pub async fn acting(&self, account: Option<&str>, email: Option<&str>) -> Result<Arc<dyn Transport>> {
        let account = acting::account(self.store.as_ref(), account).await?;
        let person = acting::person(self.store.as_ref(), &account, email).await?;
        let acting = ActingAs::new(account.id, person.id);
        Ok(Arc::new(InProcess { app: self.app.clone(), acting }))
    }

    /// The API itself.
    pub fn router(&self) -> Router {
        tallyport_api::router(self.app.clone())
    }

    /// Waits until no run of this process is at work, and lets go of the database, which closes with the last way to it.
    pub async fn close(self) {
        self.app.idle().await;
    }
}

/// Opens a database and puts the application over it.
pub(crate) async fn application(
    options: LocalOptions,
    mailer: Option<Arc<dyn Mailer>>,
    site: Site,
) -> Result<(Arc<dyn Store>, App)> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let mut config = options.toggl_url.as_deref().map_or_else(Config::default, Config::at);
    config.requests_per_second = options.toggl_rate;
    let sources = Arc::new(TogglSources::new(config, clock.clone(), random.clone())?);
    let keys = options.keys()?;
    let sqlite = Arc::new(open_database(options.database, options.create, options.in_place).await?);
    let engine = SyncEngine::new(sqlite.clone(), clock.clone());
    let store: Arc<dyn Store> = sqlite;
    let app = App::new(Parts { store: store.clone(), clock, random, keys, sources, engine, mailer, site });
    Ok((store, app))
}

async fn open_database(path: PathBuf, create: bool, in_place: bool) -> Result<Sqlite> {
    if in_place {
        return Ok(Sqlite::open_in_place(&path, Options { create })?);
    }
    let opened = tokio::task::spawn_blocking(move || {
        if create {
            make_folder(&path);
        }
        Sqlite::open(&path, Options { create })
    });
    Ok(opened.await.map_err(|_| tallyport_app::Error::Internal)??)
}

/// Makes the folder of a new database; where that fails, opening says what is wrong with it.
pub(crate) fn make_folder(database: &Path) {
    let Some(folder) = database.parent() else { return };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let _opening_says = builder.create(folder);
}
