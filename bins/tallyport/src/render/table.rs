//! Aligned tables that fit the page.

use comfy_table::{Attribute, Cell as Drawn, CellAlignment, Color, ContentArrangement, Table as Drawing, presets};

use super::text;
use super::{Ink, Lines, Page};

/// The gap between two columns.
const GAP: usize = 2;

/// A column: its title, and what may happen to it where room is short.
pub(crate) struct Column {
    title: &'static str,
    /// How many columns it keeps at least; without it, it is never cut.
    least: Option<usize>,
    right: bool,
}

impl Column {
    /// A column that is shown whole.
    pub(crate) fn whole(title: &'static str) -> Self {
        Self { title, least: None, right: false }
    }

    /// A column of numbers.
    pub(crate) fn number(title: &'static str) -> Self {
        Self { title, least: None, right: true }
    }

    /// A column that is cut where room is short, down to `least`. Of several the last is cut first.
    pub(crate) fn cut(title: &'static str, least: usize) -> Self {
        Self { title, least: Some(least), right: false }
    }
}

/// Rows under titles.
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<(Ink, String)>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row; its texts are harmless already.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = (Ink, String)>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table, each line ending with a line end; nothing at all without rows.
    pub(crate) fn draw(&self, page: &Page) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let widths = self.widths(page.width);
        let mut drawing = Drawing::new();
        drawing.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
        if page.colours {
            drawing.enforce_styling().style_text_only();
        }
        drawing.set_header(self.columns.iter().map(|column| drawn(page, Ink::Dim, column.title.to_owned(), column)));
        for row in &self.rows {
            let cells = row.iter().zip(&self.columns).zip(&widths);
            drawing.add_row(cells.map(|(((ink, cell), column), width)| drawn(page, *ink, text::fit(cell, *width), column)));
        }
        let last = self.columns.len().saturating_sub(1);
        for (index, column) in drawing.column_iter_mut().enumerate() {
            column.set_padding((0, if index == last { 0 } else { u16::try_from(GAP).unwrap_or(1) }));
        }
        let mut lines = Lines::default();
        lines.all(drawing.lines().map(|line| line.trim_end().to_owned()));
        lines.finish()
    }

    /// How wide each column may be: as wide as its widest cell, and where that is too much, the last ones that can be cut less.
    fn widths(&self, room: usize) -> Vec<usize> {
        let widest = |index: usize| self.rows.iter().filter_map(|row| row.get(index)).map(|(_, cell)| text::width(cell)).max();
        let titles = self.columns.iter().enumerate();
        let mut widths: Vec<usize> =
            titles.map(|(index, column)| text::width(column.title).max(widest(index).unwrap_or(0))).collect();
        let gaps = GAP * self.columns.len().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
        for (width, column) in widths.iter_mut().zip(&self.columns).rev() {
            if let Some(least) = column.least {
                let given = excess.min(width.saturating_sub(least.max(text::width(column.title))));
                *width -= given;
                excess -= given;
            }
        }
        widths
    }
}

fn drawn(page: &Page, ink: Ink, text: String, column: &Column) -> Drawn {
    let cell = Drawn::new_owned(text);
    let alignment = if column.right { CellAlignment::Right } else { CellAlignment::Left };
    let cell = cell.set_alignment(alignment);
    if !page.colours {
        return cell;
    }
    match ink {
        Ink::Plain => cell,
        Ink::Dim => cell.add_attribute(Attribute::Dim),
        Ink::Bold => cell.add_attribute(Attribute::Bold),
        Ink::Good => cell.fg(Color::DarkGreen),
        Ink::Warn => cell.fg(Color::DarkYellow),
        Ink::Bad => cell.fg(Color::DarkRed),
        Ink::Changed => cell.fg(Color::DarkCyan),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new([Column::number("id"), Column::cut("name", 8), Column::cut("in", 6)]);
        table.row([(Ink::Dim, "7".into()), (Ink::Plain, "株式会社みなと".into()), (Ink::Dim, "Toggl / Nordlicht Studio".into())]);
        table.row([(Ink::Dim, "12".into()), (Ink::Good, "Logo".into()), (Ink::Dim, String::new())]);
        table
    }

    #[test]
    fn columns_are_aligned_by_what_characters_take() {
        insta::assert_snapshot!(table().draw(&Page::plain()), @r"
        id  name            in
         7  株式会社みなと  Toggl / Nordlicht Studio
        12  Logo
        ");
    }

    #[test]
    fn the_last_column_is_cut_first() {
        let page = |width| Page { width, ..Page::plain() };
        assert_eq!(table().draw(&page(30)).lines().nth(1).unwrap(), " 7  株式会社みなと  Toggl / N…");
        assert_eq!(table().draw(&page(22)).lines().nth(1).unwrap(), " 7  株式会社…  Toggl…");
    }

    #[test]
    fn colours_change_no_width() {
        let plain = table().draw(&Page::plain());
        let coloured = table().draw(&Page::coloured());
        assert!(coloured.contains("\u{1b}[38;5;2mLogo") || coloured.contains("\u{1b}[32mLogo"), "{coloured:?}");
        assert_ne!(plain, coloured);
    }

    #[test]
    fn a_table_without_rows_is_nothing() {
        assert_eq!(Table::new([Column::whole("name")]).draw(&Page::plain()), "");
    }
}
