//! Many rows in few statements: the engine then keeps its place in every index from one row to the next.

use rusqlite::{Connection, Statement, ToSql};

use crate::errors::Result;

/// How many rows one statement writes.
const ROWS: usize = 64;

/// Writes so many rows into `into`, a table with its columns in parentheses; `row` gives the values of each, in their order.
pub(crate) fn insert(
    db: &Connection,
    into: &str,
    many: usize,
    mut row: impl FnMut(usize, &mut Values<'_, '_>) -> Result<()>,
) -> Result<()> {
    let columns = 1 + into.matches(',').count();
    let one = format!("({})", vec!["?"; columns].join(", "));
    // Where one fails, the job does, and with it everything that it wrote: nothing has to be kept to undo this statement alone.
    let sql = |rows: usize| format!("INSERT OR FAIL INTO {into} VALUES {}", vec![one.as_str(); rows].join(", "));
    // What is left over goes one by one, so that there are two statements to prepare and not one for each length.
    let whole = many - many % ROWS;
    for (range, rows) in [(0..whole, ROWS), (whole..many, 1)] {
        if range.is_empty() {
            continue;
        }
        let mut statement = db.prepare_cached(&sql(rows))?;
        for first in range.step_by(rows) {
            let mut values = Values { statement: &mut statement, bound: 0 };
            for index in first..first + rows {
                row(index, &mut values)?;
            }
            statement.raw_execute()?;
        }
    }
    Ok(())
}

/// The values of rows, as they are bound one after the other.
pub(crate) struct Values<'s, 'c> {
    statement: &'s mut Statement<'c>,
    bound: usize,
}

impl Values<'_, '_> {
    /// The next one.
    pub(crate) fn push(&mut self, value: impl ToSql) -> Result<()> {
        self.bound += 1;
        Ok(self.statement.raw_bind_parameter(self.bound, value)?)
    }
}
