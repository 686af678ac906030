//! `demo`.

use std::path::Path;

use clap::{Args, Parser};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tallyport_api_types::Code;
use tallyport_compose::Demo as World;

use crate::cli::{Cli, Globals};
use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::place;
use crate::render::{Ink, text};
use crate::session::refused;

/// The whole job on a simulated Toggl, in a temporary folder that is gone afterwards
#[derive(Debug, Args)]
pub(crate) struct Demo {}

/// Where the token lies, inside the temporary folder.
const TOKEN_FILE: &str = "toggl-token";

/// What to type for an account of one's own.
const OWN: [&str; 3] =
    ["tallyport account create --name NAME --admin-email EMAIL", "tallyport toggl enable", "tallyport toggl select --all"];

impl Demo {
    pub(crate) async fn run(self, globals: &Globals, out: &Out) -> Result<(), Stop> {
        if globals.typed.server {
            return Err(place::chore().into());
        }
        let world = World::start().map_err(|error| refused(&error))?;
        // Whoever has seen enough finds nothing left behind either.
        tokio::select! {
            done = tell(&world, globals, out) => done,
            Ok(()) = tokio::signal::ctrl_c() => {
                Err(Failure::new(Code::Cancelled, "the demonstration was cut short").hint("Nothing of it is left behind.").into())
            }
        }
    }
}

async fn tell(world: &World, globals: &Globals, out: &Out) -> Result<(), Stop> {
    let mut show = Show::of(world, globals, out)?;
    let (owner, email) = World::OWNER;

    show.step(
        "Create an account with its administrator.",
        &["account", "create", "--name", World::ACCOUNT, "--admin-email", email, "--admin-name", owner],
    )
    .await?;
    show.say("Add people. Their addresses are what Toggl's members are matched by.")?;
    for (name, email) in World::PEOPLE {
        show.command(&["people", "add", email, "--name", name]).await?;
    }
    show.step("Link Toggl. The token is checked first, then kept encrypted.", &["toggl", "enable", "--token-file", TOKEN_FILE])
        .await?;
    show.step("Mirror all workspaces. This syncs at once.", &["toggl", "select", "--all"]).await?;
    show.step("The Toggl account is now a task tree.", &["tasks", "tree"]).await?;

    let changes = world.change_toggl();
    show.say("Meanwhile, in Toggl, somebody")?;
    show.changed(&changes)?;
    show.step("Look at what that would change here, before it does.", &["toggl", "preview"]).await?;
    show.step("Sync.", &["toggl", "sync"]).await?;
    show.step("Nothing is lost: what went is archived, with its reason.", &["tasks", "tree", "--archived"]).await?;
    show.step("Ask why.", &["tasks", "why", "Moodboard"]).await?;
    let (_, left) = World::PEOPLE[1];
    show.step("See what somebody still has.", &["access", left]).await?;
    show.step("See how it stands.", &["toggl", "status"]).await?;
    show.say("That was all, and nothing of it is left behind. With your own account:")?;
    show.list(&OWN.map(str::to_owned))?;
    show.end()
}

/// The demonstration as it is told: each command is shown as one would type it, and then run.
struct Show<'a> {
    globals: Globals,
    folder: &'a Path,
    out: &'a Out,
    /// With `--json`: what is left of each command's answer, and where it is kept meanwhile.
    kept: Option<(Out, Vec<Value>)>,
    steps: usize,
}

impl<'a> Show<'a> {
    fn of(world: &'a World, globals: &Globals, out: &'a Out) -> Result<Self, Stop> {
        let folder = world.folder();
        let written = std::fs::write(folder.join(TOKEN_FILE), world.token().expose_secret());
        written.map_err(|error| Failure::new(Code::Internal, "the temporary folder cannot be written").because_of(&error))?;
        // Whatever the environment says of other databases and servers, this is about none of them.
        let globals = Globals {
            database: Some(world.database().display().to_string()),
            server: None,
            account: None,
            user: None,
            toggl_url: Some(world.toggl_url()),
            toggl_rate: None,
            secret_key: None,
            ..globals.clone()
        };
        let kept = out.is_json().then(|| (out.keeping(), Vec::new()));
        Ok(Self { globals, folder, out, kept, steps: 0 })
    }

    /// Says what comes, then does it.
    async fn step(&mut self, title: &str, arguments: &[&str]) -> Result<(), Stop> {
        self.say(title)?;
        self.command(arguments).await
    }

    fn say(&mut self, title: &str) -> Result<(), Stop> {
        if self.kept.is_some() {
            return Ok(());
        }
        let page = self.out.page();
        let gap = if self.steps == 0 { "" } else { "\n" };
        self.steps += 1;
        let title =
            text::wrap(title, page.width).into_iter().map(|line| page.ink(Ink::Bold, &line)).collect::<Vec<_>>().join("\n");
        self.out.text(&format!("{gap}{title}\n"))
    }

    fn list(&self, lines: &[String]) -> Result<(), Stop> {
        if self.kept.is_some() {
            return Ok(());
        }
        let width = self.out.page().width;
        let lines = lines.iter().map(|line| format!("{}\n", text::fit(&format!("  {line}"), width)));
        self.out.text(&lines.collect::<String>())
    }

    fn changed(&mut self, changes: &[String]) -> Result<(), Stop> {
        if let Some((_, told)) = &mut self.kept {
            told.push(json!({ "changes_in_toggl": changes }));
        }
        self.list(changes)
    }

    async fn command(&mut self, arguments: &[&str]) -> Result<(), Stop> {
        let typed: Vec<String> = std::iter::once("tallyport").chain(arguments.iter().copied()).map(quoted).collect();
        if self.kept.is_none() {
            let page = self.out.page();
            let prompt = continued(&typed, page.width).into_iter().map(|line| format!("{}\n", page.ink(Ink::Changed, &line)));
            self.out.text(&prompt.collect::<String>())?;
        }
        let token_file = self.folder.join(TOKEN_FILE).display().to_string();
        let real = arguments.iter().map(|argument| if *argument == TOKEN_FILE { token_file.as_str() } else { argument });
        let mut cli = Cli::try_parse_from(std::iter::once("tallyport").chain(real))
            .map_err(|error| Failure::new(Code::Internal, "the demonstration mistyped a command").because_of(&error))?;
        cli.globals = self.globals.clone();
        let Some((out, told)) = &mut self.kept else {
            return Box::pin(super::run(cli, &self.out.quietly())).await;
        };
        Box::pin(super::run(cli, out)).await?;
        let answer = serde_json::from_slice(&out.take()).unwrap_or(Value::Null);
        told.push(json!({ "command": typed.join(" "), "answer": answer }));
        Ok(())
    }

    fn end(self) -> Result<(), Stop> {
        match self.kept {
            Some((_, told)) => self.out.record(&json!({ "steps": told }), |_, _| String::new()),
            None => Ok(()),
        }
    }
}

/// An argument as a shell takes it.
fn quoted(argument: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./@:=+".contains(character);
    if argument.chars().all(is_plain) { argument.to_owned() } else { format!("\"{argument}\"") }
}

/// A command behind a prompt, on as many lines as it takes.
fn continued(words: &[String], width: usize) -> Vec<String> {
    let mut lines = vec!["$".to_owned()];
    for word in words {
        let Some(line) = lines.last_mut() else { continue };
        if text::width(line) + text::width(word) + 3 > width && line != "$" {
            line.push_str(" \\");
            lines.push(format!("   {word}"));
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_copied_whatever_the_width() {
        let words = ["tallyport", "people", "add", "zoe@example.com", "--name", "Zoë Lefèvre"].map(quoted);
        assert_eq!(continued(&words, 80), ["$ tallyport people add zoe@example.com --name \"Zoë Lefèvre\""]);
        assert_eq!(continued(&words, 45), ["$ tallyport people add zoe@example.com \\", "   --name \"Zoë Lefèvre\""]);
    }
}
