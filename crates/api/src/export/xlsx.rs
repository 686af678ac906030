//! Tables as workbooks of Excel: texts are texts and never formulas (S8).

use std::fs::File;
use std::io::{self, Seek as _, Write};

use axum::body::Body;
use futures_util::{StreamExt as _, pin_mut};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tallyport_api_types::Code;
use tallyport_domain::time::{Day, Length};
use tallyport_http::Refusal;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{Cell, Error, Stream, file};

/// How many workbooks come to be at once; more wait for one of these.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// How many rows a sheet has at most. What is more goes on the next one.
const ROWS: u32 = 1_048_576;
/// How much text a cell takes.
const LONGEST: usize = 32_767;
/// The day of the calendar from which Excel counts, which is before ours.
const EPOCH: i64 = 25_569;

/// What goes to the thread that writes.
enum Step {
    Rows(Vec<Vec<Cell>>),
    /// That was all.
    Whole,
}

/// A workbook with a table, once it is whole. It comes to be in a temporary file, on a thread of its own, which stops when nobody
/// waits for it any more.
pub(crate) async fn render(
    name: &'static str,
    titles: Vec<String>,
    rows: impl Stream<Item = Result<Vec<Vec<Cell>>, Error>>,
) -> Result<Body, Refusal> {
    let _turn = AT_ONCE.acquire().await;
    let (steps, told) = mpsc::channel(2);
    let (tell, whole) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let file = workbook(name, titles, told, &tell);
        // Nobody may be left who waits for it.
        drop(tell.send(file));
    });
    pin_mut!(rows);
    while let Some(page) = rows.next().await {
        if steps.send(Step::Rows(page?)).await.is_err() {
            break;
        }
    }
    // Where it stopped by itself, it tells why.
    let _ = steps.send(Step::Whole).await;
    match whole.await {
        Ok(Ok(file)) => Ok(file::body(file)),
        Ok(Err(error)) => Err(unwritten(&error)),
        Err(gone) => Err(unwritten(&gone)),
    }
}

fn unwritten(_: &dyn std::error::Error) -> Refusal {
    Refusal::new(Code::Internal, "the workbook could not be written").hint("See whether there is room for temporary files.")
}

/// Writes a workbook as its rows come.
fn workbook(
    name: &str,
    titles: Vec<String>,
    mut told: mpsc::Receiver<Step>,
    waits: &oneshot::Sender<Result<File, XlsxError>>,
) -> Result<File, XlsxError> {
    let mut book = Book::begin(name, titles)?;
    loop {
        match told.blocking_recv() {
            Some(Step::Rows(rows)) => rows.iter().try_for_each(|row| book.row(row))?,
            Some(Step::Whole) => return book.end(waits),
            None => return Err(XlsxError::IoError(io::ErrorKind::BrokenPipe.into())),
        }
    }
}

/// A workbook while it is written: row after row, none of which is kept.
struct Book {
    name: String,
    titles: Vec<String>,
    workbook: Workbook,
    sheet: Worksheet,
    sheets: u32,
    next: u32,
    title: Format,
    day: Format,
    at: Format,
    length: Format,
    share: Format,
}

impl Book {
    fn begin(name: &str, titles: Vec<String>) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.new_worksheet_with_constant_memory()?;
        let mut book = Self {
            name: name.to_owned(),
            titles,
            workbook,
            sheet,
            sheets: 0,
            next: 0,
            title: Format::new().set_bold(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            at: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            length: Format::new().set_num_format("[h]:mm:ss"),
            share: Format::new().set_num_format("0.0%"),
        };
        book.head()?;
        Ok(book)
    }

    /// The first row of a sheet.
    fn head(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let name = if self.sheets == 1 { self.name.clone() } else { format!("{} {}", self.name, self.sheets) };
        self.sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, title) in (0..).zip(&self.titles) {
            self.sheet.set_column_width(column, 18)?.write_string_with_format(0, column, title, &self.title)?;
        }
        self.next = 1;
        Ok(())
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.next == ROWS {
            let next = self.workbook.new_worksheet_with_constant_memory()?;
            self.workbook.push_worksheet(std::mem::replace(&mut self.sheet, next));
            self.head()?;
        }
        let (sheet, row) = (&mut self.sheet, self.next);
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) => sheet.write_string(row, column, fitting(text))?,
                Cell::Number(number) => sheet.write_number(row, column, exact(*number))?,
                Cell::Share(share) => sheet.write_number_with_format(row, column, f64::from(*share) / 1000.0, &self.share)?,
                Cell::Yes(yes) => sheet.write_boolean(row, column, *yes)?,
                Cell::Day(day) => sheet.write_number_with_format(row, column, days(*day), &self.day)?,
                Cell::At(at) => {
                    let seconds = at.timestamp() + i64::from(at.offset().local_minus_utc());
                    sheet.write_number_with_format(row, column, parts(seconds) + exact(EPOCH), &self.at)?
                }
                Cell::Length(length) => sheet.write_number_with_format(row, column, parts(length.seconds()), &self.length)?,
            };
        }
        self.next += 1;
        Ok(())
    }

    fn end(mut self, waits: &oneshot::Sender<Result<File, XlsxError>>) -> Result<File, XlsxError> {
        self.workbook.push_worksheet(self.sheet);
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(WhileAwaited { file: &file, waits })?;
        file.rewind()?;
        Ok(file)
    }
}

/// A file that is written as long as somebody waits for it.
struct WhileAwaited<'a> {
    file: &'a File,
    waits: &'a oneshot::Sender<Result<File, XlsxError>>,
}

impl Write for WhileAwaited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.waits.is_closed() { Err(io::ErrorKind::BrokenPipe.into()) } else { self.file.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The beginning of a text that a cell takes.
fn fitting(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > LONGEST
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// Days as Excel counts them.
fn days(day: Day) -> f64 {
    exact(day.number() + EPOCH)
}

/// Seconds in days.
fn parts(seconds: i64) -> f64 {
    exact(seconds) / exact(Length::DAY.seconds())
}

/// Excel has no other numbers; whole ones are exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "seconds and numbers of ours stay far below 2^53")]
fn exact(number: i64) -> f64 {
    number as f64
}
