//! `toggl`: the link, what it mirrors, and its syncs.

mod failures;
mod held;
mod link;
mod looking;
mod running;
mod selection;
mod settings;
