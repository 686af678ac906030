//! Tables as CSV (RFC 4180), in UTF-8 with a mark at its beginning, without which Excel takes it for something else.

use csv::{Terminator, Writer, WriterBuilder};
use futures_util::{StreamExt as _, future};

use super::{Bytes, Cell, Error, Exported, Stream, entries as table_of_entries, stream};

const MARK: &str = "\u{feff}";

/// Entries, page by page.
pub(crate) fn entries(
    pages: impl Stream<Item = Result<Vec<Exported>, Error>> + Send + 'static,
) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
    let head = table(&table_of_entries::TITLES.map(str::to_owned), &[]);
    let rows = pages.map(|page| {
        let mut out = writer(Vec::new());
        for exported in page? {
            write(&mut out, &table_of_entries::row(&exported));
        }
        Ok(written(out))
    });
    stream::once(future::ready(Ok(head))).chain(rows)
}

/// A whole table.
pub(crate) fn table(titles: &[String], rows: &[Vec<Cell>]) -> Bytes {
    let mut out = writer(MARK.as_bytes().to_vec());
    write(&mut out, &titles.iter().map(Cell::text).collect::<Vec<_>>());
    for row in rows {
        write(&mut out, row);
    }
    written(out)
}

fn writer(out: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out)
}

fn write(out: &mut Writer<Vec<u8>>, row: &[Cell]) {
    out.write_record(row.iter().map(told)).expect("a Vec takes whatever is written");
}

fn written(out: Writer<Vec<u8>>) -> Bytes {
    out.into_inner().expect("a Vec takes whatever is written").into()
}

fn told(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => harmless(text),
        Cell::Number(number) => number.to_string(),
        Cell::Share(share) => format!("{}.{}", share / 10, share % 10),
        Cell::Yes(yes) => yes.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::At(at) => at.to_rfc3339(),
        Cell::Length(length) => length.full(),
    }
}

/// A text that no spreadsheet takes for a formula (S8).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // S8
    fn no_text_is_a_formula() {
        for begin in ["=", "+", "-", "@", "\t", "\r", "\0"] {
            let text = format!("{begin}1+cmd|' /C calc'!A0");
            let told = table(&["note".to_owned()], &[vec![Cell::text(&text)]]);
            let mut read = csv::ReaderBuilder::new().from_reader(&told[MARK.len()..]);
            let rows: Vec<_> = read.records().map(Result::unwrap).collect();
            assert_eq!(&rows[0][0], format!("'{text}"));
        }
        for text in ["a=b", "1-2", "'=1", " =1", "\"quoted\", with a comma\r\nand a line"] {
            let told = table(&["note".to_owned()], &[vec![Cell::text(text)]]);
            let mut read = csv::ReaderBuilder::new().from_reader(&told[MARK.len()..]);
            assert_eq!(&read.records().next().unwrap().unwrap()[0], text);
        }
    }

    #[test] // E8
    fn numbers_are_written_as_programs_read_them() {
        let cells = [Cell::Number(-5), Cell::Share(7), Cell::Share(1000), Cell::Yes(true)];
        assert_eq!(cells.map(|cell| told(&cell)), ["-5", "0.7", "100.0", "true"]);
    }
}
