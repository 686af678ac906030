//! The tree as it should be, while it is put together: every task that exists, then those to create.

use super::tree::Tree;
use crate::{Color, Identity, Name, Reason};

/// What is known of the part of the tree that a node hangs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Realm {
    /// Outside of every workspace.
    None,
    /// In the workspace of the listing that was read.
    Read(usize),
    /// In a workspace that is archived, not selected or not to be seen, so that its content was not asked for.
    Unread,
    /// In a workspace that should have been read and could not be (I8).
    Refused,
}

/// A node of the new tree.
pub(super) struct Node<'a> {
    /// What it mirrors; nothing for a native task and for a kept one that stays so.
    pub(super) imported: Option<Identity>,
    pub(super) parent: Option<usize>,
    pub(super) name: &'a Name,
    /// Of an imported node the reason that it has whatever is above it; of another one the reason that it has.
    pub(super) own: Option<Reason>,
    /// Colour and billing, where the source says them.
    pub(super) look: Option<(Option<Color>, Option<bool>)>,
    pub(super) realm: Realm,
}

/// The new tree. Imported nodes hang under imported ones that were settled before them, so that there is no cycle.
pub(super) struct Draft<'a> {
    /// As many as the tree has tasks, in its order, then those to create.
    pub(super) nodes: Vec<Node<'a>>,
    /// How many exist.
    pub(super) existing: usize,
    /// The imported nodes, each after the one it hangs under.
    settled: Vec<usize>,
    /// The node of each workspace of the listing that was read.
    pub(super) spaces: Vec<Option<usize>>,
    pub(super) root: usize,
}

impl<'a> Draft<'a> {
    /// Every task where it is, none of them imported yet.
    pub(super) fn of(tree: &Tree<'a>) -> Self {
        let as_it_is = |(task, parent): (&&'a crate::Task, &Option<usize>)| Node {
            imported: None,
            parent: *parent,
            name: &task.name,
            own: task.archived.map(|archived| archived.reason),
            look: None,
            realm: Realm::None,
        };
        let nodes: Vec<_> = tree.tasks.iter().zip(&tree.parents).map(as_it_is).collect();
        let existing = nodes.len();
        Self { nodes, existing, settled: Vec::with_capacity(existing), spaces: Vec::new(), root: 0 }
    }

    pub(super) fn is_imported(&self, node: usize) -> bool {
        self.nodes[node].imported.is_some()
    }

    /// Makes a task that exists an imported one, in its place.
    pub(super) fn settle(&mut self, index: usize, identity: Identity, parent: Option<usize>, own: Option<Reason>) {
        let realm = parent.map_or(Realm::None, |parent| self.nodes[parent].realm);
        let node = &mut self.nodes[index];
        (node.imported, node.parent, node.own, node.realm) = (Some(identity), parent, own, realm);
        self.settled.push(index);
    }

    /// Adds a task that does not exist yet.
    pub(super) fn create(&mut self, identity: Identity, parent: Option<usize>, name: &'a Name) -> usize {
        let realm = parent.map_or(Realm::None, |parent| self.nodes[parent].realm);
        let index = self.nodes.len();
        self.nodes.push(Node { imported: Some(identity), parent, name, own: None, look: None, realm });
        self.settled.push(index);
        index
    }

    /// Why each node is archived in the new tree: for a reason of its own, or since what it hangs under is (I8).
    pub(super) fn reasons(&self) -> Vec<Option<Reason>> {
        let mut reasons: Vec<_> = self.nodes.iter().map(|node| node.own).collect();
        for &index in &self.settled {
            let above = self.nodes[index].parent.and_then(|parent| reasons[parent]);
            reasons[index] = reasons[index].or(above.map(|_| Reason::ParentArchived));
        }
        reasons
    }
}
