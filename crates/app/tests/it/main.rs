//! Tests of the use cases, over a real file and a simulated Toggl on a socket.

#![expect(clippy::unwrap_used, reason = "a test whose helper cannot go on has failed")]

mod accounts;
mod assignments;
mod bench;
mod devices;
mod enabling;
mod hand_clock;
mod invitations;
mod outbox;
mod owner;
mod people;
mod postbox;
mod previews;
mod resets;
mod runs;
mod schedules;
mod selection;
mod signing;
mod tasks;
mod unlinking;
