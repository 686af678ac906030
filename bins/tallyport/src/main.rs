//! Tallyport in the terminal: parse, run, exit.

mod ask;
mod cli;
mod commands;
mod database;
mod echo;
mod env;
mod failure;
mod find;
mod follow;
mod login;
mod out;
mod place;
mod progress;
mod render;
mod secrets;
mod session;
mod usage;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use secrecy::SecretString;
use tallyport_api_types::Code;

use crate::cli::Cli;
use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::place::Typed;

fn main() -> ExitCode {
    let mut cli = match parse() {
        Ok(cli) => cli,
        Err(error) => {
            let out = Out::before_parsing(usage::wants_json(std::env::args_os()));
            return exit(&out, usage::tell(&error, std::env::args_os(), &out));
        }
    };
    cli.globals.secret_key = env::read(env::SECRET_KEY).map(SecretString::from);
    cli.globals.token = env::read(env::TOKEN).map(SecretString::from);
    let out = Out::new(&cli.globals);
    // A command does one thing after another: more threads would only hand it to and fro.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(commands::run(cli, &out));
            if matches!(done, Err(Stop::Left(_))) {
                runtime.shutdown_background();
            }
            done
        }
        Err(error) => Err(Failure::new(Code::Internal, "no threads can be started").because_of(&error).into()),
    };
    exit(&out, done)
}

/// The command line, with what of it was typed and did not come from the environment.
fn parse() -> Result<Cli, clap::Error> {
    // What is told of a command line that is none comes from all commands.
    let matches = Cli::command().try_get_matches();
    let mut matches = matches.or_else(|error| match error.kind() {
        ErrorKind::DisplayVersion => Err(error),
        _ => usage::whole().try_get_matches(),
    })?;
    let typed = |matches: &ArgMatches, option| matches.value_source(option) == Some(ValueSource::CommandLine);
    let typed = Typed { database: typed(&matches, "database"), server: typed(&matches, "server") };
    let mut cli = Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut Cli::command()))?;
    cli.globals.typed = typed;
    Ok(cli)
}

fn exit(out: &Out, done: Result<(), Stop>) -> ExitCode {
    match done {
        Ok(()) | Err(Stop::PipeClosed) => ExitCode::SUCCESS,
        Err(Stop::Told(code)) => code.into(),
        Err(Stop::Failure(failure) | Stop::Left(failure)) => {
            out.error(&failure);
            failure.exit_code().into()
        }
    }
}
