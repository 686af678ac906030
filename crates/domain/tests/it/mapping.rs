//! Where the source's items go (I5, I7, T1, T5).

use tallyport_domain::plan::{Place, Warning};
use tallyport_domain::{
    Color, Content, ExternalId, Identity, PrivateProjects, Selection, SourceClient, SourceProject, SourceTask, WorkspaceContent,
};

use crate::support::{Account, acme, agency, client, empty, name, project, space, task};

#[test] // I5, T1
fn clients_projects_and_tasks_hang_under_their_workspace_below_the_root() {
    let mut account = Account::new();
    let plan = account.sync(acme(agency()));
    let expected = ["Toggl", ". Acme", ". . Internal", ". . . Books", ". . Nike", ". . . Site", ". . . . Build", ". . . . Test"];
    assert_eq!(account.outline(), expected);
    assert!(plan.changed.is_empty() && plan.warnings.is_empty());
    assert_eq!(plan.created[0].place, Place::Top);
}

#[test] // I10
fn the_same_snapshot_again_changes_nothing() {
    let mut account = Account::with_agency();
    let plan = account.sync(acme(agency()));
    assert!(plan.is_empty(), "{plan:?}");
    assert_eq!(plan.unchanged, 8);
}

#[test] // I5
fn what_is_first_seen_archived_done_or_a_template_stays_out() {
    let mut account = Account::new();
    account.sync(acme(WorkspaceContent {
        clients: vec![SourceClient { archived: true, ..client(31, "Old") }, client(32, "Empty")],
        projects: vec![
            SourceProject { active: false, ..project(41, "Finished", 32) },
            SourceProject { template: true, ..project(42, "Template", None) },
            project(43, "Alive", None),
        ],
        tasks: Some(vec![
            task(51, "Of the finished", 41),
            task(52, "Of the template", 42),
            SourceTask { active: false, ..task(53, "Done", 43) },
        ]),
        ..empty()
    }));
    assert_eq!(account.outline(), ["Toggl", ". Acme", ". . Alive", ". . Empty"]);
}

#[test] // I5
fn an_archived_client_comes_in_as_the_container_of_an_active_project() {
    let mut account = Account::new();
    let old = SourceClient { archived: true, ..client(31, "Old") };
    let content = WorkspaceContent { clients: vec![old], projects: vec![project(41, "Site", 31)], ..empty() };
    let plan = account.sync(acme(content));
    assert_eq!(account.outline(), ["Toggl", ". Acme", ". . Old", ". . . Site"]);
    assert_eq!(plan.warnings, [Warning::ArchivedClientsKept { workspace: name("Acme"), clients: 1 }]);
}

#[test] // I5
fn a_client_archived_later_stays_active_while_an_active_project_hangs_under_it() {
    let mut account = Account::with_agency();
    let archived = || SourceClient { archived: true, ..client(31, "Nike") };
    let plan = account.sync(acme(WorkspaceContent { clients: vec![archived()], ..agency() }));
    assert!(plan.is_empty(), "{plan:?}");

    let finished = SourceProject { active: false, ..project(41, "Site", 31) };
    let projects = vec![finished, project(42, "Internal", None)];
    account.sync(acme(WorkspaceContent { clients: vec![archived()], projects, ..agency() }));
    let nike = &account.outline()[4..];
    let expected = [
        ". . Nike [archived_in_toggl]",
        ". . . Site [archived_in_toggl]",
        ". . . . Build [parent_archived]",
        ". . . . Test [parent_archived]",
    ];
    assert_eq!(nike, expected);
}

#[test] // I5
fn a_project_whose_client_is_deleted_or_unknown_hangs_under_the_workspace() {
    let mut account = Account::with_agency();
    let plan = account.sync(acme(WorkspaceContent { clients: vec![], ..agency() }));
    let expected = [
        "Toggl",
        ". Acme",
        ". . Internal",
        ". . . Books",
        ". . Nike [deleted_in_toggl]",
        ". . Site",
        ". . . Build",
        ". . . Test",
    ];
    assert_eq!(account.outline(), expected);
    assert_eq!(plan.warnings, [Warning::ClientsUnknown { workspace: name("Acme"), projects: 1 }]);
}

#[test] // I5
fn a_client_of_another_workspace_is_no_place_for_a_project() {
    let mut account = Account::new();
    let one = WorkspaceContent { clients: vec![client(31, "Nike")], ..empty() };
    let other = WorkspaceContent { projects: vec![project(41, "Site", 31)], ..empty() };
    account.sync(vec![space(11, "One", Content::Read(one)), space(12, "Other", Content::Read(other))]);
    assert_eq!(account.outline(), ["Toggl", ". One", ". . Nike", ". Other", ". . Site"]);
}

#[test] // I7
fn renames_and_moves_keep_the_task() {
    let mut account = Account::with_agency();
    let (site, build) = (account.id("Site"), account.id("Build"));
    let plan = account.sync(acme(WorkspaceContent {
        projects: vec![project(41, "Website", None), project(42, "Internal", 31)],
        tasks: Some(vec![task(51, "Construct", 42), task(52, "Test", 41), task(53, "Books", 42)]),
        ..agency()
    }));
    let expected =
        ["Toggl", ". Acme", ". . Nike", ". . . Internal", ". . . . Books", ". . . . Construct", ". . Website", ". . . Test"];
    assert_eq!(account.outline(), expected);
    assert!(plan.created.is_empty());
    assert_eq!((account.id("Website"), account.id("Construct")), (site, build));
}

#[test] // I7
fn the_same_number_in_another_kind_is_another_item() {
    let mut account = Account::new();
    let content = WorkspaceContent {
        clients: vec![client(7, "Client")],
        projects: vec![project(7, "Project", 7)],
        tasks: Some(vec![task(7, "Task", 7)]),
        ..empty()
    };
    account.sync(vec![space(7, "Space", Content::Read(content))]);
    assert_eq!(account.outline(), ["Toggl", ". Space", ". . Client", ". . . Project", ". . . . Task"]);
}

#[test] // I5
fn a_task_goes_where_its_project_goes_and_is_not_imported_without_one() {
    let mut account = Account::new();
    let tasks = Some(vec![task(51, "Stray", 99), task(52, "Kept", 42)]);
    let plan = account.sync(acme(WorkspaceContent { tasks, ..agency() }));
    assert!(!account.outline().iter().any(|line| line.contains("Stray")));
    assert_eq!(plan.warnings, [Warning::ProjectsUnknown { workspace: name("Acme"), tasks: 1 }]);
}

#[test] // I5, I8
fn a_task_whose_project_is_not_to_be_seen_is_archived_with_it_where_it_was() {
    let mut account = Account::with_agency();
    let projects = vec![project(42, "Internal", None)];
    account.sync(acme(WorkspaceContent { projects, ..agency() }));
    let expected =
        [". . Nike", ". . . Site [deleted_in_toggl]", ". . . . Build [parent_archived]", ". . . . Test [parent_archived]"];
    assert_eq!(account.outline()[4..], expected);
}

#[test] // I5, I8
fn a_task_moved_to_a_project_that_never_came_in_is_archived_where_it_was() {
    let mut account = Account::with_agency();
    let finished = SourceProject { active: false, ..project(43, "Finished", None) };
    let projects = vec![project(41, "Site", 31), project(42, "Internal", None), finished];
    let tasks = Some(vec![task(51, "Build it", 43), task(52, "Test", 99), task(53, "Books", 42)]);
    account.sync(acme(WorkspaceContent { projects, tasks, ..agency() }));
    let expected = [". . Nike", ". . . Site", ". . . . Build it [archived_in_toggl]", ". . . . Test [deleted_in_toggl]"];
    assert_eq!(account.outline()[4..], expected);
}

#[test] // I21
fn private_projects_come_over_unless_they_are_left_out() {
    let private = || {
        let projects = vec![SourceProject { private: true, ..project(41, "Site", 31) }, project(42, "Internal", None)];
        acme(WorkspaceContent { projects, ..agency() })
    };
    let mut account = Account::new();
    account.sync(private());
    assert_eq!(account.outline().len(), 8);

    account.settings.private_projects = PrivateProjects::LeaveOut;
    account.sync(private());
    let expected = [". . . Site [left_out]", ". . . . Build [parent_archived]", ". . . . Test [parent_archived]"];
    assert_eq!(account.outline()[5..], expected);

    let mut fresh = Account::new();
    fresh.settings.private_projects = PrivateProjects::LeaveOut;
    fresh.sync(private());
    assert_eq!(fresh.outline(), ["Toggl", ". Acme", ". . Internal", ". . . Books", ". . Nike"]);
}

#[test] // I5
fn an_archived_project_follows_its_client_and_stays_where_it_is_if_that_never_came_in() {
    let mut account = Account::with_agency();
    let old = SourceClient { archived: true, ..client(32, "Old") };
    let finished = |client| SourceProject { active: false, ..project(41, "Site", client) };
    let content = |clients, client| WorkspaceContent {
        clients,
        projects: vec![finished(client), project(42, "Internal", None)],
        ..agency()
    };

    account.sync(acme(content(vec![client(31, "Nike"), old.clone()], 32)));
    assert_eq!(account.outline()[4..6], [". . Nike", ". . . Site [archived_in_toggl]"]);

    account.sync(acme(content(vec![client(31, "Nike"), client(32, "Adidas")], 32)));
    assert_eq!(account.outline()[2..4], [". . Adidas", ". . . Site [archived_in_toggl]"]);
}

#[test] // I5, I8
fn an_archived_project_that_appears_in_another_workspace_leaves_the_client_of_the_first() {
    let mut account = Account::with_agency();
    let here = WorkspaceContent { projects: vec![project(42, "Internal", None)], tasks: None, ..agency() };
    let old = SourceClient { archived: true, ..client(39, "Old") };
    let site = SourceProject { active: false, ..project(41, "Site", 39) };
    let there = WorkspaceContent { clients: vec![old], projects: vec![site], ..empty() };
    account.sync(vec![space(11, "Acme", Content::Read(here)), space(12, "Other", Content::Read(there))]);
    assert_eq!(account.outline()[4..7], [". . Nike", ". Other", ". . Site [archived_in_toggl]"]);
}

#[test] // I3, I5
fn only_selected_workspaces_come_in() {
    let mut account = Account::new();
    account.selection = Selection::Only([ExternalId(12)].into());
    account.sync(vec![space(11, "One", Content::NotSelected), space(12, "Two", Content::Read(empty()))]);
    assert_eq!(account.outline(), ["Toggl", ". Two"]);
}

#[test] // I3
fn the_root_exists_though_nothing_is_selected() {
    let mut account = Account::new();
    account.selection = Selection::none();
    account.sync(vec![space(11, "One", Content::NotSelected)]);
    assert_eq!(account.outline(), ["Toggl"]);
}

#[test] // T1
fn a_projects_colour_and_billing_follow_the_source() {
    let red = Color::parse("#ff0000");
    let mut account = Account::with_agency();
    let projects =
        vec![SourceProject { color: red, billable: Some(true), ..project(41, "Site", 31) }, project(42, "Internal", None)];
    let plan = account.sync(acme(WorkspaceContent { projects, ..agency() }));
    let site = account.of(Identity::Project(ExternalId(41)));
    assert_eq!((site.color, site.billable), (red, Some(true)));
    assert_eq!((plan.changed.len(), plan.unchanged), (1, 8));

    account.sync(acme(WorkspaceContent { projects: vec![], ..agency() }));
    assert_eq!(account.of(Identity::Project(ExternalId(41))).color, red, "what is missing keeps its colour");
}

#[test] // T5
fn names_come_over_as_they_are() {
    let odd = ["", "  two  ", "a\tb", "🦀 / \"x\"", "\u{202e}abc"];
    let mut account = Account::new();
    let projects = odd.iter().zip(41..).map(|(name, id)| project(id, name, None)).collect();
    account.sync(acme(WorkspaceContent { projects, ..empty() }));
    for (text, id) in odd.iter().zip(41..) {
        assert_eq!(account.of(Identity::Project(ExternalId(id))).name.as_str(), *text);
    }
}

#[test] // I10
fn the_order_of_lists_and_tasks_does_not_matter() {
    let mut account = Account::with_agency();
    let changed = || WorkspaceContent {
        clients: vec![client(31, "Nike"), client(32, "Puma"), client(33, "Asics")],
        projects: vec![project(43, "New", 33), project(41, "Site", 32), project(44, "Newer", None)],
        tasks: Some(vec![task(54, "Added", 43), task(51, "Build", 44), task(55, "Too", 41)]),
        ..agency()
    };
    let mut turned = changed();
    turned.clients.reverse();
    turned.projects.reverse();
    turned.tasks.as_mut().unwrap().reverse();
    turned.members.as_mut().unwrap().reverse();
    let plan = account.preview(acme(changed()));
    account.current.tasks.reverse();
    assert_eq!(account.preview(acme(turned)), plan);
    let ids: Vec<_> = plan.created.iter().map(|new| new.identity).collect();
    let expected = [Identity::Client(ExternalId(32)), Identity::Client(ExternalId(33)), Identity::Project(ExternalId(43))];
    assert_eq!(ids[..3], expected);
}

#[test] // I10
fn of_an_item_that_is_listed_twice_an_active_one_counts_whatever_the_order() {
    let site = || project(41, "Site", 31);
    let twice = |rows: [SourceProject; 2]| acme(WorkspaceContent { projects: rows.to_vec(), ..agency() });
    let mut account = Account::new();
    let gone = SourceProject { active: false, ..site() };
    account.sync(twice([gone.clone(), site()]));
    assert_eq!(account.of(Identity::Project(ExternalId(41))).archived, None);

    let template = SourceProject { template: true, ..site() };
    let plan = account.preview(twice([template.clone(), gone.clone()]));
    assert_eq!(account.preview(twice([gone, template])), plan);
    let colors = ["#0b83d9", "#ffffff"].map(|color| SourceProject { color: Color::parse(color), ..site() });
    let plan = account.preview(twice(colors.clone()));
    let [one, other] = colors;
    assert_eq!(account.preview(twice([other, one])), plan);
}
