//! The rows of a report: what sums fall on, in the order in which people look for it, and its shares.

use std::collections::{BTreeMap, HashMap};

use chrono::Weekday;
use tallyport_domain::time::{Day, DayRange, Fact, Group, Grouping, Instant, Length, Rolled, Sum, roll_up, shares};
use tallyport_domain::{Identity, Kind, Person, PersonId, Task, TaskId};
use tallyport_storage::{EntryTask, SumPlace, Summed, TaskRow};

use super::{About, ReportRow};

/// Tenths of a percent of everything.
const WHOLE: u32 = 1000;

/// The rows of what was added up.
pub(super) fn of(summed: &Summed, people: &[Person], week: Weekday, by: &[Grouping]) -> Vec<ReportRow> {
    let kind = |task: &Task| task.origin.identity().map(Identity::kind);
    let telling = Telling {
        summed,
        places: summed.tasks.iter().map(|row| (row.task.id, (row.task.parent, kind(&row.task)))).collect(),
        standing: summed.tasks.iter().enumerate().map(|(at, row)| (row.task.id, at)).collect(),
        people: people.iter().enumerate().map(|(at, person)| (person.id, (at, person.name.as_str()))).collect(),
        week,
    };
    let pieces: Vec<Piece> = summed.parts.iter().flat_map(Piece::both).collect();
    telling.rows(&pieces, by, WHOLE)
}

/// Time that is billable, or that is not, at one place.
#[derive(Debug, Clone, Copy)]
struct Piece {
    place: SumPlace,
    billable: bool,
    length: Length,
    /// What of it is at no place before.
    once: Length,
}

impl Piece {
    fn both(part: &tallyport_storage::Part) -> impl Iterator<Item = Self> + use<> {
        let rest = |sum: Sum| sum.time.less(sum.billable).unwrap_or_default();
        let (sum, once) = (part.sum, part.once);
        let of = |billable, length, once| Self { place: part.place, billable, length, once };
        let both = [of(true, sum.billable, once.billable), of(false, rest(sum), rest(once))];
        both.into_iter().filter(|piece| !piece.length.is_zero())
    }

    fn groups(&self, by: Grouping, telling: &Telling<'_>) -> Vec<Group> {
        let SumPlace { task, person, day, tag } = self.place;
        let fact = Fact {
            task,
            person: person.unwrap_or(PersonId(0)),
            day: day.unwrap_or(Day::FIRST),
            tags: tag.as_slice(),
            billable: self.billable,
        };
        fact.groups(by, &telling.places, telling.week)
    }

    /// What it adds to a row whose time is told apart further by `rest`.
    fn sum(&self, rest: &[Grouping]) -> Sum {
        // Tags tell the same time several times, which is one time for what holds them all.
        let time = if rest.contains(&Grouping::Tag) { self.once } else { self.length };
        Sum { time, billable: if self.billable { time } else { Length::ZERO } }
    }
}

fn all(pieces: &[Piece], rest: &[Grouping]) -> Sum {
    pieces.iter().fold(Sum::default(), |all, piece| all + piece.sum(rest))
}

fn weight(sum: Sum) -> u64 {
    sum.time.seconds().unsigned_abs()
}

/// What there is to say about groups.
struct Telling<'a> {
    summed: &'a Summed,
    places: BTreeMap<TaskId, (Option<TaskId>, Option<Kind>)>,
    /// Where each task stands in display order.
    standing: HashMap<TaskId, usize>,
    people: HashMap<PersonId, (usize, &'a str)>,
    week: Weekday,
}

impl Telling<'_> {
    /// The rows of some time, which have a share of everything to divide.
    fn rows(&self, pieces: &[Piece], by: &[Grouping], share: u32) -> Vec<ReportRow> {
        match by {
            [] => Vec::new(),
            [Grouping::Task, rest @ ..] => self.tree(pieces, rest, share),
            [grouping, rest @ ..] => self.list(pieces, *grouping, rest, share),
        }
    }

    fn list(&self, pieces: &[Piece], by: Grouping, rest: &[Grouping], share: u32) -> Vec<ReportRow> {
        let mut groups: BTreeMap<Group, Vec<Piece>> = BTreeMap::new();
        for piece in pieces {
            for group in piece.groups(by, self) {
                groups.entry(group).or_default().push(*piece);
            }
        }
        let mut groups: Vec<(Group, Vec<Piece>)> = groups.into_iter().collect();
        groups.sort_by_cached_key(|(group, _)| self.order(*group));
        let sums: Vec<Sum> = groups.iter().map(|(_, pieces)| all(pieces, rest)).collect();
        let parts = shares(share, &sums.iter().map(|sum| weight(*sum)).collect::<Vec<_>>());
        let row = |(((group, pieces), sum), share): (((Group, Vec<Piece>), Sum), u32)| ReportRow {
            about: self.about(group),
            level: 1,
            own: sum,
            whole: sum,
            share,
            rows: self.rows(&pieces, rest, share),
        };
        groups.into_iter().zip(sums).zip(parts).map(row).collect()
    }

    /// Tasks in display order with what is below them, and at the end what is on none.
    fn tree(&self, pieces: &[Piece], rest: &[Grouping], share: u32) -> Vec<ReportRow> {
        let (on_some, on_none): (Vec<Piece>, Vec<Piece>) = pieces.iter().partition(|piece| piece.place.task.is_some());
        let mut own: BTreeMap<TaskId, Sum> = BTreeMap::new();
        let mut within: BTreeMap<TaskId, Vec<Piece>> = BTreeMap::new();
        for piece in &on_some {
            let mut next = piece.place.task;
            if let Some(task) = next {
                let sum = own.entry(task).or_default();
                *sum = *sum + piece.sum(rest);
            }
            while let Some(task) = next.filter(|_| !rest.is_empty()) {
                within.entry(task).or_default().push(*piece);
                next = self.places.get(&task).and_then(|(above, _)| *above);
            }
        }
        let rolled = roll_up(&self.places, &own);
        let none = all(&on_none, rest);
        let parts = self.divided(&rolled, none, share);
        let part = |task: Option<TaskId>| parts.get(&task).copied().unwrap_or_default();
        let of_task = |(row, rolled): (&TaskRow, &Rolled)| ReportRow {
            about: About::Task(Some(told(row))),
            level: row.level,
            own: rolled.own,
            whole: rolled.whole,
            share: part(Some(row.task.id)),
            rows: self.rows(within.get(&row.task.id).map(Vec::as_slice).unwrap_or_default(), rest, part(Some(row.task.id))),
        };
        let of_none = || ReportRow {
            about: About::Task(None),
            level: 1,
            own: none,
            whole: none,
            share: part(None),
            rows: self.rows(&on_none, rest, part(None)),
        };
        let tasks = self.summed.tasks.iter().filter_map(|row| Some((row, rolled.get(&row.task.id)?)));
        tasks.map(of_task).chain((!on_none.is_empty()).then(of_none)).collect()
    }

    /// The share of each task, and of what is on none: what a task has is divided among its own time and what is below it.
    fn divided(&self, rolled: &BTreeMap<TaskId, Rolled>, none: Sum, share: u32) -> HashMap<Option<TaskId>, u32> {
        let mut below: HashMap<Option<TaskId>, Vec<TaskId>> = HashMap::new();
        for row in self.summed.tasks.iter().filter(|row| rolled.contains_key(&row.task.id)) {
            below.entry(row.task.parent).or_default().push(row.task.id);
        }
        let mut parts: HashMap<Option<TaskId>, u32> = HashMap::new();
        let mut open = vec![(share, none, None)];
        while let Some((share, own, above)) = open.pop() {
            let tasks = below.get(&above).map(Vec::as_slice).unwrap_or_default();
            let weights: Vec<u64> = [own].into_iter().chain(tasks.iter().map(|task| rolled[task].whole)).map(weight).collect();
            let divided = shares(share, &weights);
            if above.is_none() {
                parts.insert(None, divided[0]);
            }
            for (task, share) in tasks.iter().zip(divided.into_iter().skip(1)) {
                parts.insert(Some(*task), share);
                open.push((share, rolled[task].own, Some(*task)));
            }
        }
        parts
    }

    /// In which order groups stand: tasks as in the tree, people and tags by name, time as it goes by; what is none comes last.
    fn order(&self, group: Group) -> (bool, usize, String) {
        let at = |number: i64| (false, usize::try_from(number).unwrap_or_default(), String::new());
        match group {
            Group::Task(None) | Group::Tag(None) => (true, 0, String::new()),
            Group::Task(Some(task)) => (false, self.standing.get(&task).copied().unwrap_or(usize::MAX), String::new()),
            Group::Person(person) => (false, self.people.get(&person).map_or(usize::MAX, |(at, _)| *at), String::new()),
            Group::Day(day) | Group::Week(day) => at(day.number()),
            Group::Month(month) => at(month.days().from().number()),
            Group::Tag(Some(tag)) => (false, 0, self.summed.tags.get(&tag).map(|tag| tag.key().to_owned()).unwrap_or_default()),
            Group::Billable(billable) => (false, usize::from(!billable), String::new()),
        }
    }

    fn about(&self, group: Group) -> About {
        match group {
            Group::Task(task) => {
                let row = task.and_then(|task| self.summed.tasks.get(*self.standing.get(&task)?));
                About::Task(row.map(told))
            }
            Group::Person(person) => {
                About::Person(person, self.people.get(&person).map(|(_, name)| (*name).to_owned()).unwrap_or_default())
            }
            Group::Day(day) => About::Days(DayRange::of(day)),
            Group::Week(day) => About::Days(day.week(self.week)),
            Group::Month(month) => About::Days(month.days()),
            Group::Tag(tag) => About::Tag(tag.and_then(|tag| self.summed.tags.get(&tag).cloned())),
            Group::Billable(billable) => About::Billable(billable),
        }
    }
}

fn told(row: &TaskRow) -> EntryTask {
    let archived = row.task.archived.map(|archived| Instant::shown(archived.at));
    EntryTask { id: row.task.id, path: row.path.clone(), archived }
}

#[cfg(test)]
mod tests {
    use tallyport_domain::time::Tag;
    use tallyport_domain::{Email, ExternalId, Name, Origin, Role, TagId};
    use tallyport_storage::Part;

    use super::*;

    fn row(id: i64, parent: Option<i64>, level: u32, name: &str, identity: Option<Identity>) -> TaskRow {
        let origin = identity.map_or(Origin::Native, Origin::Imported);
        let parent = parent.map(TaskId);
        let task =
            Task { id: TaskId(id), parent, name: Name::from_source(name), origin, color: None, billable: None, archived: None };
        TaskRow { task, level, path: vec![Name::from_source(name)], trackable: false }
    }

    /// A client with two projects, one of which has a task; and a native task.
    fn tasks() -> Vec<TaskRow> {
        let [client, website, shop, task] = [3, 4, 5, 6].map(ExternalId);
        vec![
            row(1, None, 1, "Café", Some(Identity::Client(client))),
            row(2, Some(1), 2, "Shop", Some(Identity::Project(shop))),
            row(3, Some(1), 2, "Website", Some(Identity::Project(website))),
            row(4, Some(3), 3, "Design", Some(Identity::Task(task))),
            row(5, None, 1, "Internal", None),
        ]
    }

    fn sum(all: i64, billable: i64) -> Sum {
        let length = |seconds| Length::from_seconds(seconds).unwrap();
        Sum { time: length(all), billable: length(billable) }
    }

    fn part(place: SumPlace, seconds: i64) -> Part {
        let sum = sum(seconds, seconds / 2);
        Part { place, sum, once: sum }
    }

    fn on(task: i64, seconds: i64) -> Part {
        part(SumPlace { task: (task > 0).then_some(TaskId(task)), ..SumPlace::default() }, seconds)
    }

    fn person(id: i64, name: &str) -> Person {
        let email = Email::parse(&format!("p{id}@tally.test")).unwrap();
        Person { id: PersonId(id), email, name: name.to_owned(), role: Role::Member, active: true }
    }

    fn summed(parts: Vec<Part>) -> Summed {
        let total = parts.iter().fold(Sum::default(), |total, part| total + part.once);
        Summed { total, people: 1, days: 1, parts, tasks: tasks(), ..Summed::default() }
    }

    fn told(rows: &[ReportRow]) -> Vec<(String, i64, i64, u32)> {
        let about = |row: &ReportRow| match &row.about {
            About::Task(Some(task)) => task.path.last().unwrap().as_str().to_owned(),
            About::Person(_, name) => name.clone(),
            About::Days(days) => format!("{} {}", days.from(), days.to()),
            About::Tag(Some(tag)) => tag.as_str().to_owned(),
            About::Billable(billable) => billable.to_string(),
            About::Task(None) | About::Tag(None) => "none".to_owned(),
        };
        rows.iter().map(|row| (about(row), row.own.time.seconds(), row.whole.time.seconds(), row.share)).collect()
    }

    fn of(parts: Vec<Part>, by: &[Grouping]) -> Vec<ReportRow> {
        super::of(&summed(parts), &[person(8, "Ada"), person(7, "Bo")], Weekday::Mon, by)
    }

    fn shown(some: &[(&str, i64, i64, u32)]) -> Vec<(String, i64, i64, u32)> {
        some.iter().map(|(about, own, whole, share)| ((*about).to_owned(), *own, *whole, *share)).collect()
    }

    #[test] // E8, T4
    fn tasks_have_what_is_below_them_and_a_share_that_is_divided_below_them() {
        let rows = of(vec![on(0, 100), on(2, 300), on(3, 200), on(4, 100), on(5, 300)], &[Grouping::Task]);
        assert_eq!(
            told(&rows),
            shown(&[
                ("Café", 0, 600, 600),
                ("Shop", 300, 300, 300),
                ("Website", 200, 300, 300),
                ("Design", 100, 100, 100),
                ("Internal", 300, 300, 300),
                ("none", 100, 100, 100),
            ])
        );
        assert_eq!((rows[0].whole.billable.seconds(), rows[3].level), (300, 3));
    }

    #[test] // E8, I5
    fn clients_and_projects_have_all_that_hangs_under_them() {
        let parts = || vec![on(0, 100), on(1, 50), on(2, 300), on(3, 200), on(4, 100), on(5, 250)];
        assert_eq!(told(&of(parts(), &[Grouping::Client])), shown(&[("Café", 650, 650, 650), ("none", 350, 350, 350)]));
        assert_eq!(
            told(&of(parts(), &[Grouping::Project])),
            shown(&[("Shop", 300, 300, 300), ("Website", 300, 300, 300), ("none", 400, 400, 400)])
        );
    }

    #[test] // E5, E8
    fn days_make_weeks_and_months_and_people_stand_by_name() {
        let at = |day: &str, id, seconds| {
            part(SumPlace { day: Some(Day::parse(day).unwrap()), person: Some(PersonId(id)), ..SumPlace::default() }, seconds)
        };
        let parts = || vec![at("2026-11-29", 7, 100), at("2026-11-30", 7, 200), at("2026-12-01", 8, 700)];
        assert_eq!(
            told(&of(parts(), &[Grouping::Week])),
            shown(&[("2026-11-23 2026-11-29", 100, 100, 100), ("2026-11-30 2026-12-06", 900, 900, 900)])
        );
        assert_eq!(
            told(&of(parts(), &[Grouping::Month])),
            shown(&[("2026-11-01 2026-11-30", 300, 300, 300), ("2026-12-01 2026-12-31", 700, 700, 700)])
        );
        let people = of(parts(), &[Grouping::Person, Grouping::Billable]);
        assert_eq!(told(&people), shown(&[("Ada", 700, 700, 700), ("Bo", 300, 300, 300)]));
        assert_eq!(told(&people[1].rows), shown(&[("true", 150, 150, 150), ("false", 150, 150, 150)]));
    }

    #[test] // E8
    fn an_entry_with_several_tags_counts_under_each_and_once_for_what_holds_them() {
        let place = |tag| SumPlace { tag: Some(TagId(tag)), person: Some(PersonId(7)), ..SumPlace::default() };
        let parts = vec![part(place(1), 600), Part { once: Sum::default(), ..part(place(2), 600) }];
        let tags = [(1, "water"), (2, "Call")].map(|(tag, word)| (TagId(tag), Tag::typed(word).unwrap()));
        let summed = Summed { tags: tags.into(), ..summed(parts) };
        let rows = super::of(&summed, &[person(7, "Bo")], Weekday::Mon, &[Grouping::Person, Grouping::Tag]);
        assert_eq!(told(&rows), shown(&[("Bo", 600, 600, 1000)]));
        assert_eq!(told(&rows[0].rows), shown(&[("Call", 600, 600, 500), ("water", 600, 600, 500)]));
        let rows = super::of(&summed, &[person(7, "Bo")], Weekday::Mon, &[Grouping::Tag, Grouping::Person]);
        assert_eq!(told(&rows), shown(&[("Call", 600, 600, 500), ("water", 600, 600, 500)]));
    }

    #[test] // E8
    fn shares_add_up_however_deep_they_are() {
        // Thirds all the way down, within each of two people.
        let at = |task, id, seconds| part(SumPlace { person: Some(PersonId(id)), ..on(task, 0).place }, seconds);
        let parts = (0..=5).flat_map(|task| [at(task, 7, 1 + task), at(task, 8, 3)]).collect();
        let rows = of(parts, &[Grouping::Person, Grouping::Task]);
        assert_eq!(rows.iter().map(|row| row.share).sum::<u32>(), WHOLE);
        for row in &rows {
            let roots = row.rows.iter().filter(|row| row.level == 1);
            assert_eq!(roots.map(|row| row.share).sum::<u32>(), row.share);
            let below: u32 = row.rows.iter().filter(|row| row.level == 2).map(|row| row.share).sum();
            assert!(below <= row.rows[0].share && row.rows[0].share - below <= row.share / 4, "{:?}", told(&row.rows));
        }
    }
}
