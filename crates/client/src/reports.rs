//! `reports` and `export`: what time adds up to, and entries to take away.

use std::time::Duration;

use http::Method;
use tallyport_api_types::{ExportFormat, ExportWhat, Report};

use crate::{Call, Client, query};

/// The methods on reports.
pub struct Reports<'a> {
    pub(crate) client: &'a Client,
}

/// Which time is meant; all of one's week, or everybody's for who manages, where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimeMeant {
    /// One or two groupings, such as `task` or `person,day`; by task where it is left out.
    pub by: Option<String>,
    /// The first day, such as `2026-11-26`, or any day of a span.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// `day`, `week` or `month`, in place of a last day.
    pub span: Option<String>,
    /// Whose.
    pub people: Vec<i64>,
    /// On which tasks with all below them.
    pub tasks: Vec<i64>,
    /// On no task.
    pub no_task: bool,
    /// With one of these tags.
    pub tags: Vec<String>,
    /// Billable or not.
    pub billable: Option<bool>,
}

/// What an export answers: a file, of which nobody but [`Call::raw`] knows what is in it.
#[derive(Debug, Clone, Copy)]
pub enum File {}

/// A file of many entries, and a workbook even more, is asked for before much of it is there.
const LONGER: Duration = Duration::from_mins(10);

impl<'a> Reports<'a> {
    /// `GET reports` (E8).
    pub fn get(&self, meant: &TimeMeant) -> Call<'a, Report> {
        self.client.call(Method::GET, &query::path("reports", &meant.query()))
    }

    /// `GET export` (E8): a file, read [raw](Call::raw) piece by piece.
    pub fn export(&self, meant: &TimeMeant, what: ExportWhat, format: ExportFormat) -> Call<'a, File> {
        let mut query = meant.query().to_vec();
        query.push(("what", Some(what.as_str().to_owned())));
        query.push(("format", Some(format.as_str().to_owned())));
        self.client.call(Method::GET, &query::path("export", &query)).patient(LONGER)
    }
}

impl TimeMeant {
    fn query(&self) -> [(&'static str, Option<String>); 8] {
        let Self { by, from, to, span, people, tasks, no_task, tags, billable } = self;
        let listed = |words: Vec<String>| (!words.is_empty()).then(|| words.join(","));
        let none = no_task.then(|| "none".to_owned());
        [
            ("by", by.clone()),
            ("from", from.clone()),
            ("to", to.clone()),
            ("span", span.clone()),
            ("person", listed(people.iter().map(ToString::to_string).collect())),
            ("task", listed(tasks.iter().map(ToString::to_string).chain(none).collect())),
            ("tag", listed(tags.iter().map(|tag| tag.replace('\\', "\\\\").replace(',', "\\,")).collect())),
            ("billable", billable.map(|billable| billable.to_string())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // E8
    fn what_is_meant_is_a_query() {
        let meant = TimeMeant {
            by: Some("person,day".to_owned()),
            span: Some("week".to_owned()),
            tasks: vec![3, 7],
            no_task: true,
            tags: vec!["red, white".to_owned(), "blue".to_owned()],
            billable: Some(false),
            ..TimeMeant::default()
        };
        assert_eq!(
            query::path("reports", &meant.query()),
            "reports?by=person%2Cday&span=week&task=3%2C7%2Cnone&tag=red%5C%2C%20white%2Cblue&billable=false"
        );
        assert_eq!(query::path("reports", &TimeMeant::default().query()), "reports");
    }
}
