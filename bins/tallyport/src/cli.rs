//! The command line: global options and commands.

use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use secrecy::SecretString;

use crate::commands::{
    Access, Account, Add, Assign, Backup, Completions, Continue, Delete, Demo, Doctor, Edit, Entries, Export, Invitations, Login,
    Logout, Me, People, Report, Start, Status, Stop, Tags, Tasks, Toggl, Tokens, Unassign, Undo, Whoami,
};
use crate::env;
use crate::place::Typed;

/// Time tracking for teams whose work is structured in Toggl Track
#[derive(Debug, Parser)]
#[command(name = "tallyport", version, arg_required_else_help = true, max_term_width = 80)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command has.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// The database; by default a file in the platform's data directory
    #[arg(long, global = true, env = env::DATABASE, hide_env_values = true, value_name = "PATH|URL")]
    pub(crate) database: Option<String>,
    /// The server to talk to instead of a local database; `TALLYPORT_TOKEN` or `login` opens it
    #[arg(long, global = true, env = env::SERVER, hide_env_values = true, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// The account, where the database holds several
    #[arg(long, global = true, env = env::ACCOUNT, hide_env_values = true, value_name = "NAME|ID")]
    pub(crate) account: Option<String>,
    /// Who acts on a local database; may be left out where there is one active person or one active administrator
    #[arg(long = "as", global = true, env = env::USER, hide_env_values = true, value_name = "EMAIL")]
    pub(crate) user: Option<String>,
    /// The base of Toggl's API; anything else than Toggl's own host must be https or loopback
    #[arg(long, global = true, env = env::TOGGL_URL, hide_env_values = true, value_name = "URL")]
    pub(crate) toggl_url: Option<String>,
    /// Requests a second to Toggl; by default Toggl's safe pace, and none on loopback
    #[arg(long, global = true, env = env::TOGGL_RATE, hide_env_values = true, value_name = "N")]
    pub(crate) toggl_rate: Option<String>,
    /// One JSON document on standard output, and errors as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Nothing on standard error but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// More on standard error: the database, who acts, and each request
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Answer yes to what would be asked
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// When to use colours; `NO_COLOR` turns them off too
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(crate) color: Colour,
    /// The keys that seal tokens, which come from the environment alone.
    #[arg(skip)]
    pub(crate) secret_key: Option<SecretString>,
    /// A token for the server, which comes from the environment alone.
    #[arg(skip)]
    pub(crate) token: Option<SecretString>,
    /// Which options were on the command line itself.
    #[arg(skip)]
    pub(crate) typed: Typed,
}

/// When to use colours.
// Its values have no texts of their own: one would spread every help over three screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}

/// What can be done. Only the command that is meant is put together, since all of them take longer than most of them run.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    Start(Start),
    Continue(Continue),
    Stop(Stop),
    Status(Status),
    Add(Add),
    Entries(Entries),
    Edit(Edit),
    Delete(Delete),
    Undo(Undo),
    #[command(subcommand)]
    Tags(Tags),
    Report(Report),
    Export(Export),
    Demo(Demo),
    #[command(subcommand)]
    Account(Account),
    Login(Login),
    Logout(Logout),
    Whoami(Whoami),
    #[command(subcommand)]
    Me(Me),
    #[command(subcommand)]
    Tokens(Tokens),
    #[command(subcommand)]
    Toggl(Toggl),
    #[command(subcommand)]
    Tasks(Tasks),
    #[command(subcommand)]
    People(People),
    #[command(subcommand)]
    Invitations(Invitations),
    Assign(Assign),
    Unassign(Unassign),
    Access(Access),
    #[command(subcommand)]
    Backup(Backup),
    Doctor(Doctor),
    Completions(Completions),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
