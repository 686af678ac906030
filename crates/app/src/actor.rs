//! Who acts, and what their role lets them do (A2).

use tallyport_domain::{AccountId, Person, Role};
use tallyport_storage::Viewer;

use crate::{Error, Result};

/// A person of an account, as they stood when their request came in.
#[derive(Debug, Clone)]
pub struct Actor {
    account: AccountId,
    person: Person,
}

impl Actor {
    pub(crate) fn new(account: AccountId, person: Person) -> Self {
        Self { account, person }
    }

    /// The account, outside which they see and change nothing (A1).
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Who it is.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// How they look at the tree (P6, P7).
    pub(crate) fn viewer(&self) -> Viewer {
        Viewer { person: self.person.id, sees_all: self.manages() }
    }

    pub(crate) fn administers(&self) -> bool {
        self.person.role == Role::Administrator
    }

    pub(crate) fn manages(&self) -> bool {
        self.person.role.manages()
    }

    /// Lets administrators through; `doing` says what the others may not (I1).
    pub(crate) fn administrator(&self, doing: &'static str) -> Result<()> {
        if self.administers() { Ok(()) } else { Err(Error::AdministratorRequired(doing)) }
    }

    /// Lets managers and administrators through; `doing` says what the others may not (A2).
    pub(crate) fn manager(&self, doing: &'static str) -> Result<()> {
        if self.manages() { Ok(()) } else { Err(Error::ManagerRequired(doing)) }
    }
}
