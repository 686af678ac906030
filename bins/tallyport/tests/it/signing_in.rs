//! `login`, `logout`, and where a command works (C5): all about a server, and about what lies on this machine.

use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Bench, Mode, Ran, snapshot};

const PASSWORD: &str = "a sentence that nobody guesses";

/// A served account with Zoë, who has a password.
fn bench() -> Bench {
    let bench = Bench::new(Mode::Server);
    let add = ["people", "add", "zoe@example.com", "--name", "Zoë", "--role", "manager", "--password-stdin"];
    let ran = bench.account().run_with(&add, PASSWORD, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    bench
}

/// Runs the binary as somebody does whose environment says nothing.
fn bare(bench: &Bench, arguments: &[&str], input: &str) -> Ran {
    bench.run_command(bench.bare_command(arguments), input, &[])
}

fn kept(bench: &Bench) -> PathBuf {
    bench
        .folder()
        .join(if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" })
        .join("tallyport/login.json")
}

fn kept_token(bench: &Bench) -> String {
    let kept: Value = serde_json::from_slice(&std::fs::read(kept(bench)).unwrap()).unwrap();
    kept["token"].as_str().unwrap().to_owned()
}

fn sign_in(bench: &Bench) -> Ran {
    let login = ["login", bench.served().url(), "--email", "zoe@example.com", "--password-stdin"];
    bare(bench, &login, &format!("{PASSWORD}\n"))
}

#[test] // C5, A4
fn signing_in_with_a_password_keeps_a_token_until_signing_out() {
    let bench = bench();
    snapshot!(sign_in(&bench).told(), @r"
    exit 0
    --- stdout
    Signed in at [server] as Zoë <zoe@example.com>
    ");
    let token = kept_token(&bench);
    assert!(!std::fs::read_to_string(kept(&bench)).unwrap().contains(PASSWORD));
    snapshot!(bare(&bench, &["whoami"], "").told(), @r"
    exit 0
    --- stdout
    Zoë <zoe@example.com>
    manager of Studio
    UTC (the account's), week from Monday (the account's)
    ");
    let listed = bare(&bench, &["tokens", "list"], "").stdout;
    assert!(listed.contains("Terminal") && listed.contains("admin"), "{listed}");
    let mut by_token = bench.bare_command(&["whoami", "--server", bench.served().url()]);
    by_token.env("TALLYPORT_TOKEN", &token);
    assert_eq!(bench.output(by_token).code, 0);

    snapshot!(bare(&bench, &["logout"], "").told(), @r"
    exit 0
    --- stdout
    Signed out of [server]
    ");
    assert!(!kept(&bench).exists());
    let mut by_token = bench.bare_command(&["whoami", "--server", bench.served().url()]);
    by_token.env("TALLYPORT_TOKEN", &token);
    snapshot!(bench.output(by_token).told(), @r"
    exit 3
    --- stderr
    error: [server] does not take the token, or takes it no more
    hint: Sign in anew with `tallyport login [server]`, or set another TALLYPORT_TOKEN.
    ");
    snapshot!(bare(&bench, &["logout"], "").told(), @r"
    exit 0
    --- stdout
    Nobody is signed in
    ");
    snapshot!(bare(&bench, &["logout", "--json"], "").told(), @r#"
    exit 0
    --- stdout
    {"server":null,"revoked":false}
    "#);
}

#[test]
fn a_token_that_was_brought_works_on_after_signing_out() {
    let bench = bench();
    let token = bench.make_token("zoe@example.com", "read");
    let login = ["login", bench.served().url(), "--token-stdin"];
    snapshot!(bare(&bench, &[&login[..], &["--json"]].concat(), &format!(" {token}\n")).told(), @r#"
    exit 0
    --- stdout
    {"server":"[server]","account":{"id":1,"name":"Studio"},"person":{"id":2,"email":"zoe@example.com","name":"Zoë","role":"manager","active":true}}
    "#);
    snapshot!(bare(&bench, &["tasks", "add", "Mine"], "").told(), @r"
    exit 3
    --- stderr
    error: this token may read, and this needs one that may manage
    hint: Make a token with a larger scope.
    ");
    snapshot!(bare(&bench, &["logout", "--json"], "").told(), @r#"
    exit 0
    --- stdout
    {"server":"[server]","revoked":false}
    "#);
    assert_eq!(bare(&bench, &login, &token).code, 0);
}

#[test]
fn signing_in_anew_ends_the_token_before() {
    let bench = bench();
    sign_in(&bench);
    let first = kept_token(&bench);
    sign_in(&bench);
    assert_ne!(kept_token(&bench), first);
    let mut by_token = bench.bare_command(&["whoami", "--server", bench.served().url()]);
    by_token.env("TALLYPORT_TOKEN", &first);
    assert_eq!(bench.output(by_token).code, 3);
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = bench();
    sign_in(&bench);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&kept(&bench)), mode(kept(&bench).parent().unwrap())), (0o600, 0o700));
    for mode in [0o640, 0o604, 0o660] {
        std::fs::set_permissions(kept(&bench), std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(bare(&bench, &["whoami"], "").code, 3, "{mode:o}");
    }
    snapshot!(bare(&bench, &["whoami"], "").told(), @r"
    exit 3
    --- stderr
    error: the file [folder]/.config/tallyport/login.json can be read by others, and there is a token in it
    hint: `chmod 600 [folder]/.config/tallyport/login.json`; if somebody may have read it, revoke the token too.
    ");
    assert_eq!(sign_in(&bench).code, 0, "signing in anew mends it");
    assert_eq!((mode(&kept(&bench)), bare(&bench, &["whoami"], "").code), (0o600, 0));
}

#[test]
fn what_is_kept_and_cannot_be_read_is_said_and_goes_with_signing_out() {
    let bench = bench();
    sign_in(&bench);
    for nonsense in ["", "{}", "tpt_canary", r#"{"server":"ftp://x","token":"tpt_canary"}"#] {
        std::fs::write(kept(&bench), nonsense).unwrap();
        let ran = bare(&bench, &["tasks", "tree"], "");
        assert!(ran.code == 3 && ran.stderr.contains("login.json") && !ran.stderr.contains("canary"), "{nonsense}: {ran:?}");
    }
    snapshot!(bare(&bench, &["logout"], "").told(), @r"
    exit 3
    --- stderr
    error: the token that was kept cannot be used; it is removed from this machine
    hint: If it may still work, revoke it on the server.
    ");
    assert!(!kept(&bench).exists());
    assert_eq!(bench.output(bench.local_command(&["tasks", "tree"])).code, 0);
}

#[test] // A1
fn who_is_in_several_accounts_names_one() {
    let bench = bench();
    let create = ["account", "create", "--name", "Werft", "--admin-email", "zoe@example.com", "--password-stdin"];
    let ran = bench.run_command(bench.local_command(&create), PASSWORD, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    snapshot!(sign_in(&bench).told(), @r"
    exit 2
    --- stderr
    error: this server holds several accounts
    hint: Say which one, by its name or its number: --account NAME or --account ID.
    ");
    let url = bench.served().url().to_owned();
    let login = ["login", &url, "--email", "zoe@example.com", "--password-stdin", "--account", "werft", "--json"];
    let signed: Value = serde_json::from_str(&bare(&bench, &login, PASSWORD).stdout).unwrap();
    assert_eq!(signed["account"]["name"], "Werft");
    let me: Value = serde_json::from_str(&bare(&bench, &["whoami", "--json"], "").stdout).unwrap();
    assert_eq!((&me["account"]["name"], &me["role"]), (&"Werft".into(), &"administrator".into()));
}

#[test]
fn a_variable_that_sends_commands_elsewhere_is_told_of() {
    let bench = bench();
    let url = bench.served().url().to_owned();
    let login = ["login", &url, "--email", "zoe@example.com", "--password-stdin"];
    let noted = |environment: &[(&str, &str)]| bench.run_command(bench.bare_command(&login), PASSWORD, environment).stderr;
    assert_eq!(noted(&[("TALLYPORT_SERVER", &url)]), "");
    assert!(noted(&[("TALLYPORT_SERVER", "https://tallyport.example")]).contains("TALLYPORT_SERVER is set"));
    assert!(noted(&[("TALLYPORT_DATABASE", &bench.database())]).contains("TALLYPORT_DATABASE is set"));
}

#[test] // A4
fn who_is_not_let_in_keeps_nothing() {
    let bench = bench();
    let url = bench.served().url().to_owned();
    let with_password =
        |password: &str, email: &str| bare(&bench, &["login", &url, "--email", email, "--password-stdin"], password);
    snapshot!(with_password("wrong", "zoe@example.com").told(), @r"
    exit 3
    --- stderr
    error: the address or the password is wrong
    hint: Check the address and the password; a forgotten password is reset from the sign-in page.
    ");
    assert_eq!(with_password("wrong", "zoe@example.com").told(), with_password(PASSWORD, "ghost@example.com").told());
    let with_token = |token: &str| bare(&bench, &["login", &url, "--token-stdin"], token);
    snapshot!(with_token("0123456789abcdef0123456789abcdef").told(), @r"
    exit 2
    --- stderr
    error: [server] does not take this token
    hint: Copy it whole; `tallyport tokens create` makes one, and so does `login` with --email.
    ");
    snapshot!(with_token("").told(), @r"
    exit 2
    --- stderr
    error: the token that was given is empty
    hint: Copy it whole, from its first letter to its last.
    ");
    snapshot!(with_token("two words").told(), @r"
    exit 2
    --- stderr
    error: this cannot be a token: a token is one line of letters, digits and signs, without a space in it
    hint: Copy it whole, from its first letter to its last.
    ");
    snapshot!(bare(&bench, &["login", &url], "").told(), @r"
    exit 2
    --- stderr
    error: neither a token nor an address to sign in with was given
    hint: Give --token-stdin, or --email EMAIL with --password-stdin.
    ");
    snapshot!(bare(&bench, &["login", &url, "--email", "zoe@example.com"], "").told(), @r"
    exit 2
    --- stderr
    error: no password was given
    hint: Give it on standard input, with --password-stdin.
    ");
    snapshot!(bare(&bench, &["login", "http://tallyport.example", "--token-stdin"], "tpt_x").told(), @r#"
    exit 2
    --- stderr
    error: "http://tallyport.example" cannot be used as a server's address: without https the token could be read on the way; only this machine may go without
    hint: Give an address such as https://tallyport.example.
    "#);
    snapshot!(bare(&bench, &["login", "tallyport.example", "--token-stdin"], "tpt_x").told(), @r#"
    exit 2
    --- stderr
    error: "tallyport.example" cannot be used as a server's address: it is no URL; one begins with https://
    hint: Give an address such as https://tallyport.example.
    "#);
    snapshot!(bare(&bench, &["login", &url, "--email", "zoe@example.com", "--password-stdin", "--scope", "all"], PASSWORD).told(), @r#"
    exit 2
    --- stderr
    error: "all" is not a scope: choose read, track, manage or admin
    hint: Check the spelling: `tallyport help` lists commands and options.
    "#);
    snapshot!(bare(&bench, &["login", &url, "--as", "zoe@example.com", "--token-stdin"], "tpt_x").told(), @r"
    exit 2
    --- stderr
    error: --as is for a local database: on a server the token says who acts
    hint: Leave out --as and unset TALLYPORT_USER.
    ");
    assert!(!kept(&bench).exists());
}

#[test] // C5
fn the_command_line_goes_before_the_environment_and_that_before_what_is_kept() {
    let bench = bench();
    sign_in(&bench);
    let url = bench.served().url().to_owned();
    let database = bench.database();
    let who = |arguments: &[&str], environment: &[(&str, &str)]| {
        let ran = bench.run_command(bench.bare_command(&[&["whoami", "--json"], arguments].concat()), "", environment);
        let email = serde_json::from_str(&ran.stdout).map_or(Value::Null, |me: Value| me["email"].clone());
        email.as_str().map_or(ran.stderr.clone(), |email| email.split('@').next().unwrap().to_owned())
    };
    let owner = bench.owner().split('@').next().unwrap().to_owned();
    let token = bench.token_of(&bench.owner());
    assert_eq!(who(&[], &[]), "zoe", "what is kept");
    assert_eq!(who(&[], &[("TALLYPORT_TOKEN", &token)]), owner, "the environment's token at the server that is kept");
    assert_eq!(who(&["--server", &url], &[]), "zoe", "the same server, and so the token that is kept for it");
    assert_eq!(who(&[], &[("TALLYPORT_DATABASE", &database)]), owner, "the environment's database");
    assert_eq!(who(&["--server", &url], &[("TALLYPORT_DATABASE", &database)]), "zoe");
    assert_eq!(who(&["--database", &database], &[("TALLYPORT_SERVER", "https://tallyport.example")]), owner);

    let both = bench.bare_command(&["whoami", "--server", &url, "--database", &database]);
    snapshot!(bench.output(both).told(), @r"
    exit 2
    --- stderr
    error: a database and a server are named, and a command works on one of them
    hint: Leave out --database or --server.
    ");
    let mut both = bench.bare_command(&["whoami"]);
    both.env("TALLYPORT_SERVER", &url).env("TALLYPORT_DATABASE", &database);
    snapshot!(bench.output(both).told(), @r"
    exit 2
    --- stderr
    error: a database and a server are named, and a command works on one of them
    hint: Unset TALLYPORT_DATABASE or TALLYPORT_SERVER, or say --database or --server.
    ");
    snapshot!(bare(&bench, &["whoami", "--server", "https://tallyport.example"], "").told(), @r"
    exit 3
    --- stderr
    error: nobody is signed in at https://tallyport.example
    hint: Sign in with `tallyport login https://tallyport.example`, or set TALLYPORT_TOKEN.
    ");
    for (option, value) in
        [("--as", "zoe@example.com"), ("--account", "Studio"), ("--toggl-url", "http://127.0.0.1:9"), ("--toggl-rate", "1")]
    {
        let ran = bare(&bench, &["whoami", option, value], "");
        assert!(ran.code == 2 && ran.stderr.contains(option), "{ran:?}");
    }
    snapshot!(bare(&bench, &["whoami", "--as", "zoe@example.com"], "").told(), @r"
    exit 2
    --- stderr
    error: --as is for a local database: on a server the token says who acts
    hint: Leave out --as and unset TALLYPORT_USER.
    ");
    snapshot!(bare(&bench, &["whoami", "--toggl-rate", "1"], "").told(), @r"
    exit 2
    --- stderr
    error: --toggl-rate is for a local database: on a server its operator sets how Toggl is reached
    hint: Leave out --toggl-rate and unset TALLYPORT_TOGGL_RATE.
    ");
}

#[test] // C5
fn chores_of_the_machine_are_not_for_a_server() {
    let bench = bench();
    let chores: [&[&str]; 5] = [
        &["account", "create", "--name", "N", "--admin-email", "n@example.com"],
        &["backup", "create", "b.db"],
        &["backup", "restore", "b.db"],
        &["doctor"],
        &["demo"],
    ];
    for chore in chores {
        let ran = bare(&bench, &[chore, &["--server", bench.served().url()]].concat(), "");
        assert!(ran.code == 2 && ran.stderr.contains("on the machine of the database"), "{chore:?}: {ran:?}");
    }
    snapshot!(bare(&bench, &["doctor", "--server", bench.served().url()], "").told(), @r"
    exit 2
    --- stderr
    error: this works on the machine of the database, not over a server
    hint: Run it there without --server and TALLYPORT_SERVER; --database says which database.
    ");
    // Who is signed in somewhere still looks after the database of this machine.
    sign_in(&bench);
    assert!(bare(&bench, &["doctor"], "").stdout.contains("database"));
}

#[test]
fn no_proxy_stands_between_two_programs_of_this_machine() {
    let bench = bench();
    let proxies = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].map(|variable| (variable, "http://127.0.0.1:9"));
    let ran = bench.run_with(&["whoami"], "", &proxies);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_server_that_does_not_answer_is_said() {
    let bench = bench();
    let mut nobody = bench.bare_command(&["tasks", "tree", "--server", "http://127.0.0.1:9"]);
    nobody.env("TALLYPORT_TOKEN", "tpt_x");
    snapshot!(bench.output(nobody).told(), @r"
    exit 1
    --- stderr
    error: the server cannot be reached: http://127.0.0.1:9: Connection refused
    hint: Check the address of the server and that it runs.
    ");
}

#[test] // I2
fn neither_token_nor_password_is_in_anything_that_is_said() {
    let bench = bench();
    let url = bench.served().url().to_owned();
    let mut said = Vec::new();
    let mut run = |arguments: &[&str], input: &str| {
        for more in [&["-vvv"][..], &["-vvv", "--json"]] {
            let ran = bare(&bench, &[arguments, more].concat(), input);
            said.push(format!("{arguments:?}: {}", ran.told()));
        }
    };
    let wrong = "tpt_0123456789abcdefghijABCDEFGHIJ_000000";
    run(&["login", &url, "--email", "zoe@example.com", "--password-stdin"], "a wrong sentence");
    run(&["login", &url, "--token-stdin"], wrong);
    run(&["login", "http://127.0.0.1:9", "--token-stdin"], wrong);
    run(&["login", &url, "--email", "zoe@example.com", "--password-stdin"], PASSWORD);
    let token = kept_token(&bench);
    for command in
        [&["whoami"][..], &["tokens", "list"], &["people", "list"], &["tasks", "show", "4711"], &["login", &url], &["doctor"]]
    {
        run(command, "");
    }
    run(&["logout"], "");
    run(&["whoami", "--server", &url], "");
    assert!(said.iter().any(|said| said.contains("GET /api/v1/me -> 200")), "-v tells each request: {said:?}");
    for canary in [PASSWORD, "a wrong sentence", &token, &token[4..30], wrong] {
        assert!(!said.iter().any(|said| said.contains(canary)), "{canary} in {said:?}");
    }
}
