//! What a request to the server costs, as ratios against servers that do next to nothing, measured in the same run.

pub(crate) mod events;
mod floors;
pub(crate) mod load;
pub(crate) mod server;

use std::path::Path;
use std::time::Duration;

use crate::Result;
use crate::account::Account;
use crate::report::Line;
use crate::series::Series;
use crate::server::Server as Toggl;

pub(crate) use floors::serve;

/// Requests on their way at once.
const CONNECTIONS: usize = 16;
/// How long one load lasts.
const LASTING: Duration = Duration::from_secs(3);
/// How many streams of live events are opened.
const STREAMS: usize = 1000;

/// Measures everything and prints it.
pub(crate) fn run(items: usize, rounds: usize) -> Result<()> {
    let folder = std::env::current_exe()?.with_file_name("bench");
    std::fs::create_dir_all(&folder)?;
    let scratch = tempfile::tempdir_in(&folder)?;
    println!("a server over {items} imported items");
    let toggl = Toggl::start(Account { items })?;
    let product = server::Product::start(&toggl, scratch.path())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let lines = runtime.block_on(measure(&product, &toggl, scratch.path(), rounds))?;
    let mut all_met = true;
    for line in lines {
        line.print();
        all_met &= line.met;
    }
    println!("{}", if all_met { "every target is met" } else { "not every target is met" });
    Ok(())
}

async fn measure(product: &server::Product, toggl: &Toggl, folder: &Path, rounds: usize) -> Result<Vec<Line>> {
    let mut lines = vec![
        Line::bound("start to ready", milliseconds(product.ready_after()), "< 150 ms", product.ready_after() < 0.15),
        resident("idle server", product.resident_kib()?, 40 * 1024),
    ];
    // Before any load, whose memory the streams would otherwise take over.
    lines.push(streams(product).await?);
    lines.extend(events::measure(product, toggl, &events::Way::OF_TASKS).await?);
    lines.extend(one_task(product, folder, rounds).await?);
    lines.extend(search(product).await?);
    lines.push(sign_in(product).await?);
    Ok(lines)
}

/// A signed-in GET of one task beside the floors, each under the same load in turn.
async fn one_task(product: &server::Product, folder: &Path, rounds: usize) -> Result<Vec<Line>> {
    let constant = server::Floor::start("constant", folder)?;
    let row = server::Floor::start("row", &product.database())?;
    let ids = product.task_ids().await?;
    let paths = |prefix: &str| ids.iter().step_by(97).map(|id| format!("{prefix}/tasks/{id}")).collect::<Vec<_>>();
    let (bare, ours) = (paths(""), paths("/api/v1"));
    let mut rates = [(); 3].map(|()| Series::default());
    for _ in 0..rounds {
        let loads = [(constant.address(), &bare), (row.address(), &bare), (product.address(), &ours)];
        for (series, (address, paths)) in rates.iter_mut().zip(loads) {
            series.push(load::run(address, paths, product.token(), CONNECTIONS, LASTING).await?.rate());
        }
    }
    let [constant, row, ours] = rates.map(|series| series.median());
    let ratio = ours / row;
    Ok(vec![
        Line::told("axum answering a constant", format!("{constant:.0} a second")),
        Line::told("axum reading one row", format!("{row:.0} a second")),
        Line::bound(
            "signed-in GET of one task",
            format!("{ours:.0} a second, {ratio:.2} of one row, {:.2} of a constant", ours / constant),
            "≥ 0.5 of one row",
            ratio >= 0.5,
        ),
    ])
}

/// Searches for words, from those that one name has to those that nearly every name has, one person after the other.
async fn search(product: &server::Product) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for word in ["moodboard", "web%20design", "nothing%20of%20this", "review%201", "a"] {
        let paths = [format!("/api/v1/tasks?q={word}")];
        let took = load::run(product.address(), &paths, product.token(), 1, LASTING).await?;
        lines.push(found(&word.replace("%20", " "), &took.answers));
    }
    // What is kept from one search for the next is of no use then.
    lines.push(found("a, right after a change", &product.search_after_each_change("a").await?));
    Ok(lines)
}

fn found(what: &str, took: &Series) -> Line {
    let (half, most) = (took.percentile(50), took.percentile(99));
    let times = format!("p50 {}, p99 {}", milliseconds(half), milliseconds(most));
    Line::bound(format!("task search for {what}"), times, "p99 < 20 ms", most < 0.02)
}

/// What signing in takes beside what hashing alone takes.
async fn sign_in(product: &server::Product) -> Result<Line> {
    let (signed_in, hashed) = (product.sign_in().await?, server::hash_once()?);
    let found = format!("{} beside {} of Argon2id", milliseconds(signed_in), milliseconds(hashed));
    Ok(Line::bound("signing in", found, "≤ 1.5 × Argon2id", signed_in <= hashed * 1.5))
}

/// What an open stream of live events costs in memory.
async fn streams(product: &server::Product) -> Result<Line> {
    let before = product.resident_kib()?;
    let open = product.open_streams(STREAMS).await?;
    let each = (product.resident_kib()?.saturating_sub(before)) as f64 / STREAMS as f64;
    drop(open);
    Ok(Line::bound(format!("{STREAMS} open streams"), format!("{each:.1} kB each"), "< 20 kB", each < 20.0))
}

fn resident(what: &str, kib: u64, most: u64) -> Line {
    Line::bound(what, format!("{:.1} MB resident", kib as f64 / 1024.0), format!("< {} MB", most / 1024), kib < most)
}

pub(crate) fn milliseconds(seconds: f64) -> String {
    format!("{:.1} ms", seconds * 1000.0)
}
