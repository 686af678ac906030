//! What is wrong with a command line, in the shape of every other error.

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use tallyport_api_types::Code;

use crate::cli::Cli;
use crate::failure::{Failure, Stop};
use crate::out::{self, Out};

/// Tells what the parser stopped for: help and version as data, where they were asked for; help where a command is missing, to
/// people; anything else as an error.
///
/// # Errors
/// Whatever is not asked for.
pub(crate) fn tell(error: &clap::Error, out: &Out) -> Result<(), Stop> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => out.text(&error.render().to_string()),
        kind if lacks_command(kind) && !out.is_json() => {
            out::help(&help(&command(&error.render().to_string())));
            Err(Stop::Told(Code::InvalidRequest.exit_code()))
        }
        _ => Err(failure(error).into()),
    }
}

fn lacks_command(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand)
}

/// The parser's complaint in one line, with its tip, or else the way to the command's help.
fn failure(error: &clap::Error) -> Failure {
    let told = error.render().to_string();
    let mut paragraphs = told.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    let complaint = paragraphs.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let message = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (kind, _) if lacks_command(kind) => "a command is missing".to_owned(),
        (ErrorKind::MissingRequiredArgument, Some(ContextValue::Strings(missing))) => format!("missing: {}", missing.join(", ")),
        _ => complaint,
    };
    let tip = paragraphs.find_map(|paragraph| paragraph.strip_prefix("tip: ").map(str::to_owned));
    let hint = tip.unwrap_or_else(|| format!("`{} --help` says what it takes.", command(&told).join(" ")));
    Failure::new(Code::InvalidRequest, message).hint(hint)
}

/// The words of the command that the parser's usage line is about; of all commands where there is no such line.
fn command(told: &str) -> Vec<String> {
    let usage = told.lines().find_map(|line| line.strip_prefix("Usage: ")).unwrap_or("tallyport");
    usage.split(' ').take_while(|word| !word.starts_with(['-', '<', '['])).map(str::to_owned).collect()
}

fn help(words: &[String]) -> String {
    let mut whole = Cli::command();
    whole.build();
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
pub(crate) fn wants_json(arguments: impl Iterator<Item = std::ffi::OsString>) -> bool {
    arguments.take_while(|argument| argument != "--").any(|argument| argument == "--json")
}
