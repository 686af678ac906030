//! The source over real HTTP: against the simulator, and against servers that answer whatever a test wants.

mod snapshot;
mod support;
