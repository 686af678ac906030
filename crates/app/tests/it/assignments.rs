//! Assignments by hand, and taking either kind away.

use tallyport_app::{Assignment, Page, Which};
use tallyport_domain::PersonId;

use crate::bench::{Bench, code, id_of, names};

fn told(assigned: &[Assignment]) -> Vec<(&str, bool)> {
    assigned.iter().map(|one| (one.person.name.as_str(), one.automatic)).collect()
}

fn emails(list: &[&str]) -> Vec<String> {
    list.iter().map(|email| (*email).to_owned()).collect()
}

const ZOE: &str = "Zoe.Lefevre@nordlicht.example";
const LUKASZ: &str = "lukasz.wisniewski@nordlicht.example";

#[tokio::test] // P1, P2, A2
async fn managers_assign_imported_tasks_by_hand_and_members_do_not() {
    let bench = Bench::imported().await;
    let labs = bench.task("Labs").await.task.id;
    let assignments = &bench.app.assignments;
    let (row, after) = assignments.assign(&bench.zoe, labs, &emails(&[ZOE, LUKASZ])).await.unwrap();
    assert_eq!(row.task.id, labs);
    assert_eq!(told(&after), [("Ana", true), ("Zoë", false), ("Łukasz", true), ("Łukasz", false)]);
    assert_eq!(code(assignments.assign(&bench.lukasz, labs, &emails(&[LUKASZ])).await), "manager_required");
    assert_eq!(code(assignments.list(&bench.lukasz, labs).await), "manager_required");
    assert_eq!(code(assignments.unassign_one(&bench.lukasz, labs, id_of(&bench.lukasz)).await), "manager_required");
}

#[tokio::test] // P2
async fn people_are_assigned_all_or_none() {
    let bench = Bench::imported().await;
    let labs = bench.task("Labs").await.task.id;
    let assignments = &bench.app.assignments;
    let unknown = assignments.assign(&bench.zoe, labs, &emails(&[ZOE, "a@x.example", "b@x.example"])).await.unwrap_err();
    assert_eq!(unknown.code().as_str(), "not_found");
    assert_eq!(unknown.to_string(), "nobody in this account has the email a@x.example or b@x.example");
    assert_eq!(code(assignments.assign(&bench.zoe, labs, &emails(&[ZOE, "zoe"])).await), "invalid_email");
    bench.app.people.deactivate(&bench.ana, id_of(&bench.lukasz), false).await.unwrap();
    assert_eq!(code(assignments.assign(&bench.zoe, labs, &emails(&[ZOE, LUKASZ])).await), "person_inactive");
    assert_eq!(code(assignments.assign_one(&bench.zoe, labs, PersonId(999)).await), "not_found");
    assert_eq!(told(&assignments.list(&bench.zoe, labs).await.unwrap().1), [("Ana", true)]);
}

#[tokio::test] // P5
async fn unassigning_takes_both_kinds_and_the_automatic_one_stays_away() {
    let bench = Bench::imported().await;
    let labs = bench.task("Labs").await.task.id;
    let assignments = &bench.app.assignments;
    assignments.assign(&bench.zoe, labs, &emails(&[LUKASZ])).await.unwrap();
    let (_, after) = assignments.unassign(&bench.zoe, labs, &emails(&[LUKASZ, LUKASZ])).await.unwrap();
    assert_eq!(told(&after), [("Ana", true)]);
    bench.sync(&bench.ana).await;
    assert_eq!(told(&assignments.list(&bench.zoe, labs).await.unwrap().1), [("Ana", true)]);
    let (_, after) = assignments.assign(&bench.zoe, labs, &emails(&[LUKASZ])).await.unwrap();
    assert_eq!(told(&after), [("Ana", true), ("Łukasz", false)]);
    bench.sync(&bench.ana).await;
    let after = assignments.list(&bench.zoe, labs).await.unwrap().1;
    assert_eq!(told(&after), [("Ana", true), ("Łukasz", true), ("Łukasz", false)]);
}

#[tokio::test] // P5
async fn access_from_above_is_not_taken_here_and_the_refusal_names_what_gives_it() {
    let bench = Bench::imported().await;
    let tides = bench.task("Tide tables app").await.task.id;
    let assignments = &bench.app.assignments;
    let refusal = assignments.unassign(&bench.zoe, tides, &emails(&[LUKASZ])).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "access_inherited");
    assert_eq!(refusal.to_string(), "Łukasz has \"Toggl / Labs / Tide tables app\" through \"Toggl / Labs\"");
    assert!(refusal.hint().contains("\"Toggl / Labs\""), "{}", refusal.hint());
    let refusal = assignments.unassign(&bench.zoe, tides, &emails(&[ZOE])).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "not_assigned");
    assert_eq!(refusal.to_string(), "Zoë is not assigned to \"Toggl / Labs / Tide tables app\"");
}

#[tokio::test] // P8
async fn administrators_turn_automatic_assignments_into_manual_ones() {
    let bench = Bench::imported().await;
    assert_eq!(code(bench.app.integration.adopt_assignments(&bench.zoe).await), "administrator_required");
    let adopted = bench.app.integration.adopt_assignments(&bench.ana).await.unwrap();
    assert!(adopted >= 5, "{adopted}");
    let labs = bench.task("Labs").await.task.id;
    let (_, after) = bench.app.assignments.list(&bench.zoe, labs).await.unwrap();
    assert!(told(&after).contains(&("Łukasz", false)), "{after:?}");
    assert_eq!(
        names(&bench.app.tasks.search(&bench.lukasz, "tide", Which::Active.into(), &Page::default()).await.unwrap().rows)[0],
        "Tide tables app"
    );
}
