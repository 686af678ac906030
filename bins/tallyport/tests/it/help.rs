//! What the commands say of themselves.

use crate::support::{Bench, Mode};

const COMMANDS: [&str; 84] = [
    "",
    "start",
    "continue",
    "stop",
    "status",
    "add",
    "entries",
    "edit",
    "delete",
    "undo",
    "tags",
    "tags list",
    "tags rename",
    "tags merge",
    "tags remove",
    "report",
    "export",
    "demo",
    "account",
    "account create",
    "login",
    "logout",
    "whoami",
    "me",
    "me set",
    "tokens",
    "tokens list",
    "tokens create",
    "tokens revoke",
    "toggl",
    "toggl enable",
    "toggl workspaces",
    "toggl select",
    "toggl preview",
    "toggl sync",
    "toggl status",
    "toggl history",
    "toggl members",
    "toggl settings",
    "toggl cancel",
    "toggl confirm",
    "toggl reject",
    "toggl unlink",
    "toggl re-enable",
    "toggl adopt-assignments",
    "tasks",
    "tasks tree",
    "tasks search",
    "tasks show",
    "tasks why",
    "tasks add",
    "tasks rename",
    "tasks move",
    "tasks archive",
    "tasks restore",
    "tasks delete",
    "people",
    "people list",
    "people add",
    "people invite",
    "people role",
    "people email",
    "people deactivate",
    "people reactivate",
    "people reset-password",
    "invitations",
    "invitations list",
    "invitations resend",
    "invitations revoke",
    "assign",
    "unassign",
    "access",
    "backup",
    "backup create",
    "backup restore",
    "doctor",
    "completions",
    "help",
    "help toggl",
    "toggl help",
    "tasks help",
    "people help",
    "account help",
    "tokens help",
];

#[test]
fn every_command_says_what_it_does() {
    let bench = Bench::new(Mode::Local);
    let mut told = String::new();
    for command in COMMANDS {
        let arguments: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let arguments = if command.contains("help") { &arguments[..arguments.len() - 1] } else { &arguments };
        let ran = bench.run(arguments);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{command}");
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{command}: {}", ran.stdout);
        if command.contains("help") {
            continue;
        }
        // The global options are the same everywhere.
        let (own, global) = ran.stdout.split_once("Global options:").unwrap();
        let text = if command.is_empty() { &ran.stdout } else { own };
        assert!(global.contains("--database"), "{command}");
        told.push_str(&["$ tallyport ", &arguments.join(" "), "\n", text.trim_end(), "\n\n"].concat());
    }
    insta::assert_snapshot!("help", told);
}

#[test]
fn the_version_is_told() {
    let ran = Bench::new(Mode::Local).run(&["--version"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, concat!("tallyport ", env!("CARGO_PKG_VERSION"), "\n")));
}

#[test]
fn shells_get_their_completions() {
    let bench = Bench::new(Mode::Local);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(bench.done(&["completions", shell]).contains("tallyport"), "{shell}");
    }
    assert_eq!(bench.json(&["completions", "fish"])["shell"], "fish");
    assert_eq!(bench.run(&["completions", "tcl"]).code, 2);
}

#[test]
fn a_missing_command_is_answered_with_help() {
    let bench = Bench::new(Mode::Local);
    for arguments in [&[][..], &["toggl"], &["tasks"]] {
        let ran = bench.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("Usage: tallyport"), "{}", ran.stderr);
    }
    assert_eq!(bench.run(&["--json"]).error()["code"], "invalid_request");
}
