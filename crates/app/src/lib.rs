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
mod answers;
mod argon;
mod assignments;
mod changes;
mod error;
mod events;
mod integration;
mod invitations;
mod keys;
mod letters;
mod outbox;
mod passwords;
mod people;
mod profile;
mod registry;
mod reports;
mod resets;
mod schedules;
mod sessions;
mod setup;
mod site;
mod sweeps;
mod tags;
mod tasks;
mod throttle;
mod time;
mod timesheet;
mod tokens;
mod wall;
mod why;
mod wording;

use std::ops::Deref;
use std::sync::Arc;

use secrecy::SecretString;
use tallyport_domain::{AccountId, Clock, Mailer, PersonId, Random, Secret, SecretHash, Source, SourceError};
use tallyport_storage::Store;
use tallyport_sync::SyncEngine;
use tokio::sync::{Notify, Semaphore};

pub use accounts::{AccountToCreate, Accounts};
pub use actor::Actor;
pub use assignments::{Assignment, Assignments};
pub use changes::{Changes, Follower, Heard, Seen};
pub use error::Error;
pub use events::Events;
pub use integration::{
    AsPreviewed, Change, Integration, Kept, Member, Picked, PrivateProject, RunOptions, RunView, SettingsToSave, Status,
    StatusDetails, Workspace,
};
pub use invitations::{InvitationView, Invitations, Offer};
pub use keys::{Key, KeyError, KeyRing, Keys};
pub use outbox::Outbox;
pub use passwords::BadPassword;
pub use people::{People, PersonToAdd};
pub use profile::{Me, MeToChange, MeView, day_word};
pub use reports::{About, Export, Exported, Report, ReportRow, Reports, TimeMeant};
pub use resets::Resets;
pub use schedules::{ScheduleNews, Schedules};
pub use sessions::{Sessions, SignIn, SignedIn, Visitor};
pub use setup::{AccountToSetUp, SetUps};
pub use site::Site;
pub use sweeps::Sweeps;
pub use tags::TagList;
pub use tallyport_storage::{
    AccessRow, Account, Audited, Credential, Done, EntryRow, EntryTask, Filled, Found, Listed, MailRow, Once, Page, SessionRow,
    Step, Still, TagRow, TaskRow, TokenRow, Tracking, Wanted, Which,
};
pub use tallyport_sync::{Phase, Progress};
pub use tasks::Tasks;
pub use throttle::Caller;
pub use time::{EntryToChange, Time, WhatToTrack, WhenToAdd};
pub use timesheet::{CellToFill, SheetDay, SheetDays, SheetNotice, SheetRow, Timesheet, Timesheets};
pub use tokens::{MadeToken, TokenToMake, Tokens};
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
    /// Takes mail away; where nothing does, links are shown to be copied (N3).
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Where people reach this server.
    pub site: Site,
}

/// Tallyport's use cases. Clones are the same application, and cost nothing: each request takes several.
#[derive(Clone)]
pub struct App(Arc<UseCases>);

/// The use cases, by what they are about.
pub struct UseCases {
    /// Accounts of this store: chores of the machine, without an actor.
    pub accounts: Accounts,
    /// People and what they have.
    pub people: People,
    /// The task tree.
    pub tasks: Tasks,
    /// Who has which task.
    pub assignments: Assignments,
    /// What happens, as it happens.
    pub changes: Changes,
    /// The link to Toggl.
    pub integration: Integration,
    /// Co-workers who are asked to join.
    pub invitations: Invitations,
    /// Oneself.
    pub me: Me,
    /// Mail that waits, and what takes it away.
    pub outbox: Outbox,
    /// What time adds up to.
    pub reports: Reports,
    /// Passwords that were forgotten.
    pub resets: Resets,
    /// Syncs that run by themselves.
    pub schedules: Schedules,
    /// Signing in and out.
    pub sessions: Sessions,
    /// Setting a fresh server up.
    pub set_ups: SetUps,
    /// Deleting what has had its day.
    pub sweeps: Sweeps,
    /// The tags of time.
    pub tags: TagList,
    /// People's time.
    pub time: Time,
    /// Their sheets.
    pub timesheets: Timesheets,
    /// Personal API tokens.
    pub tokens: Tokens,
    shared: Arc<Shared>,
}

impl Deref for App {
    type Target = UseCases;

    fn deref(&self) -> &UseCases {
        &self.0
    }
}

/// What the use cases share.
struct Shared {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    keys: Arc<dyn Keys>,
    sources: Arc<dyn SourceFactory>,
    engine: SyncEngine,
    mailer: Option<Arc<dyn Mailer>>,
    site: Site,
    hashing: passwords::Hashing,
    throttle: throttle::Throttle,
    set_up_code: setup::SetUpCode,
    in_flight: answers::InFlight,
    /// What is done after an answer was given.
    errands: Arc<Semaphore>,
    runs: registry::Registry,
    /// Tells that mail was queued.
    mail: Notify,
    changes: changes::Hub,
}

impl App {
    /// Puts the application together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { store, clock, random, keys, sources, engine, mailer, site } = parts;
        let throttle = throttle::Throttle::new(&clock, random.as_ref());
        let shared = Arc::new(Shared {
            store,
            clock,
            random,
            keys,
            sources,
            engine,
            mailer,
            site,
            hashing: passwords::Hashing::new(),
            throttle,
            set_up_code: setup::SetUpCode::default(),
            in_flight: answers::InFlight::default(),
            errands: Arc::new(Semaphore::new(resets::ERRANDS as usize)),
            runs: registry::Registry::default(),
            mail: Notify::new(),
            changes: changes::Hub::default(),
        });
        Self(Arc::new(UseCases {
            accounts: Accounts(shared.clone()),
            people: People(shared.clone()),
            tasks: Tasks(shared.clone()),
            assignments: Assignments(shared.clone()),
            changes: Changes(shared.clone()),
            integration: Integration(shared.clone()),
            invitations: Invitations(shared.clone()),
            me: Me(shared.clone()),
            outbox: Outbox(shared.clone()),
            reports: Reports(shared.clone()),
            resets: Resets(shared.clone()),
            sessions: Sessions(shared.clone()),
            set_ups: SetUps(shared.clone()),
            sweeps: Sweeps(shared.clone()),
            tags: TagList(shared.clone()),
            time: Time(shared.clone()),
            timesheets: Timesheets(shared.clone()),
            tokens: Tokens(shared.clone()),
            schedules: Schedules::new(Integration(shared.clone())),
            shared,
        }))
    }

    /// The person as they stand now, to act with; roles are read anew for each request, never remembered.
    ///
    /// # Errors
    /// [`Error::SignInRequired`] for somebody whom the account lacks or who is deactivated (A5).
    pub async fn actor(&self, account: AccountId, person: PersonId) -> Result<Actor> {
        self.shared.actor(account, person).await
    }

    /// The person who comes with this secret of a session or a token, as they stand now (A4).
    ///
    /// # Errors
    /// [`Error::SignInRequired`] for one that is not known, over, expired or revoked, and for who is deactivated (A5).
    pub async fn bearer(&self, secret: &Secret) -> Result<Actor> {
        self.shared.bearer(secret.hash()).await
    }

    /// The same for who comes from outside: what lets nobody in is counted.
    ///
    /// # Errors
    /// As [`App::bearer`]; `TooManyTries`.
    pub async fn bearer_from(&self, caller: Caller, secret: &Secret) -> Result<Actor> {
        match self.bearer(secret).await {
            Err(Error::SignInRequired) => Err(self.stranger(caller)),
            known => known,
        }
    }

    /// What somebody is told who came with something that lets nobody in; it is counted (A4).
    #[must_use]
    pub fn stranger(&self, caller: Caller) -> Error {
        self.shared.throttle.bearer(caller).err().unwrap_or(Error::SignInRequired)
    }

    /// How many passwords were hashed or checked since the start.
    #[must_use]
    pub fn passwords_hashed(&self) -> u64 {
        self.shared.hashing.count()
    }

    /// A short text that tells one request from the others, for logs and for who reports a fault.
    #[must_use]
    pub fn request_id(&self) -> String {
        let mut bytes = [0; 8];
        self.shared.random.fill(&mut bytes);
        format!("{:016x}", u64::from_be_bytes(bytes))
    }

    /// Where people reach this server.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.shared.site
    }

    /// Whether mail leaves; where none does, links are shown to be copied (N3).
    #[must_use]
    pub fn sends_mail(&self) -> bool {
        self.shared.mailer.is_some()
    }

    /// Asks the runs of this process to end before they change anything, and returns once none is at work any more (I11).
    pub async fn stop_runs(&self) {
        self.shared.runs.stop_all().await;
    }

    /// How many runs of this process ended how.
    #[must_use]
    pub fn runs_ended(&self) -> Vec<(tallyport_domain::Outcome, u64)> {
        self.shared.runs.ended()
    }

    /// Returns once no run of this process is at work any more, nor anything that is done after an answer.
    pub async fn idle(&self) {
        self.shared.runs.idle().await;
        let _all_are_back = self.shared.errands.acquire_many(resets::ERRANDS).await;
    }
}

impl Shared {
    async fn actor(&self, account: AccountId, person: PersonId) -> Result<Actor> {
        let person = self.store.person(account, person).await?.filter(|person| person.active);
        person.map(|person| Actor::new(account, person)).ok_or(Error::SignInRequired)
    }

    async fn bearer(&self, hash: SecretHash) -> Result<Actor> {
        let bearer = self.store.bearer(&hash, self.clock.now()).await?;
        bearer.map(|bearer| Actor::bearing(bearer, hash)).ok_or(Error::SignInRequired)
    }

    /// The same person, if what they came with still lets them in.
    async fn again(&self, actor: &Actor) -> Result<Actor> {
        match actor.proof() {
            Some(hash) => self.bearer(hash).await,
            None => self.actor(actor.account(), actor.person().id).await,
        }
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App(..)")
    }
}
