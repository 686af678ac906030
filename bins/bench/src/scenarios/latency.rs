//! A sync over a slow network, beside fetching one thing after another.

use std::path::Path;

use super::product_file;
use crate::Result;
use crate::measure::Party;
use crate::report::Line;
use crate::server::Server;

/// Larger accounts would take minutes and say the same.
pub(super) const MOST: usize = 10_000;

/// What an answer takes, in milliseconds.
const LATENCY: u64 = 100;

/// Measures a sync with nothing changed; the stand-in asks for no pace, so that lists may overlap.
pub(crate) fn run(server: &Server, folder: &Path) -> Result<Vec<Line>> {
    server.delay(LATENCY)?;
    let floor = Party::FloorRead.measure(server, &product_file(folder))?.seconds;
    let ours = Party::Product.measure(server, &product_file(folder))?.seconds;
    server.delay(0)?;
    let found = format!("{:.2} × ({ours:.2} s ÷ {floor:.2} s)", ours / floor);
    Ok(vec![Line::bound(format!("at {LATENCY} ms a request ÷ one after another"), found, "< 0.6 ×", ours / floor < 0.6)])
}
