//! Changes that hang on what somebody saw.

use std::fmt;
use std::sync::Arc;

use crate::{Result, StoreError};

/// Whether what is there still is what somebody saw: the store asks in the transaction that makes the change, so that of two who
/// saw the same one is told, in whatever processes they are.
pub struct Still<T: ?Sized>(Arc<dyn Fn(&T) -> bool + Send + Sync>);

impl<T: ?Sized> Still<T> {
    /// A change that hangs on this.
    pub fn new(holds: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(holds))
    }

    /// Refuses where what is there is something else.
    ///
    /// # Errors
    /// `Changed`.
    pub fn check(&self, there: &T) -> Result<()> {
        if (self.0)(there) { Ok(()) } else { Err(StoreError::Changed) }
    }

    /// The same of what is made of something else.
    #[must_use]
    pub fn of<U: ?Sized>(self, made: impl Fn(&U) -> T + Send + Sync + 'static) -> Still<U>
    where
        T: Sized + 'static,
    {
        Still::new(move |there| (self.0)(&made(there)))
    }
}

impl<T: ?Sized> Clone for Still<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: ?Sized> fmt::Debug for Still<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Still(..)")
    }
}
