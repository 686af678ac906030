//! The client over a transport that answers from a list.

mod calls;
mod runs;
mod support;
