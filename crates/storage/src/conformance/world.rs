//! What every case begins with: a store of its own, and two accounts whose numbers collide.

use std::any::Any;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::plan::{Terms, plan};
use tallyport_domain::time::{Day, DayRange};
use tallyport_domain::{
    AccountId, Identity, ListProof, Name, PersonId, Proof, Role, Run, Selection, Snapshot, TaskId, Trigger, Zone,
};

use super::snapshot::{
    ADVICE, DRAFT, HARBOUR, INTERNAL, NORTHLIGHT, REVIEW, SOUTHWIND, WEBSITE, email, selecting, toggl, toggl_user, workspaces,
};
use crate::{Application, BeginRun, Begun, Enable, Holder, Lease, NewAccount, NewPerson, Store, SyncState, Viewer};

/// A fresh store and what is in it.
pub struct Fresh {
    /// The store under test.
    pub store: Arc<dyn Store>,
    /// What is in it.
    pub world: World,
    _keep: Box<dyn Any + Send>,
}

/// Two accounts with the same people and the same native tasks, under the same numbers, so that a query which forgets the
/// account finds something of the other one (A1).
///
/// ```text
/// House
/// └── Kitchen
///     └── Sink
/// Garden
/// ```
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// The account that cases work in.
    pub ours: AccountId,
    /// The account that must never notice.
    pub theirs: AccountId,
    /// An administrator, who enables the integration.
    pub ada: PersonId,
    /// A manager.
    pub bea: PersonId,
    /// A member.
    pub cem: PersonId,
    /// A member whom no workspace knows.
    pub dee: PersonId,
    /// A native task at the top.
    pub house: TaskId,
    /// A native task under the house.
    pub kitchen: TaskId,
    /// A native task under the kitchen.
    pub sink: TaskId,
    /// Another native task at the top.
    pub garden: TaskId,
    /// When everything was made.
    pub noon: DateTime<Utc>,
}

impl Fresh {
    /// Fills an empty store. `keep` lives as long as the case does: a temporary folder, say.
    ///
    /// # Panics
    /// Where the store cannot even be filled.
    pub async fn over(store: Arc<dyn Store>, keep: impl Any + Send) -> Self {
        let ours = populate(&*store, "Ours").await;
        let theirs = populate(&*store, "Theirs").await;
        let world = World { theirs: theirs.ours, ..ours };
        assert_ne!(world.ours, world.theirs);
        let numbers = |world: &World| format!("{:?}", World { ours: AccountId(0), theirs: AccountId(0), ..*world });
        assert_eq!(numbers(&ours), numbers(&theirs), "numbers must count within their account");
        Self { store, world, _keep: Box::new(keep) }
    }

    /// Mirrors [`toggl`] in both accounts, and tells what became of it.
    pub(super) async fn mirrored(&self) -> Mirror {
        let ours = mirror(&*self.store, &self.world, self.world.ours).await;
        let theirs = mirror(&*self.store, &self.world, self.world.theirs).await;
        assert_eq!(ours, theirs, "numbers must count within their account");
        ours
    }
}

impl World {
    /// So many minutes after noon.
    pub(super) fn at(&self, minutes: i64) -> DateTime<Utc> {
        self.noon + TimeDelta::minutes(minutes)
    }
}

/// The numbers of what [`toggl`] becomes, in both accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mirror {
    pub(super) root: TaskId,
    pub(super) northlight: TaskId,
    pub(super) southwind: TaskId,
    pub(super) harbour: TaskId,
    pub(super) website: TaskId,
    pub(super) internal: TaskId,
    pub(super) advice: TaskId,
    pub(super) draft: TaskId,
    pub(super) review: TaskId,
    pub(super) run: tallyport_domain::RunId,
}

impl Mirror {
    /// Everything imported.
    pub(super) fn tasks(&self) -> [TaskId; 9] {
        [
            self.root,
            self.northlight,
            self.southwind,
            self.harbour,
            self.website,
            self.internal,
            self.advice,
            self.draft,
            self.review,
        ]
    }
}

pub(super) fn name(text: &str) -> Name {
    Name::from_source(text)
}

pub(super) fn new_person(name: &str, role: Role) -> NewPerson {
    NewPerson { email: email(name), name: name.to_owned(), role, password_hash: None }
}

/// Somebody who sees the whole tree.
pub(super) fn manager(person: PersonId) -> Viewer {
    Viewer { person, sees_all: true }
}

/// Somebody who sees what they have.
pub(super) fn member_view(person: PersonId) -> Viewer {
    Viewer { person, sees_all: false }
}

/// How ada enables the integration.
pub(super) fn enable(owner: PersonId, now: DateTime<Utc>) -> Enable {
    Enable { owner, toggl_user: toggl_user("ada"), sealed_token: b"\x01sealed".to_vec(), workspaces: workspaces(), now }
}

/// A sync that somebody asked for, whose lease lasts a minute.
pub(super) fn begin_by(person: PersonId, now: DateTime<Utc>) -> BeginRun {
    BeginRun {
        trigger: Trigger::Manual,
        started_by: Some(person),
        holder: Holder { machine: "here".to_owned(), process: 4711, started: 17 },
        now,
        expires: now + TimeDelta::minutes(1),
        over: None,
    }
}

/// Opens a run that must open.
pub(super) async fn open(store: &dyn Store, account: AccountId, begin: &BeginRun) -> (Lease, Run, Vec<tallyport_domain::Part>) {
    match store.begin_run(account, begin).await.unwrap() {
        Begun::Open { lease, run, kept } => (lease, *run, kept),
        Begun::UnderWay { lease, holder } => panic!("{lease:?} of {holder:?} is under way"),
    }
}

/// What showed that a reading was complete.
pub(super) fn proof() -> Proof {
    let list = ListProof {
        list: "projects".to_owned(),
        workspace: Some(NORTHLIGHT),
        pages: 2,
        rows: 205,
        total: Some(205),
        read_twice: true,
    };
    Proof { lists: vec![list] }
}

/// The plan that makes this state mirror a source.
pub(super) fn application(state: &SyncState, source: &Snapshot, now: DateTime<Utc>) -> Application {
    let source = selecting(source.clone(), &state.selection);
    let terms = Terms { selection: &state.selection, settings: &state.settings, roster: &state.roster, at: now };
    Application {
        version: state.version,
        current: state.current.clone(),
        plan: plan(&state.current, &source, terms),
        proof: proof(),
        requests: 7,
        quota: None,
        now,
    }
}

/// A whole sync.
pub(super) async fn sync(store: &dyn Store, account: AccountId, by: PersonId, source: &Snapshot, now: DateTime<Utc>) -> Run {
    let (lease, ..) = open(store, account, &begin_by(by, now)).await;
    let state = store.sync_state(account).await.unwrap();
    store.apply(account, &lease, application(&state, source, now)).await.unwrap()
}

/// The number of what a source's thing became.
pub(super) fn mirrored_as(state: &SyncState, identity: Identity) -> Option<TaskId> {
    state.current.tasks.iter().find(|task| task.origin.identity() == Some(identity)).map(|task| task.id)
}

/// Everything that the ports tell of an account, line by line: equal lines mean that nothing changed.
pub(super) async fn picture(store: &dyn Store, account: AccountId) -> Vec<String> {
    let mut lines = vec![
        format!("{:?}", store.integration(account).await.unwrap()),
        format!("{:?}", store.members(account).await.unwrap()),
        format!("{:?}", store.latest_change(account).await.unwrap()),
        format!("{:?}", store.sync_state(account).await.ok()),
    ];
    lines.extend(store.accounts().await.unwrap().iter().filter(|it| it.id == account).map(|it| format!("{it:?}")));
    let people = store.people(account).await.unwrap();
    let viewer = manager(people.first().map_or(PersonId(1), |person| person.id));
    for archived in [false, true] {
        for row in store.tree(account, viewer, archived).await.unwrap() {
            let assigned = store.assigned_to(account, row.task.id).await.unwrap();
            let facts = store.task_facts(account, row.task.id).await.unwrap();
            lines.push(format!("{row:?} {assigned:?} {facts:?}"));
        }
    }
    for person in people {
        let access = store.access(account, person.id, true).await.unwrap();
        let profile = store.profile(account, person.id).await.unwrap();
        let sessions = store.sessions(account, person.id, DateTime::UNIX_EPOCH).await.unwrap();
        let password = store.password(account, person.id).await.unwrap();
        let tokens = store.tokens(account, person.id).await.unwrap();
        lines.push(format!("{person:?} {access:?} {profile:?} {sessions:?} {password:?} {tokens:?}"));
        for entry in store.entries(account, person.id, ever()).await.unwrap() {
            lines.push(format!("{entry:?}"));
        }
    }
    for invitation in store.invitations(account).await.unwrap() {
        lines.push(format!("{invitation:?}"));
    }
    for mail in store.troubled_mail(account).await.unwrap() {
        lines.push(format!("{mail:?}"));
    }
    for scheduled in store.schedules().await.unwrap().iter().filter(|it| it.account == account) {
        lines.push(format!("{scheduled:?}"));
    }
    for run in store.runs(account, None, 1_000).await.unwrap() {
        lines.push(format!("{run:?}"));
        let items = store.run_items(account, run.id, 0, 1_000).await.unwrap();
        lines.extend(items.iter().map(|item| format!("{item:?}")));
    }
    lines
}

/// Every day of the calendar.
pub(super) fn ever() -> DayRange {
    let day = |text| Day::parse(text).unwrap();
    DayRange::new(day("1970-01-02"), day("2199-12-31")).unwrap()
}

async fn populate(store: &dyn Store, title: &str) -> World {
    let noon: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
    let administrator = new_person("ada", Role::Administrator);
    let new = NewAccount { name: title.to_owned(), zone: Zone::parse("Europe/Berlin").unwrap(), administrator, now: noon };
    let first = store.accounts().await.unwrap().is_empty();
    let (account, ada) = if first { store.set_up(&new).await } else { store.create_account(&new).await }.unwrap();
    let (account, ada) = (account.id, ada.id);
    let others = [new_person("bea", Role::Manager), new_person("cem", Role::Member), new_person("dee", Role::Member)];
    let others = store.add_people(account, &others, ada, noon).await.unwrap();
    let [bea, cem, dee] = [0, 1, 2].map(|index: usize| others[index].id);
    let house = store.add_task(account, None, &name("House"), ada, noon).await.unwrap();
    let kitchen = store.add_task(account, Some(house), &name("Kitchen"), ada, noon).await.unwrap();
    let sink = store.add_task(account, Some(kitchen), &name("Sink"), ada, noon).await.unwrap();
    let garden = store.add_task(account, None, &name("Garden"), ada, noon).await.unwrap();
    World { ours: account, theirs: account, ada, bea, cem, dee, house, kitchen, sink, garden, noon }
}

async fn mirror(store: &dyn Store, world: &World, account: AccountId) -> Mirror {
    store.enable(account, &enable(world.ada, world.at(1))).await.unwrap();
    store.select(account, &Selection::All, &workspaces(), world.ada, world.at(2)).await.unwrap();
    let run = sync(store, account, world.ada, &toggl(), world.at(3)).await;
    let state = store.sync_state(account).await.unwrap();
    let task = |identity| mirrored_as(&state, identity).unwrap_or_else(|| panic!("{identity:?} was not mirrored"));
    Mirror {
        root: task(Identity::Root),
        northlight: task(Identity::Workspace(NORTHLIGHT)),
        southwind: task(Identity::Workspace(SOUTHWIND)),
        harbour: task(Identity::Client(HARBOUR)),
        website: task(Identity::Project(WEBSITE)),
        internal: task(Identity::Project(INTERNAL)),
        advice: task(Identity::Project(ADVICE)),
        draft: task(Identity::Task(DRAFT)),
        review: task(Identity::Task(REVIEW)),
        run: run.id,
    }
}
