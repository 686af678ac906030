//! Tallyport for a team: read the configuration, open the server, serve, exit.

mod cli;
mod config;
mod database;
mod demo;
mod env;
mod failure;
mod file;
#[cfg(test)]
mod fuzzed;
mod lines;
mod logging;
mod mail;
#[cfg(test)]
#[path = "../../../fuzz/replay.rs"]
mod replay;
mod settings;
mod stop;
mod values;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::ArgMatches;
use secrecy::ExposeSecret as _;
use tallyport_api_types::Code;
use tallyport_compose::{Demo, Server, ServerOptions};

use crate::config::Config;
use crate::failure::Failure;

fn main() -> ExitCode {
    let matches = match cli::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version are what was asked for; anything else was mistyped.
            let _nobody_reads_it = error.print();
            return if error.use_stderr() { Code::InvalidRequest.exit_code().into() } else { ExitCode::SUCCESS };
        }
    };
    if matches.subcommand_name() == Some(cli::PRINT) {
        let written = io::stdout().write_all(settings::file().as_bytes());
        return if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    match run(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&format!("error: {}\nhint: {}", failure.message, failure.hint));
            failure.exit_code.into()
        }
    }
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Config { mut server, logs, has_database } = config::read(matches)?;
    let demo = if matches.get_flag(cli::DEMO) { Some(demo::start(&mut server, has_database)?) } else { None };
    let _log = logging::start(logs);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime
        .map_err(|error| Failure::machine(format!("no threads can be started: {error}"), "Check the limits of this user."))?;
    runtime.block_on(serve(server, demo.as_ref()))
}

async fn serve(options: ServerOptions, demo: Option<&Demo>) -> Result<(), Failure> {
    // Before anything is open, so that no signal finds the server half made.
    let stop = stop::signals()
        .map_err(|error| Failure::machine(format!("signals cannot be waited for: {error}"), "Please report it."))?;
    raise_descriptors();
    let in_the_open = options.public_url.as_deref().filter(|url| url.starts_with("http://"));
    let exposed = in_the_open.filter(|_| !options.listen.ip().is_loopback()).map(str::to_owned);
    let server = Server::open(options).await?;
    if let Some(url) = exposed {
        tracing::warn!(
            url,
            "passwords and sessions travel in the open: put a proxy with TLS before the server, and give its address as public-url"
        );
    }
    if let Some(demo) = demo {
        server.furnish(demo).await?;
        tell(&demo::guide(server.url()));
    }
    if let Some(code) = server.set_up_code().await? {
        // To whoever started it and never into a log, which more people read and for longer.
        tell(&format!(
            "There is no account yet: open {}/setup and give this code, which holds until the server stops:\n    {}",
            server.url(),
            code.expose_secret()
        ));
    }
    let metrics = server.metrics_address().map(tracing::field::display);
    tracing::info!(listen = %server.address(), metrics, url = server.url(), "ready");
    server.serve(stop).await;
    Ok(())
}

/// Lets the process have as many connections as the system allows it, rather than the few that programs of old can bear.
#[cfg(unix)]
fn raise_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let _it_has_fewer = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

#[cfg(not(unix))]
fn raise_descriptors() {}

/// Writes to standard error. Where that is closed nobody is left to tell.
fn tell(text: &str) {
    let _nobody_reads_it = writeln!(io::stderr().lock(), "{text}");
}
