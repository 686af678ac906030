//! `account create`, and how a database, an account and whoever acts are named (A1, A3).

use crate::support::{Bench, Mode, snapshot};

#[test] // A3
fn an_account_comes_with_its_administrator_and_its_database() {
    let bench = Bench::new(Mode::Local);
    let create = ["account", "create", "--name", "Café Ñandú", "--admin-email", "Ada@Example.com", "--timezone", "Europe/Berlin"];
    let ran = bench.run_with(&[&create[..], &["--json", "--password-stdin"]].concat(), "correct horse battery\n", &[]);
    snapshot!(ran.told(), @r#"
    exit 0
    --- stdout
    {"account":{"id":1,"name":"Café Ñandú"},"person":{"id":1,"email":"Ada@Example.com","name":"Ada","role":"administrator","active":true}}
    "#);
    let ran = bench.run(&["account", "create", "--name", "Second", "--admin-email", "ada@example.com", "--admin-name", "Ada"]);
    snapshot!(ran.told(), @r"
    exit 0
    --- stdout
    Created the account Second
    Administrator Ada <ada@example.com>
    ");
}

#[test] // A3
fn what_is_no_account_is_refused_and_nothing_is_made() {
    let bench = Bench::new(Mode::Local);
    let create = |name: &str, email: &str, zone: &str| {
        bench.run(&["account", "create", "--name", name, "--admin-email", email, "--timezone", zone])
    };
    snapshot!(create("", "ada@example.com", "UTC").told(), @r"
    exit 2
    --- stderr
    error: a name cannot be empty
    hint: Give a name with at least one visible character, at most 4096 bytes, on one line.
    ");
    snapshot!(create("Studio", "nobody", "UTC").told(), @r#"
    exit 2
    --- stderr
    error: "nobody" is not an email address
    hint: Give an address such as ada@example.com.
    "#);
    snapshot!(create("Studio", "ada@example.com", "Europe/Nowhere").told(), @r#"
    exit 2
    --- stderr
    error: there is no time zone "Europe/Nowhere"
    hint: Give an IANA name such as Europe/Berlin.
    "#);
    let ran = bench.run_with(
        &["account", "create", "--name", "S", "--admin-email", "ada@example.com", "--password-stdin"],
        "short",
        &[],
    );
    snapshot!(ran.told(), @r"
    exit 2
    --- stderr
    error: the password is shorter than 8 bytes
    hint: Give a password of 8 to 1024 bytes; a sentence is a good one.
    ");
    assert_eq!(create("Studio", "ada@example.com", "UTC").code, 0);
    snapshot!(create("studio", "bob@example.com", "UTC").told(), @r#"
    exit 5
    --- stderr
    error: there is an account called "studio" already
    hint: Use another name.
    "#);
    assert_eq!(bench.json(&["people", "list"]).as_array().unwrap().len(), 1);
}

#[test] // A1
fn where_there_are_several_accounts_or_people_one_has_to_be_named() {
    let bench = Bench::new(Mode::Local);
    bench.done(&["account", "create", "--name", "One", "--admin-email", "ada@example.com"]);
    bench.done(&["account", "create", "--name", "Two", "--admin-email", "bob@example.com"]);
    snapshot!(bench.run(&["people", "list"]).told(), @r"
    exit 2
    --- stderr
    error: this database has several accounts
    hint: Say which one, by its name or its number: --account NAME or --account ID.
      1  One
      2  Two
    ");
    snapshot!(bench.run(&["people", "list", "--account", "Three"]).told(), @r#"
    exit 4
    --- stderr
    error: there is no account "Three"
    hint: Give the name or the id of one that there is.
      1  One
      2  Two
    "#);
    assert_eq!(bench.json(&["people", "list", "--account", "two"])[0]["email"], "bob@example.com");
    assert_eq!(bench.json(&["people", "list", "--account", "1"])[0]["email"], "ada@example.com");
    let by_environment = bench.run_with(&["people", "list", "--json"], "", &[("TALLYPORT_ACCOUNT", "Two")]);
    assert!(by_environment.stdout.contains("bob@example.com"));

    bench.done(&["people", "add", "cem@example.com", "--name", "Cem", "--role", "administrator", "--account", "One"]);
    snapshot!(bench.run(&["people", "list", "--account", "One"]).told(), @r"
    exit 2
    --- stderr
    error: several people could act here
    hint: Say who acts: --as EMAIL.
      ada@example.com  administrator
      cem@example.com  administrator
    ");
    snapshot!(bench.run(&["people", "list", "--account", "One", "--as", "zed@example.com"]).told(), @r"
    exit 4
    --- stderr
    error: nobody in this account has the email zed@example.com
    hint: Give the email of somebody in the account with --as.
    ");
    assert_eq!(bench.run(&["people", "list", "--account", "One", "--as", "CEM@example.com"]).code, 0);
    assert_eq!(bench.run_with(&["people", "list", "--account", "One"], "", &[("TALLYPORT_USER", "cem@example.com")]).code, 0);
}

#[test]
fn a_database_that_is_none_is_said() {
    let bench = Bench::new(Mode::Local);
    snapshot!(bench.run(&["tasks", "tree"]).told(), @r"
    exit 1
    --- stderr
    error: there is no database [folder]/tallyport.db
    hint: Create it with its first account: `tallyport account create --name NAME --admin-email EMAIL`.
    ");
    std::fs::write(bench.database(), "this is no database, whatever its name says").unwrap();
    snapshot!(bench.run(&["tasks", "tree"]).told(), @r"
    exit 1
    --- stderr
    error: [folder]/tallyport.db is not a database of Tallyport
    hint: Choose another file with --database.
    ");
    snapshot!(bench.run(&["tasks", "tree", "--database", "postgres://me:secret@host/db"]).told(), @r"
    exit 2
    --- stderr
    error: this version opens no postgres databases
    hint: Give the path of a file, or sqlite:// and a path.
    ");
    let empty =
        bench.run(&["account", "create", "--name", "S", "--admin-email", "a@example.com", "--database", "/proc/no/such.db"]);
    snapshot!(empty.told(), @r"
    exit 1
    --- stderr
    error: /proc/no/such.db is in a folder that does not exist
    hint: Make the folder first, or give another path.
    ");
}
