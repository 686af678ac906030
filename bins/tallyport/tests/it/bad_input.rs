//! What people get wrong: one line that says what is wrong, one that says what to do, the exit code, and nothing half done.

use crate::support::{Bench, Mode, in_every_mode, snapshot};

in_every_mode!(tokens_that_open_nothing, a_token_on_the_command_line_is_refused_and_not_repeated, options_that_make_no_sense,);

fn tokens_that_open_nothing(bench: &Bench) {
    bench.account();
    let enable = |token: &str| bench.run_with(&["toggl", "enable", "--token-stdin"], token, &[]);
    snapshot!(enable("0123456789abcdef0123456789abcdef").told(), @r"
    exit 6
    --- stderr
    error: Toggl refused the API token: status 403: Incorrect username and/or password; login attempts left: 9 (request [id])
    hint: Copy the API token from the bottom of your Toggl Track profile page, and try again with that.
    ");
    snapshot!(enable("toggl2-0123456789abcdef0123456789abcdef0123456789abcdef").told(), @r"
    exit 6
    --- stderr
    error: this looks like a token of Toggl 2.0 (Focus), not of Toggl Track
    hint: Toggl Track's own token stands at the bottom of its profile page: track.toggl.com/profile.
    "); // I2
    snapshot!(enable("").told(), @r"
    exit 2
    --- stderr
    error: the token that was given is empty
    hint: Give the API token of a Toggl Track profile: on standard input (--token-stdin), in a file (--token-file) or in TOGGL_API_TOKEN.
    ");
    snapshot!(enable("\n \n").told(), @r"
    exit 2
    --- stderr
    error: the token that was given is empty
    hint: Give the API token of a Toggl Track profile: on standard input (--token-stdin), in a file (--token-file) or in TOGGL_API_TOKEN.
    ");
    snapshot!(bench.run(&["toggl", "enable"]).told(), @r"
    exit 2
    --- stderr
    error: no Toggl API token was given
    hint: Give the API token of a Toggl Track profile: on standard input (--token-stdin), in a file (--token-file) or in TOGGL_API_TOKEN.
    ");
    snapshot!(bench.run(&["toggl", "enable", "--token-file", "/no/such/file"]).told(), @r"
    exit 2
    --- stderr
    error: the file /no/such/file cannot be opened
    hint: Check its path and its permissions.
    ");
    let token = bench.token();
    bench.simulator().change(|world| world.revoke_token(&token));
    assert_eq!(enable(&token).code, 6);
    assert_eq!(bench.json(&["toggl", "status"])["state"], "disabled");
}

fn a_token_on_the_command_line_is_refused_and_not_repeated(bench: &Bench) {
    let token = bench.account().token();
    let option = ["--token=", &token].concat();
    for command in ["enable", "re-enable"] {
        for arguments in
            [&[token.as_str()][..], &["--token", &token], &[&option], &["--api-token", &token], &["--token-stdin", &token]]
        {
            let ran = bench.run(&[&["toggl", command], arguments].concat());
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}: {ran:?}");
            assert!(!ran.stderr.contains(&token) && ran.stderr.contains("--token-stdin"), "{ran:?}");
        }
    }
    snapshot!(bench.run(&["toggl", "enable", &token]).told(), @r"
    exit 2
    --- stderr
    error: a token does not belong on the command line, where others can read it
    hint: Give the API token of a Toggl Track profile: on standard input (--token-stdin), in a file (--token-file) or in TOGGL_API_TOKEN.
    ");
    assert_eq!(bench.json(&["toggl", "status"])["state"], "disabled");
    assert!(bench.simulator().requests().is_empty());
}

/// On a server its operator says how Toggl is reached, and the options are refused.
#[test]
fn addresses_of_toggl_that_must_not_get_a_token() {
    let bench = Bench::new(Mode::Local);
    bench.account();
    let sync = |url: &str| bench.run_with(&["toggl", "enable", "--token-stdin", "--toggl-url", url], &bench.token(), &[]);
    snapshot!(sync("http://toggl.example/api/v9").told(), @r#"
    exit 2
    --- stderr
    error: "http://toggl.example/api/v9" cannot be used as Toggl's address: without https the token could be read on the way; only this machine may go without
    hint: The address is https or on this machine, the rate from 0.001 to 1000.
    "#);
    snapshot!(sync("nonsense").told(), @r#"
    exit 2
    --- stderr
    error: "nonsense" cannot be used as Toggl's address: it is no URL
    hint: The address is https or on this machine, the rate from 0.001 to 1000.
    "#);
    let rate = bench.run(&["toggl", "status", "--toggl-rate", "fast"]);
    snapshot!(rate.told(), @r#"
    exit 2
    --- stderr
    error: "fast" is no number of requests a second
    hint: Give a number such as 1 or 0.5 with --toggl-rate or TALLYPORT_TOGGL_RATE.
    "#);
    assert_eq!(bench.run(&["toggl", "status", "--toggl-rate", "-1"]).code, 2);
    assert_eq!(bench.run(&["toggl", "status", "--toggl-rate", "0"]).code, 2);
}

fn options_that_make_no_sense(bench: &Bench) {
    bench.account();
    snapshot!(bench.run(&["tasks", "tre"]).told(), @r"
    exit 2
    --- stderr
    error: there is no such command
    hint: A similar subcommand exists: 'tree'
    ");
    snapshot!(bench.run(&["tasks", "tree", "--archive"]).told(), @r"
    exit 2
    --- stderr
    error: there is no option --archive
    hint: A similar argument exists: '--archived'
    ");
    snapshot!(bench.run(&["tasks", "move", "1"]).told(), @r"
    exit 2
    --- stderr
    error: missing: <--under <TASK>|--root>
    hint: `tallyport tasks move --help` says what it takes.
    ");
    snapshot!(bench.run(&["people", "add", "a@example.com"]).told(), @r"
    exit 2
    --- stderr
    error: missing: --name <NAME>
    hint: `tallyport people add --help` says what it takes.
    ");
    snapshot!(bench.run(&["people", "add", "a@example.com", "--json"]).told(), @r#"
    exit 2
    --- stderr
    {"error":{"code":"invalid_request","hint":"`tallyport people add --help` says what it takes.","message":"missing: --name <NAME>"}}
    "#);
    snapshot!(bench.run(&["tasks", "tree", "hush-hush"]).told(), @r"
    exit 2
    --- stderr
    error: there is an argument too many
    hint: `tallyport tasks tree --help` says what it takes.
    ");
    snapshot!(bench.run(&["tasks", "tree", "--color", "hush-hush"]).told(), @r"
    exit 2
    --- stderr
    error: --color <WHEN> takes one of auto, always, never
    hint: `tallyport tasks tree --help` says what it takes.
    ");
    snapshot!(bench.run(&["tasks", "tree", "--color"]).told(), @r"
    exit 2
    --- stderr
    error: --color <WHEN> takes one of auto, always, never
    hint: `tallyport tasks tree --help` says what it takes.
    ");
    snapshot!(bench.run(&["hush-hush"]).told(), @r"
    exit 2
    --- stderr
    error: there is no such command
    hint: `tallyport --help` says what it takes.
    ");
    snapshot!(bench.run(&["toggl", "select", "--all", "--none"]).told(), @r"
    exit 2
    --- stderr
    error: the argument '--all' cannot be used with '--none'
    hint: `tallyport toggl select --help` says what it takes.
    ");
    snapshot!(bench.run(&["toggl", "history", "hush-hush"]).told(), @r"
    exit 2
    --- stderr
    error: [RUN] takes a whole number
    hint: `tallyport toggl history --help` says what it takes.
    ");
    // Also where an option with a value stands before the command.
    snapshot!(bench.run(&["--account", "tasks", "toggl", "sync", "--wait", "long"]).told(), @r"
    exit 2
    --- stderr
    error: --wait <MINUTES> takes a whole number
    hint: `tallyport toggl sync --help` says what it takes.
    ");
}
