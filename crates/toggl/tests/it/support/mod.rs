//! What all of these tests need: time that passes by itself, chance without any, somebody who listens, and servers.

mod account;
mod canned;
mod listener;
mod world;

pub(crate) use account::{Account, project, task};
pub(crate) use canned::{Answer, Canned, Request, json, reply};
pub(crate) use listener::{Listener, Waited};
pub(crate) use world::{TOKEN, TestClock, TestRandom, config, request, selecting, toggl, toggl_with};
