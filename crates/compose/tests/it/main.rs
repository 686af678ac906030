//! Tests of the parts put together, over a real file and a simulated Toggl on a socket.

mod acting;
mod keys;
mod whole;
