//! Tags.

use tallyport_api_types::Tag;

use super::table::{Column, Table};
use super::{Ink, Page, text};

/// Tags, one a line, with how many entries have each.
pub(crate) fn list(tags: &[Tag], page: &Page) -> String {
    if tags.is_empty() {
        return "There are no tags\n".to_owned();
    }
    let mut table = Table::new([Column::number("id"), Column::cut("name", 8), Column::number("entries")]);
    for tag in tags {
        table.row([
            (Ink::Dim, tag.id.to_string()),
            (Ink::Plain, text::harmless(&tag.name)),
            (Ink::Plain, tag.entries.to_string()),
        ]);
    }
    table.draw(page)
}
