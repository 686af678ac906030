//! What the tests begin with.

use std::path::Path;

use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, Email, ExternalId, Name, PersonId, Role, SourceUser, SourceWorkspace, Trigger, Zone};
use tallyport_storage::{BeginRun, Enable, Holder, IntegrationStore, NewAccount, NewPerson, PeopleStore, StoreError};
use tallyport_storage_sqlite::{Options, Sqlite};

pub(crate) const CREATE: Options = Options { create: true };

pub(crate) fn open(path: &Path) -> Sqlite {
    Sqlite::open(path, CREATE).unwrap()
}

/// In what words a file is refused.
pub(crate) fn refusal(path: &Path, options: Options) -> String {
    match Sqlite::open(path, options) {
        Err(StoreError::Unusable { problem, advice }) => format!("{problem}; {advice}"),
        Err(other) => panic!("another refusal: {other:?}"),
        Ok(_) => panic!("it opened"),
    }
}

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(crate) async fn account(store: &Sqlite) -> (AccountId, PersonId) {
    let administrator = NewPerson {
        email: Email::parse("ada@tally.test").unwrap(),
        name: "Ada".to_owned(),
        role: Role::Administrator,
        password_hash: None,
    };
    let new = NewAccount { name: "Ours".to_owned(), zone: Zone::utc(), administrator, now: noon() };
    let (account, ada) = store.create_account(&new).await.unwrap();
    (account.id, ada.id)
}

pub(crate) async fn enabled(store: &Sqlite, account: AccountId, owner: PersonId, token: &[u8]) {
    let user = SourceUser { id: ExternalId(9), name: "Ada".to_owned(), email: "ada@toggl.test".to_owned() };
    let workspaces = vec![SourceWorkspace { id: ExternalId(100), name: Name::from_source("Northlight"), administered: true }];
    let enable = Enable { owner, toggl_user: user, sealed_token: token.to_vec(), workspaces, now: noon() };
    store.enable(account, &enable).await.unwrap();
}

pub(crate) fn begin() -> BeginRun {
    BeginRun {
        trigger: Trigger::Manual,
        started_by: None,
        holder: Holder { machine: "here".to_owned(), process: 4711, started: u64::MAX },
        now: noon(),
        expires: noon() + chrono::TimeDelta::seconds(15),
        over: None,
    }
}
