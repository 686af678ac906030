//! Who may track where, after every sync.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tallyport_domain::{Grant, Identity};

use super::history::Sync;

/// P3, P4, P5: whoever joined and is active here, and the owner; less the suppressed, and as it was where nothing was read.
pub(super) fn automatic_assignments(sync: &Sync<'_>) -> TestCaseResult {
    let task_of = |identity| sync.imported().find(|(_, it)| *it == identity).map(|(task, _)| task.id);
    let active = || sync.terms.roster.people.iter().filter(|person| person.active);
    let root = task_of(Identity::Root).unwrap();
    let mut read = BTreeSet::from([root]);
    let mut expected = BTreeSet::new();
    let owner = active().filter(|person| person.id == sync.terms.roster.owner);
    expected.extend(owner.map(|person| Grant { person: person.id, task: root }));
    for (space, content) in sync.reference().read() {
        let task = task_of(Identity::Workspace(space.workspace.id));
        let (Some(members), Some(task)) = (&content.members, task) else { continue };
        read.insert(task);
        let joined = |key: &str| members.iter().any(|member| member.joined && member.email.key() == key);
        expected.extend(active().filter(|person| joined(&person.email_key)).map(|person| Grant { person: person.id, task }));
    }
    expected.retain(|grant| !sync.after.suppressions.contains(grant));
    expected.extend(sync.before.automatic.iter().filter(|grant| !read.contains(&grant.task)));
    prop_assert_eq!(&sync.after.automatic, &expected);
    Ok(())
}
