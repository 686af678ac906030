//! Enabling, selecting, settings, members and the preview of a deselection (I2, I3, I4, I21, N1).

use tallyport_domain::{
    Every, ExternalId, Identity, Name, Origin, PrivateProjects, Role, Selection, Settings, SettingsChange, TaskId,
};

use super::snapshot::{
    INTERNAL, NORTHLIGHT, SOUTHWIND, content, email, member, members_of, project_of, toggl, toggl_user, workspace, workspaces,
};
use super::world::{Fresh, enable, manager, new_person, picture, sync};
use crate::{Assigned, StoreError, Subject, WorkspaceTasks};

// I2, I3, P3
pub async fn enabling_stores_the_token_and_makes_the_root(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    assert_eq!(s.integration(w.ours).await.unwrap(), None);

    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();

    let it = s.integration(w.ours).await.unwrap().unwrap();
    assert_eq!((it.linked, it.owner, it.token_rejected), (true, w.ada, false));
    assert_eq!((it.toggl_user, it.sealed_token), (Some(toggl_user("ada")), Some(b"\x01sealed".to_vec())));
    assert_eq!((it.selection, it.settings), (Selection::none(), Settings::default()));
    assert_eq!((it.last_run, it.last_synced_at, it.quota), (None, None, None));
    let mut names = it.workspaces;
    names.sort();
    assert_eq!(names, [(NORTHLIGHT, "Northlight".to_owned()), (SOUTHWIND, "Southwind".to_owned())]);
    let root = it.root.unwrap();
    let row = s.task(w.ours, manager(w.bea), root).await.unwrap().unwrap();
    assert_eq!((row.task.origin, row.task.parent, row.level), (Origin::Imported(Identity::Root), None, 1));
    assert_eq!((row.task.name.as_str(), row.task.archived), ("Toggl", None));
    assert_eq!(s.assigned_to(w.ours, root).await.unwrap(), [Assigned { person: w.ada, automatic: true }]);
    assert_eq!(s.integration(w.theirs).await.unwrap(), None); // A1
}

// I2
pub async fn what_is_enabled_is_not_enabled_again(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();
    let before = picture(s, w.ours).await;
    refused!(s.enable(w.ours, &enable(w.bea, w.at(2))).await, StoreError::Integration { enabled: true });
    assert_eq!(picture(s, w.ours).await, before);
}

// I2, I16
pub async fn what_was_never_enabled_can_be_nothing_else(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let before = picture(s, w.ours).await;
    refused!(s.re_enable(w.ours, &enable(w.ada, w.at(1))).await, StoreError::Integration { enabled: false });
    for fate in [tallyport_domain::Fate::Archive, tallyport_domain::Fate::Keep] {
        refused!(s.unlink(w.ours, fate, w.ada, w.at(1)).await, StoreError::Integration { enabled: false });
    }
    let all = Selection::All;
    refused!(s.select(w.ours, &all, &workspaces(), w.ada, w.at(1)).await, StoreError::Integration { enabled: false });
    let settings = Settings::default();
    refused!(s.save_settings(w.ours, &settings.into(), w.ada, w.at(1)).await, StoreError::Integration { enabled: false });
    assert_eq!(s.members(w.ours).await.unwrap(), []);
    assert_eq!(s.adopt_assignments(w.ours, w.ada, w.at(1)).await.unwrap(), 0);
    assert_eq!(s.archived_by_deselecting(w.ours, &Selection::none()).await.unwrap(), []);
    assert_eq!(picture(s, w.ours).await, before);
}

// I3
pub async fn a_selection_is_saved_with_the_names_that_the_token_sees(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();
    for selection in [
        Selection::All,
        Selection::Only([NORTHLIGHT, ExternalId(7_000_000_000)].into()),
        Selection::Only([SOUTHWIND].into()),
        Selection::none(),
    ] {
        s.select(w.ours, &selection, &workspaces(), w.ada, w.at(2)).await.unwrap();
        assert_eq!(s.integration(w.ours).await.unwrap().unwrap().selection, selection);
        assert_eq!(s.sync_state(w.ours).await.unwrap().selection, selection);
    }
    // A workspace that is gone keeps its name, one that is renamed gets the new one.
    let seen = [workspace(NORTHLIGHT, "North \u{1f9ed}", true), workspace(ExternalId(300), "Third", false)];
    s.select(w.ours, &Selection::All, &seen, w.ada, w.at(3)).await.unwrap();
    let mut names = s.integration(w.ours).await.unwrap().unwrap().workspaces;
    names.sort();
    let wanted = [(NORTHLIGHT, "North \u{1f9ed}"), (SOUTHWIND, "Southwind"), (ExternalId(300), "Third")];
    assert_eq!(names, wanted.map(|(id, name)| (id, name.to_owned())));
}

// I3
pub async fn selecting_alone_changes_no_task(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let before = s.sync_state(w.ours).await.unwrap().current;
    s.select(w.ours, &Selection::none(), &workspaces(), w.ada, w.at(10)).await.unwrap();
    assert_eq!(s.sync_state(w.ours).await.unwrap().current, before);
}

// I4, I21
pub async fn settings_are_saved(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();
    for settings in [
        Settings { private_projects: PrivateProjects::LeaveOut, schedule: Every::minutes(15) },
        Settings { private_projects: PrivateProjects::Keep, schedule: Every::minutes(7 * 24 * 60) },
        Settings { private_projects: PrivateProjects::LeaveOut, schedule: None },
    ] {
        s.save_settings(w.ours, &settings.into(), w.ada, w.at(2)).await.unwrap();
        assert_eq!(s.integration(w.ours).await.unwrap().unwrap().settings, settings);
        assert_eq!(s.sync_state(w.ours).await.unwrap().settings, settings);
    }
}

// I4, I21
pub async fn who_changes_one_setting_leaves_the_others_as_they_are(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();
    let private_projects = SettingsChange { private_projects: Some(PrivateProjects::LeaveOut), ..SettingsChange::default() };
    let schedule = SettingsChange { schedule: Some(Every::minutes(15)), ..SettingsChange::default() };
    for change in [private_projects, schedule, SettingsChange::default()] {
        s.save_settings(w.ours, &change, w.ada, w.at(2)).await.unwrap();
    }
    let both = Settings { private_projects: PrivateProjects::LeaveOut, schedule: Every::minutes(15) };
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().settings, both);
    let off = SettingsChange { schedule: Some(None), ..SettingsChange::default() };
    s.save_settings(w.ours, &off, w.ada, w.at(3)).await.unwrap();
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().settings, Settings { schedule: None, ..both });
}

// I17
pub async fn the_stored_token_is_marked_as_rejected_once_and_no_other(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let rejected = async || s.integration(w.ours).await.unwrap().is_some_and(|it| it.token_rejected);
    s.reject_token(w.ours, b"\x01sealed", w.at(1)).await.unwrap();
    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();
    s.enable(w.theirs, &enable(w.ada, w.at(1))).await.unwrap();
    let before = s.latest_change(w.ours).await.unwrap();
    let state = s.sync_state(w.ours).await.unwrap();

    s.reject_token(w.ours, b"\x01another", w.at(2)).await.unwrap();
    assert!(!rejected().await, "the token was replaced meanwhile");
    assert_eq!(s.latest_change(w.ours).await.unwrap(), before);
    s.reject_token(w.ours, b"\x01sealed", w.at(3)).await.unwrap();
    s.reject_token(w.ours, b"\x01sealed", w.at(4)).await.unwrap();

    assert!(rejected().await);
    let changes = s.changes(w.ours, before, 10).await.unwrap(); // E6
    let told: Vec<_> = changes.iter().map(|change| (change.subject, change.by, change.at)).collect();
    assert_eq!(told, [(Subject::Integration, None, w.at(3))]);
    assert_eq!(s.sync_state(w.ours).await.unwrap(), state);
    assert!(!s.integration(w.theirs).await.unwrap().unwrap().token_rejected); // A1
    s.re_enable(w.ours, &enable(w.ada, w.at(5))).await.unwrap();
    assert!(!rejected().await);
}

// N1
pub async fn members_are_told_with_their_workspaces_and_who_they_are_here(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;

    let members = s.members(w.ours).await.unwrap();

    let north = vec!["Northlight".to_owned()];
    let south = vec!["Southwind".to_owned()];
    let both = vec!["Northlight".to_owned(), "Southwind".to_owned()];
    let told: Vec<_> = members.iter().map(|it| (it.email.as_str(), &it.workspaces, it.joined, it.person)).collect();
    assert_eq!(
        told,
        [
            ("ada@tally.test", &north, true, Some(w.ada)),
            ("bea@tally.test", &north, true, Some(w.bea)),
            ("cem@tally.test", &south, true, Some(w.cem)),
            ("fay@tally.test", &both, true, None),
            ("gil@tally.test", &north, false, None),
        ]
    );
    assert_eq!(members[3].name, "fay in Toggl");
}

// N1, A6
pub async fn a_member_is_somebody_here_as_soon_as_they_join(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let gil = s.add_people(w.ours, &[new_person("GIL", Role::Member)], w.ada, w.at(10)).await.unwrap()[0].id;
    let person = |members: Vec<crate::KnownMember>| members.into_iter().find(|it| it.email == email("gil")).unwrap().person;
    assert_eq!(person(s.members(w.ours).await.unwrap()), Some(gil));
    assert_eq!(person(s.members(w.theirs).await.unwrap()), None); // A1
}

// N1, P4
pub async fn each_sync_remembers_the_members_it_read(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let mut source = toggl();
    *members_of(&mut source, NORTHLIGHT) = vec![member("gil", true), member("fay", false), member("hal", true)];
    content(&mut source, SOUTHWIND).members = None;
    sync(s, w.ours, w.ada, &source, w.at(10)).await;
    let members = s.members(w.ours).await.unwrap();
    let told: Vec<_> = members.iter().map(|it| (it.email.as_str(), it.workspaces.len(), it.joined)).collect();
    assert_eq!(
        told,
        [("cem@tally.test", 1, true), ("fay@tally.test", 2, true), ("gil@tally.test", 1, true), ("hal@tally.test", 1, true)]
    );
}

// N1, I3
pub async fn members_of_a_deselected_workspace_are_not_told(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let south = Selection::Only([SOUTHWIND].into());
    s.select(w.ours, &south, &workspaces(), w.ada, w.at(10)).await.unwrap();
    for synced in [false, true] {
        if synced {
            sync(s, w.ours, w.ada, &toggl(), w.at(11)).await;
        }
        let members = s.members(w.ours).await.unwrap();
        let told: Vec<_> = members.iter().map(|it| (it.email.as_str(), it.workspaces.as_slice())).collect();
        let only = ["Southwind".to_owned()];
        assert_eq!(told, [("cem@tally.test", &only[..]), ("fay@tally.test", &only)]);
    }
}

// I3
pub async fn deselecting_names_what_it_would_archive(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    project_of(&mut source, INTERNAL).active = false;
    source.workspaces[0].workspace.name = Name::from_source("Northern light");
    sync(s, w.ours, w.ada, &source, w.at(10)).await;
    let north = WorkspaceTasks {
        workspace: NORTHLIGHT,
        name: "Northern light".to_owned(),
        tasks: vec![mirror.northlight, mirror.harbour, mirror.website, mirror.draft, mirror.review],
    };
    let south =
        WorkspaceTasks { workspace: SOUTHWIND, name: "Southwind".to_owned(), tasks: vec![mirror.southwind, mirror.advice] };
    let before = picture(s, w.ours).await;
    let told = async |selection: Selection| s.archived_by_deselecting(w.ours, &selection).await.unwrap();
    assert_eq!(told(Selection::All).await, []);
    assert_eq!(told(Selection::Only([NORTHLIGHT].into())).await, std::slice::from_ref(&south));
    assert_eq!(told(Selection::Only([SOUTHWIND, ExternalId(7)].into())).await, std::slice::from_ref(&north));
    assert_eq!(told(Selection::none()).await, [north, south]);
    assert_eq!(picture(s, w.ours).await, before);
    // What is archived already is not archived again.
    s.select(w.ours, &Selection::Only([SOUTHWIND].into()), &workspaces(), w.ada, w.at(11)).await.unwrap();
    sync(s, w.ours, w.ada, &source, w.at(12)).await;
    assert_eq!(told(Selection::Only([SOUTHWIND].into())).await, []);
}

// P7, P3
pub async fn the_owner_may_track_on_everything_imported(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let rows = s.tree(w.ours, manager(w.ada), false).await.unwrap();
    let trackable: Vec<TaskId> = rows.iter().filter(|row| row.trackable).map(|row| row.task.id).collect();
    assert_eq!(trackable.len(), mirror.tasks().len());
    assert!(mirror.tasks().iter().all(|task| trackable.contains(task)));
}
