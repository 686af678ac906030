//! `assign`, `unassign` and `access`: who has what (P1–P8).

use crate::support::{Bench, in_every_mode, snapshot};

in_every_mode!(people_are_assigned_and_unassigned, access_says_what_gives_it, assignments_are_adopted);

fn people_are_assigned_and_unassigned(bench: &Bench) {
    bench.imported().done(&["people", "add", "bo@example.com", "--name", "Bo"]);
    snapshot!(bench.run(&["assign", "Website", "bo@example.com", &bench.owner(), "--json"]).told(), @r#"
    exit 0
    --- stdout
    [{"person":{"id":1,"email":"ana.novakova@nordlicht.example","name":"Olga"},"task":{"id":4,"path":["Toggl","Studio","Café Ñandú","Website"]},"automatic":false},{"person":{"id":2,"email":"bo@example.com","name":"Bo"},"task":{"id":4,"path":["Toggl","Studio","Café Ñandú","Website"]},"automatic":false}]
    "#); // P2
    snapshot!(bench.run(&["assign", "Website", "bo@example.com", "ghost@example.com"]).told(), @r"
    exit 4
    --- stderr
    error: nobody in this account has the email ghost@example.com
    hint: Look at who there is, or add them: `tallyport people list`, `tallyport people add`.
    ");
    snapshot!(bench.run(&["unassign", "Design", "bo@example.com"]).told(), @r#"
    exit 5
    --- stderr
    error: Bo has "Toggl / Studio / Café Ñandú / Website / Design" through "Toggl / Studio / Café Ñandú / Website"
    hint: Unassign them from "Toggl / Studio / Café Ñandú / Website"; that ends it for all below it too.
    "#); // P5
    snapshot!(bench.run(&["unassign", "Website", "bo@example.com"]).told(), @r"
    exit 0
    --- stdout
    name  email                           assigned  task
    Olga  ana.novakova@nordlicht.example  by hand   Toggl / Studio / Café Ñandú / W…
    ");
    snapshot!(bench.run(&["unassign", "Website", "bo@example.com"]).told(), @r#"
    exit 5
    --- stderr
    error: Bo is not assigned to "Toggl / Studio / Café Ñandú / Website"
    hint: Look at what they have: `tallyport access EMAIL`.
    "#);
    snapshot!(bench.run(&["assign", "Website"]).told(), @r"
    exit 2
    --- stderr
    error: missing: <EMAIL>...
    hint: `tallyport assign --help` says what it takes.
    ");
}

fn access_says_what_gives_it(bench: &Bench) {
    bench.imported().done(&["people", "add", "zoe@example.com", "--name", "Zoë"]); // P4
    snapshot!(bench.run(&["access", "zoe@example.com"]).told(), @r"
    exit 0
    --- stdout
    id  task    assigned  in
     2  Studio  by Toggl  Toggl
    ");
    snapshot!(bench.run(&["access", "zoe@example.com", "--json"]).told(), @r#"
    exit 0
    --- stdout
    [{"id":2,"path":["Toggl","Studio"],"via":[{"task_id":2,"automatic":true}]}]
    "#);
    snapshot!(bench.run(&["access", "zoe@example.com", "--effective"]).told(), @r"
    exit 0
    --- stdout
    id  task        assigned       in
     2  Studio      by Toggl       Toggl
     3  Café Ñandú  by Toggl on 2  Toggl / Studio
     4  Website     by Toggl on 2  Toggl / Studio / Café Ñandú
     6  Design      by Toggl on 2  Toggl / Studio / Café Ñandú / Website
     5  Internal    by Toggl on 2  Toggl / Studio
    "); // P1
    bench.done(&["people", "add", "bo@example.com", "--name", "Bo"]);
    snapshot!(bench.run(&["access", "bo@example.com"]).told(), @r"
    exit 0
    --- stdout
    Bo has no task
    ");
    // P6: for themselves everybody may ask, by address or number.
    let bo = |arguments: &[&str]| bench.run(&[arguments, &["--as", "bo@example.com"]].concat());
    for me in ["Bo@example.com", "3"] {
        assert_eq!(bo(&["access", me]).told(), "exit 0\n--- stdout\nBo has no task\n");
    }
    assert_eq!(bo(&["access", "zoe@example.com"]).code, 3);
}

fn assignments_are_adopted(bench: &Bench) {
    bench.imported().done(&["people", "add", "zoe@example.com", "--name", "Zoë"]);
    snapshot!(bench.run(&["toggl", "adopt-assignments"]).told(), @r"
    exit 0
    --- stdout
    2 assignments by hand from now on
    "); // P8
    snapshot!(bench.run(&["access", "zoe@example.com"]).told(), @r"
    exit 0
    --- stdout
    id  task    assigned  in
     2  Studio  by hand   Toggl
    ");
    snapshot!(bench.run(&["toggl", "adopt-assignments", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"adopted":0}
    "#);
}
