//! Where databases are.

use std::path::{Path, PathBuf};

/// The name of the file and of its folder.
const NAME: &str = "tallyport";

/// The file that a path or a URL names.
///
/// # Errors
/// The scheme of a database that this version does not open; nothing else of the URL, which may hold a password.
pub fn named(database: &str) -> Result<PathBuf, &str> {
    match database.split_once("://") {
        None => Ok(database.strip_prefix("sqlite:").unwrap_or(database).into()),
        Some(("sqlite" | "file", path)) if !path.is_empty() => Ok(path.into()),
        Some((scheme, _)) => Err(scheme),
    }
}

/// The file where nobody says which: in the platform's data directory, which the environment names.
#[must_use]
pub fn usual(environment: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let home = || environment("HOME").map(PathBuf::from);
    let folder = if cfg!(windows) {
        environment("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        let data = environment("XDG_DATA_HOME").map(PathBuf::from).filter(|data| data.is_absolute());
        data.or_else(|| home().map(|home| home.join(".local/share")))
    };
    folder.map(|folder| folder.join(NAME).join(Path::new(NAME).with_extension("db")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_a_path_or_a_url_of_one() {
        for told in ["/data/t.db", "sqlite:/data/t.db", "sqlite:///data/t.db", "file:///data/t.db"] {
            assert_eq!(named(told).unwrap(), Path::new("/data/t.db"), "{told}");
        }
        assert_eq!(named("postgres://user:secret@host/db"), Err("postgres"));
    }

    #[test]
    fn a_data_directory_is_absolute() {
        let with = |data: &'static str| usual(move |name| (name == "XDG_DATA_HOME").then(|| data.to_owned()));
        if !cfg!(any(windows, target_os = "macos")) {
            assert_eq!(with("/data"), Some("/data/tallyport/tallyport.db".into()));
            assert_eq!(with("data"), None);
        }
    }
}
