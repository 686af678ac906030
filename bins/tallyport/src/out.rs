//! The only place that writes: data to standard output, everything else to standard error. What a person at a terminal is
//! asked (`ask`), and the lines of a run at work (`progress`), are drawn by libraries, on standard error too.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt;
use http_body_util::BodyExt;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;
use tallyport_api_types::Code;
use tallyport_client::{Body, Call};

use crate::cli::{Colour, Globals};
use crate::env;
use crate::failure::{Failure, Stop};
use crate::render::{Ink, Page, text};

/// How wide output is where neither a terminal nor `COLUMNS` says.
const COLUMNS: usize = 80;
/// How many lines of a list an error shows.
const DETAILS: usize = 20;

/// Where a command's output goes, and in what shape.
#[derive(Debug, Clone)]
pub(crate) struct Out {
    json: bool,
    quiet: bool,
    verbose: bool,
    colour: Colour,
    terminals: Terminals,
    /// Where data goes instead of standard output.
    kept: Option<Arc<Mutex<Vec<u8>>>>,
}

/// Which of the three streams are a terminal.
#[derive(Debug, Clone, Copy)]
struct Terminals {
    input: bool,
    output: bool,
    error: bool,
}

impl Terminals {
    fn here() -> Self {
        Self { input: io::stdin().is_terminal(), output: io::stdout().is_terminal(), error: io::stderr().is_terminal() }
    }
}

impl Out {
    /// Output as the options and the terminals want it.
    pub(crate) fn new(globals: &Globals) -> Self {
        let &Globals { json, quiet, verbose, color: colour, .. } = globals;
        Self { json, quiet, verbose: verbose > 0, colour, terminals: Terminals::here(), kept: None }
    }

    /// Output while the options are not known.
    pub(crate) fn before_parsing(json: bool) -> Self {
        Self { json, quiet: false, verbose: false, colour: Colour::Auto, terminals: Terminals::here(), kept: None }
    }

    /// The same, with nothing beside the data but errors.
    pub(crate) fn quietly(&self) -> Self {
        Self { quiet: true, ..self.clone() }
    }

    /// The same, with data kept in memory.
    pub(crate) fn keeping(&self) -> Self {
        Self { kept: Some(Arc::default()), ..self.clone() }
    }

    /// The data that was kept since this was asked last.
    pub(crate) fn take(&self) -> Vec<u8> {
        let kept = self.kept.as_ref().map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner));
        kept.map(|mut kept| std::mem::take(&mut *kept)).unwrap_or_default()
    }

    /// Whether `-v` was given.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Whether data is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Whether somebody is there to answer a question.
    pub(crate) fn can_ask(&self) -> bool {
        self.terminals.input && self.terminals.error && !self.json
    }

    /// Whether somebody watches standard error.
    pub(crate) fn is_watched(&self) -> bool {
        self.terminals.error && !self.quiet
    }

    /// Whether data is shown by a terminal.
    pub(crate) fn is_shown(&self) -> bool {
        self.terminals.output
    }

    /// The place that data is drawn for.
    pub(crate) fn page(&self) -> Page {
        let terminal = if self.terminals.output { comfy_table::Table::new().width().map(usize::from) } else { None };
        let columns = || env::read(env::COLUMNS).and_then(|columns| columns.parse().ok());
        Page {
            width: terminal.or_else(columns).unwrap_or(COLUMNS).max(20),
            colours: self.colours(self.terminals.output),
            now: Timestamp::now(),
            zone: TimeZone::system(),
        }
    }

    fn colours(&self, terminal: bool) -> bool {
        match self.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && env::read(env::NO_COLOR).is_none(),
        }
    }

    /// Sends a call and shows its answer: as it came where JSON is wanted, drawn otherwise.
    pub(crate) async fn show<T: serde::de::DeserializeOwned>(
        &self,
        call: Call<'_, T>,
        draw: impl FnOnce(&T, &Page) -> String,
    ) -> Result<(), Stop> {
        if self.json {
            return self.pass(call.raw().await?).await;
        }
        let value = call.await?;
        self.text(&draw(&value, &self.page()))
    }

    /// Shows something that was read already.
    pub(crate) fn record<T: Serialize>(&self, value: &T, draw: impl FnOnce(&T, &Page) -> String) -> Result<(), Stop> {
        if self.json { self.json(value) } else { self.text(&draw(value, &self.page())) }
    }

    /// Shows JSON that was kept, or what is drawn instead.
    pub(crate) fn kept(&self, body: &[u8], draw: impl FnOnce(&Page) -> String) -> Result<(), Stop> {
        if self.json { self.data(|out| line(out, body)) } else { self.text(&draw(&self.page())) }
    }

    /// Passes JSON through, piece by piece, ending it with a line end.
    async fn pass(&self, body: Body) -> Result<(), Stop> {
        let last = self.stream(body).await?;
        if last.is_none_or(|last| last == b'\n') { Ok(()) } else { self.data(|out| out.write_all(b"\n")) }
    }

    /// Passes data through as it comes, piece by piece; answers the last of it.
    pub(crate) async fn stream(&self, body: Body) -> Result<Option<u8>, Stop> {
        let mut pieces = body.into_data_stream();
        let mut last = None;
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|source| Stop::from(tallyport_client::ClientError::from(source)))?;
            last = piece.last().copied().or(last);
            self.data(|out| out.write_all(&piece))?;
        }
        Ok(last)
    }

    fn json<T: Serialize>(&self, value: &T) -> Result<(), Stop> {
        let body = serde_json::to_vec(value)
            .map_err(|source| Failure::new(Code::Internal, "the answer cannot be written as JSON").because_of(&source))?;
        self.data(|out| line(out, &body))
    }

    /// Writes text for people to standard output.
    pub(crate) fn text(&self, text: &str) -> Result<(), Stop> {
        self.data(|out| out.write_all(text.as_bytes()))
    }

    /// Writes to standard output and makes sure that it went.
    fn data(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
        if let Some(kept) = &self.kept {
            return write(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner)).map_err(|error| unwritten(&error));
        }
        let mut out = io::stdout().lock();
        write(&mut out).and_then(|()| out.flush()).map_err(|error| unwritten(&error))
    }

    /// Says something beside the data, unless `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            aside(&text::wrap(text, self.page().width).join("\n"));
        }
    }

    /// Says something only `-v` wants to know.
    pub(crate) fn detail(&self, text: &str) {
        if self.verbose {
            aside(&Ink::Dim.on(text, self.colours(self.terminals.error)));
        }
    }

    /// Shows what a question is about on standard error, before it is asked.
    pub(crate) fn ask_about(&self, failure: &Failure) {
        aside(&Ink::Warn.on(&text::harmless(&failure.message), self.colours(self.terminals.error)));
        if !failure.details.is_empty() {
            aside(&listed(&failure.details, self.margin().width));
        }
    }

    /// The place that standard error is drawn for.
    pub(crate) fn margin(&self) -> Page {
        Page { colours: self.colours(self.terminals.error), ..self.page() }
    }

    /// Tells an error: one line that says what is wrong, one that says what to do, and the list if there is one.
    pub(crate) fn error(&self, failure: &Failure) {
        if self.json {
            aside(&error_json(failure));
            return;
        }
        let colours = self.colours(self.terminals.error);
        aside(&format!("{} {}", Ink::Bad.on("error:", colours), text::harmless(&failure.message)));
        if !failure.hint.is_empty() {
            aside(&format!("{} {}", Ink::Bold.on("hint:", colours), text::harmless(&failure.hint)));
        }
        if !failure.details.is_empty() {
            aside(&listed(&failure.details, self.margin().width));
        }
        for cause in &failure.causes {
            self.detail(&format!("because: {}", text::harmless(cause)));
        }
    }
}

/// Lines of a list, each indented as it comes and wrapped where it is too long: nothing of what it says may be missing.
fn listed(lines: &[String], width: usize) -> String {
    let mut shown = Vec::new();
    for line in lines.iter().take(DETAILS) {
        let indent = 2 + line.len() - line.trim_start_matches(' ').len();
        let wrapped = text::wrap(&text::harmless(line.trim_start_matches(' ')), width.saturating_sub(indent + 2));
        shown.extend(wrapped.iter().enumerate().map(|(index, part)| {
            let indent = if index == 0 { indent } else { indent + 2 };
            format!("{:indent$}{part}", "")
        }));
    }
    let more = lines.len().saturating_sub(DETAILS);
    if more > 0 {
        shown.push(format!("  … and {more} more"));
    }
    shown.join("\n")
}

fn error_json(failure: &Failure) -> String {
    let mut error = json!({ "code": failure.code, "message": failure.message, "hint": failure.hint });
    if !failure.details.is_empty() {
        error["details"] = json!(failure.details);
    }
    json!({ "error": error }).to_string()
}

fn line(out: &mut dyn Write, body: &[u8]) -> io::Result<()> {
    out.write_all(body)?;
    if body.last() == Some(&b'\n') { Ok(()) } else { out.write_all(b"\n") }
}

fn unwritten(error: &io::Error) -> Stop {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Stop::PipeClosed;
    }
    let failure = Failure::new(Code::Internal, "standard output cannot be written");
    failure.hint("Check where the output goes; what the command did stays done.").because_of(error).into()
}

/// Shows a command's help on standard error, where something is missing.
pub(crate) fn help(text: &str) {
    aside(text.trim_end());
}

/// Writes a line to standard error. Where that is closed nobody is left to tell.
fn aside(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_object_and_has_a_list_only_where_there_is_one() {
        let failure = Failure::new(Code::Cycle, "no").hint("so");
        assert_eq!(error_json(&failure), r#"{"error":{"code":"cycle","hint":"so","message":"no"}}"#);
        assert!(error_json(&failure.details(vec!["a".into()])).contains(r#""details":["a"]"#));
    }

    #[test]
    fn a_long_list_says_how_much_of_it_is_left_out() {
        let lines: Vec<String> = (0..25).map(|number| format!("task\n{number}")).collect();
        let told = listed(&lines, 80);
        assert!(told.starts_with("  task\\n0\n") && told.ends_with("  task\\n19\n  … and 5 more"), "{told}");
    }

    #[test]
    fn a_long_line_goes_on_below_itself() {
        assert_eq!(
            listed(&["Labs".into(), "  Toggl / Labs / Tide tables".into()], 24),
            "  Labs\n    Toggl / Labs /\n      Tide tables"
        );
    }
}
