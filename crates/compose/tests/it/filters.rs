//! Any bytes at all as the query of a report: it is refused in words, or what it tells adds up, and the entries that are exported
//! under the same filter add up to the same.
//!
//! The fuzz target `filters` includes this file, so it stands by itself.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tallyport_api_types::{Code, ExportedEntry, Problem, Report, ReportGroup};
use tallyport_client::Transport;
use tallyport_compose::{AccountToCreate, Local, LocalOptions};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const ADMINISTRATOR: &str = "ana@tally.test";
const MEMBER: &str = "bo@tally.test";

/// An account with two who tracked time in 2020, and both of them.
struct Tracked {
    ways: [Arc<dyn Transport>; 2],
    runtime: Runtime,
    _folder: TempDir,
}

impl Tracked {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it needs nothing");
        let options = LocalOptions { create: true, ..LocalOptions::at(folder.path().join("tallyport.db")) };
        let ways = runtime.block_on(async {
            let local = Local::open(options).await.expect("a new file opens");
            let account = AccountToCreate {
                name: "Ours".to_owned(),
                admin_email: ADMINISTRATOR.to_owned(),
                admin_name: None,
                password: None,
                timezone: None,
            };
            local.create_account(account).await.expect("it is the first");
            let ana = local.acting(None, Some(ADMINISTRATOR)).await.expect("she is there");
            done(&ana, Method::POST, "people", json!({"email": MEMBER, "name": "Bo"})).await;
            let bo = local.acting(None, Some(MEMBER)).await.expect("he is there");
            done(&ana, Method::POST, "tasks", json!({"name": "Site"})).await;
            done(&ana, Method::POST, "tasks", json!({"name": "Design", "parent_id": 1})).await;
            for person in 1..=2 {
                done(&ana, Method::PUT, &format!("tasks/1/assignments/{person}"), Value::Null).await;
            }
            for (way, task, day) in [(&ana, json!(1), 30), (&bo, json!(2), 30), (&bo, json!(2), 31), (&bo, Value::Null, 31)] {
                let (start, end) = (format!("2020-12-{day} 23:30"), format!("2020-12-{day} 23:50"));
                let tags = json!(["a,b", "call"]);
                let entry = json!({"task_id": task, "start": start, "end": end, "tags": tags, "billable": day == 30});
                done(way, Method::POST, "entries", entry).await;
            }
            done(&ana, Method::POST, "tasks/2/archive", Value::Null).await;
            [ana, bo]
        });
        Self { ways, runtime, _folder: folder }
    }

    fn get(&self, way: usize, path: &str) -> (StatusCode, Bytes) {
        self.runtime.block_on(ask(&self.ways[way], Method::GET, path, &Value::Null))
    }
}

async fn ask(way: &Arc<dyn Transport>, method: Method, path: &str, body: &Value) -> (StatusCode, Bytes) {
    let request = Request::builder().method(method).uri(format!("/api/v1/{path}")).header("content-type", "application/json");
    let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
    let answer = way.send(request.body(body).expect("it is a request")).await.expect("it is in this process");
    (answer.status(), answer.into_body().collect().await.expect("it is in this process").to_bytes())
}

async fn done(way: &Arc<dyn Transport>, method: Method, path: &str, body: Value) {
    let (status, said) = ask(way, method, path, &body).await;
    assert!(status.is_success(), "{path} {body}: {status} {}", String::from_utf8_lossy(&said));
}

/// Asks for a report with these bytes for a query, as who manages and as who does not, and holds what is answered against what
/// must be. Tells whether there was any time in one.
pub(crate) fn check(input: &[u8]) -> bool {
    static TRACKED: OnceLock<Tracked> = OnceLock::new();
    let tracked = TRACKED.get_or_init(Tracked::new);
    let Ok(path) = PathAndQuery::try_from([b"/?", input].concat()) else { return false };
    let query = path.query().unwrap_or_default();
    let reports = [0, 1].map(|way| report(tracked, way, query));
    if let [Some(all), Some(own)] = &reports {
        // Who does not manage has their own time, whatever they ask for.
        assert!(own.seconds <= all.seconds && own.people <= 1, "{query}: {own:?} of {all:?}");
    }
    reports.iter().flatten().any(|report| report.seconds > 0)
}

fn report(tracked: &Tracked, way: usize, query: &str) -> Option<Report> {
    let (status, body) = tracked.get(way, &format!("reports?{query}"));
    if status != StatusCode::OK {
        let problem: Problem = serde_json::from_slice(&body).unwrap_or_else(|bad| panic!("{query}: {status}, {bad}"));
        assert!(status.is_client_error() && Code::parse(&problem.code).as_str() == problem.code, "{query}: {problem:?}");
        return None;
    }
    let report: Report = serde_json::from_slice(&body).expect("it is a report");
    assert!(report.billable_seconds <= report.seconds && report.archived_seconds <= report.seconds, "{query}: {report:?}");
    adds_up(&report.groups, &report.by, report.seconds, if report.seconds > 0 { 1000 } else { 0 });
    // Entries are not grouped.
    let ungrouped: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("by=")).collect();
    let (status, body) = tracked.get(way, &format!("export?{}&format=json", ungrouped.join("&")));
    if status == StatusCode::OK {
        let entries: Vec<ExportedEntry> = serde_json::from_slice(&body).expect("they are entries");
        assert_eq!(entries.iter().map(|entry| entry.counted_seconds).sum::<i64>(), report.seconds, "{query}");
    } else {
        assert!(
            status.is_client_error() && ungrouped.iter().any(|pair| pair.contains('%') || pair.is_empty()),
            "{query}: {status}"
        );
    }
    Some(report)
}

/// What stands side by side has all of the time together, or more where tags tell it twice, and all of the share.
fn adds_up(groups: &[ReportGroup], by: &[String], seconds: i64, share: u32) {
    let Some((grouping, rest)) = by.split_first() else { return };
    let beside: Vec<&ReportGroup> = groups.iter().filter(|group| group.level == 1).collect();
    let together: i64 = beside.iter().map(|group| group.seconds).sum();
    assert!(together == seconds || grouping == "tag" && together > seconds, "{groups:?} have {seconds}");
    assert_eq!(beside.iter().map(|group| group.share).sum::<u32>(), share, "{groups:?}");
    for group in groups {
        adds_up(&group.groups, rest, group.seconds, group.share);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use crate::replay::replay;

    #[test] // E8, S2, L9
    fn whatever_a_report_is_asked_for_it_adds_up_or_is_refused() {
        let with_time = Cell::new(0);
        replay("filters", |input| {
            with_time.set(with_time.get() + usize::from(super::check(input)));
            for end in (0..input.len()).step_by(7) {
                super::check(&input[..end]);
            }
        });
        assert!(with_time.get() >= 5, "only {} of them told any time", with_time.get());
    }
}
