//! People of an account and what their role allows (A2).

use serde::{Deserialize, Serialize};

use crate::{Email, PersonId};

/// What a person may do (A2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Tracks their own time on tasks they have access to.
    Member,
    /// Sees everyone's time, assigns people, edits native tasks.
    Manager,
    /// May do everything.
    Administrator,
}

impl Role {
    /// The word for this role in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }

    /// Reads the word of [`Role::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Member, Self::Manager, Self::Administrator].into_iter().find(|role| role.as_str() == text)
    }

    /// Whether this role sees the whole tree and edits native tasks and assignments (A2, P7).
    #[must_use]
    pub fn manages(self) -> bool {
        self >= Self::Manager
    }
}

/// Somebody with an account here; deactivated, never deleted (A5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their number in the account.
    pub id: PersonId,
    /// Their address, unique in the account (A6).
    pub email: Email,
    /// What they are called.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// False once deactivated (A5).
    pub active: bool,
}

/// Whether taking this person's administration away leaves the account without an administrator (A5).
///
/// `people` is everybody of the account as it stands before the change.
#[must_use]
pub fn is_last_administrator(people: &[Person], person: PersonId) -> bool {
    let administers = |p: &&Person| p.active && p.role == Role::Administrator;
    let mut others = people.iter().filter(administers).filter(|p| p.id != person);
    people.iter().filter(administers).any(|p| p.id == person) && others.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: i64, role: Role, active: bool) -> Person {
        Person { id: PersonId(id), email: Email::parse(&format!("p{id}@x.test")).unwrap(), name: format!("P{id}"), role, active }
    }

    #[test] // A2, P7
    fn managers_and_administrators_manage() {
        assert_eq!([Role::Member, Role::Manager, Role::Administrator].map(Role::manages), [false, true, true]);
    }

    #[test] // A5
    fn only_the_last_active_administrator_is_the_last() {
        let ada = person(1, Role::Administrator, true);
        let bea = person(2, Role::Administrator, false);
        let cem = person(3, Role::Manager, true);
        let mut people = vec![ada, bea, cem];
        assert!(is_last_administrator(&people, PersonId(1)));
        assert!(!is_last_administrator(&people, PersonId(2)));
        assert!(!is_last_administrator(&people, PersonId(3)));
        people[1].active = true;
        assert!(!is_last_administrator(&people, PersonId(1)));
    }
}
