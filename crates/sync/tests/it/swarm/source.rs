//! The adapter, with an eye on what it reads.

use std::sync::Mutex;

use async_trait::async_trait;
use tallyport_domain::{Parts, ReadRequest, Reading, Snapshot, Source, SourceError, SourceUser, SourceWorkspace};
use tallyport_toggl::Toggl;

use super::truth::sorted;

/// Remembers the last reading.
pub(crate) struct Watched {
    toggl: Toggl,
    read: Mutex<Option<Snapshot>>,
    resumed: Mutex<bool>,
}

impl Watched {
    pub(crate) fn of(toggl: Toggl) -> Self {
        Self { toggl, read: Mutex::new(None), resumed: Mutex::new(false) }
    }

    /// The last complete reading, and whether it was given pages of an earlier one; both are forgotten then.
    pub(crate) fn take(&self) -> (Option<Snapshot>, bool) {
        (self.read.lock().unwrap().take(), std::mem::take(&mut self.resumed.lock().unwrap()))
    }
}

#[async_trait]
impl Source for Watched {
    async fn identify(&self) -> Result<SourceUser, SourceError> {
        self.toggl.identify().await
    }

    async fn workspaces(&self) -> Result<Vec<SourceWorkspace>, SourceError> {
        self.toggl.workspaces().await
    }

    async fn read(&self, request: ReadRequest, parts: &dyn Parts) -> Result<Reading, SourceError> {
        *self.resumed.lock().unwrap() = !request.kept.is_empty();
        let reading = self.toggl.read(request, parts).await?;
        *self.read.lock().unwrap() = Some(reading.snapshot.clone());
        Ok(reading)
    }
}

/// The same in the order in which truths are told.
pub(crate) fn told(snapshot: &Snapshot) -> Snapshot {
    sorted(snapshot.clone())
}
