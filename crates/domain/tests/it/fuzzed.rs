//! A tree, a snapshot and the terms of a sync made of any bytes at all: trees with cycles and lists that cannot be among them.
//!
//! The fuzz target `plan` includes this file, so it stands by itself.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use tallyport_domain::plan::{Consent, Current, Terms, plan};
use tallyport_domain::{
    Archived, Color, Content, Email, ExternalId, Grant, Identity, Kind, Member, Name, Origin, PersonId, PrivateProjects, Reason,
    Roster, RosterPerson, Selection, Settings, Snapshot, SourceClient, SourceProject, SourceTask, SourceWorkspace, Task, TaskId,
    WorkspaceContent, WorkspaceSnapshot,
};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
const PEOPLE: i64 = 3;

/// Numbers out of bytes; when they are used up, zeros.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    /// The next one, below this: a digit stands for itself.
    fn below(&mut self, end: i64) -> i64 {
        let (first, rest) = self.0.split_first().unwrap_or((&b'0', &[]));
        self.0 = rest;
        i64::from(first.wrapping_sub(b'0')) % end
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    fn id(&mut self) -> ExternalId {
        ExternalId(self.below(7) + 1)
    }

    fn several<T>(&mut self, most: i64, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let which = self.below(i64::try_from(all.len()).expect("they are few"));
        all[usize::try_from(which).expect("it is below their number")]
    }

    fn name(&mut self) -> Name {
        Name::from_source(self.one_of(&["", "Design", "design ", "Café", "1", "10", "مؤسسة", "\u{1b}[31m\n"]))
    }

    fn color(&mut self) -> Option<Color> {
        Color::parse(self.one_of(&["", "#0b83d9", "#ffffff"]))
    }

    fn billable(&mut self) -> Option<bool> {
        self.one_of(&[None, Some(false), Some(true)])
    }

    fn task(&mut self, id: i64) -> Task {
        let identity = {
            let kind = self.one_of(&Kind::ALL);
            Identity::from_parts(kind, Some(self.id())).unwrap_or(Identity::Root)
        };
        let origin = self.one_of(&[Origin::Imported(identity), Origin::Native, Origin::Kept(identity)]);
        let parent = self.one_of(&[None, Some(0), Some(1), Some(2), Some(3), Some(5), Some(8), Some(13), Some(id), Some(99)]);
        let archived = self.flag().then(|| Archived { reason: self.one_of(&Reason::ALL), at: NOW });
        let (name, color, billable) = (self.name(), self.color(), self.billable());
        Task { id: TaskId(id), parent: parent.map(TaskId), name, origin, color, billable, archived }
    }

    fn grants(&mut self) -> BTreeSet<Grant> {
        self.several(5, |it| Grant { person: PersonId(it.below(PEOPLE)), task: TaskId(it.below(16)) }).into_iter().collect()
    }

    fn content(&mut self) -> Content {
        match self.below(4) {
            0 => return Content::NotSelected,
            1 => return Content::Refused("no".to_owned()),
            _ => {}
        }
        let clients = self.several(4, |it| SourceClient { id: it.id(), name: it.name(), archived: it.flag() });
        let projects = self.several(6, |it| SourceProject {
            id: it.id(),
            client: it.flag().then(|| it.id()),
            name: it.name(),
            active: !it.flag(),
            template: it.flag(),
            private: it.flag(),
            color: it.color(),
            billable: it.billable(),
        });
        let tasks =
            |it: &mut Self| it.several(6, |it| SourceTask { id: it.id(), project: it.id(), name: it.name(), active: !it.flag() });
        let tasks = (!self.flag()).then(|| tasks(self));
        let members = |it: &mut Self| {
            it.several(4, |it| Member {
                email: Email::parse(&format!("P{}@x.test", it.below(PEOPLE + 1))).expect("it is one"),
                name: "P".to_owned(),
                joined: !it.flag(),
            })
        };
        let members = (!self.flag()).then(|| members(self));
        Content::Read(WorkspaceContent { clients, projects, tasks, members })
    }

    fn snapshot(&mut self) -> Snapshot {
        let workspaces = self.several(4, |it| WorkspaceSnapshot {
            workspace: SourceWorkspace { id: it.id(), name: it.name(), administered: !it.flag() },
            content: it.content(),
        });
        Snapshot { workspaces }
    }
}

/// Whether every way up ends, and at a task that is there.
fn is_forest(tasks: &[Task]) -> bool {
    let parents: HashMap<TaskId, Option<TaskId>> = tasks.iter().map(|task| (task.id, task.parent)).collect();
    tasks.iter().all(|task| {
        let up = std::iter::successors(Some(task.id), |id| parents.get(id).copied().flatten());
        let up: Vec<TaskId> = up.take(tasks.len() + 1).collect();
        up.len() <= tasks.len() && up.iter().all(|id| parents.contains_key(id))
    })
}

/// Plans what these bytes make, and holds it against what must be whatever they are.
pub(crate) fn check(input: &[u8]) {
    let mut numbers = Numbers(input);
    let selection = match numbers.below(3) {
        0 => Selection::All,
        _ => Selection::Only(numbers.several(4, Numbers::id).into_iter().collect()),
    };
    let private_projects = numbers.one_of(&[PrivateProjects::Keep, PrivateProjects::LeaveOut]);
    let settings = Settings { private_projects, ..Settings::default() };
    let person = |id| RosterPerson { id: PersonId(id), email_key: format!("p{id}@x.test"), active: id != 1 };
    let roster = Roster { people: (0..PEOPLE).map(person).collect(), owner: PersonId(numbers.below(PEOPLE)) };
    let tasks = (0..numbers.below(16)).map(|id| numbers.task(id)).collect();
    let current = Current { tasks, automatic: numbers.grants(), suppressions: numbers.grants() };
    let snapshot = numbers.snapshot();
    let terms = Terms { selection: &selection, settings: &settings, roster: &roster, at: NOW };

    let planned = plan(&current, &snapshot, terms);
    assert_eq!(planned, plan(&current, &snapshot, terms), "the same input gave another plan");
    let after = planned.apply_to(&current, 1000);
    assert_eq!(after.tasks.len(), current.tasks.len() + planned.created.len());
    assert_eq!(after.suppressions, current.suppressions);
    assert!(after.automatic.is_disjoint(&after.suppressions) || !current.automatic.is_disjoint(&current.suppressions));
    assert_eq!(planned.counts(&current).created as usize, planned.created.len());
    assert_eq!(planned.items(&current).count(), planned.items(&current).count());
    assert_eq!(planned.hold(&current, &Consent::Everything), None);
    assert_eq!(planned.hold(&current, &Consent::Shown(planned.shown(&current))), None);
    if is_forest(&current.tasks) {
        assert!(is_forest(&after.tasks), "{:?} became {:?}", current.tasks, after.tasks);
    }
}

#[cfg(test)]
mod tests {
    use crate::replay::replay;

    #[test] // I10
    fn whatever_tree_and_lists_are_the_plan_ends_soundly() {
        replay("plan", |input| (0..=input.len()).for_each(|end| super::check(&input[..end])));
    }
}
