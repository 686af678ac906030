//! What a week's sheet and a month's report cost over a million entries, beside the plain statements that add up the same, and
//! how much memory a server takes to export them all.

use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tallyport_domain::time::{Day, DayRange};
use tallyport_domain::{AccountId, Clock as _, PersonId, TaskId};
use tallyport_storage::{Axis, By, ReportStore as _, TimeFilter, TimeStore as _};
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::system::SystemClock;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use super::seeded::{self, Years};
use crate::Result;
use crate::http::load;
use crate::http::server::{Product, import};
use crate::report::Line;
use crate::series::Series;
use crate::server::{Server as Toggl, client};
use crate::stopwatch::now;

/// How many entries there are.
const ENTRIES: i64 = 1_000_000;
/// How many weeks and months a round asks for, each of another person and of another month.
const WEEKS: i64 = 200;
const MONTHS: i64 = 10;
/// How much memory a server may take that exports everything.
const MEMORY: u64 = 100_000_000;

const ACCOUNT: AccountId = AccountId(1);

/// The index that both floors are told to take: the key, which has all that is asked for.
const KEY: &str = "sqlite_autoindex_entry_days_1";

/// Measures in turn: the floor, the store in the same process, and whole requests to a server.
pub(crate) fn measure(toggl: &Toggl, folder: &Path, rounds: usize) -> Result<Vec<Line>> {
    let folder = folder.join("sheets");
    std::fs::create_dir_all(&folder)?;
    let database = folder.join("server.db");
    import(toggl, &folder, &database)?;
    let years = seeded::years(&database, ENTRIES)?;
    let product = Product::over(toggl, database.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let exports = exports(&runtime, &product, &years)?;
    let mut asking = Asking {
        floor: Connection::open_with_flags(&database, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        store: Sqlite::open(&database, Options::default()).map_err(|error| error.to_string())?,
        connection: runtime.block_on(TcpStream::connect(product.address()))?,
        product: &product,
        runtime: &runtime,
    };
    let mut lines = asking.weeks(&years, rounds)?;
    lines.extend(asking.months(&years, rounds)?);
    lines.extend(exports);
    Ok(lines)
}

/// Three ways to the same sums.
struct Asking<'a> {
    floor: Connection,
    store: Sqlite,
    product: &'a Product,
    connection: TcpStream,
    runtime: &'a Runtime,
}

/// Seconds, and those that are billable, by day and task or by task alone; what is on no task has 0.
type Sums = Vec<(i64, i64, i64)>;

impl Asking<'_> {
    /// A week's sheet of one person after the other.
    fn weeks(&mut self, years: &Years, rounds: usize) -> Result<Vec<Line>> {
        let mut took = [(); 3].map(|()| Series::default());
        for number in 0..=WEEKS * i64::try_from(rounds)? {
            let person = Years::person(number);
            let monday = years.monday(number * 7);
            let days = DayRange::new(monday, Day::from_number(monday.number() + 6))?;
            let began = now();
            let plain = self.plain_week(person, days)?;
            let floor = began.elapsed();
            let began = now();
            let by = By { person: PersonId(1), sees_all: true, now: SystemClock.now() };
            let sheet = self.runtime.block_on(self.store.sheet(ACCOUNT, person, days, &by)).map_err(|error| error.to_string())?;
            let store = began.elapsed();
            let path = format!("timesheet?person={}&date={monday}", person.0);
            let (request, answer) = self.request(&path)?;
            let mut sums: Sums = Vec::new();
            for sum in &sheet.sums {
                let (day, task) = (sum.day.number(), sum.task.map_or(0, |task| task.0));
                match sums.last_mut() {
                    Some(last) if (last.0, last.1) == (day, task) => last.2 += sum.seconds,
                    _ => sums.push((day, task, sum.seconds)),
                }
            }
            same(&plain, &sums)?;
            let total = plain.iter().map(|(.., seconds)| seconds).sum();
            same(&[(0, 0, total)], &[(0, 0, whole(&answer, "seconds")?)])?;
            if number > 0 {
                took.iter_mut().zip([floor, store, request]).for_each(|(took, this)| took.push(this.as_secs_f64()));
            }
        }
        let what = "a week's sheet of one person";
        Ok(told(what, &took))
    }

    fn plain_week(&self, person: PersonId, days: DayRange) -> Result<Sums> {
        let sql = format!(
            "SELECT day, coalesce(task_id, 0), sum(seconds) FROM entry_days INDEXED BY {KEY}
             WHERE account_id = 1 AND person_id = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY day, task_id"
        );
        self.sums(&sql, (person.0, days.from().number(), days.to().number()))
    }

    /// A month's report of everybody by task, one month after the other. It tells what the month before adds up to as well.
    fn months(&mut self, years: &Years, rounds: usize) -> Result<Vec<Line>> {
        let mut took = [(); 3].map(|()| Series::default());
        for number in 0..=MONTHS * i64::try_from(rounds)? {
            let month = years.monday(number * 31).month();
            let (days, before) = (month.days(), month.days().from().previous().month().days());
            let began = now();
            let plain = self.plain_month(days)?;
            let plain_before = self.plain_total(before)?;
            let floor = began.elapsed();
            let began = now();
            let (summed, earlier) = self.runtime.block_on(async {
                let (this, that) = (TimeFilter::of(days), TimeFilter::of(before));
                let this = self.store.report(ACCOUNT, &this, &[Axis::Task]);
                let that = self.store.total(ACCOUNT, &that);
                tokio::try_join!(this, that).map_err(|error| error.to_string())
            })?;
            let store = began.elapsed();
            let (request, answer) = self.request(&format!("reports?span=month&from={}", days.from()))?;
            let told = summed.parts.iter().map(|part| {
                (part.place.task.map_or(0, |TaskId(task)| task), part.sum.time.seconds(), part.sum.billable.seconds())
            });
            same(&plain, &told.collect::<Vec<_>>())?;
            // Billable time is told of a task with all that is below it, so that the store's alone is compared.
            let own: Sums = plain.iter().map(|(task, seconds, _)| (*task, *seconds, 0)).collect();
            same(&own, &by_task(&answer)?)?;
            let befores = [plain_before, earlier.seconds(), whole(&answer, "before_seconds")?];
            if befores.iter().any(|before| *before != plain_before) {
                return Err(format!("{befores:?} are what the month before {} adds up to", days.from()).into());
            }
            if number > 0 {
                took.iter_mut().zip([floor, store, request]).for_each(|(took, this)| took.push(this.as_secs_f64()));
            }
        }
        Ok(told("a month's report of everybody by task", &took))
    }

    fn plain_month(&self, days: DayRange) -> Result<Sums> {
        let sql = format!(
            "SELECT coalesce(d.task_id, 0) AS task, sum(d.seconds), coalesce(sum(d.seconds) FILTER (WHERE d.billable), 0)
             FROM people p CROSS JOIN entry_days d INDEXED BY {KEY}
             WHERE p.account_id = 1 AND d.account_id = 1 AND d.person_id = p.person_id AND d.day BETWEEN ?1 AND ?2
             GROUP BY d.task_id ORDER BY task"
        );
        self.sums(&sql, (days.from().number(), days.to().number()))
    }

    fn plain_total(&self, days: DayRange) -> Result<i64> {
        let sql = format!(
            "SELECT coalesce(sum(d.seconds), 0) FROM people p CROSS JOIN entry_days d INDEXED BY {KEY}
             WHERE p.account_id = 1 AND d.account_id = 1 AND d.person_id = p.person_id AND d.day BETWEEN ?1 AND ?2"
        );
        let mut statement = self.floor.prepare_cached(&sql)?;
        Ok(statement.query_row((days.from().number(), days.to().number()), |row| row.get(0))?)
    }

    /// A request over a connection that stays open, and how long it took until its whole answer was there.
    fn request(&mut self, path: &str) -> Result<(Duration, Value)> {
        let Self { product, connection, .. } = self;
        let request = format!(
            "GET /api/v1/{path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
            product.address(),
            product.token()
        );
        let mut answer = Vec::with_capacity(1 << 20);
        let began = now();
        let body = self.runtime.block_on(async {
            connection.write_all(request.as_bytes()).await?;
            load::read(connection, &mut answer).await
        })?;
        Ok((began.elapsed(), serde_json::from_slice(&answer[body..])?))
    }

    fn sums(&self, sql: &str, params: impl rusqlite::Params) -> Result<Sums> {
        let mut statement = self.floor.prepare_cached(sql)?;
        let rows = statement.query_map(params, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// What each task of a report has itself.
fn by_task(report: &Value) -> Result<Sums> {
    let groups = report["groups"].as_array().ok_or("a report has no groups")?;
    let mut sums = Sums::new();
    for group in groups {
        let own = whole(group, "own_seconds")?;
        let task = group["task"]["id"].as_i64().unwrap_or_default();
        if own > 0 {
            sums.push((task, own, 0));
        }
    }
    sums.sort_unstable();
    Ok(sums)
}

fn whole(value: &Value, field: &str) -> Result<i64> {
    value[field].as_i64().ok_or_else(|| format!("an answer has no {field}").into())
}

fn same(floor: &[(i64, i64, i64)], product: &[(i64, i64, i64)]) -> Result<()> {
    if floor.is_empty() || floor != product {
        return Err(format!("the floor adds up to {} sums, the product to {} other ones", floor.len(), product.len()).into());
    }
    Ok(())
}

fn told(what: &str, [floor, store, request]: &[Series; 3]) -> Vec<Line> {
    vec![
        Line::ratio(format!("{what}, by the store, beside one statement"), store, floor, 1.0),
        Line::ratio(format!("{what}, as a whole request"), request, floor, 1.0),
    ]
}

/// Exports everything as each kind of file, one after the other.
fn exports(runtime: &Runtime, product: &Product, years: &Years) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for format in ["csv", "json", "xlsx"] {
        let path = format!("export?format={format}&from={}&to={}", Years::first(), years.last());
        product.forget_peak()?;
        let began = now();
        let (bytes, ends) = runtime.block_on(download(product, &path))?;
        let took = began.elapsed().as_secs_f64();
        let peak = product.peak_kib()? * 1024;
        // A workbook is packed, and in a table what Toggl calls a task may go over several lines.
        if format == "json" && ends != ENTRIES {
            return Err(format!("{ends} entries came").into());
        }
        let found = format!("{:.0} MB at most, {took:.1} s for {:.0} MB", peak as f64 / 1e6, bytes as f64 / 1e6);
        let what = format!("server memory while {ENTRIES} entries leave as {format}");
        lines.push(Line::bound(what, found, "< 100 MB", peak < MEMORY));
    }
    Ok(lines)
}

/// Reads a file to its end and keeps none of it; how many bytes and ends of lines it had.
async fn download(product: &Product, path: &str) -> Result<(u64, i64)> {
    let request = client()?.request(Method::GET, format!("http://{}/api/v1/{path}", product.address()));
    let mut answer = request.bearer_auth(product.token()).send().await?.error_for_status()?;
    let (mut bytes, mut ends) = (0, 0);
    while let Some(piece) = answer.chunk().await? {
        bytes += u64::try_from(piece.len())?;
        ends += i64::try_from(piece.split(|byte| *byte == b'\n').count() - 1)?;
    }
    Ok((bytes, ends))
}
