//! What all of these tests need: time that passes by itself, chance without any, somebody who listens, and servers.

mod account;
mod canned;
mod listener;
mod simulated;
mod world;

use tallyport_domain::{Content, Reading, Source as _, SourceError, WorkspaceContent};

pub(crate) use account::{Account, project, task};
pub(crate) use canned::{Answer, Canned, Request, json, reply};
pub(crate) use listener::Listener;
pub(crate) use simulated::Simulated;
pub(crate) use world::{TOKEN, TestClock, TestRandom, config, request, selecting, toggl, toggl_with};

/// The content of the first workspace, which was read.
pub(crate) fn content(reading: &Reading) -> &WorkspaceContent {
    match &reading.snapshot.workspaces[0].content {
        Content::Read(content) => content,
        other => panic!("{other:?}"),
    }
}

/// Serves an account, of which some requests are answered otherwise.
pub(crate) async fn serve(
    account: Account,
    otherwise: impl Fn(&Request, usize) -> Option<Answer> + Send + Sync + 'static,
) -> Canned {
    Canned::serve(move |request, before| otherwise(request, before).unwrap_or_else(|| account.answer(request))).await
}

/// Reads everything from a server.
pub(crate) async fn read(server: &Canned) -> Result<Reading, SourceError> {
    let clock = TestClock::new();
    toggl(&server.url, &clock).read(request(), &Listener::patient(&clock)).await
}
