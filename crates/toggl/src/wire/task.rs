use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use tallyport_domain::{ExternalId, Name, SourceTask};

use super::{Page, Row, Wire, belongs};
use crate::decode::{self, Id, Null, Rows, Text};

/// A row of `/workspaces/{id}/tasks`.
#[derive(Deserialize)]
struct TaskRow {
    id: Id,
    workspace_id: Option<Id>,
    wid: Option<Id>,
    project_id: Option<Id>,
    pid: Option<Id>,
    name: Text,
    active: Option<bool>,
    server_deleted_at: Option<IgnoredAny>,
}

impl Wire for TaskRow {
    type Item = SourceTask;

    fn into_row(self, workspace: Option<ExternalId>) -> Result<Row<SourceTask>, String> {
        belongs([self.workspace_id, self.wid], workspace)?;
        // Left out it would count as deleted, so a task that hangs nowhere stops the reading instead (I10).
        let project = self.project_id.or(self.pid).ok_or_else(|| format!("task {} has no project", self.id.0))?;
        let task = SourceTask {
            id: self.id.into(),
            project: project.into(),
            name: Name::from_source(&self.name.0),
            active: self.active.unwrap_or(true),
        };
        Ok(Row { key: self.id.into(), item: self.server_deleted_at.is_none().then_some(task) })
    }
}

/// Reads a page of tasks, which come in an envelope that counts them. `page` is the one that was asked for.
pub(crate) fn tasks(body: &[u8], workspace: ExternalId, page: u32) -> Result<Page<SourceTask>, String> {
    decode::document(body, Envelope { workspace, page })
}

struct Envelope {
    workspace: ExternalId,
    page: u32,
}

impl<'de> DeserializeSeed<'de> for Envelope {
    type Value = Page<SourceTask>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Envelope {
    type Value = Page<SourceTask>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with total_count and data")
    }

    /// A workspace without tasks is known to answer `null`.
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Page { rows: Vec::new(), total: None, size: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut page = Page { rows: Vec::new(), total: None, size: None };
        let mut has_data = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "total_count" => page.total = map.next_value()?,
                "per_page" => page.size = map.next_value::<Option<u64>>()?.filter(|size| *size > 0),
                "page" => {
                    let found: Option<u64> = map.next_value()?;
                    if found.is_some_and(|found| found != u64::from(self.page)) {
                        return Err(A::Error::custom(format_args!(
                            "page {} came for page {}",
                            found.unwrap_or_default(),
                            self.page
                        )));
                    }
                }
                "data" if has_data => return Err(A::Error::duplicate_field("data")),
                "data" => {
                    has_data = true;
                    let mut take = |row: TaskRow| {
                        page.rows.push(row.into_row(Some(self.workspace))?);
                        Ok(())
                    };
                    map.next_value_seed(Rows { null: Null::Empty, take: &mut take, of: PhantomData })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if !has_data && page.total.is_none() {
            return Err(A::Error::custom("neither total_count nor data"));
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: ExternalId = ExternalId(11);

    #[test] // I20
    fn an_envelope_counts_and_holds_tasks() {
        let body = br#"{"total_count":2,"page":1,"per_page":50,"sort_field":"name","data":[
            {"id":51,"name":"Build","workspace_id":11,"project_id":41,"active":true,"server_deleted_at":null,"tracked_seconds":3600000},
            {"id":52,"name":"\udc00","workspace_id":11,"project_id":42,"active":false,"rate":1.5}]}"#;
        let page = tasks(body, ACME, 1).unwrap();
        assert_eq!((page.total, page.size, page.rows.len()), (Some(2), Some(50), 2));
        let done = page.rows[1].item.as_ref().unwrap();
        assert_eq!((done.name.as_str(), done.active, done.project), ("\u{fffd}", false, ExternalId(42)));
    }

    #[test] // I20
    fn an_envelope_without_data_is_empty_only_if_it_counts() {
        for body in [&br#"{"total_count":0,"data":null}"#[..], br#"{"total_count":0}"#, br#"{"data":null}"#, b"null"] {
            assert!(tasks(body, ACME, 1).unwrap().rows.is_empty());
        }
        for body in [&b"{}"[..], b"[]", br#"{"total_count":null}"#, br#"{"data":{}}"#, br#"{"data":[],"total_count":-1}"#, b"7"] {
            assert!(tasks(body, ACME, 1).is_err(), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test] // I20
    fn a_page_that_is_not_the_one_asked_for_is_refused() {
        let why = tasks(br#"{"page":1,"data":[],"total_count":0}"#, ACME, 2).unwrap_err();
        assert!(why.contains("page 1 came for page 2"), "{why}");
    }

    #[test] // I10
    fn tasks_that_hang_nowhere_or_elsewhere_stop_the_reading() {
        for row in
            [r#"{"id":1,"name":"x"}"#, r#"{"id":1,"name":"x","project_id":2,"workspace_id":12}"#, r#"{"id":1,"project_id":2}"#]
        {
            assert!(tasks(format!(r#"{{"data":[{row}]}}"#).as_bytes(), ACME, 1).is_err(), "{row}");
        }
    }
}
