//! Native tasks make room: none hangs under an imported one (T3, I16).

use std::collections::HashMap;

use super::draft::Draft;
use super::tree::Tree;
use crate::Reason;

/// Moves each native task that would hang under an imported one to the nearest native task above it, or to the top.
///
/// Its new place is always above it in the old tree, so that no cycle can arise.
pub(super) fn make_room(tree: &Tree<'_>, draft: &mut Draft<'_>) {
    let mut anchors = Anchors { known: HashMap::new() };
    for index in 0..draft.existing {
        let Some(parent) = tree.parents[index] else { continue };
        if draft.is_imported(index) || !draft.is_imported(parent) {
            continue;
        }
        let place = anchors.above(tree, draft, parent);
        draft.nodes[index].parent = place;
        // It was archived by hand along with what was above it, and sync brings no native task back.
        if draft.nodes[index].own == Some(Reason::ParentArchived) && place.is_none_or(|place| draft.nodes[place].own.is_none()) {
            draft.nodes[index].own = Some(Reason::ArchivedHere);
        }
    }
}

/// The nearest native task above each imported one, remembered, as people may have nested kept tasks deeply.
struct Anchors {
    known: HashMap<usize, Option<usize>>,
}

impl Anchors {
    fn above(&mut self, tree: &Tree<'_>, draft: &Draft<'_>, imported: usize) -> Option<usize> {
        let mut passed = Vec::new();
        let mut at = Some(imported);
        let anchor = loop {
            let Some(index) = at.filter(|index| draft.is_imported(*index)) else { break at };
            if let Some(anchor) = self.known.get(&index) {
                break *anchor;
            }
            // Should the old tree have a cycle, this stands until the answer is known and ends the walk.
            self.known.insert(index, None);
            passed.push(index);
            at = tree.parents[index];
        };
        self.known.extend(passed.into_iter().map(|index| (index, anchor)));
        anchor
    }
}
