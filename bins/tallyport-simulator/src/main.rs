//! A Toggl Track stand-in as a program: starts, says where it listens, and serves until it is told to end.

use std::io::{self, Write as _};

use clap::{Parser, ValueEnum};
use serde_json::json;
use tallyport_simulator::{Clock, Plan, Server, Simulator, Size, World};

/// Simulates Toggl Track's API v9 on 127.0.0.1.
///
/// Once it listens it prints one line of JSON with the URL, the control URL and the owner's token.
#[derive(Debug, Parser)]
#[command(name = "tallyport-simulator", version)]
struct Arguments {
    /// The port, 0 for a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The same seed gives the same world.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Organizations.
    #[arg(long, default_value_t = 1)]
    organizations: usize,
    /// Workspaces, dealt out to the organizations.
    #[arg(long, default_value_t = 1)]
    workspaces: usize,
    /// Clients in all workspaces together.
    #[arg(long, default_value_t = 6)]
    clients: usize,
    /// Projects in all workspaces together.
    #[arg(long, default_value_t = 20)]
    projects: usize,
    /// Tasks in all workspaces together.
    #[arg(long, default_value_t = 60)]
    tasks: usize,
    /// People beside the owner.
    #[arg(long, default_value_t = 8)]
    members: usize,
    /// Time entries of the owner.
    #[arg(long, default_value_t = 0)]
    entries: usize,
    /// Of a hundred clients, projects and tasks so many are archived or done.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(0..=100))]
    inactive: u8,
    /// What the organizations pay for.
    #[arg(long, value_enum, default_value_t = PlanName::Premium)]
    plan: PlanName,
    /// Serves the small world of Nordlicht Studio instead of a generated one.
    #[arg(long)]
    nordlicht: bool,
    /// Lets the clock stand still until it is moved through the control endpoint.
    #[arg(long)]
    fixed_clock: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PlanName {
    Free,
    Starter,
    Premium,
    Enterprise,
}

impl From<PlanName> for Plan {
    fn from(name: PlanName) -> Self {
        match name {
            PlanName::Free => Self::Free,
            PlanName::Starter => Self::Starter,
            PlanName::Premium => Self::Premium,
            PlanName::Enterprise => Self::Enterprise,
        }
    }
}

impl Arguments {
    fn world(&self) -> World {
        if self.nordlicht {
            return World::nordlicht();
        }
        let size = Size {
            organizations: self.organizations,
            workspaces: self.workspaces,
            clients: self.clients,
            projects: self.projects,
            tasks: self.tasks,
            members: self.members,
            entries: self.entries,
            inactive_percent: self.inactive,
            plan: self.plan.into(),
            ..Size::default()
        };
        World::generate(self.seed, &size)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let clock = if arguments.fixed_clock { Clock::fixed() } else { Clock::real() };
    let simulator = Simulator::with_clock(arguments.world(), clock);
    let server = Server::start_on(arguments.port, simulator.clone())?;
    let ended = end()?;
    let line = json!({ "url": server.url(), "control": server.control_url(), "token": simulator.owner_token() });
    writeln!(io::stdout(), "{line}")?;
    ended.await;
    Ok(())
}

/// Waits for Ctrl-C or SIGTERM; listening begins at once.
#[cfg(unix)]
fn end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other platforms' counterpart can fail")]
fn end() -> io::Result<impl Future<Output = ()>> {
    Ok(async { _ = tokio::signal::ctrl_c().await })
}
