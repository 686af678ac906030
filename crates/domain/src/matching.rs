//! Matching people to members by email (P3, P4): pure, so that a sync, a joining person and a changed address share it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Grant, Member, PersonId, Rematch, TaskId};

/// Who there is to match, and whose integration it is (P3, P4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// Everybody in the account.
    pub people: Vec<RosterPerson>,
    /// Who enabled or re-enabled the integration.
    pub owner: PersonId,
}

/// As much of a person as matching needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterPerson {
    /// Who.
    pub id: PersonId,
    /// The folded spelling of their address (A6).
    pub email_key: String,
    /// Deactivated people are matched to nothing (P4).
    pub active: bool,
}

/// The members that were seen in one mirrored workspace.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The workspace's task.
    pub task: TaskId,
    /// Its members, invited ones included.
    pub members: &'a [Member],
}

/// Says which automatic assignments there should be on these workspaces and on the root, and what that changes (P3, P4, P5).
///
/// Automatic assignments on other tasks are not looked at: what was not read stands as it is (P5).
#[must_use]
pub fn rematch(
    roster: &Roster,
    root: Option<TaskId>,
    seen: &[Seen<'_>],
    automatic: &BTreeSet<Grant>,
    suppressed: &BTreeSet<Grant>,
) -> Rematch {
    let addresses = Addresses::of(roster);
    let mut wanted = BTreeSet::new();
    for Seen { task, members } in seen {
        wanted.extend(addresses.joined(members).map(|person| Grant { person, task: *task }));
    }
    if let Some(task) = root
        && addresses.has_active_owner()
    {
        wanted.insert(Grant { person: roster.owner, task });
    }
    wanted.retain(|grant| !suppressed.contains(grant));

    let looked_at: BTreeSet<TaskId> = seen.iter().map(|seen| seen.task).chain(root).collect();
    let standing = automatic.iter().filter(|grant| looked_at.contains(&grant.task));
    Rematch {
        withdraw: standing.filter(|grant| !wanted.contains(grant)).copied().collect(),
        assign: wanted.iter().filter(|grant| !automatic.contains(grant)).copied().collect(),
    }
}

/// The active people of a roster by their addresses (P4).
pub(crate) struct Addresses<'a> {
    people: BTreeMap<&'a str, PersonId>,
    owner: PersonId,
}

impl<'a> Addresses<'a> {
    pub(crate) fn of(roster: &'a Roster) -> Self {
        let active = roster.people.iter().filter(|person| person.active);
        Self { people: active.map(|person| (person.email_key.as_str(), person.id)).collect(), owner: roster.owner }
    }

    /// The people here whose address is that of a member who joined.
    pub(crate) fn joined(&self, members: &[Member]) -> impl Iterator<Item = PersonId> {
        members.iter().filter(|member| member.joined).filter_map(|member| self.people.get(member.email.key()).copied())
    }

    /// Whether there is somebody to get the root (P3).
    pub(crate) fn has_active_owner(&self) -> bool {
        self.people.values().any(|person| *person == self.owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Email;

    const ROOT: TaskId = TaskId(1);
    const SPACE: TaskId = TaskId(2);

    fn roster(people: &[(i64, &str, bool)]) -> Roster {
        let people = people.iter().map(|(id, email, active)| RosterPerson {
            id: PersonId(*id),
            email_key: Email::parse(email).unwrap().key().to_owned(),
            active: *active,
        });
        Roster { people: people.collect(), owner: PersonId(1) }
    }

    fn member(email: &str, joined: bool) -> Member {
        Member { email: Email::parse(email).unwrap(), name: String::new(), joined }
    }

    fn grant(person: i64, task: TaskId) -> Grant {
        Grant { person: PersonId(person), task }
    }

    #[test] // P3, P4, A6
    fn active_people_get_the_workspaces_they_joined_and_the_owner_gets_the_root() {
        let roster = roster(&[(1, "ada@x.test", true), (2, "bea@x.test", true), (3, "cem@x.test", false)]);
        let members = [member("BEA@x.TEST", true), member("cem@x.test", true), member("ada@x.test", false)];
        let seen = [Seen { task: SPACE, members: &members }];
        let change = rematch(&roster, Some(ROOT), &seen, &BTreeSet::new(), &BTreeSet::new());
        assert_eq!(change.assign, BTreeSet::from([grant(1, ROOT), grant(2, SPACE)]));
        assert_eq!(change.withdraw, BTreeSet::new());
    }

    #[test] // P5
    fn who_left_is_withdrawn_and_what_was_not_read_stands() {
        let roster = roster(&[(1, "ada@x.test", true), (2, "bea@x.test", true)]);
        let automatic = BTreeSet::from([grant(1, ROOT), grant(2, SPACE), grant(2, TaskId(9))]);
        let seen = [Seen { task: SPACE, members: &[] }];
        let change = rematch(&roster, Some(ROOT), &seen, &automatic, &BTreeSet::new());
        assert_eq!(change.withdraw, BTreeSet::from([grant(2, SPACE)]));
        assert_eq!(change.assign, BTreeSet::new());
    }

    #[test] // P5
    fn a_suppression_keeps_an_assignment_away() {
        let roster = roster(&[(1, "ada@x.test", true)]);
        let members = [member("ada@x.test", true)];
        let seen = [Seen { task: SPACE, members: &members }];
        let suppressed = BTreeSet::from([grant(1, SPACE), grant(1, ROOT)]);
        let change = rematch(&roster, Some(ROOT), &seen, &BTreeSet::new(), &suppressed);
        assert_eq!(change, Rematch::default());
    }
}
