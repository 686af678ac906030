//! Settings: where they come from, and how they are refused.

use crate::support::{Bench, Ran};

/// A refusal is one line that says what is wrong, and one that says what to do.
fn refused(ran: &Ran) -> (&str, &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let [error, hint] = lines[..] else { panic!("{lines:#?}") };
    (error.strip_prefix("error: ").unwrap(), hint.strip_prefix("hint: ").unwrap())
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_file() {
    let bench = Bench::new();
    let file = bench.write("t.toml", "listen = \"file\"\ntoggl-rate = \"file\"\nlog-level = \"file\"\n");
    let with = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = bench.command(arguments);
        command.envs(variables.iter().copied()).env("TALLYPORT_CONFIG", &file);
        let ran = Bench::ran(command);
        refused(&ran).0.to_owned()
    };
    let levels = [("TALLYPORT_LOG_LEVEL", "info")];
    assert!(with(&["--listen", "flag"], &levels).starts_with("--listen cannot be used: \"flag\""));
    let listens = [levels[0], ("TALLYPORT_LISTEN", "variable")];
    assert!(with(&[], &listens).starts_with("TALLYPORT_LISTEN cannot be used: \"variable\""));
    let empty = [levels[0], ("TALLYPORT_LISTEN", "")];
    assert!(with(&[], &empty).starts_with(&format!("listen in {file} line 1 cannot be used: \"file\"")));
    assert!(with(&["--listen", "127.0.0.1:0"], &levels).starts_with(&format!("toggl-rate in {file} line 2")));
}

#[test]
fn what_cannot_be_is_refused_with_its_place_and_a_hint() {
    let bench = Bench::new();
    let file = |text: &str| ["--config".to_owned(), bench.write("t.toml", text)];
    let typo = file("\n\nlissen = \"127.0.0.1:1\"\n");
    let error = bench.run(&typo.each_ref().map(String::as_str));
    assert_eq!(refused(&error).0, format!("{} line 3: there is no setting \"lissen\"", typo[1]));
    let secret = file("secret-key = \"sesame\"");
    let error = bench.run(&secret.each_ref().map(String::as_str));
    assert!(refused(&error).1.contains("TALLYPORT_SECRET_KEY") && !error.stderr.contains("sesame"));
    for arguments in [
        &["--config", "/nowhere/t.toml"][..],
        &["--listen", "0.0.0.0:0"],
        &["--listen", "localhost:80"],
        &["--public-url", "time.example.com"],
        &["--public-url", "https://user:secret@time.example.com"],
        &["--database", "postgres://user:secret@host/db"],
        &["--trusted-proxies", "10.0.0.0/33"],
        &["--toggl-rate", "fast"],
        &["--toggl-rate", "0"],
        &["--toggl-url", "http://evil.example"],
        &["--log-format", "xml"],
        &["--log-level", "loud"],
        &["--smtp-from", "a@example.com"],
        &["--smtp-host", "mail.example.com"],
        &["--smtp-host", "mail.example.com", "--smtp-from", "a@example.com", "--smtp-security", "plain"],
        &["--smtp-host", "mail.example.com", "--smtp-from", "nobody"],
        &["--smtp-host", "mail.example.com", "--smtp-from", "a@example.com", "--smtp-port", "0"],
        &["--smtp-host", "mail.example.com", "--smtp-from", "a@example.com", "--smtp-password-file", "/nowhere"],
        &["--smtp-host", "mail.example.com", "--smtp-from", "a@example.com", "--smtp-user", "u"],
        &["--demo", "--listen", "0.0.0.0:0", "--public-url", "https://time.example.com"],
    ] {
        let ran = bench.run(arguments);
        let (error, hint) = refused(&ran);
        assert!(error.len() > 10 && hint.len() > 10, "{arguments:?}: {}", ran.stderr);
        // A URL with a password in it was mistyped; what was typed is repeated only where it holds none of the database's.
        assert!(!ran.stderr.contains("secret@host"), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn a_mistyped_flag_is_a_usage_error() {
    let ran = Bench::new().run(&["--lissen", "127.0.0.1:0"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("--listen"), "{}", ran.stderr);
}

#[test]
fn an_address_that_is_taken_is_named() {
    let bench = Bench::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for flags in [&["--listen", &address][..], &["--listen", "127.0.0.1:0", "--metrics-listen", &address]] {
        let ran = bench.run(flags);
        assert!(refused(&ran).0.starts_with(&format!("nothing can listen at {address}")), "{}", ran.stderr);
    }
}

#[test]
fn a_key_that_is_none_is_refused_without_being_repeated() {
    let mut command = Bench::new().command(&["--listen", "127.0.0.1:0"]);
    command.env("TALLYPORT_SECRET_KEY", "sesame");
    let ran = Bench::ran(command);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("error: ") && !ran.stderr.contains("sesame"), "{}", ran.stderr);
}
