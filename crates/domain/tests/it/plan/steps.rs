//! What happens in a history: a source is built and mirrored, then things happen on both sides, with a sync now and then.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::world::Event;

/// What can happen on this side. Each takes two numbers, which say to what.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Select,
    LeaveOut,
    ChangeOwner,
    Deactivate,
    Suppress,
    AssignAgain,
    UnlinkAndKeep,
    UnlinkAndArchive,
    AddNative,
    RenameNative,
    MoveNative,
    ArchiveNative,
    RestoreNative,
    DeleteNative,
}

impl Deed {
    const ALL: [Self; 14] = [
        Self::Select,
        Self::LeaveOut,
        Self::ChangeOwner,
        Self::Deactivate,
        Self::Suppress,
        Self::AssignAgain,
        Self::UnlinkAndKeep,
        Self::UnlinkAndArchive,
        Self::AddNative,
        Self::RenameNative,
        Self::MoveNative,
        Self::ArchiveNative,
        Self::RestoreNative,
        Self::DeleteNative,
    ];

    /// What people do to tasks that they kept.
    const AT_HOME: [Self; 6] =
        [Self::AddNative, Self::RenameNative, Self::MoveNative, Self::MoveNative, Self::ArchiveNative, Self::DeleteNative];
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Source(Event, u16, u16),
    Here(Deed, u16, u16),
    Sync,
}

/// A history, as a list of what happens.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let number = any::<u16>;
    let source = |events: &'static [Event]| (select(events), number(), number()).prop_map(|(e, a, b)| Step::Source(e, a, b));
    let here = |deeds: &'static [Deed]| (select(deeds), number(), number()).prop_map(|(d, a, b)| Step::Here(d, a, b));
    let built = vec(source(&Event::BUILDING), 5..30);
    let any_step = prop_oneof![6 => source(&Event::ALL), 2 => here(&Deed::ALL), 2 => Just(Step::Sync)];
    // Half of the histories keep the tasks once and change them before the next sync.
    let kept = prop_oneof![
        Just(Vec::new()),
        (number(), vec(here(&Deed::AT_HOME), 0..8))
            .prop_map(|(a, deeds)| { [vec![Step::Here(Deed::UnlinkAndKeep, a, 0)], deeds].concat() })
    ];
    let happened = (vec(any_step.clone(), 0..10), kept, vec(any_step, 0..10));
    (built, happened)
        .prop_map(|(built, (early, kept, late))| [built, vec![Step::Sync], early, kept, late, vec![Step::Sync]].concat())
}
