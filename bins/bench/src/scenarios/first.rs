//! A first import, history included, beside the floor.

use std::path::Path;

use super::{floor_file, product_file};
use crate::Result;
use crate::measure::Party;
use crate::report::Line;
use crate::series::Series;
use crate::server::Server;
use crate::stopwatch::Took;

/// What a first import took.
pub(crate) struct First {
    pub(crate) seconds: f64,
    pub(crate) requests: u32,
}

/// Measures both by turns; the files of the last round stay.
pub(crate) fn run(server: &Server, folder: &Path, rounds: usize) -> Result<(Vec<Line>, First)> {
    let (mut product, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        for (party, file, took) in
            [(Party::FloorFirst, floor_file(folder), &mut floor), (Party::Product, product_file(folder), &mut product)]
        {
            for suffix in ["", "-wal", "-shm", ".lock"] {
                let mut name = file.clone().into_os_string();
                name.push(suffix);
                _ = std::fs::remove_file(name);
            }
            took.push(party.measure(server, &file)?);
        }
    }
    let wall = |took: &[Took]| took.iter().map(|took| took.seconds).collect::<Series>();
    let processor = |took: &[Took]| took.iter().map(|took| took.processor).collect::<Series>();
    let (ours, theirs) = (product[0], floor[0]);
    if ours.rows != theirs.rows {
        return Err(format!("the floor wrote {} rows, and we wrote {}", theirs.rows, ours.rows).into());
    }
    let peak = product.iter().map(|took| took.peak_kib).max().unwrap_or(0) / 1024;
    let lines = vec![
        Line::told("rows", format!("{} active in the tree, by {} requests", ours.rows, ours.requests)),
        Line::ratio("first import ÷ floor", &wall(&product), &wall(&floor), 1.3),
        Line::told("  of processor time", format!("{} ÷ {}", processor(&product), processor(&floor))),
        Line::bound("peak memory", format!("{peak} MiB (the floor {} MiB)", theirs.peak_kib / 1024), "< 80 MiB", peak < 80),
    ];
    Ok((lines, First { seconds: wall(&product).median(), requests: ours.requests }))
}
