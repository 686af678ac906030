//! `people`: who is in the account (A2, A5, A6).

use crate::support::{Bench, Mode, in_every_mode, snapshot};

in_every_mode!(
    people_are_added_and_listed,
    a_file_adds_everybody_or_nobody,
    people_change_role_address_and_state,
    the_last_administrator_stays,
    deactivating_the_owner_of_the_integration_needs_a_yes,
);

fn people_are_added_and_listed(bench: &Bench) {
    bench.account();
    let ran = bench.run(&["people", "add", "Zoe@Example.com", "--name", "Zoë\u{1b}[31m Lefèvre", "--json"]);
    snapshot!(ran.told(), @r#"
    exit 2
    --- stderr
    {"error":{"code":"invalid_name","hint":"Give a name with at least one visible character, at most 4096 bytes, on one line.","message":"a name cannot have line breaks or control characters"}}
    "#);
    let ran = bench.run_with(
        &["people", "add", "bo@example.com", "--name", "Bo", "--role", "manager", "--password-stdin"],
        "eight bytes",
        &[],
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    snapshot!(bench.run(&["people", "list"]).told(), @r"
    exit 0
    --- stdout
    id  name  email                           role           state
     2  Bo    bo@example.com                  manager
     1  Olga  ana.novakova@nordlicht.example  administrator
    ");
    snapshot!(bench.run(&["people", "list", "--json"]).told(), @r#"
    exit 0
    --- stdout
    [{"id":2,"email":"bo@example.com","name":"Bo","role":"manager","active":true},{"id":1,"email":"ana.novakova@nordlicht.example","name":"Olga","role":"administrator","active":true}]
    "#);
}

fn a_file_adds_everybody_or_nobody(bench: &Bench) {
    bench.account();
    let file = bench.folder().join("people.csv");
    let add = |text: &str| {
        std::fs::write(&file, text).unwrap();
        bench.run(&["people", "add", "--csv", &file.display().to_string()])
    };
    snapshot!(add("email,name,role\nzoe@example.com,Zoë,member\nnobody,Nobody,member\n").told(), @r#"
    exit 2
    --- stderr
    error: "nobody" is not an email address
    hint: Give an address such as ada@example.com.
    "#);
    snapshot!(add("email,name\nzoe@example.com,Zoë\nZOE@example.com,Zoe again\n").told(), @r"
    exit 2
    --- stderr
    error: ZOE@example.com is in the list twice
    hint: Check the spelling: `tallyport help` lists commands and options.
    ");
    snapshot!(add("who,what\n").told(), @r"
    exit 2
    --- stderr
    error: the list of people cannot be used: its first line names no columns email and name
    hint: Give a line with `email,name,role` and then a line for each person; nobody was added.
    ");
    assert_eq!(bench.json(&["people", "list"]).as_array().unwrap().len(), 1);
    snapshot!(add("email,name,role\nzoe@example.com,Zoë,manager\nbo@example.com,Bo,\n").told(), @r"
    exit 0
    --- stdout
    id  name  email            role     state
     2  Zoë   zoe@example.com  manager
     3  Bo    bo@example.com   member
    ");
    let ran = bench.run_with(&["people", "add", "--csv", "-", "--json"], "cem@example.com;Cem\n", &[]);
    snapshot!(ran.told(), @r#"
    exit 0
    --- stdout
    [{"id":4,"email":"cem@example.com","name":"Cem","role":"member","active":true}]
    "#);
    snapshot!(bench.run(&["people", "add", "--csv", "/no/such/file"]).told(), @r"
    exit 2
    --- stderr
    error: the file /no/such/file cannot be read
    hint: Check its path and permissions; it has to be text in UTF-8.
    ");
}

fn people_change_role_address_and_state(bench: &Bench) {
    bench.account();
    bench.done(&["people", "add", "zoe@example.com", "--name", "Zoë"]);
    assert_eq!(bench.json(&["people", "role", "zoe@example.com", "manager"])["role"], "manager");
    assert_eq!(bench.json(&["people", "email", "zoe@example.com", "z@example.com"])["email"], "z@example.com"); // A6
    assert_eq!(bench.run(&["whoami", "--as", "z@example.com"]).code, 0);
    assert_eq!(bench.json(&["people", "deactivate", " Z@example.com"])["active"], false); // A5
    let by_zoe = bench.run(&["people", "list", "--as", "z@example.com"]);
    match bench.mode() {
        Mode::Local => snapshot!(by_zoe.told(), @r"
        exit 5
        --- stderr
        error: Zoë is deactivated and cannot act
        hint: Act as somebody who is active.
        "),
        // Who is outside is not told why they are not let in (A5).
        Mode::Server => assert_eq!(by_zoe.code, 3, "{by_zoe:?}"),
    }
    assert_eq!(bench.json(&["people", "reactivate", "2"])["active"], true);
    snapshot!(bench.run(&["people", "role", "z@example.com", "emperor"]).told(), @r#"
    exit 2
    --- stderr
    error: "emperor" is not a role: choose administrator, manager or member
    hint: Check the spelling: `tallyport help` lists commands and options.
    "#);
    snapshot!(bench.run(&["people", "email", "z@example.com", &bench.owner()]).told(), @r"
    exit 5
    --- stderr
    error: somebody in the account has this email already
    hint: Use another address, or change theirs first.
    ");
    snapshot!(bench.run(&["people", "role", "ghost@example.com", "member"]).told(), @r"
    exit 4
    --- stderr
    error: nobody in this account has the email ghost@example.com
    hint: Look at who there is, or add them: `tallyport people list`, `tallyport people add`.
    ");
    snapshot!(bench.run(&["people", "add", "z@example.com", "--name", "Again"]).told(), @r"
    exit 5
    --- stderr
    error: somebody in the account has this email already
    hint: Use another address, or change theirs first.
    ");
    snapshot!(bench.run(&["people", "add", "x@example.com", "--name", " "]).told(), @r"
    exit 2
    --- stderr
    error: a name cannot be empty
    hint: Give a name with at least one visible character, at most 4096 bytes, on one line.
    ");
}

fn the_last_administrator_stays(bench: &Bench) {
    let owner = bench.account().owner();
    snapshot!(bench.run(&["people", "deactivate", &owner]).told(), @r"
    exit 5
    --- stderr
    error: this is the last active administrator
    hint: Make somebody else an administrator first.
    "); // A5
    snapshot!(bench.run(&["people", "role", &owner, "member", "--json"]).told(), @r#"
    exit 5
    --- stderr
    {"error":{"code":"last_administrator","hint":"Make somebody else an administrator first.","message":"this is the last active administrator"}}
    "#);
}

fn deactivating_the_owner_of_the_integration_needs_a_yes(bench: &Bench) {
    let owner = bench.imported().owner();
    bench.done(&["people", "add", "eve@example.com", "--name", "Eve", "--role", "administrator"]);
    let deactivate = ["people", "deactivate", &owner, "--as", "eve@example.com"];
    snapshot!(bench.run(&deactivate).told(), @r"
    exit 5
    --- stderr
    error: Olga owns the Toggl integration, which stops syncing without its owner
    hint: Look at the list; if that is what you want, repeat it with a yes: --yes.
      Nothing is archived because of it.
      Another administrator can re-enable it with a token of their own, before or
        after.
    "); // I17
    assert_eq!(bench.run(&[&deactivate[..], &["--yes"]].concat()).code, 0);
    snapshot!(bench.run(&["toggl", "sync", "--as", "eve@example.com"]).told(), @r"
    exit 5
    --- stderr
    error: Olga, who owns the Toggl integration, is deactivated
    hint: An administrator re-enables it with a token of their own: `tallyport toggl re-enable`.
    ");
    assert_eq!(bench.json(&["toggl", "status", "--as", "eve@example.com"])["state"], "owner_inactive");
}
