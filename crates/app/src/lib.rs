//! Tallyport's use cases: every role check, and the sealing of tokens.
//!
//! [`App`] is the only door for whatever has a person before it. An [`Actor`] comes in, a use case answers, and an [`Error`]
//! says what is wrong in words for that person, with a [`Code`](tallyport_api_types::Code) from which HTTP status and exit code
//! follow. Callers hold no role check of their own.
//!
//! The use cases are grouped as people name them: `app.tasks.archive(…)` is `tasks archive` in the terminal and
//! `POST /tasks/{id}/archive` over HTTP.
//!
//! # How to add a use case
//! Put it into the file of its resource, begin with the role it needs, let the store decide what only the writing transaction can
//! know, and map what can go wrong to one variant of [`Error`].

mod accounts;
mod actor;
mod assignments;
mod error;
mod events;
mod integration;
mod keys;
mod passwords;
mod people;
mod registry;
mod tasks;
mod why;
mod wording;

use std::sync::Arc;

use secrecy::SecretString;
use tallyport_domain::{AccountId, Clock, PersonId, Random, Source, SourceError};
use tallyport_storage::Store;
use tallyport_sync::SyncEngine;

pub use accounts::{AccountToCreate, Accounts};
pub use actor::Actor;
pub use assignments::{Assignment, Assignments};
pub use error::Error;
pub use events::Events;
pub use integration::{
    AsPreviewed, Change, Integration, Picked, PrivateProject, RunOptions, RunView, SettingsToSave, Status, StatusDetails,
    Workspace,
};
pub use keys::{Key, KeyError, KeyRing, Keys};
pub use passwords::BadPassword;
pub use people::{People, PersonToAdd};
pub use tallyport_storage::{AccessRow, Account, KnownMember, TaskRow};
pub use tallyport_sync::{Phase, Progress};
pub use tasks::{Tasks, Which};
pub use why::WhyReason;
pub use wording::{RunProblem, warning_code, warning_text, warning_workspace};

/// What a use case answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Makes a source out of somebody's token; the client behind it is built on first use.
pub trait SourceFactory: Send + Sync {
    /// A source that reads with this token.
    ///
    /// # Errors
    /// A token that cannot be one, or a client that cannot be built.
    fn source(&self, token: &SecretString) -> Result<Arc<dyn Source>, SourceError>;
}

/// What the application stands on.
pub struct Parts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for nonces and salts.
    pub random: Arc<dyn Random>,
    /// The keys that seal tokens.
    pub keys: Arc<dyn Keys>,
    /// What tokens open.
    pub sources: Arc<dyn SourceFactory>,
    /// What keeps the tree in step.
    pub engine: SyncEngine,
}

/// Tallyport's use cases. Clones are the same application.
#[derive(Clone)]
pub struct App {
    /// Accounts of this store: chores of the machine, without an actor.
    pub accounts: Accounts,
    /// People and what they have.
    pub people: People,
    /// The task tree.
    pub tasks: Tasks,
    /// Who has which task.
    pub assignments: Assignments,
    /// The link to Toggl.
    pub integration: Integration,
    shared: Arc<Shared>,
}

/// What the use cases share.
struct Shared {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    keys: Arc<dyn Keys>,
    sources: Arc<dyn SourceFactory>,
    engine: SyncEngine,
    hashing: tokio::sync::Semaphore,
    runs: registry::Registry,
}

impl App {
    /// Puts the application together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { store, clock, random, keys, sources, engine } = parts;
        let hashing = passwords::semaphore();
        let runs = registry::Registry::default();
        let shared = Arc::new(Shared { store, clock, random, keys, sources, engine, hashing, runs });
        Self {
            accounts: Accounts(shared.clone()),
            people: People(shared.clone()),
            tasks: Tasks(shared.clone()),
            assignments: Assignments(shared.clone()),
            integration: Integration(shared.clone()),
            shared,
        }
    }

    /// The person as they stand now, to act with; roles are read anew for each request, never remembered.
    ///
    /// # Errors
    /// [`Error::SignInRequired`] for somebody whom the account lacks or who is deactivated (A5).
    pub async fn actor(&self, account: AccountId, person: PersonId) -> Result<Actor> {
        let person = self.shared.store.person(account, person).await?.filter(|person| person.active);
        person.map(|person| Actor::new(account, person)).ok_or(Error::SignInRequired)
    }

    /// Returns once no run of this process is at work any more.
    pub async fn idle(&self) {
        self.shared.runs.idle().await;
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App(..)")
    }
}
