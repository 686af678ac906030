//! Which workspaces are mirrored (I3).

use serde_json::json;
use tallyport_simulator::{Plan, World};

use crate::support::{Bench, in_every_mode, snapshot};

in_every_mode!(
    selecting_syncs_and_the_tree_is_there,
    deselecting_needs_a_yes,
    deselecting_asks_toggl_only_once_it_is_sure,
    workspaces_are_added_and_removed_by_id_or_by_name,
);

fn selecting_syncs_and_the_tree_is_there(bench: &Bench) {
    snapshot!(bench.enabled().run(&["toggl", "select", "--all"]).told(), @r"
    exit 0
    --- stdout
    Synced just now · 5 requests · 236 left until [clock]
    5 created · 1 assigned · 1 unchanged
    "); // I3
    snapshot!(bench.run(&["tasks", "tree"]).told(), @r"
    exit 0
    --- stdout
    1  Toggl
    2  └─ Studio  workspace
    3     ├─ Café Ñandú  client
    4     │  └─ Website  project
    6     │     └─ Design
    5     └─ Internal  project
    "); // I5
    snapshot!(bench.run(&["toggl", "sync", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"id":2,"outcome":"succeeded","trigger":"manual","started_by":{"id":1,"email":"ana.novakova@nordlicht.example","name":"Olga"},"started_at":"[instant]","duration_ms":[ms],"requests":5,"created":0,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":6,"assigned":0,"withdrawn":0,"warnings":[],"proof":[{"list":"workspaces","workspace":null,"pages":1,"rows":1,"total":null,"read_twice":false},{"list":"clients","workspace":"7230581","pages":1,"rows":1,"total":null,"read_twice":false},{"list":"projects","workspace":"7230581","pages":1,"rows":2,"total":null,"read_twice":false},{"list":"tasks","workspace":"7230581","pages":1,"rows":1,"total":1,"read_twice":false},{"list":"members","workspace":"7230581","pages":1,"rows":2,"total":null,"read_twice":false}]}
    "#); // I19, I20
    snapshot!(bench.run(&["toggl", "status"]).told(), @r"
    exit 0
    --- stdout
    Toggl: enabled
    Synced just now · 5 requests · 232 left until [clock]
    Owner               Olga <ana.novakova@nordlicht.example>
    Token of            Ana Nováková <ana.novakova@nordlicht.example>
    Workspaces          all, those of later included
    Private projects    mirrored like others
    Schedule            off
    Last run            2, by hand (Olga), [clock], took [time]
    Changed             6 unchanged
    ");
    snapshot!(bench.run(&["toggl", "status", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"state":"enabled","owner":{"id":1,"email":"ana.novakova@nordlicht.example","name":"Olga"},"toggl_user":{"name":"Ana Nováková","email":"ana.novakova@nordlicht.example"},"selection":{"all":true,"workspaces":[],"names":[]},"last_run":{"id":2,"outcome":"succeeded","trigger":"manual","started_by":{"id":1,"email":"ana.novakova@nordlicht.example","name":"Olga"},"started_at":"[instant]","duration_ms":[ms],"requests":5,"created":0,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":6,"assigned":0,"withdrawn":0,"warnings":[],"proof":[{"list":"workspaces","workspace":null,"pages":1,"rows":1,"total":null,"read_twice":false},{"list":"clients","workspace":"7230581","pages":1,"rows":1,"total":null,"read_twice":false},{"list":"projects","workspace":"7230581","pages":1,"rows":2,"total":null,"read_twice":false},{"list":"tasks","workspace":"7230581","pages":1,"rows":1,"total":1,"read_twice":false},{"list":"members","workspace":"7230581","pages":1,"rows":2,"total":null,"read_twice":false}]},"last_synced_at":"[instant]","settings":{"private_projects":"keep","schedule":null},"quota":{"remaining":232,"resets_at":"[instant]"},"message":null}
    "#);
}

fn deselecting_needs_a_yes(bench: &Bench) {
    bench.imported();
    let ran = bench.run(&["toggl", "select", "--none"]);
    snapshot!(ran.told(), @r"
    exit 5
    --- stderr
    error: saving this selection archives 5 tasks
    hint: Look at the list; if that is what you want, repeat it with a yes: --yes.
      Studio: 5 tasks
        Toggl / Studio
        Toggl / Studio / Café Ñandú
        Toggl / Studio / Café Ñandú / Website
        Toggl / Studio / Café Ñandú / Website / Design
        Toggl / Studio / Internal
    "); // I3
    snapshot!(bench.run(&["toggl", "select", "--none", "--json"]).told(), @r#"
    exit 5
    --- stderr
    {"error":{"code":"confirmation_needed","details":["Studio: 5 tasks","  Toggl / Studio","  Toggl / Studio / Café Ñandú","  Toggl / Studio / Café Ñandú / Website","  Toggl / Studio / Café Ñandú / Website / Design","  Toggl / Studio / Internal"],"hint":"Look at the list; if that is what you want, repeat it with a yes: --yes.","message":"saving this selection archives 5 tasks"}}
    "#);
    snapshot!(bench.run(&["toggl", "preview", "--none"]).told(), @r"
    exit 0
    --- stdout
    Archived 5
      - Studio      deselected here · Toggl
      - Café Ñandú  with its parent · Toggl / Studio
      - Website     with its parent · Toggl / Studio / Café Ñandú
      - Internal    with its parent · Toggl / Studio
      - Design      with its parent · Toggl / Studio / Café Ñandú / Website
    5 changes · a sync takes 1 request
    "); // I13
    assert_eq!(bench.json(&["toggl", "status"])["selection"]["all"], true);
    let run = bench.json(&["toggl", "select", "--none", "--yes"]);
    assert_eq!((&run["outcome"], &run["archived"]), (&json!("succeeded"), &json!(5)));
    assert_eq!(bench.json(&["toggl", "select", "--add", "Studio"])["restored"], 5);
    assert_eq!(bench.json(&["toggl", "status"])["selection"]["names"], json!(["Studio"]));
}

fn deselecting_asks_toggl_only_once_it_is_sure(bench: &Bench) {
    bench.enabled().done(&["toggl", "select", "Studio"]);
    let before = bench.simulator().requests().len();
    assert_eq!(bench.run(&["toggl", "select", "--remove", "studio"]).code, 5);
    assert_eq!(bench.simulator().requests().len(), before); // I19
    assert_eq!(bench.run(&["toggl", "select", "--remove", "nowhere"]).code, 4);
    bench.done(&["toggl", "select", "--remove", "Studio", "--yes"]);
    bench.done(&["toggl", "select", "--add", "Studio"]);
    assert_eq!(bench.json(&["toggl", "status"])["selection"]["names"], json!(["Studio"]));
}

// I3
fn workspaces_are_added_and_removed_by_id_or_by_name(bench: &Bench) {
    let (mut world, _) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let organization = world.organizations().next().unwrap().id;
    for name in ["Labs", "Twin", "Twin"] {
        world.add_workspace(organization, name).unwrap();
    }
    let bench = Bench::over(bench.mode(), world);
    let labs = bench.simulator().read(|world| world.find_workspace("Labs").unwrap().to_string());
    bench.enabled().done(&["toggl", "select", &labs, "studio"]);
    let selected = || bench.json(&["toggl", "status"])["selection"].clone();
    assert_eq!(selected()["names"].as_array().unwrap().len(), 2);
    bench.done(&["toggl", "select", "--remove", "Studio", "--yes"]);
    assert_eq!(selected()["names"], json!(["Labs"]));
    bench.done(&["toggl", "select", "--all"]);
    bench.done(&["toggl", "select", "--add", "Labs"]);
    assert_eq!(selected()["all"], true);
    bench.done(&["toggl", "select", "--remove", "Labs", "--yes"]);
    assert_eq!(selected()["names"].as_array().unwrap().len(), 3);

    snapshot!(bench.run(&["toggl", "select", "Twin"]).told(), @r#"
    exit 5
    --- stderr
    error: 2 workspaces are called "Twin"
    hint: Give the id of the one you mean.
      7230583  Twin
      7230584  Twin
    "#);
    snapshot!(bench.run(&["toggl", "select", "Nowhere"]).told(), @r#"
    exit 4
    --- stderr
    error: there is no workspace "Nowhere"
    hint: Choose from those that the token sees: `tallyport toggl workspaces` lists them.
    "#);
    snapshot!(bench.run(&["toggl", "select", "12345"]).told(), @r"
    exit 4
    --- stderr
    error: the token sees no workspace 12345
    hint: Choose from those that the token sees: `tallyport toggl workspaces` lists them.
      7230582  Labs
      7230581  Studio
      7230583  Twin
      7230584  Twin
    ");
    snapshot!(bench.run(&["toggl", "select", &labs, "Labs"]).told(), @r"
    exit 2
    --- stderr
    error: workspace 7230582 is named twice
    hint: Name each workspace once; nothing was changed.
    ");
    snapshot!(bench.run(&["toggl", "select"]).told(), @r"
    exit 2
    --- stderr
    error: it is not said which workspaces to mirror
    hint: Give --all, --none, ids, --add ID or --remove ID; `tallyport toggl workspaces` lists them.
    ");
    assert_eq!(bench.run(&["toggl", "select", "--all", "--none"]).code, 2);
    assert_eq!(selected()["names"].as_array().unwrap().len(), 3);
}
