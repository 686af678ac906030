//! What a cell of the week is to hold (E9).

use super::{
    Add, Calendar, Command, Day, Edit, Entry, Instant, Length, Refusal, Stretch, Times, Tracked, Typed, Way, What, When,
};
use crate::{EntryId, TaskId, Zone};

/// A cell of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its row; nothing for "No task".
    pub task: Option<TaskId>,
    /// The zone of what is added (E5).
    pub zone: Zone,
    /// Its column.
    pub day: Day,
    /// What was typed.
    pub typed: Typed,
}

impl Cell {
    /// What makes it so, given what the person has on its day and the days beside it.
    ///
    /// More time makes the last entry by hand longer where nothing follows it, else it is an entry of its own; less time is taken
    /// from the last entries, those by hand before those that were counted, and what reaches zero is deleted.
    ///
    /// # Errors
    /// It cannot hold what was typed; what was to be taken away is on another day too.
    pub fn commands(&self, there: &[Tracked], now: Instant) -> Result<Vec<Command>, Refusal> {
        let on_day: Vec<(&Entry, Length)> = there.iter().filter_map(|tracked| self.part(tracked)).collect();
        let total = on_day.iter().map(|(_, part)| *part).sum();
        let mut own: Vec<(&Entry, Length)> = on_day.into_iter().filter(|(entry, _)| self.holds(entry)).collect();
        own.sort_by_key(|(entry, _)| (entry.span.way() == Way::Hand, entry.span.start(), entry.record.id));
        let has: Length = own.iter().map(|(_, part)| *part).sum();
        let wanted = self.typed.applied(has, total)?.unwrap_or(Length::ZERO);
        match (wanted.less(has), has.less(wanted)) {
            (Some(Length::ZERO), _) => Ok(Vec::new()),
            (Some(more), _) => {
                let taken: Vec<Stretch> = there.iter().map(|tracked| tracked.stretch(now)).collect();
                Ok(vec![self.more(more, &own, &taken)?])
            }
            (None, less) => shortened(less.unwrap_or(Length::ZERO), &own),
        }
    }

    /// How much of an entry is on the day.
    fn part<'a>(&self, tracked: &'a Tracked) -> Option<(&'a Entry, Length)> {
        let Tracked::Ended(entry) = tracked else { return None };
        entry.days().into_iter().find(|(day, _)| *day == self.day).map(|(_, part)| (entry, part))
    }

    fn holds(&self, entry: &Entry) -> bool {
        entry.record.details.task == self.task
    }

    fn more(&self, more: Length, own: &[(&Entry, Length)], taken: &[Stretch]) -> Result<Command, Refusal> {
        let last = own.last().filter(|(entry, part)| entry.span.way() == Way::Hand && entry.span.length() == *part);
        if let Some((entry, _)) = last {
            let (from, until) = (entry.span.end(), entry.span.end().after(more));
            let follows = |other: &Stretch| other.entry != entry.record.id && other.start < until && other.end > from;
            let ends = self.ends(&entry.record.zone)?;
            if until <= ends && !taken.iter().any(follows) {
                return Ok(edited(entry.record.id, entry.span.length() + more));
            }
        }
        let what = What { task: self.task, ..What::default() };
        Ok(Command::Add(Add { what, zone: self.zone.clone(), when: When::OnDay(self.day, more), done: None }))
    }

    fn ends(&self, zone: &Zone) -> Result<Instant, Refusal> {
        let calendar = Calendar::of(zone);
        Ok(Instant::from_seconds(calendar.start_of(self.day))?.after(calendar.length_of(self.day)))
    }
}

/// So much less of the last of these, and of those before it.
fn shortened(mut less: Length, own: &[(&Entry, Length)]) -> Result<Vec<Command>, Refusal> {
    let mut commands = Vec::new();
    for (entry, part) in own.iter().rev() {
        if less.is_zero() {
            break;
        }
        // What is also on another day is not cut by what is typed for this one.
        if entry.span.length() != *part {
            continue;
        }
        let id = entry.record.id;
        if let Some(left) = part.less(less).filter(|left| !left.is_zero()) {
            commands.push(edited(id, left));
            less = Length::ZERO;
        } else {
            commands.push(Command::Delete(id));
            less = less.less(*part).unwrap_or(Length::ZERO);
        }
    }
    if less.is_zero() { Ok(commands) } else { Err(Refusal::AcrossMidnight) }
}

fn edited(entry: EntryId, length: Length) -> Command {
    Command::Edit(Edit { entry, task: None, note: None, tags: None, billable: None, times: Times::Length(length) })
}

#[cfg(test)]
mod tests {
    use super::super::{Access, Around, Details, Field, Footing, Mark, Moment, Record, Span, State, Write, decide};
    use super::*;
    use crate::PersonId;

    const SITE: Option<TaskId> = Some(TaskId(7));

    fn berlin() -> Zone {
        Zone::parse("Europe/Berlin").unwrap()
    }

    fn day() -> Day {
        Day::parse("2026-11-26").unwrap()
    }

    fn at(time: &str) -> Instant {
        Moment::read(time, day(), day()).unwrap().in_zone(&berlin()).unwrap().at
    }

    fn entry(id: i64, task: Option<TaskId>, from: &str, to: &str, way: Way) -> Tracked {
        let mark = Mark { by: PersonId(1), at: at("8:00") };
        let details = Details { task, ..Details::default() };
        let record = Record { id: EntryId(id), person: PersonId(1), zone: berlin(), details, made: mark, changed: mark };
        Tracked::Ended(Entry { record, span: Span::new(at(from), at(to), way).unwrap(), stepped_back: false })
    }

    fn typed(text: &str, there: &[Tracked]) -> Result<Vec<String>, Refusal> {
        let cell = Cell { task: SITE, zone: berlin(), day: day(), typed: Typed::read(text, Field::Cell).unwrap() };
        let said = |command: &Command| match command {
            Command::Add(Add { when: When::OnDay(_, length), .. }) => format!("add {}", length.short()),
            Command::Edit(Edit { entry, times: Times::Length(length), .. }) => format!("{} {}", entry.0, length.short()),
            Command::Delete(entry) => format!("delete {}", entry.0),
            other => panic!("{other:?}"),
        };
        Ok(cell.commands(there, at("18:00"))?.iter().map(said).collect())
    }

    #[test] // E2, E9
    fn an_empty_cell_gets_an_entry() {
        assert_eq!(typed("1:30", &[]).unwrap(), ["add 1:30"]);
        assert_eq!(typed("=3", &[entry(1, None, "9:00", "10:00", Way::Hand)]).unwrap(), ["add 2:00"]);
        assert!(typed("0", &[]).unwrap().is_empty());
    }

    #[test] // E9
    fn more_makes_the_last_entry_by_hand_longer_where_nothing_follows_it() {
        let own = entry(1, SITE, "9:00", "10:00", Way::Hand);
        assert_eq!(typed("1:30", std::slice::from_ref(&own)).unwrap(), ["1 1:30"]);
        assert_eq!(typed("+15", std::slice::from_ref(&own)).unwrap(), ["1 1:15"]);
        let followed = [own.clone(), entry(2, None, "10:15", "11:00", Way::Hand)];
        assert_eq!(typed("1:15", &followed).unwrap(), ["1 1:15"]);
        assert_eq!(typed("1:30", &followed).unwrap(), ["add 0:30"]);
        let counted = [entry(1, SITE, "9:00", "10:00", Way::Stopped)];
        assert_eq!(typed("2", &counted).unwrap(), ["add 1:00"]);
    }

    #[test] // E9
    fn less_is_taken_from_the_last_by_hand_and_then_from_what_was_counted() {
        let there = [
            entry(1, SITE, "9:00", "10:00", Way::Hand),
            entry(2, SITE, "10:00", "11:00", Way::Hand),
            entry(3, SITE, "12:00", "13:00", Way::Stopped),
            entry(4, Some(TaskId(8)), "13:00", "14:00", Way::Hand),
        ];
        assert_eq!(typed("2:30", &there).unwrap(), ["2 0:30"]);
        assert_eq!(typed("1:30", &there).unwrap(), ["delete 2", "1 0:30"]);
        assert_eq!(typed("0:15", &there).unwrap(), ["delete 2", "delete 1", "3 0:15"]);
        assert_eq!(typed("", &there).unwrap(), ["delete 2", "delete 1", "delete 3"]);
        assert!(typed("3", &there).unwrap().is_empty());
        assert!(matches!(typed("-4:00", &there), Err(Refusal::BadLength(_))));
    }

    #[test] // E5
    fn what_is_on_another_day_too_is_not_cut_by_this_one() {
        let across = entry(1, SITE, "2026-11-25 23:00", "1:00", Way::Hand);
        let there = [across, entry(2, SITE, "9:00", "10:00", Way::Hand)];
        assert_eq!(typed("1:30", &there).unwrap(), ["2 0:30"]);
        assert_eq!(typed("1", &there).unwrap(), ["delete 2"]);
        assert_eq!(typed("0:59", &there), Err(Refusal::AcrossMidnight));
    }

    #[test] // E9
    fn whatever_is_typed_the_cell_holds_it_afterwards() {
        for text in ["0:10", "1:00", "1:40", "2:20", "5", "=8"] {
            let mut there = vec![
                entry(1, SITE, "9:00", "10:00", Way::Hand),
                entry(2, None, "10:20", "11:00", Way::Stopped),
                entry(3, SITE, "11:00", "12:00", Way::Device),
            ];
            let typed = Typed::read(text, Field::Cell).unwrap();
            let cell = Cell { task: SITE, zone: berlin(), day: day(), typed };
            let held = |there: &[Tracked]| {
                let parts = there.iter().filter_map(|tracked| cell.part(tracked)).filter(|(entry, _)| cell.holds(entry));
                parts.map(|(_, part)| part).sum::<Length>()
            };
            let total = held(&there) + Length::from_seconds(2400).unwrap();
            let wanted = typed.applied(held(&there), total).unwrap().unwrap();
            for command in cell.commands(&there, at("18:00")).unwrap() {
                let named = match &command {
                    Command::Edit(Edit { entry, .. }) | Command::Delete(entry) => {
                        there.iter().find(|tracked| tracked.record().id == *entry).cloned()
                    }
                    _ => None,
                };
                let footing = Footing { path: Vec::new(), billable: None, archived: None, access: Access::Given, managed: false };
                let state = State {
                    by: PersonId(1),
                    person: PersonId(1),
                    now: at("18:00"),
                    next: EntryId(99),
                    running: None,
                    named,
                    around: Around::default(),
                    taken: there.iter().map(|tracked| tracked.stretch(at("18:00"))).collect(),
                    footings: [(TaskId(7), footing)].into(),
                };
                for write in decide(&state, &command).unwrap().writes {
                    match write {
                        Write::Create(made) => there.push(made),
                        Write::Replace(other) => {
                            there.retain(|tracked| tracked.record().id != other.record().id);
                            there.push(other);
                        }
                        Write::Delete(id) => there.retain(|tracked| tracked.record().id != id),
                    }
                }
            }
            assert_eq!(held(&there), wanted, "{text}");
        }
    }
}
