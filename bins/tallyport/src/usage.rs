//! What is wrong with a command line, in the shape of every other error.

use clap::error::ErrorKind;
use tallyport_api_types::Code;

use crate::failure::{Failure, Stop};
use crate::out::{self, Out};

/// Tells what the parser stopped for: help and version as data, where they were asked for; help where a command is missing, to
/// people; anything else as an error.
///
/// # Errors
/// Whatever is not asked for.
pub(crate) fn tell(error: &clap::Error, out: &Out) -> Result<(), Stop> {
    let rendered = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => out.text(&rendered.to_string()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !out.is_json() => {
            out::help(&rendered.to_string());
            Err(Stop::Told(Code::InvalidRequest.exit_code()))
        }
        _ => Err(failure(error).into()),
    }
}

/// The parser's complaint: its first paragraph on one line, and its tip or the command's usage as the hint.
fn failure(error: &clap::Error) -> Failure {
    let told = error.render().to_string();
    let mut paragraphs = told.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    let message = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a command is missing".to_owned(),
        _ => paragraphs.next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    };
    let tip = paragraphs.find_map(|paragraph| paragraph.strip_prefix("tip: ").map(str::to_owned));
    let usage = told.lines().find_map(|line| line.strip_prefix("Usage: ")).map(|usage| format!("Usage: {usage}"));
    let hint = tip.or(usage).unwrap_or_else(|| Code::InvalidRequest.hint().to_owned());
    Failure::new(Code::InvalidRequest, message).hint(hint)
}

/// Whether JSON is wanted, on a command line that cannot be parsed.
pub(crate) fn wants_json(arguments: impl Iterator<Item = std::ffi::OsString>) -> bool {
    arguments.take_while(|argument| argument != "--").any(|argument| argument == "--json")
}
