//! `tasks`: the tree, what is found in it, and changes of the account's own tasks (T2–T5, P6).

use crate::support::{Bench, in_every_mode, many_projects, snapshot};

in_every_mode!(
    the_tree_is_drawn_and_streamed,
    native_tasks_are_added_renamed_moved_archived_restored_and_deleted,
    imported_tasks_are_read_only,
    tasks_are_named_by_number_or_by_text,
    only_whole_names_change_anything,
    a_search_that_shows_not_all_says_so_and_json_has_everything,
    what_is_found_has_its_path,
    a_member_sees_what_they_have,
);

fn the_tree_is_drawn_and_streamed(bench: &Bench) {
    snapshot!(bench.account().run(&["tasks", "tree"]).told(), @r"
    exit 0
    --- stderr
    There is no task yet. `tallyport toggl enable` links Toggl, and `tallyport tasks
    add NAME` adds one of your own.
    ");
    bench.done(&["tasks", "add", "Own"]);
    bench.done(&["tasks", "add", "Item 10", "--under", "Own"]);
    bench.done(&["tasks", "add", "item 9", "--under", "Own"]);
    snapshot!(bench.run(&["tasks", "tree"]).told(), @r"
    exit 0
    --- stdout
    1  Own
    3  ├─ item 9
    2  └─ Item 10
    "); // T4
    snapshot!(bench.run(&["tasks", "tree", "--json"]).told(), @r#"
    exit 0
    --- stdout
    [{"id":1,"parent_id":null,"name":"Own","level":1,"path":["Own"],"color":null,"archived":false,"archived_reason":null,"archived_at":null,"origin":null,"read_only":false,"trackable":false},{"id":3,"parent_id":1,"name":"item 9","level":2,"path":["Own","item 9"],"color":null,"archived":false,"archived_reason":null,"archived_at":null,"origin":null,"read_only":false,"trackable":false},{"id":2,"parent_id":1,"name":"Item 10","level":2,"path":["Own","Item 10"],"color":null,"archived":false,"archived_reason":null,"archived_at":null,"origin":null,"read_only":false,"trackable":false}]
    "#);
    snapshot!(bench.run(&["tasks", "tree", "--archived"]).told(), @r"
    exit 0
    --- stderr
    Nothing is archived
    ");
    snapshot!(bench.run(&["tasks", "tree", "--archived", "--json"]).told(), @r"
    exit 0
    --- stdout
    []
    ");
}

fn native_tasks_are_added_renamed_moved_archived_restored_and_deleted(bench: &Bench) {
    bench.account();
    snapshot!(bench.run(&["tasks", "add", "Own", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"id":1,"parent_id":null,"name":"Own","level":1,"path":["Own"],"color":null,"archived":false,"archived_reason":null,"archived_at":null,"origin":null,"read_only":false,"trackable":false}
    "#); // T2
    bench.done(&["tasks", "add", "Part", "--under", "1"]);
    snapshot!(bench.run(&["tasks", "rename", "Part", "Piece"]).told(), @r"
    exit 0
    --- stdout
    Piece
    in Own
    id 2 · made here · you are not assigned to it
    ");
    snapshot!(bench.run(&["tasks", "move", "1", "--under", "Piece"]).told(), @r"
    exit 5
    --- stderr
    error: a task cannot hang under itself
    hint: Choose a task that is not below it.
    ");
    snapshot!(bench.run(&["tasks", "move", "Piece", "--root", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"id":2,"parent_id":null,"name":"Piece","level":1,"path":["Piece"],"color":null,"archived":false,"archived_reason":null,"archived_at":null,"origin":null,"read_only":false,"trackable":false}
    "#);
    bench.done(&["tasks", "move", "Piece", "--under", "Own"]);
    snapshot!(bench.run(&["tasks", "archive", "Own", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"id":1,"parent_id":null,"name":"Own","level":1,"path":["Own"],"color":null,"archived":true,"archived_reason":"archived_here","archived_at":"[instant]","origin":null,"read_only":false,"trackable":false}
    "#);
    snapshot!(bench.run(&["tasks", "tree", "--archived"]).told(), @r"
    exit 0
    --- stdout
    id  task   archived  in
     1  Own    archived here on [day]  
     2  Piece  with its parent on [day]  Own
    ");
    snapshot!(bench.run(&["tasks", "add", "Late", "--under", "1"]).told(), @r"
    exit 5
    --- stderr
    error: the task above is archived
    hint: Restore it first, or choose another one.
    ");
    snapshot!(bench.run(&["tasks", "restore", "Piece"]).told(), @r"
    exit 0
    --- stdout
    Piece
    in Own
    id 2 · made here · you are not assigned to it
    ");
    assert_eq!(bench.json(&["tasks", "delete", "Piece"])["path"], serde_json::json!(["Own", "Piece"]));
    snapshot!(bench.run(&["tasks", "delete", "Own"]).told(), @r"
    exit 0
    --- stdout
    Deleted Own
    ");
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 0);
    snapshot!(bench.run(&["tasks", "delete", "1"]).told(), @r"
    exit 4
    --- stderr
    error: there is no such task
    hint: Check the id; it may be in another account, or gone.
    ");
    snapshot!(bench.run(&["tasks", "add", "two\nlines"]).told(), @r"
    exit 2
    --- stderr
    error: a name cannot have line breaks or control characters
    hint: Give a name with at least one visible character, at most 4096 bytes, on one line.
    ");
}

fn imported_tasks_are_read_only(bench: &Bench) {
    let design = bench.imported().task("Design");
    snapshot!(bench.run(&["tasks", "rename", &design, "Mine"]).told(), @r#"
    exit 3
    --- stderr
    error: "Design" comes from Toggl and can only be changed there
    hint: Change it in Toggl, then sync.
    "#); // T3
    for change in
        [&["archive", &design][..], &["delete", &design], &["move", &design, "--root"], &["add", "Below", "--under", &design]]
    {
        let ran = bench.run(&[&["tasks"], change].concat());
        assert_eq!(ran.code, 3, "{change:?}: {ran:?}");
    }
    snapshot!(bench.run(&["tasks", "show", "Design"]).told(), @r"
    exit 0
    --- stdout
    Design
    in Toggl / Studio / Café Ñandú / Website
    id 6 · From Toggl, read-only: task [external] · you can track time on it
    ");
    snapshot!(bench.run(&["tasks", "why", "Design"]).told(), @r"
    exit 0
    --- stdout
    Design
    in Toggl / Studio / Café Ñandú / Website
    id 6 · From Toggl, read-only: task [external] · you can track time on it
    I7   It mirrors the task [external] in Toggl and is changed only there.
         run 1 · [clock], just now
    "); // W1
    snapshot!(bench.run(&["tasks", "why", "Design", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"task":{"id":6,"parent_id":4,"name":"Design","level":5,"path":["Toggl","Studio","Café Ñandú","Website","Design"],"color":null,"archived":false,"archived_reason":null,"archived_at":null,"origin":{"integration":"toggl","kind":"task","external_id":"[external]"},"read_only":true,"trackable":true},"reasons":[{"rule":"I7","text":"It mirrors the task [external] in Toggl and is changed only there.","run":1,"at":"[instant]"}]}
    "#);
}

fn tasks_are_named_by_number_or_by_text(bench: &Bench) {
    bench.account();
    for root in ["Web", "App"] {
        bench.done(&["tasks", "add", root]);
        bench.done(&["tasks", "add", "Design", "--under", root]);
    }
    bench.done(&["tasks", "add", "Design review", "--under", "App"]);
    snapshot!(bench.run(&["tasks", "show", "design"]).told(), @r#"
    exit 5
    --- stderr
    error: 2 tasks match "design"
    hint: Say more of its path, or give its id.
      4  App / Design
      2  Web / Design
    "#);
    snapshot!(bench.run(&["tasks", "show", "design", "--json"]).told(), @r#"
    exit 5
    --- stderr
    {"error":{"code":"ambiguous","details":["4  App / Design","2  Web / Design"],"hint":"Say more of its path, or give its id.","message":"2 tasks match \"design\""}}
    "#);
    assert_eq!(bench.json(&["tasks", "show", "app / design"])["path"], serde_json::json!(["App", "Design"]));
    assert_eq!(bench.json(&["tasks", "show", "review"])["name"], "Design review");
    snapshot!(bench.run(&["tasks", "show", "nothing like it"]).told(), @r#"
    exit 4
    --- stderr
    error: no task matches "nothing like it"
    hint: `tallyport tasks search TEXT` finds tasks by any words of their paths.
    "#);
    snapshot!(bench.run(&["tasks", "show", "99"]).told(), @r"
    exit 4
    --- stderr
    error: there is no such task
    hint: Check the id; it may be in another account, or gone.
    ");
    snapshot!(bench.run(&["tasks", "show", "99999999999999999999"]).told(), @r"
    exit 4
    --- stderr
    error: there is no task 99999999999999999999
    hint: Check the id; it may be in another account, or gone.
    ");
    assert_eq!(bench.run(&["tasks", "show", "-1"]).code, 2);
}

fn only_whole_names_change_anything(bench: &Bench) {
    bench.account();
    bench.done(&["tasks", "add", "Planning 2024"]);
    bench.done(&["tasks", "add", "Design", "--under", "planning"]);
    snapshot!(bench.run(&["tasks", "delete", "plan"]).told(), @r#"
    exit 4
    --- stderr
    error: no task is called "plan"
    hint: Give its id, its whole name or its whole path; `tallyport tasks search TEXT` finds it by any words.
      1  Planning 2024
    "#);
    let part = "planning";
    for change in
        [&["archive", part][..], &["rename", part, "X"], &["move", part, "--root"], &["move", "Design", "--under", part]]
    {
        let ran = bench.run(&[&["tasks"], change].concat());
        assert_eq!(ran.code, 4, "{change:?}: {ran:?}");
    }
    bench.done(&["tasks", "archive", "planning 2024 / design"]);
    assert_eq!(bench.run(&["tasks", "restore", "desi"]).code, 4);
    bench.done(&["tasks", "restore", "DESIGN"]);
    bench.done(&["tasks", "delete", "planning 2024"]);
    assert_eq!(bench.json(&["tasks", "tree"]), serde_json::json!([]));
}

fn a_search_that_shows_not_all_says_so_and_json_has_everything(bench: &Bench) {
    let bench = Bench::over(bench.mode(), many_projects(120));
    bench.imported();
    assert_eq!(bench.json(&["tasks", "search", "studio"]).as_array().unwrap().len(), 121);
    let ran = bench.run(&["tasks", "search", "studio"]);
    assert_eq!((ran.code, ran.stdout.lines().count(), ran.stderr.as_str()), (0, 101, "The first 100; more words find fewer\n"));
}

fn what_is_found_has_its_path(bench: &Bench) {
    bench.imported();
    snapshot!(bench.run(&["tasks", "search", "DESIGN ñandú"]).told(), @r"
    exit 0
    --- stdout
    id  task    in
     6  Design  Toggl / Studio / Café Ñandú / Website
    ");
    snapshot!(bench.run(&["tasks", "search", "design", "--json"]).told(), @r#"
    exit 0
    --- stdout
    [{"id":6,"parent_id":4,"name":"Design","level":5,"path":["Toggl","Studio","Café Ñandú","Website","Design"],"color":null,"archived":false,"archived_reason":null,"archived_at":null,"origin":{"integration":"toggl","kind":"task","external_id":"[external]"},"read_only":true,"trackable":true}]
    "#);
    snapshot!(bench.run(&["tasks", "search", "x%_"]).told(), @r"
    exit 0
    --- stderr
    No active task has all these words in its path
    ");
}

fn a_member_sees_what_they_have(bench: &Bench) {
    bench.imported().done(&["people", "add", "bo@example.com", "--name", "Bo"]);
    let bo = |arguments: &[&str]| bench.run(&[arguments, &["--as", "bo@example.com"]].concat());
    snapshot!(bo(&["tasks", "tree"]).told(), @r"
    exit 0
    --- stderr
    You see no task yet: no Toggl workspace that is mirrored here knows
    bo@example.com, and nobody has assigned you a task. Ask an administrator of the
    account to assign you, or to add that address in Toggl and sync.
    "); // P6, N1
    bench.done(&["assign", "Website", "bo@example.com"]);
    snapshot!(bo(&["tasks", "tree"]).told(), @r"
    exit 0
    --- stdout
    1  Toggl  view only
    2  └─ Studio  workspace · view only
    3     └─ Café Ñandú  client · view only
    4        └─ Website  project
    6           └─ Design
    "); // P6, P7
    let internal = bench.task("Internal");
    assert_eq!(bo(&["tasks", "show", &internal]).code, 4);
    assert_eq!(bo(&["tasks", "add", "Mine"]).code, 3); // T2
    assert_eq!(bo(&["people", "list"]).code, 3);
}
