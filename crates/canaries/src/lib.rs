//! Secrets that are known by heart, and a search for them in everything that is said and written, for tests (I2, S4).
//!
//! ```
//! let mut search = tallyport_canaries::Search::of([("the password", "sesame, open")]);
//! search.look("a log", b"signed in");
//! assert!(search.hits().is_empty());
//! search.look("a log", b"Authorization: Basic YW5hOnNlc2FtZSwgb3Blbg==");
//! assert!(search.hits()[0].starts_with("the password, base64"));
//! ```

mod shapes;

use std::io;
use std::path::Path;

pub use shapes::shapes;

/// A search for secrets in every shape in which one can get away.
#[derive(Debug, Default)]
pub struct Search {
    needles: Vec<Needle>,
    places: usize,
    hits: Vec<String>,
}

#[derive(Debug)]
struct Needle {
    what: String,
    text: String,
}

impl Search {
    /// A search for these secrets, each with its name.
    pub fn of<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut search = Self::default();
        secrets.into_iter().for_each(|(name, secret)| search.add(name, secret));
        search
    }

    /// Looks for another one from now on.
    pub fn add(&mut self, name: &str, secret: &str) {
        let needle = |(shape, bytes): (&str, Vec<u8>)| Needle { what: format!("{name}, {shape}"), text: latin(&bytes) };
        self.needles.extend(shapes(secret).into_iter().map(needle));
    }

    /// Looks into what was said or written somewhere.
    pub fn look(&mut self, place: &str, bytes: &[u8]) {
        self.places += 1;
        let text = latin(bytes);
        let found = self.needles.iter().filter(|needle| text.contains(&needle.text));
        self.hits.extend(found.map(|needle| format!("{}, in {place}", needle.what)));
    }

    /// Looks into every file of a folder but key files, which hold secrets by design; answers the names of those.
    ///
    /// # Errors
    /// A folder or a file that cannot be read.
    pub fn look_at_files(&mut self, folder: &Path, when: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_file() && path.extension().is_none_or(|ending| ending != "key") {
                self.look(&format!("{name} {when}"), &std::fs::read(&path)?);
                names.push(name);
            }
        }
        Ok(names)
    }

    /// How many places were looked into.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places
    }

    /// What was found: which secret in which shape, and where.
    #[must_use]
    pub fn hits(&self) -> &[String] {
        &self.hits
    }

    /// Nothing was found, or the test fails.
    ///
    /// # Panics
    /// Where something was found, and where nothing was looked for or into.
    pub fn must_have_found_nothing(&self) {
        assert!(self.places > 0 && !self.needles.is_empty(), "nothing was looked for");
        assert!(self.hits.is_empty(), "{} hits:\n{}", self.hits.len(), self.hits.join("\n"));
    }
}

/// Bytes as a text of which each character is one of them, so that texts and other bytes are searched alike.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "caña \"ry\" of the <administrator>/1";

    #[test] // I2
    fn each_secret_is_found_in_each_shape_in_a_file_of_any_bytes() {
        let folder = tempfile::tempdir().unwrap();
        for secret in [PASSWORD, "0badc0de0badc0de0badc0de0badc0de", "tpt_0123456789abcdefghijklmnopqrst_012345"] {
            for (shape, bytes) in shapes(secret) {
                assert!(bytes.len() >= 8, "{shape} of {secret} is found everywhere");
                std::fs::write(folder.path().join("planted"), [b"\xff\x00{\"x\":\"", &bytes[..], b"\"}"].concat()).unwrap();
                std::fs::write(folder.path().join("planted.key"), secret).unwrap();
                let mut search = Search::of([("the canary", secret)]);
                assert_eq!(search.look_at_files(folder.path(), "here").unwrap(), ["planted"]);
                assert!(search.hits().contains(&format!("the canary, {shape}, in planted here")), "{shape}: {:?}", search.hits());
            }
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let mut search = Search::of([("the canary", PASSWORD)]);
        search.look("nothing", b"of interest");
        search.look("nearly", &PASSWORD.as_bytes()[..PASSWORD.len() / 2]);
        assert_eq!(search.places(), 2);
        search.must_have_found_nothing();
    }

    #[test]
    #[should_panic(expected = "1 hits:\nthe canary, plain, in a log")]
    fn what_is_found_fails_a_test() {
        let mut search = Search::of([("the canary", "ñ")]);
        search.needles.retain(|needle| needle.what.ends_with("plain"));
        search.look("a log", "señor".as_bytes());
        search.must_have_found_nothing();
    }
}
