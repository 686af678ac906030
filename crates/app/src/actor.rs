//! Who acts, and what their role lets them do (A2).

use tallyport_domain::{AccountId, Person, Role, Scope, SecretHash, Zone};
use tallyport_storage::{Bearer, Credential, Viewer};

use crate::{Error, Result};

/// A person of an account, as they stood when their request came in.
#[derive(Debug, Clone)]
pub struct Actor {
    account: AccountId,
    person: Person,
    credential: Option<Credential>,
    /// What they came with, to be looked at again while they stay.
    proof: Option<SecretHash>,
    zone: Option<Zone>,
}

impl Actor {
    /// Somebody whom this machine vouches for.
    pub(crate) fn new(account: AccountId, person: Person) -> Self {
        Self { account, person, credential: None, proof: None, zone: None }
    }

    /// Somebody who came with a secret.
    pub(crate) fn bearing(bearer: Bearer, proof: SecretHash) -> Self {
        let Bearer { account, person, by, zone } = bearer;
        Self { account: account.id, person, credential: Some(by), proof: Some(proof), zone: Some(zone) }
    }

    pub(crate) fn proof(&self) -> Option<SecretHash> {
        self.proof
    }

    /// The zone of their clock (E5), where it is known with who they are.
    pub(crate) fn zone(&self) -> Option<&Zone> {
        self.zone.as_ref()
    }

    /// By what they came in; nothing where this machine vouches for them.
    #[must_use]
    pub fn credential(&self) -> Option<Credential> {
        self.credential
    }

    /// Lets through whoever came without a token, and tokens whose scope holds `needed` (A4).
    ///
    /// # Errors
    /// [`Error::ScopeRequired`].
    pub fn within(&self, needed: Scope) -> Result<()> {
        match self.credential {
            Some(Credential::Token(_, scope)) if scope < needed => Err(Error::ScopeRequired { needed, scope }),
            _ => Ok(()),
        }
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
