//! `completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::Stop;
use crate::out::Out;

/// Print what a shell needs to complete commands
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, out: &Out) -> Result<(), Stop> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "tallyport", &mut script);
        let script = String::from_utf8_lossy(&script).into_owned();
        if out.is_json() {
            let shell = self.shell.to_string();
            return out.record(&serde_json::json!({ "shell": shell, "script": script }), |_, _| String::new());
        }
        out.text(&script)
    }
}
