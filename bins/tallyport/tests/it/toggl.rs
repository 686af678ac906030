use serde_json::json;
use tallyport_simulator::{Fault, How, Plan, World};

use crate::support::{Bench, Mode, in_every_mode, snapshot};

in_every_mode!(
    enabling_checks_the_token_and_lists_workspaces,
    a_token_comes_from_a_file_or_the_environment,
    selecting_syncs_and_the_tree_is_there,
    a_preview_is_what_a_sync_does,
    deselecting_needs_a_yes,
    history_tells_each_change,
    settings_are_saved_and_synced,
    members_are_listed,
    unlinking_archives_or_keeps_and_re_enabling_finds_everything_again,
    enabling_after_unlinking_syncs_and_ends_as_the_sync_does,
    deselecting_asks_toggl_only_once_it_is_sure,
    whoever_is_no_administrator_sees_the_state_alone,
    a_missing_key_is_said_and_a_token_brings_everything_back,
);

fn enabling_checks_the_token_and_lists_workspaces(bench: &Bench) {
    snapshot!(bench.account().run(&["toggl", "status", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"state":"disabled","owner":null,"toggl_user":null,"selection":null,"last_run":null,"last_synced_at":null,"settings":null,"quota":null,"message":"Enable it with the API token of your Toggl Track profile: `tallyport toggl enable`."}
    "#);
    let ran = bench.run_with(&["toggl", "enable", "--token-stdin"], &bench.token(), &[]);
    snapshot!(ran.told(), @r"
    exit 0
    --- stdout
    Toggl: enabled
    Not synced yet
    No workspace is selected yet: `tallyport toggl select --all`, or the ids of
    some.
    Owner               Olga <ana.novakova@nordlicht.example>
    Token of            Ana Nováková <ana.novakova@nordlicht.example>
    Workspaces          none
    Private projects    mirrored like others
    Schedule            off

         id  workspace  mirrored
    7230581  Studio     no

    --- stderr
    Next: `tallyport toggl select --all`, or `tallyport toggl select ID...`
    "); // I2
    let ran = bench.run_with(&["toggl", "enable", "--token-stdin", "--json"], &bench.token(), &[]);
    snapshot!(ran.told(), @r#"
    exit 5
    --- stderr
    {"error":{"code":"already_enabled","hint":"To use another token or owner: `tallyport toggl re-enable`.","message":"the Toggl integration is enabled already"}}
    "#);
    snapshot!(bench.run(&["toggl", "workspaces", "--json"]).told(), @r#"
    exit 0
    --- stdout
    [{"external_id":"7230581","name":"Studio","selected":false,"visible":true}]
    "#);
}

fn a_token_comes_from_a_file_or_the_environment(bench: &Bench) {
    let file = bench.account().folder().join("token");
    std::fs::write(&file, [&bench.token(), "\n"].concat()).unwrap();
    let ran = bench.run(&["toggl", "enable", "--json", "--token-file", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.stdout.contains(&bench.token()));
    bench.done(&["toggl", "unlink", "--keep"]);
    let ran = bench.run_with(&["toggl", "re-enable", "--json"], "", &[("TOGGL_API_TOKEN", &bench.token())]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for text in [ran.stdout, ran.stderr] {
        assert!(!text.contains(&bench.token()));
    }
}

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

fn a_preview_is_what_a_sync_does(bench: &Bench) {
    bench.imported();
    bench.simulator().change(|world| {
        let website = world.find_project("Website").unwrap();
        world.rename_project(website, "Website 2027").unwrap();
        world.move_project(website, None).unwrap();
        world.archive_project(world.find_project("Internal").unwrap()).unwrap();
        let workspace = world.find_workspace("Studio").unwrap();
        world.add_project(workspace, "Menu").unwrap();
    });
    snapshot!(bench.run(&["toggl", "preview"]).told(), @r"
    exit 0
    --- stdout
    Created 1
      + Menu  Toggl / Studio
    Renamed 1
      ~ Website 2027  was Website
    Moved 1
      > Website 2027  from Studio / Café Ñandú to Studio
    Archived 1
      - Internal  archived in Toggl · Toggl / Studio
    4 changes · a sync takes 5 requests
    "); // I13
    snapshot!(bench.run(&["toggl", "preview", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"created":[{"kind":"project","external_id":"[external]","name":"Menu","path":["Toggl","Studio","Menu"]}],"renamed":[{"id":4,"kind":"project","external_id":"[external]","name":"Website 2027","path":["Toggl","Studio","Website 2027"],"old_name":"Website"}],"moved":[{"id":4,"kind":"project","external_id":"[external]","name":"Website 2027","path":["Toggl","Studio","Website 2027"],"old_path":["Toggl","Studio","Café Ñandú","Website"]}],"archived":[{"id":5,"kind":"project","external_id":"[external]","name":"Internal","path":["Toggl","Studio","Internal"],"reason":"archived_in_toggl"}],"restored":[],"assigned":[],"withdrawn":[],"private_projects":[],"running_timers":0,"archived_hours":0.0,"requests":5,"warnings":[]}
    "#);
    let preview = bench.json(&["toggl", "preview"]);
    let run = bench.json(&["toggl", "sync"]);
    for counted in ["created", "renamed", "moved", "archived", "restored", "assigned", "withdrawn"] {
        assert_eq!(run[counted], preview[counted].as_array().unwrap().len(), "{counted}");
    }
    snapshot!(bench.run(&["tasks", "tree", "--archived"]).told(), @r"
    exit 0
    --- stdout
    id  task      archived                     in
     5  Internal  archived in Toggl on [day]  Toggl / Studio
    "); // I8
    snapshot!(bench.run(&["toggl", "preview"]).told(), @r"
    exit 0
    --- stdout
    Nothing would change · a sync takes 5 requests
    ");
}

fn deselecting_needs_a_yes(bench: &Bench) {
    bench.imported();
    let ran = bench.run(&["toggl", "select", "--none"]);
    snapshot!(ran.told(), @r"
    exit 5
    --- stderr
    error: saving this selection archives 5 tasks
    hint: Look at the list; if that is what you want, repeat it with --yes.
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
    {"error":{"code":"confirmation_needed","details":["Studio: 5 tasks","  Toggl / Studio","  Toggl / Studio / Café Ñandú","  Toggl / Studio / Café Ñandú / Website","  Toggl / Studio / Café Ñandú / Website / Design","  Toggl / Studio / Internal"],"hint":"Look at the list; if that is what you want, repeat it with --yes.","message":"saving this selection archives 5 tasks"}}
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

fn history_tells_each_change(bench: &Bench) {
    bench.imported();
    bench.simulator().change(|world| world.rename_project(world.find_project("Internal").unwrap(), "In-house").unwrap());
    bench.done(&["toggl", "sync"]);
    assert_eq!(bench.json(&["toggl", "history"]).as_array().unwrap().len(), 2);
    snapshot!(bench.run(&["toggl", "history", "2"]).told(), @r"
    exit 0
    --- stdout
    Run 2 · started [clock] by hand (Olga) · took [time]
    Synced just now · 5 requests
    1 renamed · 5 unchanged

    Renamed 1
      ~ In-house  was Internal

    list        workspace  pages  rows  Toggl's total  read twice
    workspaces                 1     1
    clients     7230581        1     1
    projects    7230581        1     2
    tasks       7230581        1     1              1
    members     7230581        1     2
    "); // I14
    snapshot!(bench.run(&["toggl", "history", "2", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"id":2,"outcome":"succeeded","trigger":"manual","started_by":{"id":1,"email":"ana.novakova@nordlicht.example","name":"Olga"},"started_at":"[instant]","duration_ms":[ms],"requests":5,"created":0,"renamed":1,"moved":0,"archived":0,"restored":0,"unchanged":5,"assigned":0,"withdrawn":0,"warnings":[],"proof":[{"list":"workspaces","workspace":null,"pages":1,"rows":1,"total":null,"read_twice":false},{"list":"clients","workspace":"7230581","pages":1,"rows":1,"total":null,"read_twice":false},{"list":"projects","workspace":"7230581","pages":1,"rows":2,"total":null,"read_twice":false},{"list":"tasks","workspace":"7230581","pages":1,"rows":1,"total":1,"read_twice":false},{"list":"members","workspace":"7230581","pages":1,"rows":2,"total":null,"read_twice":false}],"changes":[{"change":"renamed","id":5,"kind":"project","external_id":"[external]","name":"In-house","path":["Toggl","Studio","In-house"],"old_name":"Internal"}]}
    "#);
    snapshot!(bench.run(&["toggl", "history", "9"]).told(), @r"
    exit 4
    --- stderr
    error: there is no such run
    hint: Check the id; it may be in another account, or gone.
    ");
    assert_eq!(bench.run(&["toggl", "history", "nonsense"]).code, 2);
}

fn settings_are_saved_and_synced(bench: &Bench) {
    bench.imported();
    let saved = bench.json(&["toggl", "settings", "--private-projects", "leave-out", "--schedule", "6h"]);
    assert_eq!(saved["settings"], json!({ "private_projects": "leave-out", "schedule": "6h" })); // I4, I21
    assert_eq!((&saved["last_run"]["trigger"], &saved["last_run"]["outcome"]), (&json!("saved"), &json!("succeeded")));
    assert_eq!(bench.json(&["toggl", "settings", "--schedule", "off"])["settings"]["schedule"], json!(null));
    assert_eq!(bench.json(&["toggl", "settings"])["settings"]["private_projects"], "leave-out");
    snapshot!(bench.run(&["toggl", "settings", "--schedule", "sometimes"]).told(), @r#"
    exit 2
    --- stderr
    error: "sometimes" is not a schedule: give minutes, hours or days from 15m to 7d, such as 30m or 6h, or off
    hint: Check the spelling; `tallyport help` lists commands and options.
    "#);
    snapshot!(bench.run(&["toggl", "settings", "--private-projects", "maybe"]).told(), @r"
    exit 2
    --- stderr
    error: --private-projects <PRIVATE_PROJECTS> takes one of keep, leave-out
    hint: `tallyport --help` says what it takes.
    ");
}

fn members_are_listed(bench: &Bench) {
    snapshot!(bench.imported().run(&["toggl", "members"]).told(), @r"
    exit 0
    --- stdout
    name          email                           here  workspaces
    Ana Nováková  ana.novakova@nordlicht.example  yes   Studio
    Zoë Lefèvre   zoe@example.com                 no    Studio
    "); // N1
    snapshot!(bench.run(&["toggl", "members", "--json"]).told(), @r#"
    exit 0
    --- stdout
    [{"email":"ana.novakova@nordlicht.example","name":"Ana Nováková","workspaces":["Studio"],"joined":true,"person_id":1},{"email":"zoe@example.com","name":"Zoë Lefèvre","workspaces":["Studio"],"joined":true,"person_id":null}]
    "#);
}

fn unlinking_archives_or_keeps_and_re_enabling_finds_everything_again(bench: &Bench) {
    bench.imported();
    snapshot!(bench.run(&["toggl", "unlink"]).told(), @r"
    exit 2
    --- stderr
    error: it is not said what becomes of the imported tasks
    hint: Give --archive, or --keep to make them tasks of your own.
    ");
    snapshot!(bench.run(&["toggl", "unlink", "--archive"]).told(), @r"
    exit 0
    --- stdout
    Toggl: unlinked
    Synced just now · 5 requests
    The token is destroyed here; revoke it in Toggl too if backups of the database
    may hold it. `tallyport toggl re-enable` links again and finds the earlier
    tasks.
    Owner               Olga <ana.novakova@nordlicht.example>
    Workspaces          all, those of later included
    Private projects    mirrored like others
    Schedule            off
    Last run            1, after saving (Olga), [clock], took [time]
    Changed             5 created · 1 assigned · 1 unchanged
    "); // I15
    assert_eq!(bench.json(&["tasks", "tree"]), json!([]));
    snapshot!(bench.run(&["toggl", "sync"]).told(), @r"
    exit 5
    --- stderr
    error: the Toggl integration is unlinked
    hint: An administrator re-enables it with a Toggl token: `tallyport toggl re-enable`.
    ");
    snapshot!(bench.run(&["toggl", "re-enable"]).told(), @r"
    exit 2
    --- stderr
    error: a Toggl API token is needed
    hint: Pass it on standard input (--token-stdin), in a file (--token-file) or in TOGGL_API_TOKEN.
    "); // I16
    let ran = bench.run_with(&["toggl", "re-enable", "--token-stdin"], &bench.token(), &[]);
    snapshot!(ran.told(), @r"
    exit 0
    --- stdout
    Synced just now · 5 requests · 232 left until [clock]
    5 restored · 1 assigned · 1 unchanged
    ");
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 6);
    assert_eq!(bench.json(&["toggl", "unlink", "--keep"])["state"], "unlinked");
    bench.done(&["tasks", "rename", "Internal", "Ours"]);
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 6);
}

fn enabling_after_unlinking_syncs_and_ends_as_the_sync_does(bench: &Bench) {
    bench.imported().done(&["toggl", "unlink", "--archive"]);
    bench.simulator().inject(Fault::on("/projects", How::status(500)));
    let enable = |more: &[&str]| bench.run_with(&[&["toggl", "enable", "--token-stdin"], more].concat(), &bench.token(), &[]);
    let ran = enable(&[]);
    assert_eq!(ran.code, 8, "{ran:?}");
    assert!(ran.stdout.contains("Failed just now") && ran.stderr.starts_with("error: "), "{ran:?}");
    bench.simulator().clear_faults();

    bench.done(&["toggl", "unlink", "--keep"]);
    bench.done(&["tasks", "rename", "Internal", "Ours"]);
    let ran = enable(&[]);
    assert_eq!(ran.code, 5, "{ran:?}"); // I12, I16
    assert!(ran.stderr.contains("Renamed: Ours -> Internal (Toggl / Studio / Internal)"), "{ran:?}");
    bench.done(&["toggl", "unlink", "--keep"]);
    let ran = enable(&["--yes", "--json"]);
    let enabled: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, &enabled["last_run"]["outcome"], &enabled["workspaces"][0]["selected"]),
        (0, &json!("succeeded"), &json!(true))
    );
    assert_eq!(bench.json(&["tasks", "show", "Internal"])["read_only"], true);
    assert_eq!(ran.stderr, "");
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

fn whoever_is_no_administrator_sees_the_state_alone(bench: &Bench) {
    bench.imported().done(&["people", "add", "zoe@example.com", "--name", "Zoë", "--role", "manager"]);
    let zoe = |arguments: &[&str]| bench.run(&[arguments, &["--as", "zoe@example.com"]].concat());
    snapshot!(zoe(&["toggl", "status"]).told(), @r"
    exit 0
    --- stdout
    Toggl: enabled
    Synced just now
    "); // I1
    snapshot!(zoe(&["toggl", "sync"]).told(), @r"
    exit 3
    --- stderr
    error: only an administrator can sync
    hint: Ask an administrator of the account.
    ");
    for command in ["preview", "workspaces", "history", "members", "cancel", "confirm", "adopt-assignments"] {
        assert_eq!(zoe(&["toggl", command]).code, 3, "{command}");
    }
}

fn a_missing_key_is_said_and_a_token_brings_everything_back(bench: &Bench) {
    bench.imported();
    std::fs::remove_file([&bench.database(), ".key"].concat()).unwrap();
    let ran = bench.run(&["toggl", "sync", "--json"]);
    assert_eq!((ran.code, ran.error()["code"].as_str().unwrap()), (1, "key_missing"), "{ran:?}");
    assert_eq!(bench.json(&["toggl", "status"])["state"], "key_missing");
    let ran = bench.run_with(&["toggl", "re-enable", "--token-stdin", "--json"], &bench.token(), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(bench.json(&["toggl", "status"])["state"], "enabled");
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 6);
}

#[test] // I3
fn workspaces_are_added_and_removed_by_id_or_by_name() {
    let (mut world, _) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let organization = world.organizations().next().unwrap().id;
    for name in ["Labs", "Twin", "Twin"] {
        world.add_workspace(organization, name).unwrap();
    }
    let bench = Bench::over(Mode::Local, world);
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
    hint: `tallyport toggl workspaces` lists the ones to choose from.
    "#);
    snapshot!(bench.run(&["toggl", "select", "12345"]).told(), @r"
    exit 4
    --- stderr
    error: the token sees no workspace 12345
    hint: `tallyport toggl workspaces` lists the ones to choose from.
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
