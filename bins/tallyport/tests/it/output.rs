//! Which stream gets what, in which shape.

use std::io::Read;
use std::process::Stdio;

use crate::support::{Bench, Mode, in_every_mode, many_projects, snapshot};

in_every_mode!(
    quiet_leaves_data_and_errors,
    verbose_tells_of_place_actor_and_requests,
    colours_come_when_they_are_wanted,
    names_cannot_drive_the_terminal,
    the_width_is_kept,
    what_cannot_be_written_is_said,
    a_reader_that_leaves_ends_the_command_quietly,
);

fn quiet_leaves_data_and_errors(bench: &Bench) {
    let ran = bench.account().run_with(&["toggl", "enable", "--token-stdin", "--quiet"], &bench.token(), &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("Toggl: enabled"));
    let ran = bench.run(&["tasks", "show", "99", "-q"]);
    assert_eq!((ran.code, ran.stderr.lines().count()), (4, 2));
}

fn verbose_tells_of_place_actor_and_requests(bench: &Bench) {
    let told = bench.account().run(&["tasks", "tree", "--json", "-v"]).told();
    let place = match bench.mode() {
        Mode::Local => "database [folder]/tallyport.db",
        Mode::Server => "server [server]",
    };
    snapshot!(told.replace(place, "[place]"), @r"
    exit 0
    --- stdout
    []

    --- stderr
    [place]
    GET /api/v1/me -> 200
    acting as ana.novakova@nordlicht.example
    GET /api/v1/tasks?state=active -> 200
    ");
}

fn colours_come_when_they_are_wanted(bench: &Bench) {
    bench.imported();
    let coloured =
        |arguments: &[&str], environment: &[(&str, &str)]| bench.run_with(arguments, "", environment).stdout.contains('\u{1b}');
    assert!(!coloured(&["tasks", "tree"], &[]));
    assert!(coloured(&["tasks", "tree", "--color", "always"], &[]));
    assert!(!coloured(&["tasks", "tree", "--color", "never"], &[]));
    assert!(!coloured(&["tasks", "tree", "--json", "--color", "always"], &[]));
    assert!(!coloured(&["tasks", "tree"], &[("NO_COLOR", "1")]));
}

fn names_cannot_drive_the_terminal(bench: &Bench) {
    bench.simulator().change(|world| {
        let workspace = world.find_workspace("Studio").unwrap();
        world.add_project(workspace, "\u{1b}]0;owned\u{7}\u{1b}[2J\r\n\u{202e}gpj.exe").unwrap();
        world.add_project(workspace, "").unwrap();
    });
    bench.imported();
    for arguments in
        [&["tasks", "tree"][..], &["tasks", "search", "owned"], &["toggl", "history", "1"], &["toggl", "preview", "--none"]]
    {
        let text = bench.done(arguments);
        assert!(!text.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']), "{arguments:?}: {text:?}");
        assert!(text.contains(r"\u{1b}]0;owned\u{7}\u{1b}[2J\r\n\u{202e}gpj.exe"), "{arguments:?}: {text}");
    }
    let tree = bench.json(&["tasks", "tree"]);
    let names: Vec<&str> = tree.as_array().unwrap().iter().map(|task| task["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"\u{1b}]0;owned\u{7}\u{1b}[2J\r\n\u{202e}gpj.exe") && names.contains(&"")); // T5
    assert!(bench.done(&["tasks", "tree"]).contains("(unnamed)")); // T5
}

fn the_width_is_kept(bench: &Bench) {
    bench.simulator().change(|world| {
        let workspace = world.find_workspace("Studio").unwrap();
        let client = world.add_client(workspace, "株式会社みなと ".repeat(9)).unwrap();
        world.move_project(world.find_project("Website").unwrap(), Some(client)).unwrap();
    });
    bench.imported();
    for columns in ["50", "80", "132"] {
        for command in [&["tasks", "tree"][..], &["tasks", "search", "design"], &["people", "list"]] {
            let ran = bench.run_with(command, "", &[("COLUMNS", columns)]);
            let widest = ran.stdout.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap();
            assert!(widest <= columns.parse().unwrap(), "{command:?} in {columns}: {}", ran.stdout);
        }
    }
}

fn what_cannot_be_written_is_said(bench: &Bench) {
    bench.account();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let child = bench.command(&["people", "list"]).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let ran = bench.finish(child);
    snapshot!(ran.told(), @r"
    exit 1
    --- stderr
    error: standard output cannot be written
    hint: Check where the output goes; what the command did stays done.
    ");
}

fn a_reader_that_leaves_ends_the_command_quietly(bench: &Bench) {
    let bench = Bench::over(bench.mode(), many_projects(1500));
    bench.imported();
    for arguments in [&["tasks", "tree"][..], &["tasks", "tree", "--json"]] {
        let mut child = bench.start(arguments);
        let mut some = [0; 100];
        let mut reader = child.stdout.take().unwrap();
        reader.read_exact(&mut some).unwrap();
        drop(reader);
        let ran = bench.finish(child);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{arguments:?}");
    }
}
