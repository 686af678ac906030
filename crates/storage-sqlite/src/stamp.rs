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

#[cfg(test)]
mod tests {
    use rusqlite::OpenFlags;

    use super::*;
    use crate::open::Options;

    #[test] // E6
    fn whoever_commits_changes_the_stamp_and_a_connection_of_another_time_tells_another_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tallyport.db");
        let opened = open::open(&path, Options { create: true }, &crate::migrate::Known::ours())
            .map_err(|error| error.to_string())
            .unwrap();
        let other = open::connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let mut watch = Watch::default();
        let mut seen = Vec::new();
        for _ in 0..4 {
            for connection in [&opened.writer, &other] {
                connection.run("UPDATE meta SET value = value + 1 WHERE name = 'token_in_log'", []).unwrap();
                let stamp = watch.look(&path).unwrap();
                assert!(!seen.contains(&stamp), "{stamp} {seen:?}");
                assert_eq!(watch.look(&path).unwrap(), stamp);
                seen.push(stamp);
            }
            watch.close();
        }
    }
}
