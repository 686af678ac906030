//! Workspaces to choose from.

use tallyport_api_types::Workspace;

use super::table::{Column, Table};
use super::{Ink, Page, text};

/// Workspaces, one a line, with a mark on those that are mirrored.
pub(crate) fn list(workspaces: &[Workspace], page: &Page) -> String {
    let mut table =
        Table::new([Column::number("id"), Column::cut("workspace", 20), Column::whole("mirrored"), Column::whole("")]);
    for workspace in workspaces {
        let (ink, mirrored) = if workspace.selected { (Ink::Good, "yes") } else { (Ink::Dim, "no") };
        let seen = if workspace.visible { "" } else { "the token does not see it" };
        table.row([
            (Ink::Plain, text::harmless(&workspace.external_id)),
            (Ink::Plain, text::name(&workspace.name)),
            (ink, mirrored.to_owned()),
            (Ink::Warn, seen.to_owned()),
        ]);
    }
    table.draw(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I3
    fn workspaces_say_whether_they_are_mirrored_and_seen() {
        let workspace =
            |id: &str, name: &str, selected, visible| Workspace { external_id: id.into(), name: name.into(), selected, visible };
        let workspaces = [
            workspace("3001", "Nordlicht Studio", true, true),
            workspace("3002", "", false, true),
            workspace("9", "Labs", true, false),
        ];
        insta::assert_snapshot!(list(&workspaces, &Page::plain()), @r"
          id  workspace         mirrored
        3001  Nordlicht Studio  yes
        3002  (unnamed)         no
           9  Labs              yes       the token does not see it
        ");
    }
}
