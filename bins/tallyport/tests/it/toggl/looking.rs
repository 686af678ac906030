//! What of the link can be looked at: a preview, history, members, and what is for administrators alone (I1, I13, I14, N1).

use crate::support::{Bench, in_every_mode, snapshot};

in_every_mode!(
    a_preview_is_what_a_sync_does,
    history_tells_each_change,
    members_are_listed,
    whoever_is_no_administrator_sees_the_state_alone,
);

fn a_preview_is_what_a_sync_does(bench: &Bench) {
    bench.imported();
    bench.done(&["add", "Internal", "--date", "2026-11-24", "--duration", "1h30m"]);
    bench.done(&["start", "Internal"]);
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
    4 changes · 1 running timer on archived tasks · 1.5 h on archived tasks
    a sync takes 5 requests
    "); // I13
    snapshot!(bench.run(&["toggl", "preview", "--json"]).told(), @r#"
    exit 0
    --- stdout
    {"created":[{"kind":"project","external_id":"[external]","name":"Menu","path":["Toggl","Studio","Menu"]}],"renamed":[{"id":4,"kind":"project","external_id":"[external]","name":"Website 2027","path":["Toggl","Studio","Website 2027"],"old_name":"Website"}],"moved":[{"id":4,"kind":"project","external_id":"[external]","name":"Website 2027","path":["Toggl","Studio","Website 2027"],"old_path":["Toggl","Studio","Café Ñandú","Website"]}],"archived":[{"id":5,"kind":"project","external_id":"[external]","name":"Internal","path":["Toggl","Studio","Internal"],"reason":"archived_in_toggl"}],"restored":[],"assigned":[],"withdrawn":[],"private_projects":[],"running_timers":1,"archived_hours":1.5,"requests":5,"warnings":[]}
    "#);
    let preview = bench.json(&["toggl", "preview"]);
    let run = bench.json(&["toggl", "sync"]);
    for counted in ["created", "renamed", "moved", "archived", "restored", "assigned", "withdrawn"] {
        assert_eq!(run[counted], preview[counted].as_array().unwrap().len(), "{counted}");
    }
    snapshot!(bench.run(&["tasks", "tree", "--archived"]).told(), @r"
    exit 0
    --- stdout
    id  task      archived  in
     5  Internal  archived in Toggl on [day]  Toggl / Studio
    "); // I8
    snapshot!(bench.run(&["toggl", "preview"]).told(), @r"
    exit 0
    --- stdout
    Nothing would change · a sync takes 5 requests
    ");
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
    [{"email":"ana.novakova@nordlicht.example","name":"Ana Nováková","workspaces":["Studio"],"joined":true,"person_id":1,"invited":false},{"email":"zoe@example.com","name":"Zoë Lefèvre","workspaces":["Studio"],"joined":true,"person_id":null,"invited":false}]
    "#);
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
