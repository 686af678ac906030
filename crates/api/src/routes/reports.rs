//! `reports` and `export`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use tallyport_api_types::{ExportFormat, ExportWhat, Report, text};
use tallyport_app::{App, TimeMeant};
use tallyport_domain::time::Grouping;
use tallyport_domain::{PersonId, TaskId};
use tallyport_http::{Answer, Asked, Refusal, Signed};
use utoipa::ToSchema;

use super::Routes;
use crate::{convert, export};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/reports", report)
        .says("reports_show", "What time adds up to.")
        .get("/export", exported)
        .says("reports_export", "Entries, or what they add up to, as a file.")
        .sends_files()
}

/// A query that says which time is meant, with what else it says.
macro_rules! meaning_time {
    ($name:ident { $($(#[$about:meta])* $field:ident: $kind:ty,)* }) => {
        #[derive(Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        struct $name {
            $($(#[$about])* $field: $kind,)*
            /// One or two of `task`, `person`, `client`, `project`, `day`, `week`, `month`, `tag` and `billable`, with a comma
            /// between them; by task where it is left out.
            #[schema(pattern = "^(task|person|client|project|day|week|month|tag|billable)$")]
            by: Option<String>,
            /// The first day, or any day of a span; the week of today where neither day nor span is given.
            #[schema(value_type = Option<text::Date>)]
            from: Option<String>,
            /// The last day; today where it is left out.
            #[schema(value_type = Option<text::Date>)]
            to: Option<String>,
            /// The `day`, `week` or `month` of `from` or of today, in place of a last day.
            #[schema(pattern = "^(day|week|month)$")]
            span: Option<String>,
            /// Whose, with commas between several; everybody's for who manages, else one's own.
            #[schema(pattern = "^[0-9]{1,15}(,[0-9]{1,15})*$")]
            person: Option<String>,
            /// On which tasks with all below them, with commas between several; `none` is no task.
            #[schema(pattern = "^(none|[0-9]{1,15})(,(none|[0-9]{1,15}))*$")]
            task: Option<String>,
            /// With which tag; with one of several, with commas between them. `\,` is a comma in a tag.
            tag: Option<String>,
            /// Billable or not.
            billable: Option<bool>,
        }

        impl $name {
            fn groupings(&self) -> Answer<Vec<Grouping>> {
                let words = self.by.as_deref().map(|by| by.split(',').collect::<Vec<_>>()).unwrap_or_default();
                words.into_iter().map(grouping).collect()
            }

            fn meant(&self) -> Answer<TimeMeant> {
                let (tasks, no_task) = tasks(self.task.as_deref())?;
                Ok(TimeMeant {
                    from: self.from.clone(),
                    to: self.to.clone(),
                    span: self.span.clone(),
                    people: people(self.person.as_deref())?,
                    tasks,
                    no_task,
                    tags: self.tag.as_deref().map(listed).unwrap_or_default(),
                    billable: self.billable,
                })
            }
        }
    };
}

meaning_time!(ToReport {});
meaning_time!(ToExport {
    /// Entry by entry, or what they add up to.
    what: Option<ExportWhat>,
    /// As what kind of file.
    format: Option<ExportFormat>,
});

/// `GET reports` (E8).
async fn report(State(app): State<App>, Signed(actor): Signed, Asked(asked): Asked<ToReport>) -> Answer<Json<Report>> {
    let report = app.reports.report(&actor, &asked.groupings()?, &asked.meant()?).await?;
    Ok(Json(convert::report(&report)))
}

/// `GET export` (E8).
async fn exported(State(app): State<App>, Signed(actor): Signed, Asked(asked): Asked<ToExport>) -> Answer<Response> {
    let (format, meant) = (asked.format.unwrap_or_default(), asked.meant()?);
    match asked.what.unwrap_or_default() {
        ExportWhat::Report => export::report(&app.reports.report(&actor, &asked.groupings()?, &meant).await?, format).await,
        ExportWhat::Entries if asked.by.is_some() => {
            Err(Refusal::invalid("entries are not grouped: leave `by` out, or ask for what=report"))
        }
        ExportWhat::Entries => export::entries(app.reports.export(&actor, &meant).await?, format).await,
    }
}

fn grouping(word: &str) -> Answer<Grouping> {
    Grouping::parse(word).ok_or_else(|| {
        let word: String = word.chars().take(40).collect();
        let known = Grouping::ALL.map(Grouping::as_str).join(", ");
        Refusal::invalid(format!("{word:?} is nothing to group by: write one or two of {known}"))
    })
}

fn people(text: Option<&str>) -> Answer<Vec<PersonId>> {
    let numbers = text.into_iter().flat_map(|text| text.split(','));
    numbers.map(|text| number(text, "a person").map(PersonId)).collect()
}

/// Tasks, and whether no task is among them.
fn tasks(text: Option<&str>) -> Answer<(Vec<TaskId>, bool)> {
    let words: Vec<&str> = text.into_iter().flat_map(|text| text.split(',')).collect();
    let tasks = words.iter().filter(|word| **word != "none").map(|text| number(text, "a task").map(TaskId));
    Ok((tasks.collect::<Answer<_>>()?, words.contains(&"none")))
}

fn number(text: &str, what: &str) -> Answer<i64> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Ids begin at 1, so 0 is one that nothing has.
        return Ok(text.parse().unwrap_or(0));
    }
    let text: String = text.chars().take(40).collect();
    Err(Refusal::invalid(format!("{text:?} is not the number of {what}")))
}

/// Words with commas between them.
fn listed(text: &str) -> Vec<String> {
    let (mut words, mut escaped) = (vec![String::new()], false);
    for character in text.chars() {
        match character {
            '\\' if !escaped => escaped = true,
            ',' if !escaped => words.push(String::new()),
            character => {
                if escaped && character != ',' && character != '\\' {
                    words.last_mut().expect("there is one at least").push('\\');
                }
                words.last_mut().expect("there is one at least").push(character);
                escaped = false;
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // E8
    fn tags_stand_between_commas_and_may_have_some() {
        assert_eq!(listed("water, urgent"), ["water", " urgent"]);
        assert_eq!(listed(r"red\, white,blue"), ["red, white", "blue"]);
        assert_eq!(listed(r"a\b,c\\"), [r"a\b", r"c\"]);
    }
}
