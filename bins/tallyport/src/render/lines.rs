//! Text that is made line by line.

/// Lines, each ended as it is added.
#[derive(Debug, Default)]
pub(crate) struct Lines(String);

impl Lines {
    /// Adds a line.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) {
        self.0.push_str(line.as_ref());
        self.0.push('\n');
    }

    /// Adds several lines.
    pub(crate) fn all(&mut self, lines: impl IntoIterator<Item: AsRef<str>>) {
        for line in lines {
            self.line(line);
        }
    }

    /// Adds text that is made of whole lines.
    pub(crate) fn text(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}
