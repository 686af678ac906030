//! A store that fails when it is told to, for the tests of its callers.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::plan::{Item, ShownChanges};
use tallyport_domain::time::{Cell, Command, DayRange, Length, Tag};
use tallyport_domain::{
    AccountId, Email, EntryId, Fate, Invitation, InvitationId, MailId, MailState, Name, Part, Person, PersonId, Place, Posted,
    Run, RunId, SecretHash, Selection, SessionId, TagId, TaskId, TokenId,
};

use crate::{
    AccessRow, Account, Application, Assigned, Audited, Bearer, BeginRun, Begun, By, Change, ChangeStore, Credentials, DaySum,
    Done, Ended, EntryRow, Filled, Found, Heartbeat, Held, Integration, IntegrationStore, InvitationStore, KnownMember, Lease,
    Link, Listed, Mail, MailRow, MailSecrets, NewAccount, NewInvitation, NewLink, NewPerson, NewSession, NewToken, Once,
    OutboxStore, Page, PeopleStore, PersonEdit, Profile, ProfileChange, ReplayStore, Result, Save, Saved, ScheduleStore,
    Scheduled, SessionRow, SessionStore, SheetRows, Step, Still, Store, StoreError, SweepStore, Swept, SyncState, SyncStore,
    TagRow, TagStore, TaskEdit, TaskFacts, TaskRow, TaskStore, TimeOn, TimeStore, TokenRow, Tracking, Viewer, Wanted,
    WorkspaceTasks,
};
use crate::{Axis, EntryPlace, ExportedEntry, ReportStore, Summed, TimeFilter};

/// When a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing was done: the call answers [`StoreError::Failed`].
    Before,
    /// All was done, and the answer is lost: the call answers [`StoreError::Unknown`].
    After,
    /// Nothing was done, since somebody else keeps the store busy: the call answers [`StoreError::Busy`].
    Busy,
}

/// Any store, with faults on order: whoever tests with it lets call after call fail, until no fault strikes any more.
///
/// Without an order it does nothing but count, and passes the suite as the store inside does.
pub struct Faulty {
    inner: Arc<dyn Store>,
    calls: AtomicU64,
    injected: AtomicU64,
    order: Mutex<Option<(Moment, u64)>>,
}

/// The fault that [`Faulty`] injected.
#[derive(Debug, thiserror::Error)]
#[error("call {call} was told to fail")]
pub struct Injected {
    /// Which call, counted from 1.
    pub call: u64,
}

impl Faulty {
    /// Wraps a store; nothing fails yet.
    #[must_use]
    pub fn over(inner: Arc<dyn Store>) -> Self {
        Self { inner, calls: AtomicU64::new(0), injected: AtomicU64::new(0), order: Mutex::new(None) }
    }

    /// Orders one fault: the `nth` call from now on fails, counted from 1. It takes the place of an order that still waits.
    pub fn fail(&self, moment: Moment, nth: u64) {
        *self.order() = Some((moment, self.calls() + nth));
    }

    /// Takes back an order that still waits; tells whether one did.
    pub fn relent(&self) -> bool {
        self.order().take().is_some()
    }

    /// How many calls there were, failed ones included.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    /// How many faults struck. A test of faults in which none did has tested nothing.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.injected.load(Ordering::SeqCst)
    }

    fn order(&self) -> std::sync::MutexGuard<'_, Option<(Moment, u64)>> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call and lets it through, unless it is the one to fail. A call is not begun before it is polled.
    async fn pass<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let Some((moment, _)) = self.order().take_if(|(_, nth)| *nth == number) else {
            return call.await;
        };
        self.injected.fetch_add(1, Ordering::SeqCst);
        let fault = Box::new(Injected { call: number });
        match moment {
            Moment::Before => Err(StoreError::Failed(fault)),
            Moment::Busy => Err(StoreError::Busy(fault)),
            Moment::After => {
                // Done or refused, nobody will know.
                drop(call.await);
                Err(StoreError::Unknown(fault))
            }
        }
    }
}

macro_rules! forward {
    ($port:ident { $(fn $method:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)* }) => {
        #[async_trait]
        impl $port for Faulty {
            $(
                async fn $method(&self, $($argument: $kind),*) -> Result<$answer> {
                    self.pass(self.inner.$method($($argument),*)).await
                }
            )*
        }
    };
}

forward! { SyncStore {
    fn sync_state(account: AccountId) -> SyncState;
    fn begin_run(account: AccountId, begin: &BeginRun) -> Begun;
    fn heartbeat(account: AccountId, lease: &Lease, beat: &Heartbeat) -> ();
    fn stage_parts(account: AccountId, lease: &Lease, parts: &[Part]) -> ();
    fn apply(account: AccountId, lease: &Lease, application: Application) -> Run;
    fn hold(account: AccountId, lease: &Lease, held: Held) -> Run;
    fn end_run(account: AccountId, lease: &Lease, ended: Ended) -> Run;
    fn cancel_run(account: AccountId, by: Option<PersonId>, now: DateTime<Utc>) -> Option<RunId>;
    fn reject_run(account: AccountId, run: RunId, by: PersonId, now: DateTime<Utc>) -> Run;
    fn shown_changes(account: AccountId, run: RunId) -> ShownChanges;
    fn run(account: AccountId, run: RunId) -> Option<Run>;
    fn runs(account: AccountId, before: Option<RunId>, limit: u32) -> Vec<Run>;
    fn run_items(account: AccountId, run: RunId, skip: u32, limit: u32) -> Vec<Item>;
} }

forward! { IntegrationStore {
    fn integration(account: AccountId) -> Option<Integration>;
    fn save(account: AccountId, save: Save) -> Done<Saved>;
    fn unlink(account: AccountId, fate: Fate, by: PersonId, now: DateTime<Utc>) -> u32;
    fn reject_token(account: AccountId, sealed: &[u8], now: DateTime<Utc>) -> ();
    fn members(account: AccountId) -> Vec<KnownMember>;
    fn adopt_assignments(account: AccountId, by: PersonId, now: DateTime<Utc>) -> u32;
    fn archived_by_deselecting(account: AccountId, selection: &Selection) -> Vec<WorkspaceTasks>;
} }

forward! { TimeStore {
    fn track_once(account: AccountId, person: PersonId, command: &Command, by: &By, once: Option<Once<Tracking>>) -> Done<Tracking>;
    fn track_if(
        account: AccountId, person: PersonId, command: &Command, by: &By, still: Option<Still<EntryRow>>
    ) -> Tracking;
    fn track_all(account: AccountId, commands: &[(PersonId, Command)], by: &By) -> Step;
    fn fill_once(account: AccountId, person: PersonId, cell: &Cell, by: &By, once: Option<Once<Filled>>) -> Done<Filled>;
    fn undo(account: AccountId, step: i64, by: &By) -> Step;
    fn entry(account: AccountId, entry: EntryId) -> Option<EntryRow>;
    fn running(account: AccountId, person: PersonId) -> Option<EntryRow>;
    fn last_entry(account: AccountId, person: PersonId) -> Option<EntryRow>;
    fn entries(account: AccountId, person: PersonId, days: DayRange) -> Vec<EntryRow>;
    fn sheet(account: AccountId, person: PersonId, days: DayRange, by: &By) -> SheetRows;
    fn sums(account: AccountId, people: &[PersonId], days: DayRange) -> Vec<DaySum>;
    fn time_on(account: AccountId, tasks: &[TaskId]) -> TimeOn;
    fn entry_history(account: AccountId, entry: EntryId) -> Vec<Audited>;
} }

forward! { TagStore {
    fn tags(account: AccountId) -> Vec<TagRow>;
    fn rename_tag(account: AccountId, tag: TagId, name: &Tag, by: PersonId, now: DateTime<Utc>) -> TagRow;
    fn merge_tags(account: AccountId, tag: TagId, into: TagId, by: PersonId, now: DateTime<Utc>) -> TagRow;
    fn remove_tag(account: AccountId, tag: TagId, by: PersonId, now: DateTime<Utc>) -> ();
} }

forward! { ReportStore {
    fn report(account: AccountId, filter: &TimeFilter, by: &[Axis]) -> Summed;
    fn total(account: AccountId, filter: &TimeFilter) -> Length;
    fn exported(account: AccountId, filter: &TimeFilter, after: Option<EntryPlace>, limit: u32) -> Vec<ExportedEntry>;
} }

forward! { TaskStore {
    fn tree_page(account: AccountId, viewer: Viewer, wanted: Wanted, page: &Page<Place>) -> Listed<TaskRow, Place>;
    fn search_page(
        account: AccountId, viewer: Viewer, text: &str, wanted: Wanted, page: &Page<Found>
    ) -> Listed<TaskRow, Found>;
    fn task(account: AccountId, viewer: Viewer, task: TaskId) -> Option<TaskRow>;
    fn add_task_once(
        account: AccountId, parent: Option<TaskId>, name: &Name, by: PersonId, now: DateTime<Utc>, once: Option<Once<TaskRow>>
    ) -> Done<TaskRow>;
    fn edit_task(
        account: AccountId, task: TaskId, edit: &TaskEdit, by: PersonId, now: DateTime<Utc>, still: Option<Still<TaskRow>>
    ) -> TaskRow;
    fn archive_task(account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> ();
    fn restore_task(account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> ();
    fn delete_task(account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> ();
    fn task_facts(account: AccountId, task: TaskId) -> TaskFacts;
} }

forward! { PeopleStore {
    fn create_account(new: &NewAccount) -> (Account, Person);
    fn set_up(new: &NewAccount) -> (Account, Person);
    fn accounts() -> Vec<Account>;
    fn people(account: AccountId) -> Vec<Person>;
    fn person(account: AccountId, person: PersonId) -> Option<Person>;
    fn person_by_email(account: AccountId, email: &Email) -> Option<Person>;
    fn add_people_once(
        account: AccountId, new: &[NewPerson], by: PersonId, now: DateTime<Utc>, once: Option<Once<[Person]>>
    ) -> Done<Vec<Person>>;
    fn edit_person(
        account: AccountId, person: PersonId, edit: &PersonEdit, by: PersonId, now: DateTime<Utc>, still: Option<Still<Person>>
    ) -> Person;
    fn deactivate(account: AccountId, person: PersonId, by: PersonId, now: DateTime<Utc>) -> Person;
    fn reactivate(account: AccountId, person: PersonId, by: PersonId, now: DateTime<Utc>) -> Person;
    fn assign(account: AccountId, task: TaskId, people: &[PersonId], by: PersonId, now: DateTime<Utc>) -> ();
    fn unassign(account: AccountId, task: TaskId, people: &[PersonId], by: PersonId, now: DateTime<Utc>) -> ();
    fn assigned_to(account: AccountId, task: TaskId) -> Vec<Assigned>;
    fn access_page(
        account: AccountId, person: PersonId, effective: bool, page: &Page<Place>
    ) -> Listed<AccessRow, Place>;
} }

forward! { SessionStore {
    fn credentials(account: Option<AccountId>, email: &Email) -> Vec<Credentials>;
    fn password(account: AccountId, person: PersonId) -> Option<String>;
    fn set_password(
        account: AccountId, person: PersonId, password_hash: &str, keep: Option<SessionId>, by: PersonId, now: DateTime<Utc>
    ) -> ();
    fn rehash_password(account: AccountId, person: PersonId, old: &str, new: &str) -> ();
    fn set_profile(account: AccountId, person: PersonId, change: &ProfileChange, now: DateTime<Utc>) -> Profile;
    fn profile(account: AccountId, person: PersonId) -> Option<Profile>;
    fn begin_session(account: AccountId, person: PersonId, new: &NewSession) -> SessionId;
    fn bearer(hash: &SecretHash, now: DateTime<Utc>) -> Option<Bearer>;
    fn sessions(account: AccountId, person: PersonId, now: DateTime<Utc>) -> Vec<SessionRow>;
    fn end_session(account: AccountId, person: PersonId, session: SessionId, now: DateTime<Utc>) -> ();
    fn create_token(account: AccountId, person: PersonId, new: &NewToken, once: Option<Once<TokenRow>>) -> Done<TokenRow>;
    fn tokens(account: AccountId, person: PersonId) -> Vec<TokenRow>;
    fn revoke_token(account: AccountId, person: PersonId, token: TokenId, now: DateTime<Utc>) -> TokenRow;
    fn make_link(account: AccountId, person: PersonId, new: &NewLink, now: DateTime<Utc>) -> ();
    fn link(hash: &SecretHash, now: DateTime<Utc>) -> Option<Link>;
    fn reset_password(hash: &SecretHash, password_hash: &str, now: DateTime<Utc>) -> Link;
    fn confirm_email(hash: &SecretHash, now: DateTime<Utc>) -> Link;
} }

forward! { InvitationStore {
    fn invite(
        account: AccountId, new: &[NewInvitation], by: PersonId, now: DateTime<Utc>, once: Option<Once<[Invitation]>>
    ) -> Done<Vec<Invitation>>;
    fn invitations(account: AccountId) -> Vec<Invitation>;
    fn renew_invitation(
        account: AccountId, invitation: InvitationId, hash: Option<SecretHash>, by: PersonId, now: DateTime<Utc>
    ) -> Invitation;
    fn revoke_invitation(account: AccountId, invitation: InvitationId, by: PersonId, now: DateTime<Utc>) -> Invitation;
    fn invitation(hash: &SecretHash) -> Option<(Account, Invitation)>;
    fn accept_invitation(hash: &SecretHash, name: &str, password_hash: &str, now: DateTime<Utc>) -> (Account, Person);
} }

forward! { OutboxStore {
    fn rehearse_mail(now: DateTime<Utc>) -> ();
    fn claim_mail(secret: &MailSecrets, now: DateTime<Utc>) -> Option<Mail>;
    fn settle_mail(account: AccountId, mail: MailId, posted: &Posted, now: DateTime<Utc>) -> MailState;
    fn abandon_mail(now: DateTime<Utc>) -> u32;
    fn next_mail(now: DateTime<Utc>) -> Option<DateTime<Utc>>;
    fn mail_counts() -> Vec<(MailState, u32)>;
    fn troubled_mail(account: AccountId) -> Vec<MailRow>;
} }

forward! { SweepStore {
    fn sweep(now: DateTime<Utc>, most: u32) -> Swept;
} }

forward! { ScheduleStore {
    fn schedules() -> Vec<Scheduled>;
    fn tell_of_schedule(account: AccountId, now: DateTime<Utc>) -> u32;
} }

forward! { ChangeStore {
    fn latest_change(account: AccountId) -> i64;
    fn stamp() -> i64;
    fn changes(account: AccountId, after: i64, limit: u32) -> Vec<Change>;
} }

forward! { ReplayStore {
    fn replayed(
        account: AccountId, person: PersonId, key: &str, request: [u8; 32], now: DateTime<Utc>
    ) -> Option<Vec<u8>>;
} }
