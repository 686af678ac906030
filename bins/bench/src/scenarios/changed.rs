//! A sync after a hundredth was renamed, beside a floor that compares names and updates those that differ.

use std::path::Path;

use super::{floor_file, product_file};
use crate::Result;
use crate::measure::Party;
use crate::report::Line;
use crate::series::Series;
use crate::server::Server;

pub(crate) fn run(server: &Server, folder: &Path, rounds: usize) -> Result<Vec<Line>> {
    let (mut ours, mut floor) = (Series::default(), Series::default());
    for round in 0..rounds {
        server.change(round)?;
        floor.push(Party::FloorChanged.measure(server, &floor_file(folder))?.seconds);
        ours.push(Party::Product.measure(server, &product_file(folder))?.seconds);
    }
    Ok(vec![Line::ratio("1 % renamed ÷ floor", &ours, &floor, 1.3)])
}
