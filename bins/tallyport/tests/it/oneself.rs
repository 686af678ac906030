//! `whoami`, `me` and `tokens`.

use crate::support::{Bench, in_every_mode, snapshot};

in_every_mode!(
    who_acts_is_said,
    everybody_decides_for_themselves,
    tokens_are_made_listed_and_revoked,
    a_token_is_called_by_its_name,
);

fn who_acts_is_said(bench: &Bench) {
    bench.account();
    snapshot!(bench.run(&["whoami"]).told(), @r"
    exit 0
    --- stdout
    Olga <ana.novakova@nordlicht.example>
    administrator of Studio
    UTC (the account's), week from Monday (the account's)
    ");
    snapshot!(bench.run(&["whoami", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"id":1,"email":"ana.novakova@nordlicht.example","name":"Olga","role":"administrator","active":true,"account":{"id":1,"name":"Studio"},"timezone":"UTC","own_timezone":false,"week_start":"monday","own_week_start":false}
    "#);
}

fn everybody_decides_for_themselves(bench: &Bench) {
    bench.account();
    let ran = bench.run(&["me", "set", "--name", "Olga N.", "--timezone", "Europe/Berlin", "--week-start", "sunday"]);
    snapshot!(ran.told(), @r"
    exit 0
    --- stdout
    Olga N. <ana.novakova@nordlicht.example>
    administrator of Studio
    Europe/Berlin, week from Sunday
    "); // E5
    let me = bench.json(&["me", "set", "--timezone", ""]);
    assert_eq!((&me["own_timezone"], &me["own_week_start"]), (&false.into(), &true.into()));
    snapshot!(bench.run(&["me", "set", "--timezone", "Europe/Nowhere"]).told(), @r#"
    exit 2
    --- stderr
    error: there is no time zone "Europe/Nowhere"
    hint: Give an IANA name such as Europe/Berlin.
    "#);
    snapshot!(bench.run(&["me", "set", "--week-start", "someday"]).told(), @r#"
    exit 2
    --- stderr
    error: "someday" is not a day of the week: write monday to sunday
    hint: Check the spelling: `tallyport help` lists commands and options.
    "#);
    snapshot!(bench.run(&["me", "set", "--name", " "]).told(), @r"
    exit 2
    --- stderr
    error: a name cannot be empty
    hint: Give a name with at least one visible character, at most 4096 bytes, on one line.
    ");
    snapshot!(bench.run(&["me", "set"]).told(), @r"
    exit 2
    --- stderr
    error: it is not said what to change
    hint: Give --name, --timezone or --week-start.
    ");
}

fn tokens_are_made_listed_and_revoked(bench: &Bench) {
    bench.account();
    bench.done(&["people", "add", "zoe@example.com", "--name", "Zoë"]);
    let zoe = |arguments: &[&str]| bench.run(&[arguments, &["--as", "zoe@example.com"]].concat());
    let made = zoe(&["tokens", "create", "Build", "--scope", "read", "--days", "30"]);
    assert!(made.code == 0 && made.stdout.starts_with("tpt_") && made.stdout.lines().count() == 1, "{made:?}"); // A4
    let listed = zoe(&["tokens", "list"]);
    assert!(listed.stdout.contains("Build  read") && !listed.stdout.contains("tpt_"), "{listed:?}");
    assert_eq!(zoe(&["tokens", "revoke", "build"]).code, 0);
    assert!(zoe(&["tokens", "list"]).stdout.contains("revoked"));
    let fields = ["created_at", "expires_at", "id", "name", "revoked_at", "scope", "used_at"];
    let made = bench.json(&["tokens", "create", "More", "--scope", "manage"]);
    assert!(made["token"].as_str().unwrap().starts_with("tpt_") && made["expires_at"].is_null(), "{made}");
    for shown in [&bench.json(&["tokens", "list"])[0], &bench.json(&["tokens", "revoke", "More"])] {
        assert_eq!(shown.as_object().unwrap().keys().collect::<Vec<_>>(), fields, "{shown}");
    }
    snapshot!(zoe(&["tokens", "create", "More", "--scope", "everything"]).told(), @r#"
    exit 2
    --- stderr
    error: "everything" is not a scope: choose read, track, manage or admin
    hint: Check the spelling: `tallyport help` lists commands and options.
    "#);
    snapshot!(zoe(&["tokens", "create", " ", "--scope", "read"]).told(), @r"
    exit 2
    --- stderr
    error: a name cannot be empty
    hint: Give a name with at least one visible character, at most 4096 bytes, on one line.
    ");
}

fn a_token_is_called_by_its_name(bench: &Bench) {
    bench.account();
    snapshot!(bench.run(&["tokens", "revoke", "Nothing"]).told(), @r#"
    exit 4
    --- stderr
    error: you have no token called "Nothing"
    hint: `tallyport tokens list` shows those there are.
    "#);
    snapshot!(bench.run(&["tokens", "revoke", "4711"]).told(), @r"
    exit 4
    --- stderr
    error: there is no such token
    hint: Check the id; it may be in another account, or gone.
    ");
    for _ in 0..2 {
        bench.done(&["tokens", "create", "Twin", "--scope", "read"]);
    }
    let ran = bench.run(&["tokens", "revoke", "twin"]);
    assert!(ran.code == 5 && ran.stderr.contains("2 tokens are called \"twin\""), "{ran:?}");
}
