//! How long it takes until who follows hears of a change, whichever way it was made.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use tallyport_domain::Clock as _;
use tallyport_sync::system::SystemClock;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::task::{JoinSet, block_in_place};

use super::milliseconds;
use super::server::Product;
use crate::Result;
use crate::report::Line;
use crate::series::Series;
use crate::server::Server as Toggl;

/// How many follow at once.
const STREAMS: usize = 8;

/// A way to change something.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// A request to the server.
    Request,
    /// The terminal program, on the file itself.
    Program,
    /// A sync of what changed in Toggl: two changes, its begin and what it brings.
    Run,
    /// A timer that is started or stopped by a request.
    Timer,
    /// One that is by the terminal program, on the file itself.
    TimerByProgram,
}

impl Way {
    /// What changes tasks.
    pub(crate) const OF_TASKS: [Self; 3] = [Self::Request, Self::Program, Self::Run];
    /// What changes somebody's time.
    pub(crate) const OF_TIME: [Self; 2] = [Self::Timer, Self::TimerByProgram];

    fn name(self) -> &'static str {
        match self {
            Self::Request => "by a request",
            Self::Program => "by the terminal program on the file",
            Self::Run => "by a run",
            Self::Timer => "of a timer by a request",
            Self::TimerByProgram => "of a timer by the terminal program on the file",
        }
    }

    /// How many seconds 99 of a hundred may take at most, and what is aimed at.
    fn target(self) -> (f64, &'static str) {
        match self {
            Self::Request | Self::Program | Self::Run => (0.3, "p99 < 300 ms, later 100"),
            Self::Timer | Self::TimerByProgram => (0.1, "p99 < 100 ms"),
        }
    }

    /// How often it is done, and how many events each time brings.
    fn times(self) -> (usize, usize) {
        match self {
            Self::Request | Self::Timer => (400, 1),
            Self::Program | Self::TimerByProgram => (300, 1),
            Self::Run => (200, 2),
        }
    }
}

/// What is changed.
struct Changed<'a> {
    product: &'a Product,
    toggl: &'a Toggl,
    task: i64,
    project: i64,
}

impl Changed<'_> {
    async fn change(&self, way: Way, number: usize) -> Result<()> {
        let Self { product, toggl, task, project } = self;
        let name = format!("Renamed {number}");
        match way {
            Way::Request => drop(product.ask(Method::PATCH, &format!("tasks/{task}"), &json!({ "name": name })).await?),
            Way::Program => block_in_place(|| product.program(&["tasks", "rename", &task.to_string(), &name]))?,
            Way::Run => {
                block_in_place(|| toggl.rename_project(*project, &name))?;
                let run = product.ask(Method::POST, "integrations/toggl/runs", &json!({})).await?;
                let run: Value = serde_json::from_slice(&run)?;
                // Its progress is told until it has ended.
                product.ask(Method::GET, &format!("integrations/toggl/runs/{}/events", run["id"]), &Value::Null).await?;
            }
            Way::Timer if number.is_multiple_of(2) => drop(product.ask(Method::PUT, "timer", &json!({ "note": name })).await?),
            Way::Timer => {
                let running = product.ask(Method::GET, "timer", &Value::Null).await?;
                let running: Value = serde_json::from_slice(&running)?;
                let stop = format!("timer?entry={}", running["timer"]["id"]);
                product.ask(Method::DELETE, &stop, &Value::Null).await?;
            }
            Way::TimerByProgram => {
                let words: &[&str] = if number.is_multiple_of(2) { &["start", "-m", &name] } else { &["stop"] };
                block_in_place(|| product.program(words))?;
            }
        }
        Ok(())
    }
}

/// Makes changes in each way while some follow, and says how long after the time that a change bears its event was here.
///
/// # Errors
/// An event that is missed or comes twice: a stream that loses some has measured something else.
pub(crate) async fn measure(product: &Product, toggl: &Toggl, ways: &[Way]) -> Result<Vec<Line>> {
    let (task, last) = (product.add_task("Renamed").await?, product.add_task("The last one").await?);
    let changed = Changed { product, toggl, task, project: block_in_place(|| toggl.a_project())? };
    let end = Changed { task: last, ..changed };
    let mut lines = Vec::new();
    for way in ways.iter().copied() {
        let mut following = JoinSet::new();
        for _ in 0..STREAMS {
            let stream = product.follow(product.token()).await?;
            following.spawn(async move { hear(stream, last).await.map_err(|error| error.to_string()) });
        }
        let (times, events) = way.times();
        for number in 0..times {
            changed.change(way, number).await?;
        }
        end.change(Way::Request, lines.len()).await?;
        let mut took = Series::default();
        while let Some(heard) = following.join_next().await {
            let heard = heard??;
            if heard.len() != times * events {
                return Err(format!("{} events were heard of {times} changes {}", heard.len(), way.name()).into());
            }
            took.extend(heard);
        }
        let [half, most] = [50, 99].map(|percent| took.percentile(percent));
        let found = format!("p50 {}, p99 {}, longest {}", milliseconds(half), milliseconds(most), milliseconds(took.most()));
        let what = format!("event of a change {}, {times} times, {STREAMS} streams", way.name());
        let (at_most, target) = way.target();
        lines.push(Line::bound(what, found, target, most < at_most));
    }
    Ok(lines)
}

/// Follows until the task `last` changes; for each event before that, how many seconds after its change it was here.
async fn hear(mut stream: TcpStream, last: i64) -> Result<Vec<f64>> {
    let (mut after, mut said) = (Vec::new(), Vec::new());
    loop {
        if stream.read_buf(&mut said).await? == 0 {
            return Err("a stream ended".into());
        }
        let now = SystemClock.now();
        while let Some(end) = said.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = said.drain(..=end).collect();
            let Some(data) = line.strip_prefix(b"data: ") else { continue };
            let event: Value = serde_json::from_slice(data)?;
            let at: DateTime<Utc> = event["at"].as_str().ok_or("an event does not say when it was")?.parse()?;
            if event["subject"] == "task" && event["id"] == last {
                return Ok(after);
            }
            after.push((now - at).as_seconds_f64());
        }
    }
}
