//! People seen in the mirrored workspaces (N1).

use tallyport_api_types::Member;

use super::table::{Column, Table};
use super::{Ink, Page, text};

/// Members, one a line; who has no account here stands out.
pub(crate) fn list(members: &[Member], page: &Page) -> String {
    let columns = [Column::cut("name", 14), Column::cut("email", 18), Column::whole("here"), Column::cut("workspaces", 10)];
    let mut table = Table::new(columns);
    for member in members {
        let (ink, here) = match (member.person_id, member.joined) {
            (Some(_), _) if member.workspaces.is_empty() => (Ink::Dim, "only here"),
            (Some(_), true) => (Ink::Plain, "yes"),
            (Some(_), false) => (Ink::Plain, "yes, invited in Toggl"),
            (None, _) if member.invited => (Ink::Dim, "invited"),
            (None, true) => (Ink::Warn, "no"),
            (None, false) => (Ink::Dim, "no, invited in Toggl"),
        };
        table.row([
            (Ink::Plain, text::name(&member.name)),
            (Ink::Plain, text::harmless(&member.email)),
            (ink, here.to_owned()),
            (Ink::Dim, member.workspaces.iter().map(|name| text::name(name)).collect::<Vec<_>>().join(", ")),
        ]);
    }
    table.draw(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // N1
    fn members_say_who_has_no_account_here() {
        let member = |name: &str, person_id, joined| Member {
            email: format!("{}@nordlicht.example", name.to_lowercase().replace(' ', ".")),
            name: name.into(),
            workspaces: vec!["Labs".into(), "Nordlicht Studio".into()],
            joined,
            person_id,
            invited: false,
        };
        let elsewhere = Member { workspaces: vec![], ..member("Bo", Some(4), false) };
        let invited = Member { invited: true, ..member("Dee", None, true) };
        let members =
            [member("Ana Novak", Some(1), true), member("Zoe L", None, true), member("Siobhan", None, false), elsewhere, invited];
        insta::assert_snapshot!(list(&members, &Page::plain()), @r"
        name       email                        here                  workspaces
        Ana Novak  ana.novak@nordlicht.example  yes                   Labs, Nordlicht S…
        Zoe L      zoe.l@nordlicht.example      no                    Labs, Nordlicht S…
        Siobhan    siobhan@nordlicht.example    no, invited in Toggl  Labs, Nordlicht S…
        Bo         bo@nordlicht.example         only here
        Dee        dee@nordlicht.example        invited               Labs, Nordlicht S…
        ");
    }
}
