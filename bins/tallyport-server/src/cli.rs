//! The command line, made from the table of settings.

use clap::{Arg, ArgAction, Command};

use crate::settings::{CONFIG, SETTINGS, Setting};

/// The command that prints the file of defaults.
pub(crate) const PRINT: &str = "config";
/// The flag of the demonstration.
pub(crate) const DEMO: &str = "demo";

/// The command line.
pub(crate) fn command() -> Command {
    Command::new("tallyport-server")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Time tracking for teams whose work is structured in Toggl Track, as a server")
        .max_term_width(80)
        .args_conflicts_with_subcommands(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new(DEMO)
                .long(DEMO)
                .action(ArgAction::SetTrue)
                .help("Serve a simulated Toggl with people to sign in as; in a temporary folder unless --database is given"),
        )
        .arg(flag(&CONFIG))
        .args(SETTINGS.iter().map(flag))
        .subcommand(Command::new(PRINT).about("Print every setting with its default, as a file for --config"))
}

fn flag(setting: &Setting) -> Arg {
    let default = Some(setting.default.trim_matches('"')).filter(|_| !setting.is_example);
    let default = default.map(|default| format!(" [default: {default}]")).unwrap_or_default();
    Arg::new(setting.key)
        .long(setting.key)
        .env(setting.variable)
        .hide_env_values(true)
        .value_name(setting.value)
        .help(format!("{}{default}", setting.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }
}
