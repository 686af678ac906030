//! People's time (E1–E7): what is known is gathered, the domain decides, and all of it is written or nothing.

mod kept;
mod read;
mod reports;
mod sheet;
mod state;
mod steps;
mod tags;
mod write;

use async_trait::async_trait;
use tallyport_domain::time::{Cell, Command, DayRange};
use tallyport_domain::{AccountId, EntryId, PersonId, TaskId};
use tallyport_storage::{
    Audited, By, DaySum, Done, EntryRow, Filled, Once, SheetRows, Step, Still, StoreError, TimeOn, TimeStore, Tracking,
};

use crate::Sqlite;
use crate::once::once;

use write::Writing;
pub(crate) use write::stop;

#[async_trait]
impl TimeStore for Sqlite {
    async fn track_once(
        &self,
        account: AccountId,
        person: PersonId,
        command: &Command,
        by: &By,
        key: Option<Once<Tracking>>,
    ) -> Result<Done<Tracking>, StoreError> {
        let (command, by) = (command.clone(), *by);
        self.write(move |db| {
            once(db, account, by.person, by.now, key.as_ref(), || Writing::new(db, account, &by).track(person, &command, None))
        })
        .await
    }

    async fn track_if(
        &self,
        account: AccountId,
        person: PersonId,
        command: &Command,
        by: &By,
        still: Option<Still<EntryRow>>,
    ) -> Result<Tracking, StoreError> {
        let (command, by) = (command.clone(), *by);
        self.write(move |db| Writing::new(db, account, &by).track(person, &command, still.as_ref())).await
    }

    async fn track_all(&self, account: AccountId, commands: &[(PersonId, Command)], by: &By) -> Result<Step, StoreError> {
        let (commands, by) = (commands.to_vec(), *by);
        self.write(move |db| steps::all(db, account, &commands, &by)).await
    }

    async fn fill_once(
        &self,
        account: AccountId,
        person: PersonId,
        cell: &Cell,
        by: &By,
        key: Option<Once<Filled>>,
    ) -> Result<Done<Filled>, StoreError> {
        let (cell, by) = (cell.clone(), *by);
        self.write(move |db| once(db, account, by.person, by.now, key.as_ref(), || steps::fill(db, account, person, &cell, &by)))
            .await
    }

    async fn undo(&self, account: AccountId, step: i64, by: &By) -> Result<Step, StoreError> {
        let by = *by;
        self.write(move |db| steps::undo(db, account, step, &by)).await
    }

    async fn entry(&self, account: AccountId, entry: EntryId) -> Result<Option<EntryRow>, StoreError> {
        self.read(move |db| read::find(db, account, entry)?.map(|found| read::row(db, account, found)).transpose()).await
    }

    async fn running(&self, account: AccountId, person: PersonId) -> Result<Option<EntryRow>, StoreError> {
        self.read(move |db| read::running(db, account, person)?.map(|found| read::row(db, account, found)).transpose()).await
    }

    async fn last_entry(&self, account: AccountId, person: PersonId) -> Result<Option<EntryRow>, StoreError> {
        self.read(move |db| read::last(db, account, person)?.map(|found| read::row(db, account, found)).transpose()).await
    }

    async fn entries(&self, account: AccountId, person: PersonId, days: DayRange) -> Result<Vec<EntryRow>, StoreError> {
        self.read(move |db| read::rows(db, account, read::within(db, account, person, days)?)).await
    }

    async fn sheet(&self, account: AccountId, person: PersonId, days: DayRange, by: &By) -> Result<SheetRows, StoreError> {
        let by = *by;
        self.read(move |db| sheet::of(db, account, person, days, &by)).await
    }

    async fn sums(&self, account: AccountId, people: &[PersonId], days: DayRange) -> Result<Vec<DaySum>, StoreError> {
        let people = people.to_vec();
        self.read(move |db| sheet::sums(db, account, &people, days)).await
    }

    async fn time_on(&self, account: AccountId, tasks: &[TaskId]) -> Result<TimeOn, StoreError> {
        let tasks = tasks.to_vec();
        self.read(move |db| sheet::time_on(db, account, &tasks)).await
    }

    async fn entry_history(&self, account: AccountId, entry: EntryId) -> Result<Vec<Audited>, StoreError> {
        self.read(move |db| read::history(db, account, entry)).await
    }
}
