//! The tree: who sees and changes what of it.

use tallyport_app::{Actor, Error, Page, Which};
use tallyport_domain::{Reason, TaskId};

use crate::bench::{Bench, code, ids, names};

async fn native(bench: &Bench, name: &str, parent: Option<TaskId>) -> TaskId {
    bench.app.tasks.add(&bench.zoe, name, parent).await.unwrap().task.id
}

#[tokio::test] // T2
async fn managers_edit_native_tasks_and_members_do_not() {
    let bench = Bench::new().await;
    let tasks = &bench.app.tasks;
    let house = native(&bench, "House", None).await;
    let roof = native(&bench, "Roof", Some(house)).await;
    assert_eq!(code(tasks.add(&bench.lukasz, "Shed", None).await), "manager_required");
    assert_eq!(code(tasks.add(&bench.lukasz, "Shed", Some(house)).await), "not_found");

    assert_eq!(tasks.rename(&bench.zoe, roof, " Dach ").await.unwrap().task.name.as_str(), "Dach");
    assert_eq!(tasks.move_to(&bench.zoe, roof, None).await.unwrap().level, 1);
    assert_eq!(tasks.move_to(&bench.zoe, roof, Some(house)).await.unwrap().level, 2);
    assert_eq!(code(tasks.move_to(&bench.zoe, house, Some(roof)).await), "cycle");
    assert_eq!(code(tasks.move_to(&bench.zoe, house, Some(house)).await), "cycle");

    let archived = tasks.archive(&bench.zoe, house).await.unwrap();
    assert_eq!(archived.task.archived.unwrap().reason, Reason::ArchivedHere);
    assert_eq!(code(tasks.add(&bench.zoe, "Cellar", Some(house)).await), "parent_archived");
    tasks.restore(&bench.zoe, roof).await.unwrap();
    assert_eq!(names(&tasks.tree(&bench.zoe, Which::Active).await.unwrap()), ["House", "Dach"]);
    tasks.delete(&bench.zoe, house).await.unwrap();
    assert_eq!(code(tasks.show(&bench.zoe, roof).await), "not_found");
}

#[tokio::test] // T2
async fn members_with_access_to_a_native_task_still_do_not_edit_it() {
    let bench = Bench::new().await;
    let house = native(&bench, "House", None).await;
    bench.app.assignments.assign_one(&bench.zoe, house, bench.lukasz.person().id).await.unwrap();
    let tasks = &bench.app.tasks;
    assert_eq!(code(tasks.rename(&bench.lukasz, house, "X").await), "manager_required");
    assert_eq!(code(tasks.archive(&bench.lukasz, house).await), "manager_required");
    assert_eq!(code(tasks.delete(&bench.lukasz, house).await), "manager_required");
    assert_eq!(code(tasks.add(&bench.lukasz, "X", Some(house)).await), "manager_required");
    assert!(tasks.show(&bench.lukasz, house).await.unwrap().trackable);
}

#[tokio::test] // T3
async fn imported_tasks_are_read_only_for_everyone_and_the_refusal_says_what_to_do() {
    let bench = Bench::imported().await;
    let tasks = &bench.app.tasks;
    let design = bench.task("Design").await.task.id;
    let house = native(&bench, "House", None).await;
    for (actor, administrator) in [(&bench.ana, true), (&bench.zoe, false), (&bench.lukasz, false)] {
        let mut refusals: Vec<Error> = vec![
            tasks.rename(actor, design, "X").await.unwrap_err(),
            tasks.move_to(actor, design, None).await.unwrap_err(),
            tasks.archive(actor, design).await.unwrap_err(),
            tasks.restore(actor, design).await.unwrap_err(),
            tasks.delete(actor, design).await.unwrap_err(),
            tasks.add(actor, "X", Some(design)).await.unwrap_err(),
        ];
        if actor.person().role.manages() {
            refusals.push(tasks.move_to(actor, house, Some(design)).await.unwrap_err());
        }
        for refusal in refusals {
            assert_eq!(refusal.code().as_str(), "imported_read_only");
            assert_eq!(refusal.to_string(), "\"Design\" comes from Toggl and can only be changed there");
            assert_eq!(refusal.hint().starts_with("Ask an administrator"), !administrator, "{}", refusal.hint());
        }
    }
    assert_eq!(bench.task("Design").await.task.id, design);
}

#[tokio::test] // P6, P7
async fn members_see_what_they_have_with_its_ancestors_and_managers_see_everything() {
    let bench = Bench::imported().await;
    let all = bench.app.tasks.tree(&bench.ana, Which::Active).await.unwrap();
    assert!(all.iter().all(|row| row.trackable));

    let managed = bench.app.tasks.tree(&bench.zoe, Which::Active).await.unwrap();
    assert_eq!(ids(&managed), ids(&all));
    let labs = bench.task("Labs").await.task.id;
    let is_in_labs = |row: &tallyport_app::TaskRow| row.path.iter().any(|name| name.as_str() == "Labs");
    assert!(managed.iter().all(|row| row.trackable != (is_in_labs(row) || row.level == 1)));

    bench.app.assignments.unassign_one(&bench.ana, labs, bench.lukasz.person().id).await.unwrap();
    let seen = bench.app.tasks.tree(&bench.lukasz, Which::Active).await.unwrap();
    assert!(!seen.iter().any(is_in_labs));
    assert_eq!(seen.iter().filter(|row| !row.trackable).map(|row| row.task.name.as_str()).collect::<Vec<_>>(), ["Toggl"]);
    assert_eq!(code(bench.app.tasks.show(&bench.lukasz, labs).await), "not_found");
    assert_eq!(code(bench.app.tasks.why(&bench.lukasz, labs).await), "not_found");
    assert_eq!(
        names(&bench.app.tasks.search(&bench.lukasz, "tide tables", Which::All.into(), &Page::default()).await.unwrap().rows),
        [""; 0]
    );
}

#[tokio::test] // T4
async fn lists_of_both_kinds_are_in_one_order_and_searches_take_the_state() {
    let bench = Bench::imported().await;
    bench.in_toggl(|world| world.archive_project(world.find_project("Product catalogue").unwrap())).unwrap();
    bench.sync(&bench.ana).await;
    let tasks = &bench.app.tasks;
    let (active, archived, all) = (
        tasks.tree(&bench.ana, Which::Active).await.unwrap(),
        tasks.tree(&bench.ana, Which::Archived).await.unwrap(),
        tasks.tree(&bench.ana, Which::All).await.unwrap(),
    );
    assert_eq!(archived.len(), 4);
    assert_eq!(all.len(), active.len() + archived.len());
    let only = |wanted: &[TaskId]| ids(&all).into_iter().filter(|id| wanted.contains(id)).collect::<Vec<_>>();
    assert_eq!(only(&ids(&active)), ids(&active));
    assert_eq!(only(&ids(&archived)), ids(&archived));
    let above = all.iter().position(|row| row.task.name.as_str() == "Product catalogue").unwrap();
    assert_eq!(names(&all[above..=above + 3]), ["Product catalogue", "Retouching", "Texts", "Translation"]);

    let search = async |which: Which, limit| {
        let page = Page { after: None, limit: Some(limit) };
        tasks.search(&bench.ana, "CATALOGUE", which.into(), &page).await.unwrap().rows.len()
    };
    assert_eq!(search(Which::Active, 10).await, 0);
    assert_eq!(search(Which::Archived, 10).await, 4);
    assert_eq!(search(Which::Archived, 2).await, 2);
    assert_eq!(search(Which::All, 10).await, 4);
}

async fn rules(bench: &Bench, actor: &Actor, task: TaskId) -> Vec<&'static str> {
    let (_, reasons) = bench.app.tasks.why(actor, task).await.unwrap();
    reasons.iter().map(|reason| reason.rule).collect()
}

#[tokio::test] // W1
async fn a_task_says_why_it_is_as_it_is() {
    let bench = Bench::imported().await;
    let menu = bench.task("Menu & signage").await.task.id;
    bench.in_toggl(|world| {
        let project = world.find_project("Menu & signage").unwrap();
        world.rename_project(project, "Menu").unwrap();
        world.move_project(project, world.find_client("Café Ñandú")).unwrap();
    });
    let second = bench.sync(&bench.ana).await;
    bench.in_toggl(|world| world.archive_project(world.find_project("Menu").unwrap())).unwrap();
    let third = bench.sync(&bench.ana).await;

    let (row, reasons) = bench.app.tasks.why(&bench.ana, menu).await.unwrap();
    assert_eq!(row.task.name.as_str(), "Menu");
    let archive = &reasons[0];
    assert_eq!((archive.rule, archive.run), ("I8", Some(third.run.id)));
    assert_eq!(archive.text, "It is archived because it is archived in Toggl.");
    assert_eq!(archive.after.as_deref(), Some("archived_in_toggl"));
    let origin = &reasons[1];
    assert!(origin.text.starts_with("It mirrors the project "), "{origin:?}");
    assert_eq!((origin.rule, origin.run.is_some()), ("I7", true));
    let renamed = reasons.iter().find(|reason| reason.text.starts_with("It was renamed")).unwrap();
    assert_eq!((renamed.before.as_deref(), renamed.after.as_deref()), (Some("Menu & signage"), Some("Menu")));
    assert_eq!(renamed.run, Some(second.run.id));
    let moved = reasons.iter().find(|reason| reason.text.starts_with("It was moved")).unwrap();
    assert_eq!(moved.before.as_deref(), Some("Toggl / Nordlicht Studio / Menu & signage"));
    assert_eq!(moved.after.as_deref(), Some("Toggl / Nordlicht Studio / Café Ñandú / Menu"));

    // P6: where it was may be nothing that a member sees.
    let (_, reasons) = bench.app.tasks.why(&bench.lukasz, menu).await.unwrap();
    let moved = reasons.iter().find(|reason| reason.text.starts_with("It was moved")).unwrap();
    assert_eq!((&moved.before, &moved.after), (&None, &None));
}

#[tokio::test] // W1
async fn assignments_say_why_too_and_to_members_only_their_own() {
    let bench = Bench::imported().await;
    let root = bench.task("Toggl").await.task.id;
    let studio = bench.task("Nordlicht Studio").await.task.id;
    assert_eq!(rules(&bench, &bench.ana, root).await, ["I3", "P3"]);
    bench.app.assignments.assign_one(&bench.ana, studio, bench.bea.person().id).await.unwrap();
    bench.app.assignments.unassign_one(&bench.ana, studio, bench.zoe.person().id).await.unwrap();

    let (_, reasons) = bench.app.tasks.why(&bench.ana, studio).await.unwrap();
    let told: Vec<(&str, &str)> = reasons.iter().map(|reason| (reason.rule, reason.text.as_str())).collect();
    assert!(told.contains(&("P4", "Łukasz has it as a member of this workspace in Toggl.")), "{told:?}");
    assert!(told.contains(&("P2", "Bea has it because Ana assigned it.")), "{told:?}");
    assert!(told.iter().any(|(rule, text)| *rule == "P5" && text.starts_with("Zoë had it from Toggl")), "{told:?}");

    let (_, reasons) = bench.app.tasks.why(&bench.lukasz, studio).await.unwrap();
    let about: Vec<&str> = reasons.iter().filter_map(|reason| Some(reason.person.as_ref()?.name.as_str())).collect();
    assert_eq!(about, ["Łukasz"]);
}

#[tokio::test] // T5
async fn an_empty_name_is_kept_and_shown_as_unnamed() {
    let bench = Bench::imported().await;
    let unnamed = bench.task("").await.task.id;
    let refusal = bench.app.tasks.rename(&bench.ana, unnamed, "X").await.unwrap_err();
    assert_eq!(refusal.to_string(), "\"(unnamed)\" comes from Toggl and can only be changed there");
}
