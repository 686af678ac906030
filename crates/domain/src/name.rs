//! Names: kept as they come (T5) and sorted the way people expect (T4).

use std::fmt;
use std::sync::{Arc, OnceLock};

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use serde::{Deserialize, Serialize, Serializer};

/// What a task is called.
///
/// Any Unicode but U+0000, which becomes U+FFFD because not every store can hold it (T5); it may be empty. Cheap to clone: the
/// same name stands in the snapshot, in the plan and in many paths.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(from = "String")]
pub struct Name(Arc<str>);

/// A name that nobody may give a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Nothing but blanks.
    #[error("a name cannot be empty")]
    Empty,
    /// Longer than [`Name::LONGEST_TYPED`].
    #[error("a name can have at most {} bytes", Name::LONGEST_TYPED)]
    TooLong,
    /// A line break, a tab or another control character.
    #[error("a name cannot have line breaks or control characters")]
    Control,
}

impl Name {
    /// How many bytes a name that a person types can have. Names from the source have no such limit (T5).
    pub const LONGEST_TYPED: usize = 4096;

    /// What people are shown in place of an empty name (T5).
    pub const UNNAMED: &str = "(unnamed)";

    /// Takes a name from the source exactly as it is, but for U+0000 (T5).
    #[must_use]
    pub fn from_source(text: &str) -> Self {
        if text.contains('\0') { Self(text.replace('\0', "\u{fffd}").into()) } else { Self(text.into()) }
    }

    /// Takes a name that a person typed, without the blanks around it.
    ///
    /// # Errors
    /// An empty, overlong one, or one with control characters.
    pub fn typed(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        if text.is_empty() {
            Err(BadName::Empty)
        } else if text.len() > Self::LONGEST_TYPED {
            Err(BadName::TooLong)
        } else if text.chars().any(char::is_control) {
            Err(BadName::Control)
        } else {
            Ok(Self(text.into()))
        }
    }

    /// The name itself, which may be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for people: never empty (T5).
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.0.is_empty() { Self::UNNAMED } else { &self.0 }
    }

    /// The bytes by which a store sorts it.
    #[must_use]
    pub fn sort_key(&self) -> SortKey {
        SortKey::of(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shown())
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        if text.contains('\0') { Self::from_source(&text) } else { Self(text.into()) }
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0.as_ref().to_owned()
    }
}

/// Bytes whose plain order is the order people expect of names: case aside, numbers by value, any script (T4).
///
/// Names that differ in nothing but case share a key; whoever sorts breaks ties by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SortKey(Box<[u8]>);

impl SortKey {
    /// Changes whenever keys of different releases no longer compare, so that a store knows to write them anew.
    pub const VERSION: u32 = 1;

    /// Only so much of a name decides its place: a name of a megabyte must not become a key of several.
    const LONGEST_TEXT: usize = 512;

    /// Makes the key of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let mut end = name.len().min(Self::LONGEST_TEXT);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let mut bytes = Vec::with_capacity(end + 4);
        let Ok(()) = collator().write_sort_key_to(&name[..end], &mut bytes);
        Self(bytes.into_boxed_slice())
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

fn collator() -> &'static CollatorBorrowed<'static> {
    static COLLATOR: OnceLock<CollatorBorrowed<'static>> = OnceLock::new();
    COLLATOR.get_or_init(|| {
        let mut preferences = CollatorPreferences::default();
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        let mut options = CollatorOptions::default();
        options.strength = Some(Strength::Secondary);
        CollatorBorrowed::try_new(preferences, options).expect("the root collation is compiled in")
    })
}

/// Folds a text for finding it again: lower case, so that case does not matter to a search.
#[must_use]
pub fn search_key(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // T4
    fn names_sort_as_people_expect() {
        let mut names = ["task 10", "Zebra", "Task 9", "äpfel", "apfel", "Apfel 2", "日本", "", "Ölung", "apfel 10"];
        names.sort_by_key(|name| SortKey::of(name));
        assert_eq!(names, ["", "apfel", "äpfel", "Apfel 2", "apfel 10", "Ölung", "Task 9", "task 10", "Zebra", "日本"]);
    }

    #[test] // T4
    fn case_alone_does_not_order() {
        assert_eq!(SortKey::of("Design"), SortKey::of("dESIGN"));
    }

    #[test] // T5
    fn names_of_the_source_are_kept_but_for_nul() {
        for name in ["", "  two  ", "a\tb", "🦀 / \"x\"", "\u{202e}abc", &"x".repeat(100_000)] {
            assert_eq!(Name::from_source(name).as_str(), name);
        }
        assert_eq!(Name::from_source("a\0b").as_str(), "a\u{fffd}b");
        assert_eq!(Name::from_source("").to_string(), "(unnamed)");
    }

    #[test]
    fn names_that_people_type_are_checked() {
        assert_eq!(Name::typed("  Design ").unwrap().as_str(), "Design");
        assert_eq!(Name::typed(" \t"), Err(BadName::Empty));
        assert_eq!(Name::typed("a\nb"), Err(BadName::Control));
        assert_eq!(Name::typed(&"é".repeat(2049)), Err(BadName::TooLong));
    }

    #[test]
    fn an_endless_name_has_a_short_key() {
        assert!(SortKey::of(&"é".repeat(1_000_000)).as_bytes().len() < 4096);
    }
}
