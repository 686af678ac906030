//! How things look to people: text that a terminal shows, from what the API says.
//!
//! Everything here is a pure function of a value and a [`Page`], so that it can be looked at in tests: no printing, no clock.

pub(crate) mod access;
pub(crate) mod backup;
pub(crate) mod doctor;
pub(crate) mod entry;
pub(crate) mod invitations;
pub(crate) mod lines;
pub(crate) mod me;
pub(crate) mod members;
pub(crate) mod page;
pub(crate) mod paint;
pub(crate) mod people;
pub(crate) mod preview;
pub(crate) mod reasons;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod status;
pub(crate) mod table;
pub(crate) mod tags;
pub(crate) mod task;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod tokens;
pub(crate) mod tree;
pub(crate) mod why;
pub(crate) mod workspaces;

pub(crate) use lines::Lines;
pub(crate) use page::Page;
pub(crate) use paint::Ink;
