//! Whether anybody changed the file, asked without reading any of it.

use std::path::Path;

use rusqlite::Connection;
use tallyport_storage::StoreError;

use crate::errors::{Error, Result};
use crate::open;
use crate::rows::Statements;

/// A connection that is kept to look for commits of others. The engine's number for that is of use within one connection alone.
#[derive(Default)]
pub(crate) struct Watch {
    connection: Option<Connection>,
    /// How many connections there were.
    opened: i64,
}

impl Watch {
    /// A number that is another one once anybody committed, this process's own writer included.
    pub(crate) fn look(&mut self, path: &Path) -> Result<i64, StoreError> {
        let connection = if let Some(kept) = self.connection.take() {
            kept
        } else {
            self.opened += 1;
            open::reader(path)?
        };
        let version = connection.one("PRAGMA data_version", [], |row| Ok(row.get::<_, u32>(0)?))?;
        let version = version.ok_or_else(|| Error::Row("the engine does not number its versions".to_owned()))?;
        // Dropped where anything failed.
        self.connection = Some(connection);
        Ok((self.opened << 32) | i64::from(version))
    }

    /// Closes the connection; the next look opens another one.
    pub(crate) fn close(&mut self) {
        self.connection = None;
    }
}
