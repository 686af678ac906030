use std::sync::Arc;

use tallyport_domain::{Clock as _, Reading, Source, SourceError};
use tallyport_simulator::{Clock, Server, Simulator, World};
use tallyport_toggl::Toggl;

use super::{Listener, TestClock, config, request, toggl_with};

/// A simulated Toggl that shares the test's clock, and its owner's connection to it.
pub(crate) struct Simulated {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) toggl: Toggl,
    server: Server,
}

impl Simulated {
    pub(crate) fn of(world: World) -> Self {
        let clock = TestClock::new();
        let shared = clock.clone();
        let simulator = Simulator::with_clock(world, Clock::following(move || shared.now()));
        let server = Server::start(simulator).unwrap();
        let token = server.simulator().owner_token().unwrap();
        let toggl = toggl_with(config(&server.url()), &token, &clock);
        Self { clock, toggl, server }
    }

    pub(crate) fn simulator(&self) -> &Simulator {
        self.server.simulator()
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// The connection of another token.
    pub(crate) fn toggl_of(&self, token: &str) -> Toggl {
        toggl_with(config(&self.server.url()), token, &self.clock)
    }

    /// Reads everything, with all the patience there is.
    pub(crate) async fn read(&self) -> Result<Reading, SourceError> {
        self.toggl.read(request(), &Listener::patient(&self.clock)).await
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        self.simulator().requests().iter().map(tallyport_simulator::RequestRecord::target).collect()
    }

    /// How many requests went to paths that end so.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.simulator().requests().iter().filter(|request| request.path.ends_with(path)).count()
    }
}
