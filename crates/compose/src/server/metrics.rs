//! The numbers of a server, in the text that Prometheus reads. A few counters of our own are less than a library for them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};

/// What is counted as it happens.
#[derive(Default)]
pub(crate) struct Metrics {
    /// By route. A route is one of ours and a method one of those that have a name, so there are not many.
    requests: Mutex<BTreeMap<String, BTreeMap<Ended, Answered>>>,
    shed: AtomicU64,
}

/// How requests of one route ended that are counted together.
type Ended = (&'static str, StatusCode);

#[derive(Default)]
struct Answered {
    count: u64,
    took: Duration,
}

/// What is read at the moment when somebody asks.
#[derive(Debug, Default)]
pub(crate) struct Now {
    /// Connections that are open, and those refused so far.
    pub(crate) connections: (usize, u64),
    /// Requests at work, and streams that are open.
    pub(crate) work: (usize, usize),
    /// The sizes of the database and of its log.
    pub(crate) bytes: (u64, u64),
    /// How much mail of the outbox is in which state.
    pub(crate) mail: Vec<(&'static str, u64)>,
    /// How many runs of this process ended how.
    pub(crate) runs: Vec<(&'static str, u64)>,
}

impl Metrics {
    pub(crate) fn request(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        // Its name is copied once and not for each request.
        let ends = match requests.get_mut(route) {
            Some(ends) => ends,
            None => requests.entry(route.to_owned()).or_default(),
        };
        let answered = ends.entry((known(method), status)).or_default();
        answered.count += 1;
        answered.took += took;
    }

    pub(crate) fn shed(&self) {
        self.shed.fetch_add(1, Ordering::Relaxed);
    }

    /// All of it as text.
    pub(crate) fn text(&self, now: &Now) -> String {
        let mut page = Page(String::with_capacity(4096));
        {
            let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            page.family("tallyport_requests_total", "counter", "Requests that were answered");
            let all =
                || requests.iter().flat_map(|(route, ends)| ends.iter().map(move |(ended, answered)| (route, ended, answered)));
            for (route, ended, answered) in all() {
                page.sample("tallyport_requests_total", &labels(route, ended), answered.count);
            }
            page.family(
                "tallyport_request_seconds_total",
                "counter",
                "Time from the head of requests to the head of their answers",
            );
            for (route, ended, answered) in all() {
                page.sample("tallyport_request_seconds_total", &labels(route, ended), answered.took.as_secs_f64());
            }
            let refused = all().filter(|(route, ended, _)| is_refused_sign_in(route, **ended));
            let refused: u64 = refused.map(|(_, _, answered)| answered.count).sum();
            page.one("tallyport_sign_ins_refused_total", "counter", "Sign-ins that were refused or slowed down", refused);
        }
        let shed = self.shed.load(Ordering::Relaxed);
        page.one("tallyport_requests_shed_total", "counter", "Requests refused because there was too much to do", shed);
        page.one("tallyport_requests_open", "gauge", "Requests at work", now.work.0);
        page.one("tallyport_streams_open", "gauge", "Streams of events that are open", now.work.1);
        page.one("tallyport_connections_open", "gauge", "Connections that are open", now.connections.0);
        page.one(
            "tallyport_connections_refused_total",
            "counter",
            "Connections refused because there were too many",
            now.connections.1,
        );
        page.one("tallyport_database_bytes", "gauge", "Size of the database", now.bytes.0);
        page.one("tallyport_database_log_bytes", "gauge", "Size of the log of the database", now.bytes.1);
        page.family("tallyport_mail", "gauge", "Mail by what became of it");
        for (state, count) in &now.mail {
            page.sample("tallyport_mail", &[("state", state)], *count);
        }
        page.family("tallyport_runs_total", "counter", "Syncs of this process that ended");
        for (outcome, count) in &now.runs {
            page.sample("tallyport_runs_total", &[("outcome", outcome)], *count);
        }
        page.0
    }
}

fn labels<'a>(route: &'a str, (method, status): &'a Ended) -> [(&'static str, &'a str); 3] {
    [("route", route), ("method", method), ("status", status.as_str())]
}

fn is_refused_sign_in(route: &str, (method, status): Ended) -> bool {
    matches!(route, "/api/v1/session" | "/sign-in")
        && method == "POST"
        && matches!(status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS)
}

/// The text of a metrics page.
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _infallible = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> = labels.iter().map(|(label, text)| format!("{label}=\"{}\"", escaped(text))).collect();
        let _infallible = writeln!(self.0, "{name}{{{}}} {value}", labels.join(","));
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.family(name, kind, help);
        let _infallible = writeln!(self.0, "{name} {value}");
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_method_and_status_and_refused_sign_ins_beside() {
        let metrics = Metrics::default();
        let tried = |status| metrics.request(&Method::POST, "/api/v1/session", status, Duration::from_millis(250));
        for status in [StatusCode::OK, StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS] {
            tried(status);
        }
        metrics.request(&Method::from_bytes(b"BREW").unwrap(), "none", StatusCode::NOT_FOUND, Duration::ZERO);
        metrics.shed();
        let text = metrics.text(&Now { work: (1, 7), runs: vec![("held", 2)], ..Now::default() });
        for line in [
            "tallyport_requests_total{route=\"/api/v1/session\",method=\"POST\",status=\"401\"} 2",
            "tallyport_request_seconds_total{route=\"/api/v1/session\",method=\"POST\",status=\"401\"} 0.5",
            "tallyport_requests_total{route=\"none\",method=\"other\",status=\"404\"} 1",
            "tallyport_sign_ins_refused_total 3",
            "tallyport_requests_shed_total 1",
            "tallyport_streams_open 7",
            "tallyport_runs_total{outcome=\"held\"} 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn every_family_is_explained_once_and_before_its_samples() {
        let metrics = Metrics::default();
        metrics.request(&Method::GET, "a\"b\\c\nd", StatusCode::OK, Duration::ZERO);
        let text = metrics.text(&Now::default());
        let mut explained = std::collections::BTreeSet::new();
        for line in text.lines() {
            let name = line.trim_start_matches("# HELP ").split([' ', '{']).next().unwrap();
            if line.starts_with("# HELP ") {
                assert!(explained.insert(name), "{name} twice");
            } else if !line.starts_with('#') {
                assert!(explained.contains(name), "{line}");
            }
        }
        assert!(text.contains("route=\"a\\\"b\\\\c\\nd\""), "{text}");
    }
}
