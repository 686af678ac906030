//! Who gets and who loses an automatic assignment (P3, P4, P5).

use std::collections::BTreeSet;

use super::diff::created;
use super::draft::Draft;
use super::listing::Listing;
use super::tree::Tree;
use super::{Current, Plan, Warning};
use crate::matching::{Addresses, Seen, rematch};
use crate::{Member, Roster};

/// Matches the members of every workspace that was read with them; what was not read stands as it is (P5).
pub(super) fn assign(
    plan: &mut Plan,
    tree: &Tree<'_>,
    draft: &Draft<'_>,
    listing: &Listing<'_>,
    current: &Current,
    roster: &Roster,
) {
    let addresses = Addresses::of(roster);
    let existing = |node: usize| tree.tasks.get(node).map(|task| task.id);
    let mut seen: Vec<Seen<'_>> = Vec::new();
    let mut fresh = BTreeSet::new();

    let root = existing(draft.root);
    if root.is_none() && addresses.has_active_owner() {
        fresh.insert((created(draft, draft.root), roster.owner));
    }
    for (space, node) in listing.spaces.iter().zip(&draft.spaces) {
        let (Some(content), Some(node)) = (space.content, *node) else { continue };
        let Some(members) = &content.members else {
            plan.warnings.push(Warning::MembersUnreadable { workspace: space.listed.name.clone() });
            continue;
        };
        if let Some(task) = existing(node) {
            seen.push(Seen { task, members });
        } else {
            let index = created(draft, node);
            fresh.extend(addresses.joined(members).map(|person| (index, person)));
        }
        plan.members.push((space.listed.id, in_order(members)));
    }

    let change = rematch(roster, root, &seen, &current.automatic, &current.suppressions);
    plan.assign = change.assign;
    plan.withdraw = change.withdraw;
    plan.assign_created = fresh.into_iter().map(|(index, person)| (person, index)).collect();
}

/// Sorted by address; should one be there twice, whoever joined counts.
fn in_order(members: &[Member]) -> Vec<Member> {
    let mut members: Vec<&Member> = members.iter().collect();
    members.sort_by_key(|member| (member.email.key(), !member.joined, &member.name, member.email.as_str()));
    members.dedup_by_key(|member| member.email.key());
    members.into_iter().cloned().collect()
}
