//! People of the account.

use tallyport_api_types::{Assignment, Person};

use super::table::{Column, Table};
use super::{Ink, Page, reasons, text};

/// People, one a line.
pub(crate) fn list(people: &[Person], page: &Page) -> String {
    let columns =
        [Column::number("id"), Column::cut("name", 8), Column::cut("email", 12), Column::whole("role"), Column::whole("state")];
    let mut table = Table::new(columns);
    for person in people {
        let (ink, state) = if person.active { (Ink::Plain, "") } else { (Ink::Warn, "deactivated") };
        table.row([
            (Ink::Dim, person.id.to_string()),
            (Ink::Plain, text::name(&person.name)),
            (Ink::Plain, text::harmless(&person.email)),
            (Ink::Plain, text::harmless(&person.role)),
            (ink, state.to_owned()),
        ]);
    }
    table.draw(page)
}

/// "Ana Nováková <ana@example.com>".
pub(crate) fn addressed(name: &str, email: &str) -> String {
    format!("{} <{}>", text::name(name), text::harmless(email))
}

/// Who is on a task.
pub(crate) fn assignments(assignments: &[Assignment], page: &Page) -> String {
    let columns = [Column::cut("name", 16), Column::cut("email", 20), Column::whole("assigned"), Column::cut("task", 10)];
    let mut table = Table::new(columns);
    for assignment in assignments {
        table.row([
            (Ink::Plain, text::name(&assignment.person.name)),
            (Ink::Plain, text::harmless(&assignment.person.email)),
            (Ink::Dim, reasons::assigned(assignment.automatic).to_owned()),
            (Ink::Dim, text::path(&assignment.task.path)),
        ]);
    }
    table.draw(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // A2, A5
    fn people_are_listed_with_role_and_state() {
        let person = |id, name: &str, email: &str, role: &str, active| Person {
            id,
            name: name.into(),
            email: email.into(),
            role: role.into(),
            active,
        };
        let people = [
            person(1, "Ana Nováková", "ana.novakova@nordlicht.example", "administrator", true),
            person(2, "عمر السيد", "omar.elsayed@nordlicht.example", "member", false),
            person(3, "山田 花子", "hanako.yamada@nordlicht.example", "manager", true),
        ];
        insta::assert_snapshot!(list(&people, &Page::plain()), @r"
        id  name          email                            role           state
         1  Ana Nováková  ana.novakova@nordlicht.example   administrator
         2  عمر السيد     omar.elsayed@nordlicht.example   member         deactivated
         3  山田 花子     hanako.yamada@nordlicht.example  manager
        ");
    }
}
