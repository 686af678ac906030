//! What is wrong with a command line, in the shape of every other error.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};
use tallyport_api_types::Code;

use crate::cli::Cli;
use crate::failure::{Failure, Stop};
use crate::out::{self, Out};

/// Tells what the parser stopped for: help and version as data, where they were asked for; help where a command is missing, to
/// people; anything else as an error.
///
/// # Errors
/// Whatever is not asked for.
pub(crate) fn tell(error: &clap::Error, arguments: impl Iterator<Item = OsString>, out: &Out) -> Result<(), Stop> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => out.text(&error.render().to_string()),
        kind if lacks_command(kind) && !out.is_json() => {
            out::help(&help(&command(arguments)));
            Err(Stop::Told(Code::InvalidRequest.exit_code()))
        }
        _ => Err(failure(error, arguments).into()),
    }
}

fn lacks_command(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand)
}

/// What is wrong in one line, with the parser's tip, or else the way to the command's help.
fn failure(error: &clap::Error, arguments: impl Iterator<Item = OsString>) -> Failure {
    let told = error.render().to_string();
    let mut paragraphs = told.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    let complaint = paragraphs.next().unwrap_or_default();
    let tip = paragraphs.find_map(|paragraph| paragraph.strip_prefix("tip: a ").map(|tip| format!("A {tip}")));
    let hint = tip.unwrap_or_else(|| format!("`{} --help` says what it takes.", command(arguments).join(" ")));
    Failure::new(Code::InvalidRequest, message(error, complaint.trim_start_matches("error: "))).hint(hint)
}

/// The parser's complaint without what was typed, unless that is the name of an option: it may be a secret in the wrong place.
fn message(error: &clap::Error, complaint: &str) -> String {
    let words = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => vec![word.as_str()],
        Some(ContextValue::Strings(words)) => words.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let argument = words(ContextKind::InvalidArg).join(", ");
    match error.kind() {
        kind if lacks_command(kind) => "a command is missing".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("missing: {argument}"),
        ErrorKind::InvalidSubcommand => "there is no such command".to_owned(),
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            format!("there is no option {}", argument.split('=').next().unwrap_or_default())
        }
        ErrorKind::UnknownArgument => "there is an argument too many".to_owned(),
        ErrorKind::InvalidValue => match words(ContextKind::ValidValue).as_slice() {
            [] => format!("{argument} needs a value"),
            valid => format!("{argument} takes one of {}", valid.join(", ")),
        },
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(why) if why.is::<std::num::ParseIntError>() => format!("{argument} takes a whole number"),
            Some(why) => format!("{argument} does not take this value: {why}"),
            None => format!("{argument} does not take this value"),
        },
        _ => complaint.to_owned(),
    }
}

/// The words of the command that is meant, as far as it can be made out of what was typed. The parser's complaints are no help:
/// those about a value do not say whose value it is.
fn command(arguments: impl Iterator<Item = OsString>) -> Vec<String> {
    let mut words = vec!["tallyport".to_owned()];
    let matches = Cli::command().ignore_errors(true).try_get_matches_from(arguments).unwrap_or_default();
    let mut rest = &matches;
    while let Some((word, below)) = rest.subcommand() {
        words.push(word.to_owned());
        rest = below;
    }
    words
}

/// Every command, put together.
pub(crate) fn whole() -> Command {
    let mut whole = Cli::command();
    whole.build();
    whole
}

fn help(words: &[String]) -> String {
    let mut whole = whole();
    let mut command = &mut whole;
    for word in words.iter().skip(1) {
        if command.find_subcommand(word).is_none() {
            break;
        }
        command = command.find_subcommand_mut(word).expect("it was found above");
    }
    command.render_help().to_string()
}

/// Whether JSON is wanted, on a command line that cannot be parsed.
pub(crate) fn wants_json(arguments: impl Iterator<Item = OsString>) -> bool {
    arguments.take_while(|argument| argument != "--").any(|argument| argument == "--json")
}
