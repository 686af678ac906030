//! Enabling again after unlinking: kept tasks are found by Toggl's id (I16), native ones make room (T3).

use tallyport_domain::{Archived, Content, ExternalId, Identity, Reason, Selection, SourceProject, WorkspaceContent};

use crate::support::{Account, acme, agency, name, project, space, task};

fn kept_agency() -> Account {
    let mut account = Account::with_agency();
    account.unlink_and_keep();
    account
}

#[test] // I16
fn kept_tasks_are_found_again_and_nothing_is_created() {
    let mut account = kept_agency();
    let plan = account.sync(acme(agency()));
    assert!(plan.created.is_empty());
    assert_eq!((plan.changed.len(), plan.unchanged), (8, 0));
    assert!(plan.changed.iter().all(|change| change.adopted.is_some()));
    assert_eq!(account.outline(), Account::with_agency().outline());
}

#[test] // I16
fn what_was_changed_by_hand_follows_toggl_again() {
    let mut account = kept_agency();
    let (site, internal) = (account.id("Site"), account.id("Internal"));
    account.task("Toggl").name = name("Our work");
    account.task("Build").parent = Some(internal);
    account.task("Build").name = name("Construct");
    account.task("Test").parent = None;
    account.task("Books").archived = Some(Archived { reason: Reason::ArchivedHere, at: account.now });
    account.sync(acme(agency()));
    assert_eq!(account.outline(), Account::with_agency().outline());
    assert_eq!(account.id("Site"), site);
}

#[test] // I16, T3
fn native_children_of_kept_tasks_move_to_the_nearest_native_ancestor_or_become_roots() {
    let mut account = kept_agency();
    let ours = account.add("Ours", None);
    account.task("Nike").parent = Some(ours);
    let site = account.id("Site");
    let mine = account.add("Mine", site);
    account.add("Below mine", mine);
    let internal = account.id("Internal");
    account.add("Root to be", internal);
    account.sync(acme(agency()));
    let expected = [
        "~Ours",
        ". ~Mine",
        ". . ~Below mine",
        "~Root to be",
        "Toggl",
        ". Acme",
        ". . Internal",
        ". . . Books",
        ". . Nike",
        ". . . Site",
        ". . . . Build",
        ". . . . Test",
    ];
    assert_eq!(account.outline(), expected);
}

#[test] // I16
fn a_kept_task_that_toggl_no_longer_shows_is_mirrored_where_it_hangs_and_archived() {
    let mut account = kept_agency();
    let gone =
        WorkspaceContent { projects: vec![project(42, "Internal", None)], tasks: Some(vec![task(53, "Books", 42)]), ..agency() };
    account.sync(acme(gone));
    let expected =
        [". . Nike", ". . . Site [deleted_in_toggl]", ". . . . Build [deleted_in_toggl]", ". . . . Test [deleted_in_toggl]"];
    assert_eq!(account.outline()[4..], expected);
}

#[test] // I16
fn a_kept_task_that_people_moved_away_stays_theirs_when_toggl_no_longer_shows_it() {
    let mut account = kept_agency();
    let ours = account.add("Ours", None);
    account.task("Site").parent = Some(ours);
    account.sync(acme(WorkspaceContent { projects: vec![project(42, "Internal", None)], ..agency() }));
    let expected = ["~Ours", ". =Site", ". . =Build", ". . =Test", "Toggl", ". Acme", ". . Internal", ". . . Books", ". . Nike"];
    assert_eq!(account.outline(), expected);
}

#[test] // I16
fn a_kept_task_listed_as_archived_is_known() {
    let mut account = kept_agency();
    let finished = SourceProject { active: false, ..project(41, "Site", 31) };
    account.sync(acme(WorkspaceContent { projects: vec![finished, project(42, "Internal", None)], ..agency() }));
    assert_eq!(account.outline()[5], ". . . Site [archived_in_toggl]");
}

#[test] // I16
fn a_kept_workspace_that_is_not_selected_follows_the_root_or_stays_native_elsewhere() {
    let mut account = kept_agency();
    account.selection = Selection::none();
    let listed = || vec![space(11, "Acme", Content::NotSelected)];
    let mut moved = kept_agency();
    moved.selection = Selection::none();
    moved.task("Acme").parent = None;

    account.sync(listed());
    assert_eq!(account.outline()[..2], ["Toggl", ". Acme [deselected]"]);
    moved.sync(listed());
    assert_eq!(moved.outline()[0], "=Acme");
    assert_eq!(moved.outline().last().unwrap(), "Toggl");
}

#[test] // I16, I8
fn a_kept_workspace_that_refuses_its_lists_is_mirrored_as_it_is() {
    let mut account = kept_agency();
    account.task("Books").archived = Some(Archived { reason: Reason::ArchivedHere, at: account.now });
    account.sync(vec![space(11, "Acme", Content::Refused("no".to_owned()))]);
    assert_eq!(account.outline()[2..5], [". . Internal", ". . . Books [archived_here]", ". . Nike"]);
}

#[test] // I16
fn a_root_that_people_deleted_is_made_anew_above_the_kept_tasks() {
    let mut account = kept_agency();
    let root = account.id("Toggl");
    account.current.tasks.retain(|task| task.id != root);
    account.task("Acme").parent = None;
    let plan = account.sync(acme(agency()));
    assert_eq!((plan.created.len(), plan.created[0].identity), (1, Identity::Root));
    assert_eq!(account.outline(), Account::with_agency().outline());
}

#[test] // I16, T3
fn kept_tasks_nested_against_their_kinds_make_no_cycle() {
    let mut account = kept_agency();
    let (build, site) = (account.id("Build"), account.id("Site"));
    account.task("Nike").parent = Some(build);
    account.task("Site").parent = None;
    account.task("Build").parent = Some(site);
    // Site > Build > Nike by hand; the source shows the task alone, whose project and client are gone.
    let content = WorkspaceContent {
        clients: vec![],
        projects: vec![project(42, "Internal", None)],
        tasks: Some(vec![task(51, "Build", 41), task(53, "Books", 42)]),
        ..agency()
    };
    account.sync(acme(content));
    let expected = ["=Site", ". =Build", ". . =Nike", ". =Test", "Toggl", ". Acme", ". . Internal", ". . . Books"];
    assert_eq!(account.outline(), expected);
}

#[test] // I16, T2
fn a_native_task_archived_with_a_kept_one_stays_archived_by_hand_when_it_moves() {
    let mut account = kept_agency();
    let site = account.id("Site");
    let mine = account.add("Mine", site);
    account.add("Below", mine);
    let at = account.now;
    account.task("Site").archived = Some(Archived { reason: Reason::ArchivedHere, at });
    for name in ["Build", "Test", "Mine", "Below"] {
        account.task(name).archived = Some(Archived { reason: Reason::ParentArchived, at });
    }
    account.sync(acme(agency()));
    assert_eq!(account.of(Identity::Project(ExternalId(41))).archived, None);
    assert_eq!(account.outline()[..2], ["~Mine [archived_here]", ". ~Below [parent_archived]"]);
    assert_eq!(account.task("Mine").archived.unwrap().at, at);
}

#[test] // I16, I10
fn after_re_enabling_the_same_snapshot_changes_nothing() {
    let mut account = kept_agency();
    let site = account.id("Site");
    account.add("Mine", site);
    account.task("Nike").parent = None;
    let content = || acme(WorkspaceContent { clients: vec![], ..agency() });
    account.sync(content());
    let plan = account.sync(content());
    assert!(plan.is_empty(), "{plan:?}");
}
