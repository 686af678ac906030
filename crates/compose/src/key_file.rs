//! The key that seals tokens: given as a value, or in a file beside the database that is made on first need.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tallyport_app::{Key, KeyError, KeyRing, Keys};
use tallyport_domain::Random;
use zeroize::Zeroizing;

/// Larger files hold no key.
const LARGEST: u64 = 64 * 1024;

/// A key file, which nobody but its owner can read.
///
/// It is looked at each time a key is needed, so that one which was brought back is there at once. It is never made anew where
/// only opening is asked for: a token whose key is gone has to be said to be lost.
#[derive(Debug, Clone)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// The key file of a database: beside it, with `.key` after its name.
    #[must_use]
    pub fn beside(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push(".key");
        Self { path: path.into() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn shown(&self) -> String {
        self.path.display().to_string()
    }

    fn failed(&self, doing: &'static str, cause: io::Error) -> KeyError {
        KeyError::File { path: self.shown(), doing, cause }
    }

    fn read(&self) -> Result<Option<KeyRing>, KeyError> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("read", error)),
        };
        if is_exposed(&file).map_err(|error| self.failed("read", error))? {
            return Err(KeyError::Exposed(self.shown()));
        }
        let mut text = Zeroizing::new(String::new());
        match file.take(LARGEST).read_to_string(&mut text) {
            Ok(_) => KeyRing::parse(&text, &self.shown()).map(Some),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(KeyError::Malformed(self.shown())),
            Err(error) => Err(self.failed("read", error)),
        }
    }

    /// Makes the file, whole or not at all, unless somebody else was faster.
    fn make(&self, key: &Key) -> io::Result<()> {
        let folder = match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        // A temporary file is its owner's alone from the start.
        let mut file = tempfile::Builder::new().prefix(".tallyport-key").tempfile_in(folder)?;
        file.write_all(key.to_text().as_bytes())?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(&self.path) {
            Ok(_) => {}
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
            Err(error) => return Err(error.error),
        }
        // Without its key a sealed token is lost, so the name must outlive a power cut as well as the database does.
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }
}

impl Keys for KeyFile {
    fn ring(&self) -> Result<KeyRing, KeyError> {
        Ok(self.read()?.unwrap_or_default())
    }

    fn ring_to_seal(&self, random: &dyn Random) -> Result<KeyRing, KeyError> {
        if let Some(ring) = self.read()? {
            return Ok(ring);
        }
        self.make(&Key::generate(random)).map_err(|error| self.failed("made", error))?;
        // Read back, since another process may have made it meanwhile.
        self.read()?.ok_or(KeyError::Missing)
    }
}

#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}
