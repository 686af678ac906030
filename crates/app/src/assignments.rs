//! Assignments by hand, and taking either kind away (P2, P5).

use std::collections::HashMap;
use std::sync::Arc;

use tallyport_domain::{NothingToUnassign, Person, PersonId, TaskId};
use tallyport_storage::{StoreError, TaskRow};

use crate::wording::path_text;
use crate::{Actor, Error, Result, Shared};

/// Who has which task.
#[derive(Clone)]
pub struct Assignments(pub(crate) Arc<Shared>);

/// Somebody on a task; who has both kinds is listed twice (P2).
#[derive(Debug, Clone)]
pub struct Assignment {
    /// Who.
    pub person: Person,
    /// By the integration, or by a person.
    pub automatic: bool,
}

impl Assignments {
    /// The people assigned directly to a task.
    ///
    /// # Errors
    /// Managers and administrators only; `NotFound`.
    pub async fn list(&self, actor: &Actor, task: TaskId) -> Result<(TaskRow, Vec<Assignment>)> {
        let row = self.task(actor, task).await?;
        let people = self.0.store.people(actor.account()).await?;
        let mut by_id: HashMap<PersonId, Person> = people.into_iter().map(|person| (person.id, person)).collect();
        let assigned = self.0.store.assigned_to(actor.account(), task).await?;
        let mut list: Vec<Assignment> = Vec::with_capacity(assigned.len());
        for one in assigned {
            let person = match list.last() {
                Some(last) if last.person.id == one.person => Some(last.person.clone()),
                _ => by_id.remove(&one.person),
            };
            list.extend(person.map(|person| Assignment { person, automatic: one.automatic }));
        }
        Ok((row, list))
    }

    /// Assigns a task to the people with these addresses, all or none; answers how it stands after (P2, P5).
    ///
    /// # Errors
    /// Managers and administrators only; unknown and deactivated people.
    pub async fn assign(&self, actor: &Actor, task: TaskId, emails: &[String]) -> Result<(TaskRow, Vec<Assignment>)> {
        self.task(actor, task).await?;
        let people = self.0.people_by_email(actor, emails).await?;
        self.assign_people(actor, task, &people).await
    }

    /// Takes a task from the people with these addresses, all or none; answers how it stands after (P5).
    ///
    /// # Errors
    /// Managers and administrators only; unknown people; `AccessInherited` or `NotAssigned` for who has nothing on that very task.
    pub async fn unassign(&self, actor: &Actor, task: TaskId, emails: &[String]) -> Result<(TaskRow, Vec<Assignment>)> {
        let row = self.task(actor, task).await?;
        let people = self.0.people_by_email(actor, emails).await?;
        self.unassign_people(actor, &row, &people).await
    }

    /// Assigns a task to one person; answers how it stands after.
    ///
    /// # Errors
    /// As [`Assignments::assign`].
    pub async fn assign_one(&self, actor: &Actor, task: TaskId, person: PersonId) -> Result<(TaskRow, Vec<Assignment>)> {
        self.task(actor, task).await?;
        let person = self.0.person(actor, person).await?;
        self.assign_people(actor, task, &[person]).await
    }

    /// Takes a task from one person; answers how it stands after.
    ///
    /// # Errors
    /// As [`Assignments::unassign`].
    pub async fn unassign_one(&self, actor: &Actor, task: TaskId, person: PersonId) -> Result<(TaskRow, Vec<Assignment>)> {
        let row = self.task(actor, task).await?;
        let person = self.0.person(actor, person).await?;
        self.unassign_people(actor, &row, &[person]).await
    }

    async fn task(&self, actor: &Actor, task: TaskId) -> Result<TaskRow> {
        let row = self.0.task(actor, task).await?;
        actor.manager("see and change who has a task")?;
        Ok(row)
    }

    async fn assign_people(&self, actor: &Actor, task: TaskId, people: &[Person]) -> Result<(TaskRow, Vec<Assignment>)> {
        let inactive: Vec<String> = people.iter().filter(|person| !person.active).map(|person| person.name.clone()).collect();
        if !inactive.is_empty() {
            return Err(Error::PersonInactive(inactive));
        }
        let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        self.0.store.assign(actor.account(), task, &ids, actor.person().id, self.0.clock.now()).await?;
        self.list(actor, task).await
    }

    async fn unassign_people(&self, actor: &Actor, row: &TaskRow, people: &[Person]) -> Result<(TaskRow, Vec<Assignment>)> {
        let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        let (account, by, now) = (actor.account(), actor.person().id, self.0.clock.now());
        match self.0.store.unassign(account, row.task.id, &ids, by, now).await {
            Ok(()) => self.list(actor, row.task.id).await,
            Err(StoreError::Unassign(nothing)) => Err(self.nothing_to_unassign(actor, row, people, nothing).await?),
            Err(other) => Err(other.into()),
        }
    }

    /// Says who of these has nothing on that very task, and what gives it to them instead (P5).
    async fn nothing_to_unassign(
        &self,
        actor: &Actor,
        row: &TaskRow,
        people: &[Person],
        nothing: NothingToUnassign,
    ) -> Result<Error> {
        let assigned = self.0.store.assigned_to(actor.account(), row.task.id).await?;
        let without = people.iter().find(|person| assigned.iter().all(|one| one.person != person.id));
        let person = without.or(people.first()).map_or_else(String::new, |person| person.name.clone());
        let task = path_text(&row.path);
        Ok(match nothing {
            NothingToUnassign::Inherited(giver) => {
                let giver = path_text(&self.0.task(actor, giver).await?.path);
                Error::AccessInherited { person, task, giver }
            }
            NothingToUnassign::NotAssigned => Error::NotAssigned { person, task },
        })
    }
}
