//! What `login` keeps: a server and a token for it, in a file that nobody else may read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tallyport_api_types::Code;
use tallyport_client::Address;

use crate::env;
use crate::failure::{Failure, Stop};
use crate::render::text;

/// The name of the file, in a folder of ours.
const NAME: &str = "login.json";
/// More than it ever says.
const LONGEST: u64 = 64 * 1024;

/// Where one is signed in.
#[derive(Clone)]
pub(crate) struct Login {
    /// The server.
    pub(crate) server: Address,
    /// What opens it.
    pub(crate) token: SecretString,
    /// Whether `login` made the token, so that `logout` revokes it; one that was brought is left as it is.
    pub(crate) made: bool,
}

impl Login {
    /// What is kept, if anything is.
    ///
    /// # Errors
    /// A file that others may read, that cannot be read, or says something else.
    pub(crate) fn kept() -> Result<Option<Self>, Stop> {
        let Some(path) = path() else { return Ok(None) };
        let unreadable = |error: io::Error| Stop::from(unusable(&path, "cannot be read").because_of(&error));
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        for_its_owner_alone(&file, &path)?;
        let mut text = String::new();
        file.take(LONGEST).read_to_string(&mut text).map_err(unreadable)?;
        read(&text).map(Some).ok_or_else(|| unusable(&path, "does not say what `login` writes").into())
    }

    /// Keeps it in the place of what was kept before, whole or not at all.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub(crate) fn keep(&self) -> Result<PathBuf, Stop> {
        let path = path().ok_or_else(|| {
            let failure = Failure::new(Code::Internal, "this user has no configuration directory to keep the token in");
            failure.hint("Set HOME, or use --server with TALLYPORT_TOKEN instead.")
        })?;
        let written = json!({ "server": self.server.as_str(), "token": self.token.expose_secret(), "made": self.made });
        replace(&path, written.to_string().as_bytes())
            .map_err(|error| Failure::new(Code::Internal, format!("{} cannot be written", shown(&path))).because_of(&error))?;
        Ok(path)
    }

    /// Removes what is kept.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub(crate) fn forget() -> Result<(), Stop> {
        let Some(path) = path() else { return Ok(()) };
        match fs::remove_file(&path) {
            Ok(()) => Ok(()),
            Err(error) if is_absent(&error) => Ok(()),
            Err(error) => {
                let failure = Failure::new(Code::Internal, format!("{} cannot be removed", shown(&path)));
                Err(failure.hint("Remove it by hand: there is a token in it.").because_of(&error).into())
            }
        }
    }
}

fn read(text: &str) -> Option<Login> {
    let written: Value = serde_json::from_str(text).ok()?;
    let server = Address::parse(written["server"].as_str()?).ok()?;
    let token = SecretString::from(written["token"].as_str()?);
    Some(Login { server, token, made: written["made"].as_bool().unwrap_or(false) })
}

/// Writes a file beside the one that is meant, and gives it its name once it is on the disk.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let part = path.with_extension("part");
    // What a dead process left is in the way, and there is a token in it.
    match fs::remove_file(&part) {
        Err(error) if !is_absent(&error) => return Err(error),
        _ => {}
    }
    let written = write(&part, bytes).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // What went wrong is told; that a piece of it is left says no more.
        let _ = fs::remove_file(&part);
    }
    written
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn for_its_owner_alone(file: &File, path: &Path) -> Result<(), Stop> {
    use std::os::unix::fs::PermissionsExt as _;

    let others = file.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
    if !others {
        return Ok(());
    }
    let failure = unusable(path, "can be read by others, and there is a token in it");
    Err(failure.hint(format!("`chmod 600 {}`; if somebody may have read it, revoke the token too.", shown(path))).into())
}

#[cfg(not(unix))]
fn for_its_owner_alone(_: &File, _: &Path) -> Result<(), Stop> {
    Ok(())
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn unusable(path: &Path, why: &str) -> Failure {
    let failure = Failure::new(Code::SignInRequired, format!("the file {} {why}", shown(path)));
    failure.hint("`tallyport login URL` writes it anew; `tallyport logout` removes it.")
}

fn shown(path: &Path) -> String {
    text::harmless(&path.display().to_string())
}

/// Where it is kept: in the platform's directory for configuration.
fn path() -> Option<PathBuf> {
    let home = || env::read("HOME").map(PathBuf::from);
    let folder = if cfg!(windows) {
        env::read("APPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        let config = env::read("XDG_CONFIG_HOME").map(PathBuf::from).filter(|config| config.is_absolute());
        config.or_else(|| home().map(|home| home.join(".config")))
    };
    folder.map(|folder| folder.join("tallyport").join(NAME))
}
