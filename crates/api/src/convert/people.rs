//! People, assignments and access.

use secrecy::SecretString;
use tallyport_api_types as wire;
use tallyport_app::{AccessRow, Assignment, PersonToAdd, TaskRow};
use tallyport_domain::Person;

use super::names;

pub(crate) fn person(person: Person) -> wire::Person {
    wire::Person {
        id: person.id.0,
        email: person.email.as_str().to_owned(),
        name: person.name,
        role: person.role.as_str().to_owned(),
        active: person.active,
    }
}

pub(crate) fn person_ref(person: &Person) -> wire::PersonRef {
    wire::PersonRef { id: person.id.0, email: person.email.as_str().to_owned(), name: person.name.clone() }
}

pub(crate) fn person_to_add(new: wire::NewPerson) -> PersonToAdd {
    PersonToAdd { email: new.email, name: new.name, role: new.role, password: new.password.map(SecretString::from) }
}

pub(crate) fn assignments((task, assigned): (TaskRow, Vec<Assignment>)) -> Vec<wire::Assignment> {
    let task = wire::TaskRef { id: task.task.id.0, path: names(&task.path) };
    let assignment =
        |one: Assignment| wire::Assignment { person: person_ref(&one.person), task: task.clone(), automatic: one.automatic };
    assigned.into_iter().map(assignment).collect()
}

pub(crate) fn access(row: AccessRow) -> wire::Access {
    let via = row.via.into_iter().map(|(task, automatic)| wire::Via { task_id: task.0, automatic }).collect();
    wire::Access { id: row.task.0, path: names(&row.path), via }
}
