//! What reports are grouped by (E8).

use std::collections::BTreeMap;

use chrono::Weekday;

use super::{Day, Month};
use crate::access::{Parents, upwards};
use crate::{Kind, PersonId, TagId, TaskId};

/// What the rows of a report are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// Tasks, each with what is below it.
    Task,
    /// People.
    Person,
    /// Clients.
    Client,
    /// Projects.
    Project,
    /// Days.
    Day,
    /// Weeks, from the day on which those of the reader begin.
    Week,
    /// Months.
    Month,
    /// Tags; an entry counts under each of its own.
    Tag,
    /// Billable, and not.
    Billable,
}

impl Grouping {
    /// Every grouping.
    pub const ALL: [Self; 9] =
        [Self::Task, Self::Person, Self::Client, Self::Project, Self::Day, Self::Week, Self::Month, Self::Tag, Self::Billable];

    /// The word for this grouping in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Person => "person",
            Self::Client => "client",
            Self::Project => "project",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Tag => "tag",
            Self::Billable => "billable",
        }
    }

    /// Reads the word of [`Grouping::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grouping| grouping.as_str() == text)
    }
}

/// What a row of a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// A task; nothing for "No task", and where there is no client or project above it.
    Task(Option<TaskId>),
    /// A person.
    Person(PersonId),
    /// A day.
    Day(Day),
    /// The week that begins on this day.
    Week(Day),
    /// A month.
    Month(Month),
    /// A tag; nothing for what has none.
    Tag(Option<TagId>),
    /// Billable or not.
    Billable(bool),
}

/// Time of one entry on one day, as a report counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact<'a> {
    /// The task.
    pub task: Option<TaskId>,
    /// Whose time it is.
    pub person: PersonId,
    /// The day.
    pub day: Day,
    /// Its tags.
    pub tags: &'a [TagId],
    /// Whether it is billable.
    pub billable: bool,
}

/// The forest as reports see it.
pub trait Places: Parents {
    /// What a task is in the source; nothing for a native one.
    fn kind(&self, task: TaskId) -> Option<Kind>;
}

impl Places for BTreeMap<TaskId, (Option<TaskId>, Option<Kind>)> {
    fn kind(&self, task: TaskId) -> Option<Kind> {
        self.get(&task).and_then(|place| place.1)
    }
}

impl Parents for BTreeMap<TaskId, (Option<TaskId>, Option<Kind>)> {
    fn parent(&self, task: TaskId) -> Option<TaskId> {
        self.get(&task).and_then(|place| place.0)
    }
}

impl Fact<'_> {
    /// The rows that it counts under: one, but for tags, of which an entry may have several. Under a task it counts at the task
    /// itself; [`roll_up`](super::roll_up) takes it to those above.
    #[must_use]
    pub fn groups(&self, by: Grouping, places: &impl Places, week: Weekday) -> Vec<Group> {
        let within = |kind| self.task.and_then(|task| upwards(places, task).find(|task| places.kind(*task) == Some(kind)));
        let group = match by {
            Grouping::Task => Group::Task(self.task),
            Grouping::Client => Group::Task(within(Kind::Client)),
            Grouping::Project => Group::Task(within(Kind::Project)),
            Grouping::Person => Group::Person(self.person),
            Grouping::Day => Group::Day(self.day),
            Grouping::Week => Group::Week(self.day.week(week).from()),
            Grouping::Month => Group::Month(self.day.month()),
            Grouping::Billable => Group::Billable(self.billable),
            Grouping::Tag if self.tags.is_empty() => Group::Tag(None),
            Grouping::Tag => return self.tags.iter().map(|tag| Group::Tag(Some(*tag))).collect(),
        };
        vec![group]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> BTreeMap<TaskId, (Option<TaskId>, Option<Kind>)> {
        // Root, workspace, client, project, task; a project without a client; a native task.
        [
            (1, None, Some(Kind::Root)),
            (2, Some(1), Some(Kind::Workspace)),
            (3, Some(2), Some(Kind::Client)),
            (4, Some(3), Some(Kind::Project)),
            (5, Some(4), Some(Kind::Task)),
            (6, Some(2), Some(Kind::Project)),
            (7, None, None),
        ]
        .map(|(task, above, kind)| (TaskId(task), (above.map(TaskId), kind)))
        .into()
    }

    #[test] // E8
    fn an_entry_counts_under_one_row_and_under_each_of_its_tags() {
        let tags = [TagId(3), TagId(8)];
        let day = Day::parse("2026-11-26").unwrap();
        let fact = Fact { task: Some(TaskId(5)), person: PersonId(9), day, tags: &tags, billable: true };
        let groups = |fact: Fact<'_>, by| fact.groups(by, &places(), Weekday::Sun);
        assert_eq!(groups(fact, Grouping::Task), [Group::Task(Some(TaskId(5)))]);
        assert_eq!(groups(fact, Grouping::Project), [Group::Task(Some(TaskId(4)))]);
        assert_eq!(groups(fact, Grouping::Client), [Group::Task(Some(TaskId(3)))]);
        assert_eq!(groups(fact, Grouping::Person), [Group::Person(PersonId(9))]);
        assert_eq!(groups(fact, Grouping::Day), [Group::Day(day)]);
        assert_eq!(groups(fact, Grouping::Week), [Group::Week(Day::parse("2026-11-22").unwrap())]);
        assert_eq!(groups(fact, Grouping::Month), [Group::Month(day.month())]);
        assert_eq!(groups(fact, Grouping::Billable), [Group::Billable(true)]);
        assert_eq!(groups(fact, Grouping::Tag), tags.map(|tag| Group::Tag(Some(tag))));
        assert_eq!(groups(Fact { tags: &[], ..fact }, Grouping::Tag), [Group::Tag(None)]);
    }

    #[test] // E8, I5
    fn a_client_or_project_is_what_the_task_is_or_hangs_under() {
        let day = Day::FIRST;
        let within = |task: Option<i64>, by| {
            let fact = Fact { task: task.map(TaskId), person: PersonId(1), day, tags: &[], billable: false };
            match fact.groups(by, &places(), Weekday::Mon)[..] {
                [Group::Task(task)] => task.map(|task| task.0),
                _ => panic!("one task"),
            }
        };
        let all = [None, Some(1), Some(3), Some(4), Some(6), Some(7)];
        assert_eq!(all.map(|task| within(task, Grouping::Client)), [None, None, Some(3), Some(3), None, None]);
        assert_eq!(all.map(|task| within(task, Grouping::Project)), [None, None, None, Some(4), Some(6), None]);
    }

    #[test]
    fn groupings_are_read_by_the_word_they_have() {
        for grouping in Grouping::ALL {
            assert_eq!(Grouping::parse(grouping.as_str()), Some(grouping));
        }
        assert_eq!(Grouping::parse("colour"), None);
    }
}
