//! What time adds up to, and entries to take away (E5, E8, P6, L9).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::time::{
    Add, Command, Day, DayRange, Entry, Instant, Length, Start, Stop, Sum, Tag, Tags, Tracked, What, When,
};
use tallyport_domain::{AccountId, PersonId, TaskId, Zone};

use super::world::{Fresh, World, ever};
use crate::{Axis, By, ExportedEntry, Store, SumPlace, Summed, TimeFilter};

/// Everybody tracks on the house and on the garden, in both accounts.
async fn world(db: &Fresh) -> World {
    let w = db.world;
    for account in [w.ours, w.theirs] {
        for task in [w.house, w.garden] {
            db.store.assign(account, task, &[w.bea, w.cem], w.ada, w.noon).await.unwrap();
        }
    }
    w
}

fn days(from: &str, to: &str) -> DayRange {
    DayRange::new(Day::parse(from).unwrap(), Day::parse(to).unwrap()).unwrap()
}

fn tag(word: &str) -> Tag {
    Tag::typed(word).unwrap()
}

fn sum(all: i64, billable: i64) -> Sum {
    let length = |seconds| Length::from_seconds(seconds).unwrap();
    Sum { time: length(all), billable: length(billable) }
}

/// An entry that is written as a timer of a device counted it, so that it may be of any length.
struct Planted<'a> {
    person: PersonId,
    task: Option<TaskId>,
    zone: &'a str,
    from: DateTime<Utc>,
    seconds: i64,
    tags: &'a [&'a str],
    billable: bool,
}

async fn plant(s: &dyn Store, account: AccountId, planted: Planted<'_>) -> Entry {
    let Planted { person, task, zone, from, seconds, tags, billable } = planted;
    let what =
        What { task, tags: Tags::new(tags.iter().map(|word| tag(word))).unwrap(), billable: Some(billable), ..What::default() };
    let (start, end) = (Instant::of(from).unwrap(), Instant::of(from + TimeDelta::seconds(seconds)).unwrap());
    let add = Add { what, zone: Zone::parse(zone).unwrap(), when: When::Counted(start, end), done: None };
    let by = By { person, sees_all: false, now: "2027-01-01T00:00:00Z".parse().unwrap() };
    match s.track(account, person, &Command::Add(add), &by).await.unwrap().row.tracked {
        Tracked::Ended(entry) => entry,
        Tracked::Running(timer) => panic!("{timer:?} is running"),
    }
}

/// Three entries of cem's, one of bea's: 1000, 200, 30 and 4 seconds.
async fn planted(s: &dyn Store, account: AccountId, w: &World) {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let one = Planted {
        person: w.cem,
        task: Some(w.sink),
        zone: "UTC",
        from: at("2026-11-20T09:00:00Z"),
        seconds: 1000,
        tags: &["urgent", "Water"],
        billable: true,
    };
    plant(s, account, one).await;
    // A minute of it before midnight.
    let two = Planted {
        person: w.cem,
        task: Some(w.garden),
        zone: "UTC",
        from: at("2026-11-20T23:59:00Z"),
        seconds: 200,
        tags: &["water"],
        billable: false,
    };
    plant(s, account, two).await;
    let three = Planted {
        person: w.cem,
        task: None,
        zone: "UTC",
        from: at("2026-11-22T09:00:00Z"),
        seconds: 30,
        tags: &[],
        billable: true,
    };
    plant(s, account, three).await;
    let four = Planted {
        person: w.bea,
        task: Some(w.kitchen),
        zone: "UTC",
        from: at("2026-11-21T09:00:00Z"),
        seconds: 4,
        tags: &["urgent"],
        billable: false,
    };
    plant(s, account, four).await;
}

async fn report(s: &dyn Store, account: AccountId, filter: &TimeFilter, by: &[Axis]) -> Summed {
    let summed = s.report(account, filter, by).await.unwrap();
    assert_eq!(s.total(account, filter).await.unwrap(), summed.total.time, "{filter:?}");
    summed
}

// E8
pub async fn time_is_told_apart_by_what_is_asked_for(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    planted(s, w.ours, &w).await;
    let of = async |by: &[Axis]| {
        let summed = report(s, w.ours, &TimeFilter::of(ever()), by).await;
        assert_eq!((summed.total, summed.people, summed.days), (sum(1234, 1030), 2, 3), "{by:?}");
        summed.parts.into_iter().map(|part| (part.place, part.sum)).collect::<Vec<_>>()
    };
    let nothing = SumPlace::default();
    assert_eq!(of(&[]).await, [(nothing, sum(1234, 1030))]);
    let task = |task| SumPlace { task, ..nothing };
    assert_eq!(
        of(&[Axis::Task]).await,
        [
            (nothing, sum(30, 30)),
            (task(Some(w.kitchen)), sum(4, 0)),
            (task(Some(w.sink)), sum(1000, 1000)),
            (task(Some(w.garden)), sum(200, 0))
        ]
    );
    let person = |person| SumPlace { person: Some(person), ..nothing };
    assert_eq!(of(&[Axis::Person]).await, [(person(w.bea), sum(4, 0)), (person(w.cem), sum(1230, 1030))]);
    let on = |text| SumPlace { day: Some(Day::parse(text).unwrap()), ..nothing };
    assert_eq!(
        of(&[Axis::Day]).await,
        [(on("2026-11-20"), sum(1060, 1000)), (on("2026-11-21"), sum(144, 0)), (on("2026-11-22"), sum(30, 30))]
    );
    let both = of(&[Axis::Person, Axis::Day]).await;
    assert_eq!(both.len(), 4);
    assert_eq!(both[0], (SumPlace { person: Some(w.bea), ..on("2026-11-21") }, sum(4, 0)));
}

// E8
pub async fn an_entry_counts_under_each_of_its_tags_and_once_in_all(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    planted(s, w.ours, &w).await;
    let summed = report(s, w.ours, &TimeFilter::of(ever()), &[Axis::Tag]).await;
    assert_eq!(summed.parts.iter().map(|part| part.once).fold(Sum::default(), |all, once| all + once), summed.total);
    let told: Vec<_> = summed
        .parts
        .iter()
        .map(|part| (part.place.tag.map(|tag| summed.tags[&tag].as_str().to_owned()), part.sum.time.seconds()))
        .collect();
    let named = |word: &str| Some(word.to_owned());
    let mut told = told;
    told.sort();
    assert_eq!(told, [(None, 30), (named("Water"), 1200), (named("urgent"), 1004)]);
    assert_eq!(summed.total, sum(1234, 1030));
}

// E8
pub async fn a_filter_lets_just_that_time_through(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    planted(s, w.ours, &w).await;
    planted(s, w.theirs, &w).await;
    let any = TimeFilter::of(ever());
    for (filter, seconds) in [
        (TimeFilter { people: vec![w.cem], ..any.clone() }, 1230),
        (TimeFilter { people: vec![w.cem, w.bea, w.cem], ..any.clone() }, 1234),
        (TimeFilter { people: vec![w.ada], ..any.clone() }, 0),
        (TimeFilter { tasks: vec![w.house], ..any.clone() }, 1004),
        (TimeFilter { tasks: vec![w.sink, w.kitchen], ..any.clone() }, 1004),
        (TimeFilter { tasks: vec![TaskId(99)], ..any.clone() }, 0),
        (TimeFilter { no_task: true, ..any.clone() }, 30),
        (TimeFilter { tasks: vec![w.garden], no_task: true, ..any.clone() }, 230),
        (TimeFilter { tags: vec![tag("WATER")], ..any.clone() }, 1200),
        (TimeFilter { tags: vec![tag("water"), tag("urgent")], ..any.clone() }, 1204),
        (TimeFilter { tags: vec![tag("never")], ..any.clone() }, 0),
        (TimeFilter { billable: Some(true), ..any.clone() }, 1030),
        (TimeFilter { billable: Some(false), tags: vec![tag("urgent")], ..any.clone() }, 4),
        (TimeFilter::of(days("2026-11-21", "2026-11-21")), 144),
        (TimeFilter::of(days("2026-11-23", "2026-11-30")), 0),
    ] {
        for by in [&[][..], &[Axis::Task], &[Axis::Tag], &[Axis::Tag, Axis::Task]] {
            assert_eq!(report(s, w.ours, &filter, by).await.total.time.seconds(), seconds, "{filter:?} {by:?}");
        }
        let exported = s.exported(w.ours, &filter, None, 100).await.unwrap();
        assert_eq!(exported.iter().map(|entry| entry.counted.seconds()).sum::<i64>(), seconds, "{filter:?}");
    }
}

// E8, P6, T4
pub async fn the_tasks_of_a_report_stand_in_display_order_with_all_above_them(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    planted(s, w.ours, &w).await;
    s.archive_task(w.ours, w.sink, w.ada, w.at(1)).await.unwrap();
    s.unassign(w.ours, w.house, &[w.cem], w.ada, w.at(2)).await.unwrap();
    let filter = TimeFilter { people: vec![w.cem], ..TimeFilter::of(ever()) };
    let tasks = report(s, w.ours, &filter, &[Axis::Task]).await.tasks;
    let told: Vec<_> = tasks.iter().map(|row| (row.task.id, row.level, row.path.len(), row.task.archived.is_some())).collect();
    assert_eq!(told, [(w.garden, 1, 1, false), (w.house, 1, 1, false), (w.kitchen, 2, 2, false), (w.sink, 3, 3, true)]);
}

// E8, I9
pub async fn time_on_archived_tasks_is_told_once_however_it_is_told_apart(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    planted(s, w.ours, &w).await;
    let archived = async |filter: &TimeFilter, by: &[Axis]| report(s, w.ours, filter, by).await.archived.seconds();
    let any = TimeFilter::of(ever());
    assert_eq!(archived(&any, &[Axis::Task]).await, 0);
    // It has two tags.
    s.archive_task(w.ours, w.sink, w.ada, w.at(1)).await.unwrap();
    for by in [&[][..], &[Axis::Task], &[Axis::Tag], &[Axis::Person, Axis::Day], &[Axis::Tag, Axis::Task]] {
        assert_eq!(archived(&any, by).await, 1000, "{by:?}");
        assert_eq!(archived(&TimeFilter { people: vec![w.bea], ..any.clone() }, by).await, 0, "{by:?}");
        assert_eq!(archived(&TimeFilter { tags: vec![tag("urgent")], ..any.clone() }, by).await, 1000, "{by:?}");
    }
}

// A1, S1
pub async fn the_time_of_another_account_is_never_added(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    planted(s, w.theirs, &w).await;
    for by in [&[][..], &Axis::ALL] {
        for filter in [
            TimeFilter::of(ever()),
            TimeFilter { people: vec![w.cem], ..TimeFilter::of(ever()) },
            TimeFilter { tags: vec![tag("water")], tasks: vec![w.house], ..TimeFilter::of(ever()) },
        ] {
            assert_eq!(report(s, w.ours, &filter, by).await, Summed::default());
            assert_eq!(s.exported(w.ours, &filter, None, 100).await.unwrap(), []);
        }
    }
}

// E8
pub async fn a_timer_that_runs_is_in_no_report_until_it_is_stopped(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let by = |minutes| By { person: w.cem, sees_all: false, now: w.at(minutes) };
    let start = Start { what: What::default(), zone: Zone::utc(), at: None, done: None };
    let timer = s.track(w.ours, w.cem, &Command::Start(start), &by(0)).await.unwrap().row.tracked.record().id;
    let any = TimeFilter::of(ever());
    assert_eq!(report(s, w.ours, &any, &[Axis::Day]).await, Summed::default());
    assert_eq!(s.exported(w.ours, &any, None, 100).await.unwrap(), []);
    s.track(w.ours, w.cem, &Command::Stop(Stop { entry: timer, at: None }), &by(7)).await.unwrap();
    assert_eq!(report(s, w.ours, &any, &[]).await.total, sum(420, 0));
    let exported = s.exported(w.ours, &any, None, 100).await.unwrap();
    assert_eq!(exported.iter().map(|entry| entry.place().entry).collect::<Vec<_>>(), [timer]);
}

/// Chance that comes out the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % 1_000_003).unwrap() % sides
    }

    fn of<T: Clone>(&mut self, some: &[T]) -> T {
        some[self.below(some.len())].clone()
    }
}

const ZONES: [&str; 7] =
    ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Etc/GMT+12"];
const WORDS: [&[&str]; 4] = [&[], &["urgent"], &["water", "urgent"], &["far away"]];

/// What a report over entries is by its definition.
fn by_hand(entries: &[(Entry, bool)], filter: &TimeFilter, by: &[Axis]) -> (i64, BTreeMap<SumPlace, i64>, usize, usize) {
    let (mut total, mut parts) = (0, BTreeMap::<_, i64>::new());
    let (mut people, mut on) = (BTreeSet::new(), BTreeSet::new());
    for (entry, in_house) in entries {
        let details = &entry.record.details;
        let lets = (filter.people.is_empty() || filter.people.contains(&entry.record.person))
            && filter.billable.is_none_or(|wanted| wanted == details.billable)
            && (filter.tags.is_empty() || details.tags.iter().any(|tag| filter.tags.contains(tag)))
            && match details.task {
                None => filter.no_task || filter.tasks.is_empty(),
                Some(task) if !filter.tasks.is_empty() => filter.tasks.contains(&task) || *in_house,
                Some(_) => !filter.no_task,
            };
        for (day, length) in entry.days().into_iter().filter(|(day, length)| lets && filter.days.holds(*day) && !length.is_zero())
        {
            total += length.seconds();
            people.insert(entry.record.person);
            on.insert(day);
            let has = |axis| by.contains(&axis);
            let place = SumPlace {
                task: details.task.filter(|_| has(Axis::Task)),
                person: has(Axis::Person).then_some(entry.record.person),
                day: has(Axis::Day).then_some(day),
                tag: None,
            };
            *parts.entry(place).or_default() += length.seconds();
        }
    }
    (total, parts, people.len(), on.len())
}

// E5, E8, L9
pub async fn reports_and_exports_of_any_days_and_filter_are_the_sum_of_their_entries(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let mut dice = Dice(0x5EED);
    let tasks = [None, Some(w.house), Some(w.kitchen), Some(w.sink), Some(w.garden)];
    // Around a day that Samoa left out, and a clock that went back in Newfoundland shortly after midnight.
    for begin in ["2011-12-27T00:00:00Z", "2011-11-04T00:00:00Z", "2026-10-23T00:00:00Z"] {
        let begin: DateTime<Utc> = begin.parse().unwrap();
        for _ in 0..60 {
            let from = begin + TimeDelta::seconds(i64::try_from(dice.below(6 * 86_400)).unwrap());
            let longest = dice.of(&[1, 600, 86_400, 4 * 86_400]);
            let planted = Planted {
                person: dice.of(&[w.bea, w.cem]),
                task: dice.of(&tasks),
                zone: dice.of(&ZONES),
                from,
                seconds: i64::try_from(dice.below(longest)).unwrap(),
                tags: dice.of(&WORDS),
                billable: dice.below(2) == 0,
            };
            plant(s, w.ours, planted).await;
        }
    }
    let mut entries = Vec::new();
    for person in [w.bea, w.cem] {
        for row in s.entries(w.ours, person, ever()).await.unwrap() {
            let Tracked::Ended(entry) = row.tracked else { panic!("{row:?} is running") };
            let in_house = entry.record.details.task.is_some_and(|task| [w.kitchen, w.sink].contains(&task));
            entries.push((entry, in_house));
        }
    }
    let mut with_some = 0;
    for _ in 0..150 {
        let first = dice.of(&["2011-11-04", "2011-12-27", "2011-12-30", "2026-10-22", "2026-10-25"]);
        let from = Day::parse(first).unwrap();
        let to = Day::from_number(from.number() + i64::try_from(dice.below(5)).unwrap());
        let filter = TimeFilter {
            people: dice.of(&[vec![], vec![], vec![w.cem], vec![w.bea, w.cem]]),
            days: DayRange::new(from, to).unwrap(),
            tasks: dice.of(&[vec![], vec![], vec![w.house]]),
            no_task: dice.below(4) == 0,
            tags: dice.of(&[vec![], vec![], vec![tag("urgent")], vec![tag("water"), tag("far away")]]),
            billable: dice.of(&[None, None, Some(true), Some(false)]),
        };
        let by = dice.of(&[vec![], vec![Axis::Task], vec![Axis::Day, Axis::Person], vec![Axis::Task, Axis::Day]]);
        let (total, parts, people, on) = by_hand(&entries, &filter, &by);
        let summed = report(s, w.ours, &filter, &by).await;
        let told: BTreeMap<_, _> = summed.parts.iter().map(|part| (part.place, part.sum.time.seconds())).collect();
        assert_eq!((summed.total.time.seconds(), &told), (total, &parts), "{filter:?} {by:?}");
        assert_eq!((usize::try_from(summed.people).unwrap(), usize::try_from(summed.days).unwrap()), (people, on), "{filter:?}");
        let exported = pages(s, w.ours, &filter, dice.of(&[1, 2, 7, 1000])).await;
        assert_eq!(exported.iter().map(|entry| entry.counted.seconds()).sum::<i64>(), total, "{filter:?}");
        assert!(exported.is_sorted_by(|one, other| one.place() < other.place()), "each once, in order: {exported:?}");
        with_some += usize::from(total > 0);
    }
    assert!(with_some > 50, "{with_some}");
}

/// Everything that is exported, so many at a time.
async fn pages(s: &dyn Store, account: AccountId, filter: &TimeFilter, limit: u32) -> Vec<ExportedEntry> {
    let mut all: Vec<ExportedEntry> = Vec::new();
    loop {
        let page = s.exported(account, filter, all.last().map(ExportedEntry::place), limit).await.unwrap();
        let is_last = page.len() < usize::try_from(limit).unwrap();
        all.extend(page);
        if is_last {
            return all;
        }
    }
}
