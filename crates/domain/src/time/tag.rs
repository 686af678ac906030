//! Tags: words that people put on entries (E2).

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::{Deserialize, Serialize};

/// One tag, in its normal form: composed (NFC), without blanks around it and with single ones within.
///
/// Equal where nothing but case differs, so that an account has each word once; shown as it was first typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag {
    shown: String,
    key: String,
}

/// The text is no tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTag {
    /// Nothing but blanks.
    #[error("a tag cannot be empty")]
    Empty,
    /// Longer than [`Tag::LONGEST`].
    #[error("a tag can have at most {} bytes", Tag::LONGEST)]
    TooLong,
    /// A control character that is no blank.
    #[error("a tag cannot have control characters")]
    Control,
    /// More on one entry than [`Tags::MOST`].
    #[error("an entry can have at most {} tags", Tags::MOST)]
    TooMany,
}

impl Tag {
    /// How many bytes a tag can have.
    pub const LONGEST: usize = 128;

    /// Takes a tag that somebody typed.
    ///
    /// # Errors
    /// An empty one, an overlong one, one with control characters.
    pub fn typed(text: &str) -> Result<Self, BadTag> {
        // Looked at before any work is done for it; composing makes nothing three times as short.
        if text.trim().len() > Self::LONGEST * 4 {
            return Err(BadTag::TooLong);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let shown = ComposingNormalizerBorrowed::new_nfc().normalize(&words.join(" ")).into_owned();
        if shown.is_empty() {
            Err(BadTag::Empty)
        } else if shown.chars().any(char::is_control) {
            Err(BadTag::Control)
        } else if shown.len() > Self::LONGEST {
            Err(BadTag::TooLong)
        } else {
            let key = ComposingNormalizerBorrowed::new_nfc().normalize(&shown.to_lowercase()).into_owned();
            Ok(Self { shown, key })
        }
    }

    /// The tag as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The folded spelling, which is unique in an account.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl PartialEq for Tag {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Tag {}

impl PartialOrd for Tag {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tag {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl Hash for Tag {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl TryFrom<String> for Tag {
    type Error = BadTag;
    fn try_from(text: String) -> Result<Self, BadTag> {
        Self::typed(&text)
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.shown
    }
}

/// The tags of an entry, each once and no more than [`Tags::MOST`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Tags(BTreeSet<Tag>);

impl Tags {
    /// How many an entry can have.
    pub const MOST: usize = 50;

    /// Those tags, each once: of two that differ in case the first stays.
    ///
    /// # Errors
    /// More than [`Tags::MOST`].
    pub fn new(tags: impl IntoIterator<Item = Tag>) -> Result<Self, BadTag> {
        let mut some = BTreeSet::new();
        for tag in tags {
            if !some.contains(&tag) && some.len() == Self::MOST {
                return Err(BadTag::TooMany);
            }
            // A set keeps what it has.
            some.insert(tag);
        }
        Ok(Self(some))
    }

    /// One after the other, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        Tag::typed(text).unwrap()
    }

    #[test] // E2
    fn a_tag_has_one_normal_form() {
        for (text, shown) in
            [("  Deep \t work\n", "Deep work"), ("cafe\u{301}", "café"), ("\u{a0}日本\u{3000}語", "日本 語"), ("#x", "#x")]
        {
            assert_eq!(tag(text).as_str(), shown);
        }
        assert_eq!((tag("Café"), tag("Café").key()), (tag("cafe\u{301}"), "café"));
        assert_ne!(tag("design"), tag("desing"));
        let read: Tag = String::from(tag("Ämter")).try_into().unwrap();
        assert_eq!(read.to_string(), "Ämter");
    }

    #[test] // E2
    fn what_is_no_tag_is_refused() {
        assert_eq!(Tag::typed(" \n ").unwrap_err(), BadTag::Empty);
        assert_eq!(Tag::typed("a\0b").unwrap_err(), BadTag::Control);
        assert_eq!(Tag::typed("\u{1b}[31m").unwrap_err(), BadTag::Control);
        assert!(Tag::typed(&"é".repeat(Tag::LONGEST / 2)).is_ok());
        assert!(Tag::typed(&"e\u{301}".repeat(Tag::LONGEST / 2)).is_ok());
        assert_eq!(Tag::typed(&"x".repeat(Tag::LONGEST + 1)).unwrap_err(), BadTag::TooLong);
        assert_eq!(Tag::typed(&"x".repeat(1_000_000)).unwrap_err(), BadTag::TooLong);
    }

    #[test] // E2
    fn an_entry_has_each_tag_once_and_not_ten_thousand() {
        let tags = Tags::new(["Design", "acme", "DESIGN"].map(tag)).unwrap();
        assert_eq!(tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["acme", "Design"]);
        assert_eq!(Tags::new((0..10_000).map(|n| tag(&n.to_string()))), Err(BadTag::TooMany));
        assert!(Tags::new((0..10_000).map(|n| tag(&(n % Tags::MOST).to_string()))).is_ok());
    }
}
