//! A sync with nothing changed, beside fetching and parsing alone.

use std::path::Path;

use super::product_file;
use crate::Result;
use crate::measure::Party;
use crate::parties::product;
use crate::report::Line;
use crate::series::Series;
use crate::server::Server;

pub(crate) fn run(server: &Server, folder: &Path, rounds: usize) -> Result<Vec<Line>> {
    let file = product_file(folder);
    let (mut ours, mut floor) = (Series::default(), Series::default());
    for _ in 0..rounds {
        floor.push(Party::FloorRead.measure(server, &file)?.seconds);
        ours.push(Party::Product.measure(server, &file)?.seconds);
    }
    // Once more where writing a task fails.
    let guarded = folder.join("guarded.db");
    std::fs::copy(&file, &guarded)?;
    product::forbid_writing_tasks(&guarded)?;
    let written = Party::Product.measure(server, &guarded).err().map(|error| error.to_string());
    let met = written.is_none();
    Ok(vec![
        Line::ratio("nothing changed ÷ fetch and parse", &ours, &floor, 1.2),
        Line::bound("task rows written by it", written.unwrap_or_else(|| "0".to_owned()), "0", met),
    ])
}
