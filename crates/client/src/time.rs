//! `timer`, `entries` and `timesheet`: time.

use http::Method;
use tallyport_api_types::{
    CellText, EntriesChange, EntriesChoice, Entry, EntryChange, EntryStep, Filled, Last, NewEntry, NewTimer, Running, Started,
    Step, StepChoice, Stopped, Timesheet,
};

use crate::{Call, Client, query};

/// Which days of whom a sheet shows: this week of one's own where nothing is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetOf {
    /// A day of the week that is meant: `2026-11-26`, `today`.
    pub date: Option<String>,
    /// `week`, or `day` for that day alone.
    pub span: Option<String>,
    /// The first day, in place of a date.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// Whose.
    pub person: Option<i64>,
}

/// The methods on time.
pub struct Time<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Time<'a> {
    /// `GET timer`: the one that runs (E1).
    pub fn running(&self) -> Call<'a, Running> {
        self.client.call(Method::GET, "timer")
    }

    /// `GET timer/last`: the last one that was started or added, whether it runs or not.
    pub fn last(&self) -> Call<'a, Last> {
        self.client.call(Method::GET, "timer/last")
    }

    /// `PUT timer`: starts one, which ends the one that runs (E1).
    pub fn start(&self, timer: &NewTimer) -> Call<'a, Started> {
        self.client.call_with(Method::PUT, "timer", timer).once()
    }

    /// `DELETE timer?entry=`: stops the one that is named; one that is stopped already stays as it is (E7).
    pub fn stop(&self, entry: i64) -> Call<'a, Stopped> {
        self.client.call(Method::DELETE, &query::path("timer", &[("entry", Some(entry.to_string()))])).once()
    }

    /// `GET entries?from=&to=&person=`: those of some days, `2026-11-26`; today's where none is given (E3).
    pub fn entries(&self, from: Option<&str>, to: Option<&str>, person: Option<i64>) -> Call<'a, Vec<Entry>> {
        let query = [
            ("from", from.map(str::to_owned)),
            ("to", to.map(str::to_owned)),
            ("person", person.map(|person| person.to_string())),
        ];
        self.client.call(Method::GET, &query::path("entries", &query))
    }

    /// `POST entries` (E2).
    pub fn add(&self, entry: &NewEntry) -> Call<'a, Entry> {
        self.client.call_with(Method::POST, "entries", entry).once()
    }

    /// `GET entries/{id}`.
    pub fn get(&self, id: i64) -> Call<'a, Entry> {
        self.client.call(Method::GET, &format!("entries/{id}"))
    }

    /// `PATCH entries/{id}` (E3).
    pub fn change(&self, id: i64, change: &EntryChange) -> Call<'a, Entry> {
        self.client.call_with(Method::PATCH, &format!("entries/{id}"), change)
    }

    /// `DELETE entries/{id}` (E3).
    pub fn delete(&self, id: i64) -> Call<'a, Step> {
        self.client.call(Method::DELETE, &format!("entries/{id}"))
    }

    /// `POST entries/edit`: changes several, all of them or none (E3).
    pub fn change_all(&self, change: &EntriesChange) -> Call<'a, Step> {
        self.client.call_with(Method::POST, "entries/edit", change)
    }

    /// `POST entries/delete`: takes several away, all of them or none (E3).
    pub fn delete_all(&self, entries: &EntriesChoice) -> Call<'a, Step> {
        self.client.call_with(Method::POST, "entries/delete", entries)
    }

    /// `POST entries/undo`: takes back what one did in a step (E3).
    pub fn undo(&self, step: i64) -> Call<'a, Step> {
        self.client.call_with(Method::POST, "entries/undo", &StepChoice { step })
    }

    /// `GET timesheet`: a person's time by task and day (E5).
    pub fn sheet(&self, of: &SheetOf) -> Call<'a, Timesheet> {
        let SheetOf { date, span, from, to, person } = of.clone();
        let query =
            [("date", date), ("span", span), ("from", from), ("to", to), ("person", person.map(|person| person.to_string()))];
        self.client.call(Method::GET, &query::path("timesheet", &query))
    }

    /// `PUT timesheet/cell`: makes a task have so much time on a day (E9).
    pub fn fill(&self, cell: &CellText) -> Call<'a, Filled> {
        self.client.call_with(Method::PUT, "timesheet/cell", cell).once()
    }

    /// `GET entries/{id}/history`: what was done to it (E3).
    pub fn history(&self, id: i64) -> Call<'a, Vec<EntryStep>> {
        self.client.call(Method::GET, &format!("entries/{id}/history"))
    }
}
