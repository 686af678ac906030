//! What somebody says about an entry (E2).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A note: any text, kept as it was typed but for U+0000, which becomes U+FFFD because not every store can hold it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Note(String);

/// The note is longer than [`Note::LONGEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a note can have at most 64 KiB, this one has {0} bytes: shorten it")]
pub struct BadNote(pub usize);

impl Note {
    /// How many bytes a note can have that somebody types.
    pub const LONGEST: usize = 64 * 1024;
    /// How many bytes more it can have once a path was added to it, so that nothing of what was typed is lost.
    const ROOM: usize = 4 * 1024;

    /// Takes a note that somebody typed.
    ///
    /// # Errors
    /// One of more than [`Note::LONGEST`] bytes.
    pub fn typed(text: &str) -> Result<Self, BadNote> {
        let note = Self::stored(text);
        if note.0.len() > Self::LONGEST { Err(BadNote(note.0.len())) } else { Ok(note) }
    }

    /// Takes a note as a store has it.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self(text.replace('\0', "\u{fffd}"))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same with a line below it: where a path goes when its task cannot be kept (E7). A line that is longer than any path
    /// is cut, the note is not.
    #[must_use]
    pub fn with_line(&self, line: &str) -> Self {
        let line = line.replace(['\n', '\r', '\0'], "\u{fffd}");
        let mut end = line.len().min(Self::ROOM - "\n…".len());
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        let cut = if end < line.len() { "…" } else { "" };
        let between = if self.0.is_empty() { "" } else { "\n" };
        Self(format!("{}{between}{}{cut}", self.0, &line[..end]))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // E2
    fn a_note_is_kept_as_it_was_typed_up_to_64_kib() {
        for text in ["", "  two\nlines ", "\u{202e}\u{1b}[31m", &"é".repeat(32 * 1024)] {
            assert_eq!(Note::typed(text).unwrap().as_str(), text);
        }
        assert_eq!(Note::typed("a\0b").unwrap().as_str(), "a\u{fffd}b");
        assert_eq!(Note::typed(&"x".repeat(70_000)), Err(BadNote(70_000)));
        assert!(Note::typed(&"\0".repeat(30_000)).is_err());
    }

    #[test] // E7
    fn a_path_goes_below_the_note_which_loses_nothing() {
        let full = Note::typed(&"x".repeat(Note::LONGEST)).unwrap();
        let noted = full.with_line("Toggl / Acme");
        assert!(noted.as_str().starts_with(full.as_str()) && noted.as_str().ends_with("\nToggl / Acme"));
        assert_eq!(Note::default().with_line("Toggl / Acme").as_str(), "Toggl / Acme");
        let endless = full.with_line(&"é".repeat(1_000_000));
        assert!(endless.as_str().ends_with("é…") && endless.as_str().len() <= Note::LONGEST + Note::ROOM);
        assert_eq!(Note::default().with_line("a\nb").as_str(), "a\u{fffd}b");
    }
}
