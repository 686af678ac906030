//! Inks: what a colour means. A word or a sign always says the same, because colours may be off or unseen.

/// What a piece of text is, which decides how it is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// As any text.
    Plain,
    /// What stands beside what matters.
    Dim,
    /// What matters.
    Bold,
    /// What came or went well.
    Good,
    /// What needs a look.
    Warn,
    /// What went, or went wrong.
    Bad,
    /// What is another than before.
    Changed,
}

impl Ink {
    /// The parameters of the escape sequence that selects it.
    fn parameters(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Dim => "2",
            Self::Bold => "1",
            Self::Good => "32",
            Self::Warn => "33",
            Self::Bad => "31",
            Self::Changed => "36",
        }
    }

    /// The text in this ink, or as it is where colours are off.
    pub(crate) fn on(self, text: &str, colours: bool) -> String {
        if !colours || self == Self::Plain || text.is_empty() {
            return text.to_owned();
        }
        format!("\u{1b}[{}m{text}\u{1b}[0m", self.parameters())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_leaves_no_trace_where_colours_are_off() {
        assert_eq!(Ink::Bad.on("gone", false), "gone");
        assert_eq!(Ink::Bad.on("gone", true), "\u{1b}[31mgone\u{1b}[0m");
        assert_eq!(Ink::Plain.on("here", true), "here");
    }
}
