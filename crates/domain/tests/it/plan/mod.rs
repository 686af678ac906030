//! The invariants of the plan, after every sync of many histories.

mod garbage;
mod invariants;
mod reference;
mod replay;
mod scenario;
mod world;
