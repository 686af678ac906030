//! What moves to the list of archived tasks and back (I8, I10, I15, I16).

use chrono::TimeDelta;
use tallyport_domain::plan::Warning;
use tallyport_domain::{
    Archived, Content, ExternalId, Identity, Reason, Selection, SourceClient, SourceProject, SourceTask, WorkspaceContent,
    WorkspaceSnapshot,
};

use crate::support::{Account, acme, agency, client, empty, name, project, space, task};

const SITE: Identity = Identity::Project(ExternalId(41));
const BUILD: Identity = Identity::Task(ExternalId(51));

fn without_site() -> WorkspaceContent {
    let tasks = Some(vec![task(53, "Books", 42)]);
    WorkspaceContent { projects: vec![project(42, "Internal", None)], tasks, ..agency() }
}

fn with_site(change: impl Fn(SourceProject) -> SourceProject) -> WorkspaceContent {
    WorkspaceContent { projects: vec![change(project(41, "Site", 31)), project(42, "Internal", None)], ..agency() }
}

fn not_administered(mut spaces: Vec<WorkspaceSnapshot>) -> Vec<WorkspaceSnapshot> {
    for space in &mut spaces {
        space.workspace.administered = false;
    }
    spaces
}

#[test] // I8
fn archived_done_and_templates_are_archived_with_their_reason_and_what_is_below() {
    let mut account = Account::with_agency();
    let tasks = Some(vec![SourceTask { active: false, ..task(51, "Build", 41) }, task(52, "Test", 41), task(53, "Books", 42)]);
    account.sync(acme(WorkspaceContent {
        projects: vec![project(41, "Site", 31), SourceProject { template: true, ..project(42, "Internal", None) }],
        tasks,
        ..agency()
    }));
    let expected = [
        ". . Internal [template_in_toggl]",
        ". . . Books [parent_archived]",
        ". . Nike",
        ". . . Site",
        ". . . . Build [done_in_toggl]",
        ". . . . Test",
    ];
    assert_eq!(account.outline()[2..], expected);

    account.sync(acme(agency()));
    assert!(account.current.tasks.iter().all(|task| task.archived.is_none()), "all of it is back");
}

#[test] // I8
fn a_client_without_an_active_project_is_archived_as_toggl_says() {
    let mut account = Account::with_agency();
    let clients = vec![SourceClient { archived: true, ..client(31, "Nike") }];
    account.sync(acme(WorkspaceContent { clients, ..with_site(|site| SourceProject { client: None, ..site }) }));
    assert_eq!(account.outline()[4..6], [". . Nike [archived_in_toggl]", ". . Site"]);
}

#[test] // I8
fn what_a_complete_list_lacks_is_deleted_for_an_administrator_and_not_visible_for_others() {
    let mut account = Account::with_agency();
    account.sync(not_administered(acme(without_site())));
    assert_eq!(account.of(SITE).archived.unwrap().reason, Reason::NotVisible);

    account.sync(acme(without_site()));
    assert_eq!(account.of(SITE).archived.unwrap().reason, Reason::DeletedInToggl);
}

#[test] // I8
fn the_reason_follows_the_latest_sync_and_the_time_stays_the_first() {
    let mut account = Account::with_agency();
    account.sync(acme(with_site(|site| SourceProject { active: false, ..site })));
    let first = account.now;
    account.sync(acme(without_site()));
    assert_eq!(account.of(SITE).archived, Some(Archived { reason: Reason::DeletedInToggl, at: first }));
    assert_eq!(account.now, first + TimeDelta::hours(1));
}

#[test] // I8
fn an_own_reason_outranks_that_of_the_parent_and_survives_its_return() {
    let done = |mut content: WorkspaceContent| {
        let tasks = content.tasks.as_mut().unwrap();
        tasks[0].active = false;
        content
    };
    let mut account = Account::with_agency();
    account.sync(acme(done(with_site(|site| SourceProject { active: false, ..site }))));
    assert_eq!(account.of(BUILD).archived.unwrap().reason, Reason::DoneInToggl);

    account.sync(acme(done(agency())));
    assert_eq!(account.of(SITE).archived, None);
    assert_eq!(account.of(BUILD).archived.unwrap().reason, Reason::DoneInToggl);
}

#[test] // I8
fn archived_items_follow_renames_and_moves() {
    let mut account = Account::with_agency();
    let finished = |site| SourceProject { active: false, name: name("Website"), client: None, ..site };
    account.sync(acme(with_site(finished)));
    assert_eq!(account.outline()[4..6], [". . Nike", ". . Website [archived_in_toggl]"]);
}

#[test] // I8
fn a_deselected_workspace_is_archived_under_its_present_name_and_returns_whole() {
    let mut account = Account::with_agency();
    account.sync(acme(with_site(|site| SourceProject { active: false, ..site })));
    account.selection = Selection::none();
    account.sync(vec![space(11, "Acme Ltd", Content::NotSelected)]);
    let expected = [
        "Toggl",
        ". Acme Ltd [deselected]",
        ". . Internal [parent_archived]",
        ". . . Books [parent_archived]",
        ". . Nike [parent_archived]",
        ". . . Site [archived_in_toggl]",
        ". . . . Build [parent_archived]",
        ". . . . Test [parent_archived]",
    ];
    assert_eq!(account.outline(), expected);

    account.selection = Selection::All;
    account.sync(acme(agency()));
    assert_eq!(account.outline(), Account::with_agency().outline());
}

#[test] // I3, I8
fn what_was_read_of_a_workspace_that_is_not_selected_does_not_count() {
    let mut account = Account::with_agency();
    account.selection = Selection::none();
    let with = |content| vec![space(11, "Acme", content)];
    let plan = account.preview(with(Content::NotSelected));
    assert_eq!(plan.changed[0].archived.unwrap().unwrap().reason, Reason::Deselected);
    assert_eq!(account.preview(with(Content::Read(agency()))), plan);
    assert_eq!(account.preview(with(Content::Refused("no".to_owned()))), plan);
}

#[test] // I8
fn a_workspace_that_is_not_listed_is_not_visible() {
    let mut account = Account::with_agency();
    account.selection = Selection::Only([ExternalId(11)].into());
    account.sync(vec![]);
    assert_eq!(account.outline()[1], ". Acme [not_visible]");

    account.selection = Selection::none();
    account.sync(vec![]);
    assert_eq!(account.outline()[1], ". Acme [deselected]");
}

#[test] // I8
fn a_workspace_that_refuses_its_lists_stays_as_it_is_and_the_others_go_on() {
    let mut account = Account::with_agency();
    account.sync(acme(with_site(|site| SourceProject { active: false, ..site })));
    let before = account.outline();
    let refused = || space(11, "Acme Ltd", Content::Refused("forbidden".to_owned()));
    let other = space(12, "Other", Content::Read(WorkspaceContent { projects: vec![project(49, "New", None)], ..empty() }));
    let plan = account.sync(vec![refused(), other]);
    assert_eq!(account.outline(), [before, vec![". Other".to_owned(), ". . New".to_owned()]].concat());
    let warning = Warning::WorkspaceRefused { workspace: name("Acme Ltd"), detail: "forbidden".to_owned() };
    assert!(plan.warnings.contains(&warning));

    let mut fresh = Account::new();
    fresh.sync(vec![refused()]);
    assert_eq!(fresh.outline(), ["Toggl"], "one that was never read does not come in");
}

#[test] // I10
fn a_plan_without_tasks_leaves_the_tasks_as_they_are() {
    let mut account = Account::with_agency();
    let tasks = Some(vec![SourceTask { active: false, ..task(51, "Build", 41) }, task(52, "Test", 41), task(53, "Books", 42)]);
    account.sync(acme(WorkspaceContent { tasks, ..agency() }));
    let moved = || with_site(|site| SourceProject { client: None, ..site });
    let plan = account.sync(acme(WorkspaceContent { tasks: None, ..moved() }));
    let expected = [". . Internal", ". . . Books", ". . Nike", ". . Site", ". . . Build [done_in_toggl]", ". . . Test"];
    assert_eq!(account.outline()[2..], expected);
    assert_eq!(plan.warnings, [Warning::TasksUnreadable { workspace: name("Acme"), tasks: 2 }]);

    let gone = WorkspaceContent { projects: vec![], tasks: None, ..agency() };
    account.sync(acme(gone));
    let reason = |identity| account.of(identity).archived.unwrap().reason;
    assert_eq!(reason(Identity::Task(ExternalId(53))), Reason::ParentArchived, "its project is gone, which was read");
    assert_eq!(reason(BUILD), Reason::DoneInToggl);
}

#[test] // I15, I16
fn what_unlinking_archived_returns_and_what_was_archived_before_keeps_its_reason() {
    let mut account = Account::with_agency();
    account.sync(acme(with_site(|site| SourceProject { active: false, ..site })));
    let at = account.now;
    for task in &mut account.current.tasks {
        task.archived.get_or_insert(Archived { reason: Reason::Unlinked, at });
    }
    account.sync(acme(with_site(|site| SourceProject { active: false, ..site })));
    let expected = [
        "Toggl",
        ". Acme",
        ". . Internal",
        ". . . Books",
        ". . Nike",
        ". . . Site [archived_in_toggl]",
        ". . . . Build [parent_archived]",
        ". . . . Test [parent_archived]",
    ];
    assert_eq!(account.outline(), expected);
}

#[test] // I8, I15
fn a_workspace_that_refuses_its_lists_after_unlinking_stays_archived() {
    let mut account = Account::with_agency();
    let at = account.now;
    for task in &mut account.current.tasks {
        task.archived = Some(Archived { reason: Reason::Unlinked, at });
    }
    account.sync(vec![space(11, "Acme", Content::Refused("forbidden".to_owned()))]);
    assert_eq!(account.outline()[0], "Toggl");
    assert!(account.outline()[1..].iter().all(|line| line.ends_with("[unlinked]")), "{:?}", account.outline());
}

#[test] // I5, I8
fn an_item_that_appears_in_another_workspace_moves_there_and_is_not_missing() {
    let mut account = Account::with_agency();
    let here =
        WorkspaceContent { projects: vec![project(42, "Internal", None)], tasks: Some(vec![task(53, "Books", 42)]), ..agency() };
    let there =
        WorkspaceContent { projects: vec![project(41, "Site", None)], tasks: Some(vec![task(51, "Build", 41)]), ..agency() };
    let there = WorkspaceContent { clients: vec![], ..there };
    account.sync(vec![space(11, "Acme", Content::Read(here)), space(12, "Other", Content::Read(there))]);
    let expected = [
        "Toggl",
        ". Acme",
        ". . Internal",
        ". . . Books",
        ". . Nike",
        ". Other",
        ". . Site",
        ". . . Build",
        ". . . Test [deleted_in_toggl]",
    ];
    assert_eq!(account.outline(), expected);
}
