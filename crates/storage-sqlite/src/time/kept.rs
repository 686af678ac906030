//! A timer or an entry as it is kept: flat, in its row and in what is on record about it (E3).

use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde::{Deserialize, Serialize};
use tallyport_domain::time::{Calendar, Day, Details, Entry, Instant, Mark, Note, Record, Span, Tag, Tags, Timer, Tracked, Way};
use tallyport_domain::{EntryId, PersonId, TaskId, Zone};

use crate::errors::Result;
use crate::rows::{from_json, instant, stored, unreadable};

/// The columns that [`Kept::read`] reads, in its order.
pub(super) const ENTRY: &str = "e.entry_id, e.person_id, e.task_id, e.started_at, e.ended_at, e.way, e.zone, e.note, e.billable, \
                                e.stepped_back, e.made_by, e.made_at, e.changed_by, e.changed_at";

/// See the module.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) id: i64,
    pub(super) person: i64,
    pub(super) task: Option<i64>,
    pub(super) started_at: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) way: Option<Way>,
    pub(super) zone: String,
    pub(super) note: String,
    pub(super) tags: Vec<String>,
    pub(super) billable: bool,
    pub(super) stepped_back: bool,
    pub(super) made: (i64, i64),
    pub(super) changed: (i64, i64),
}

impl Kept {
    pub(super) fn of(tracked: &Tracked) -> Self {
        let record = tracked.record();
        let (ended_at, way, stepped_back) = match tracked {
            Tracked::Running(_) => (None, None, false),
            Tracked::Ended(entry) => (Some(micros(entry.span.end())), Some(entry.span.way()), entry.stepped_back),
        };
        let details = &record.details;
        Self {
            id: record.id.0,
            person: record.person.0,
            task: details.task.map(|task| task.0),
            started_at: micros(tracked.start()),
            ended_at,
            way,
            zone: record.zone.as_str().to_owned(),
            note: details.note.as_str().to_owned(),
            tags: details.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
            billable: details.billable,
            stepped_back,
            made: mark(record.made),
            changed: mark(record.changed),
        }
    }

    /// What its row holds beside its number, by column; `day` is the one that it is listed on.
    pub(super) fn columns(&self, day: Day) -> [(&'static str, ValueRef<'_>); 14] {
        let integer = |number: Option<i64>| number.map_or(ValueRef::Null, ValueRef::Integer);
        [
            ("person_id", ValueRef::Integer(self.person)),
            ("task_id", integer(self.task)),
            ("started_at", ValueRef::Integer(self.started_at)),
            ("ended_at", integer(self.ended_at)),
            ("way", self.way.map_or(ValueRef::Null, |way| ValueRef::Text(way.as_str().as_bytes()))),
            ("zone", ValueRef::Text(self.zone.as_bytes())),
            ("day", ValueRef::Integer(day.number())),
            ("note", ValueRef::Text(self.note.as_bytes())),
            ("billable", ValueRef::Integer(self.billable.into())),
            ("stepped_back", ValueRef::Integer(self.stepped_back.into())),
            ("made_by", ValueRef::Integer(self.made.0)),
            ("made_at", ValueRef::Integer(self.made.1)),
            ("changed_by", ValueRef::Integer(self.changed.0)),
            ("changed_at", ValueRef::Integer(self.changed.1)),
        ]
    }

    /// From [`ENTRY`]; its tags stand elsewhere.
    pub(super) fn read(row: &Row<'_>, tags: Vec<String>) -> Result<Self> {
        let way = row.get_ref(5)?.as_str_or_null()?;
        Ok(Self {
            id: row.get(0)?,
            person: row.get(1)?,
            task: row.get(2)?,
            started_at: row.get(3)?,
            ended_at: row.get(4)?,
            way: way.map(|way| Way::parse(way).ok_or_else(|| unreadable("a way", way))).transpose()?,
            zone: row.get(6)?,
            note: row.get(7)?,
            tags,
            billable: row.get(8)?,
            stepped_back: row.get(9)?,
            made: (row.get(10)?, row.get(11)?),
            changed: (row.get(12)?, row.get(13)?),
        })
    }

    /// From what is on record; nothing where there was or is none.
    pub(super) fn on_record(row: &Row<'_>, column: usize) -> Result<Option<Tracked>> {
        let kept = row.get_ref(column)?.as_str_or_null()?.map(from_json::<Self>).transpose()?;
        kept.map(Self::tracked).transpose()
    }

    pub(super) fn tracked(self) -> Result<Tracked> {
        let tags = self.tags.iter().map(|tag| Tag::typed(tag).map_err(|_| unreadable("a tag", tag)));
        let tags = Tags::new(tags.collect::<Result<Vec<_>>>()?).map_err(|bad| unreadable("tags", bad))?;
        let record = Record {
            id: EntryId(self.id),
            person: PersonId(self.person),
            zone: Zone::parse(&self.zone).map_err(|bad| unreadable("a zone", bad))?,
            details: Details { task: self.task.map(TaskId), note: Note::stored(&self.note), tags, billable: self.billable },
            made: marked(self.made)?,
            changed: marked(self.changed)?,
        };
        let start = second(self.started_at)?;
        Ok(match (self.ended_at, self.way) {
            (Some(end), Some(way)) => {
                let span = Span::new(start, second(end)?, way).map_err(|bad| unreadable("a span", bad))?;
                Tracked::Ended(Entry { record, span, stepped_back: self.stepped_back })
            }
            _ => Tracked::Running(Timer { record, start }),
        })
    }
}

/// The day that a timer or an entry is listed on: the one it begins on.
pub(super) fn listed_on(tracked: &Tracked) -> Day {
    Calendar::of(&tracked.record().zone).day_of(tracked.start())
}

/// An instant as it is stored.
pub(super) fn micros(at: Instant) -> i64 {
    stored(at.utc())
}

/// An instant as it was stored.
pub(super) fn second(micros: i64) -> Result<Instant> {
    Instant::of(instant(micros)?).map_err(|_| unreadable("an instant of the calendar", micros))
}

fn mark(mark: Mark) -> (i64, i64) {
    (mark.by.0, micros(mark.at))
}

fn marked((by, at): (i64, i64)) -> Result<Mark> {
    Ok(Mark { by: PersonId(by), at: second(at)? })
}
