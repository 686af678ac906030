//! The source over real HTTP: against the simulator, and against servers that answer whatever a test wants.

mod errors;
mod limits;
mod pages;
mod snapshot;
mod support;
