//! Keeps a task tree in step with Toggl Track; made to be embedded.
//!
//! A [`SyncEngine`] reads a [`Source`](tallyport_domain::Source), plans with [`tallyport_domain::plan`] and applies through a
//! [`SyncStore`](tallyport_storage::SyncStore). It knows neither Toggl nor SQL, neither server nor command line, and needs no
//! runtime of its own: whoever starts a run drives it.
//!
//! ```
//! # use std::sync::Arc;
//! # use tallyport_domain::{plan::Consent, AccountId, PersonId, Run, Source, Trigger};
//! # use tallyport_storage::SyncStore;
//! use tallyport_sync::system::SystemClock;
//! use tallyport_sync::{Order, Patience, SyncEngine, SyncError};
//!
//! # async fn sync(store: Arc<dyn SyncStore>, account: AccountId, owner: PersonId, toggl: Arc<dyn Source>) -> Result<Run, SyncError> {
//! let engine = SyncEngine::new(store, Arc::new(SystemClock));
//! let order = Order {
//!     trigger: Trigger::Manual,
//!     started_by: Some(owner),
//!     consent: Consent::None,
//!     patience: Patience::Forever,
//! };
//! let run = engine.run(account, toggl, order).await?;
//! assert!(!run.outcome.is_under_way());
//! # Ok(run)
//! # }
//! ```
//!
//! `examples/embed.rs` shows the whole of it over a SQLite file.

mod engine;
mod error;
mod keeper;
mod patience;
mod preview;
mod process;
mod progress;
mod reading;
mod run;
mod schedule;
pub mod system;

pub use engine::SyncEngine;
pub use error::{SyncError, source_error_code, store_error_code};
pub use patience::Patience;
pub use preview::{Preview, PrivateProject};
pub use progress::{Phase, Progress};
pub use run::{ActiveRun, Canceller, Order};
pub use schedule::due_at;
