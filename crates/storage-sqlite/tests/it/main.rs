//! The store against its contract, and against what files and machines do to it.

mod conformance;
