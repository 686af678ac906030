//! Lists that are well-formed each by itself and do not fit together, or do not end.

use chrono::TimeDelta;
use tallyport_api_types::Code;
use tallyport_domain::plan::Warning;
use tallyport_domain::{ExternalId, Identity, Outcome, Reason};
use tallyport_simulator::{Change, Fault, How, NewProject, Switches};

use super::bench::{Bench, switches};
use super::kinds::Place;
use super::{inside, readable};

#[test] // I5, kind 31
fn what_names_something_unknown_has_a_place_all_the_same() {
    inside(|| {
        let mut bench = Bench::new(switches());
        bench.sync(Vec::new());
        let (client, project) = bench.simulator.read(|world| {
            let studio = world.workspaces().next().unwrap();
            (studio.clients[0].id, studio.projects[1].id)
        });
        // The clients do not show it although a project names it.
        let came = bench.sync(vec![Fault::on("/clients*", How::Body("[]".to_owned())).first(1)]);
        assert_eq!(came.run.outcome, Outcome::Succeeded);
        let task = |identity| came.after.of_identity(identity).unwrap();
        let workspace = came.after.by_id()[&task(Identity::Project(ExternalId(project))).parent.unwrap()].origin;
        assert!(matches!(workspace.imported(), Some(Identity::Workspace(_))), "the project hangs under the workspace");
        assert!(task(Identity::Client(ExternalId(client))).archived.is_some());
        assert!(came.run.warnings.iter().any(|warning| matches!(warning, Warning::ClientsUnknown { projects: 2, .. })));
    });
}

#[test] // I5, kind 31
fn tasks_of_a_project_that_is_in_no_list_are_archived_with_it_and_told() {
    inside(|| {
        let mut bench = Bench::new(Switches { projects_cap: 200, tasks_cap: 200, ..switches() });
        bench.sync(Vec::new());
        let (studio, project, task) = bench.simulator.read(|world| {
            let studio = world.workspaces().next().unwrap();
            (studio.id, studio.projects[0].id, studio.tasks[0].id)
        });
        // It is deleted when the projects are asked for and back when the tasks are.
        let gone = Fault::on(format!("/{studio}/projects"), How::Change(vec![Change::DeleteProject { id: project }])).first(1);
        let stray = format!(
            "{{\"total_count\":1,\"page\":1,\"per_page\":200,\"data\":[{{\"id\":{task},\"name\":\"stray\",\"project_id\":{project}}}]}}"
        );
        let stray = Fault::on(format!("/{studio}/tasks"), How::Body(stray));
        let came = bench.sync(vec![gone, stray]);
        assert_eq!(came.run.outcome, Outcome::Succeeded, "{:?}", came.run);
        let told = |warning: &Warning| matches!(warning, Warning::ProjectsUnknown { tasks: 1, .. });
        assert!(came.run.warnings.iter().any(told), "{:?}", came.run.warnings);
        let task = came.after.of_identity(Identity::Task(ExternalId(task))).unwrap();
        assert!(task.archived.is_some());
        let above = came.after.by_id()[&task.parent.unwrap()].origin.imported();
        assert_eq!(above, Some(Identity::Project(ExternalId(project))), "it stays where it was");
    });
}

#[test] // I8, I12, kind 32
fn a_workspace_that_is_gone_from_the_list_is_held_where_it_is_much_and_not_visible_where_it_is_little() {
    inside(|| {
        let mut bench = Bench::new(switches());
        bench.sync(Vec::new());
        let studio = bench.simulator.read(|world| world.workspaces().next().unwrap().id);
        let gone = || Fault::on("/me/workspaces", How::Change(vec![Change::DeleteWorkspace { id: studio }])).first(1);
        let came = bench.sync(vec![gone()]);
        assert_eq!((came.run.outcome, came.run.counts.archived), (Outcome::Succeeded, 8), "eight are not many");
        let task = came.after.of_identity(Identity::Workspace(ExternalId(studio))).unwrap();
        assert_eq!(task.archived.unwrap().reason, Reason::NotVisible);

        bench.simulator.change(|world| world.restore_workspace(studio)).unwrap();
        for number in 0..6 {
            bench.simulator.change(|world| world.add_client(studio, format!("more {number}"))).unwrap();
        }
        assert_eq!(bench.sync(Vec::new()).run.outcome, Outcome::Succeeded);
        let came = bench.sync(vec![gone()]);
        assert_eq!((came.run.outcome, came.run.counts.archived), (Outcome::Held, 14));
    });
}

#[test] // I20
fn what_slips_from_one_page_to_another_while_they_are_read_is_not_lost() {
    inside(|| {
        let one_page = Switches { projects_cap: 50, total_count_in_projects: false, ..switches() };
        let mut bench = Bench::new(one_page);
        let (studio, first) = bench.simulator.read(|world| {
            let studio = world.workspaces().next().unwrap();
            (studio.id, studio.projects[0].id)
        });
        for number in 0..60 {
            bench
                .simulator
                .change(|world| world.add_project(studio, NewProject::named(format!("one of many {number}"))))
                .unwrap();
        }
        assert_eq!(bench.sync(Vec::new()).run.outcome, Outcome::Succeeded);
        // The first row of the first page goes while the second is fetched, and what was first there is on neither.
        let slip = Fault::on(format!("/{studio}/projects*page=2$"), How::Change(vec![Change::DeleteProject { id: first }]));
        let came = bench.sync(vec![slip.first(1)]);
        // What one of two readings saw is there: the project goes with the next sync, its task with this one.
        assert_eq!((came.run.outcome, came.run.counts.archived), (Outcome::Succeeded, 1));
        assert!(came.run.proof.lists.iter().any(|list| list.read_twice));
        assert_eq!(bench.sync(Vec::new()).run.counts.archived, 1);
    });
}

#[test] // I20, kinds 13 and 14
fn a_list_without_end_is_given_up() {
    inside(|| {
        // With a total that grows, with one that stands still, and with none.
        for totals in [true, false] {
            let mut bench = Bench::new(Switches { total_count_in_projects: totals, projects_cap: 200, ..switches() });
            bench.sync(Vec::new());
            for (list, code) in [
                ("/projects", if totals { Code::TogglChanged } else { Code::TogglNonsense }),
                ("/tasks", Code::TogglChanged),
                ("/workspace_users", Code::TogglNonsense),
            ] {
                if !totals && list != "/projects" {
                    continue;
                }
                let came = bench.sync(vec![Fault::on(list, How::EndlessPages)]);
                assert_eq!(came.run.outcome, Outcome::Failed);
                readable(&came, &[Place::of(list)], Some(code));
                assert!(came.run.requests < 1100, "{}", came.run.requests);
                assert!(came.took < TimeDelta::hours(3), "{}", came.took);
            }
            let came = bench.sync(vec![Fault::on("/projects", How::SamePage)]);
            assert_eq!(came.run.outcome, Outcome::Succeeded, "a first page that is the only one is the list");
        }
    });
}
