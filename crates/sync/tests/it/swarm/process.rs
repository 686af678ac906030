//! The process in which a run is at work: what befalls it in the middle, counted in calls to the network and to the store.

use std::sync::{Arc, Mutex};

/// Something that happens just before the call of that number.
struct Incident {
    call: u64,
    happen: Box<dyn FnOnce() + Send>,
}

/// Counts the calls of one run, and lets things happen between them.
#[derive(Clone, Default)]
pub(crate) struct Process(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    calls: u64,
    incidents: Vec<Incident>,
    /// The call at which it dies, and whether the call is made before.
    death: Option<(u64, Died)>,
    dead: bool,
}

/// When a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Died {
    BeforeTheCall,
    BeforeTheAnswer,
}

impl Process {
    /// Lets something happen before the `nth` call from now on, counted from 1.
    pub(crate) fn interrupt(&self, nth: u64, happen: impl FnOnce() + Send + 'static) {
        let mut state = self.0.lock().unwrap();
        let call = state.calls + nth;
        state.incidents.push(Incident { call, happen: Box::new(happen) });
    }

    /// Lets it die at the `nth` call from now on, counted from 1.
    pub(crate) fn kill(&self, nth: u64, died: Died) {
        let mut state = self.0.lock().unwrap();
        state.death = Some((state.calls + nth, died));
    }

    /// Takes back what has not happened yet.
    pub(crate) fn calm(&self) {
        let mut state = self.0.lock().unwrap();
        state.incidents.clear();
        state.death = None;
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.0.lock().unwrap().dead
    }

    /// Goes before each call; one of a dead process never returns.
    pub(crate) async fn call(&self) {
        let due: Vec<Incident> = {
            let mut state = self.0.lock().unwrap();
            state.calls += 1;
            let calls = state.calls;
            state.incidents.extract_if(.., |incident| incident.call == calls).collect()
        };
        for incident in due {
            (incident.happen)();
        }
        self.die(Died::BeforeTheCall).await;
    }

    /// Goes before each answer.
    pub(crate) async fn answer(&self) {
        self.die(Died::BeforeTheAnswer).await;
    }

    async fn die(&self, when: Died) {
        let dies = {
            let mut state = self.0.lock().unwrap();
            state.dead |= state.death == Some((state.calls, when));
            state.dead
        };
        if dies {
            std::future::pending::<()>().await;
        }
    }
}
