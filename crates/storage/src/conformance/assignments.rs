//! Assigning and taking away by hand, and what a person has by it (P1, P2, P5, P8).

use tallyport_domain::{Grant, NothingToUnassign, PersonId, Role, Standing, TaskId};

use super::snapshot::{INTERNAL, NORTHLIGHT, members_of, project_of, toggl};
use super::world::{Fresh, manager, member_view, name, new_person, picture, sync};
use crate::{AccessRow, Assigned, StoreError};

fn by_hand(person: PersonId) -> Assigned {
    Assigned { person, automatic: false }
}

fn by_itself(person: PersonId) -> Assigned {
    Assigned { person, automatic: true }
}

fn has(rows: &[AccessRow]) -> Vec<(TaskId, &[(TaskId, bool)])> {
    rows.iter().map(|row| (row.task, row.via.as_slice())).collect()
}

// P2
pub async fn people_are_assigned_by_hand(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, w.kitchen, &[w.dee, w.cem], w.ada, w.at(10)).await.unwrap();
    s.assign(w.ours, mirror.northlight, &[w.bea, w.dee], w.ada, w.at(10)).await.unwrap();
    // Once more changes nothing.
    s.assign(w.ours, w.kitchen, &[w.dee], w.bea, w.at(11)).await.unwrap();

    assert_eq!(s.assigned_to(w.ours, w.kitchen).await.unwrap(), [by_hand(w.cem), by_hand(w.dee)]);
    let northlight = [by_itself(w.ada), by_itself(w.bea), by_hand(w.bea), by_hand(w.dee)];
    assert_eq!(s.assigned_to(w.ours, mirror.northlight).await.unwrap(), northlight);
    assert_eq!(s.assigned_to(w.ours, w.sink).await.unwrap(), []);
    assert_eq!(s.assigned_to(w.theirs, w.kitchen).await.unwrap(), []); // A1
    assert_eq!(s.assigned_to(w.ours, TaskId(999)).await.unwrap(), []);
}

// P2
pub async fn either_all_of_the_people_are_assigned_or_none(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.deactivate(w.ours, w.dee, w.ada, w.at(1)).await.unwrap();
    let before = picture(s, w.ours).await;
    refused!(s.assign(w.ours, w.house, &[w.cem, w.dee], w.ada, w.at(2)).await, StoreError::PersonInactive);
    refused!(s.assign(w.ours, w.house, &[w.cem, PersonId(999)], w.ada, w.at(2)).await, StoreError::NotFound(_));
    refused!(s.assign(w.ours, TaskId(999), &[w.cem], w.ada, w.at(2)).await, StoreError::NotFound(_));
    assert_eq!(picture(s, w.ours).await, before);
}

// P5
pub async fn taking_away_removes_both_kinds_and_remembers_the_automatic_one(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.northlight, &[w.bea, w.dee], w.ada, w.at(10)).await.unwrap();

    s.unassign(w.ours, mirror.northlight, &[w.bea, w.dee], w.ada, w.at(11)).await.unwrap();

    assert_eq!(s.assigned_to(w.ours, mirror.northlight).await.unwrap(), [by_itself(w.ada)]);
    let state = s.sync_state(w.ours).await.unwrap();
    let suppressed = Grant { person: w.bea, task: mirror.northlight };
    assert_eq!(state.current.suppressions, [suppressed].into());
    assert!(!state.current.automatic.contains(&suppressed));
    sync(s, w.ours, w.ada, &toggl(), w.at(12)).await;
    assert_eq!(s.assigned_to(w.ours, mirror.northlight).await.unwrap(), [by_itself(w.ada)]);
}

// P2, P5
pub async fn assigning_again_lifts_the_suppression(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.unassign(w.ours, mirror.southwind, &[w.cem], w.ada, w.at(10)).await.unwrap();

    s.assign(w.ours, mirror.southwind, &[w.cem], w.ada, w.at(11)).await.unwrap();

    assert_eq!(s.assigned_to(w.ours, mirror.southwind).await.unwrap(), [by_hand(w.cem)]);
    assert!(s.sync_state(w.ours).await.unwrap().current.suppressions.is_empty());
    sync(s, w.ours, w.ada, &toggl(), w.at(12)).await;
    assert_eq!(s.assigned_to(w.ours, mirror.southwind).await.unwrap(), [by_itself(w.cem), by_hand(w.cem)]);
}

// P5
pub async fn what_comes_from_above_cannot_be_taken_away_below_and_the_refusal_names_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.harbour, &[w.bea], w.ada, w.at(10)).await.unwrap();
    s.assign(w.ours, mirror.draft, &[w.dee], w.ada, w.at(10)).await.unwrap();
    let before = picture(s, w.ours).await;
    let inherited = NothingToUnassign::Inherited;
    let nobody = NothingToUnassign::NotAssigned;
    for (person, why) in [(w.bea, inherited(mirror.harbour)), (w.ada, inherited(mirror.northlight)), (w.cem, nobody)] {
        let answer = s.unassign(w.ours, mirror.draft, &[person], w.ada, w.at(11)).await;
        refused!(answer, StoreError::Unassign(told) if told == why);
    }
    // From all of these people or from none; the first who has none is the one to blame.
    let answer = s.unassign(w.ours, mirror.draft, &[w.dee, w.cem, w.bea], w.ada, w.at(12)).await;
    refused!(answer, StoreError::Unassign(told) if told == nobody);
    let answer = s.unassign(w.ours, mirror.draft, &[w.dee, w.bea, w.cem], w.ada, w.at(12)).await;
    refused!(answer, StoreError::Unassign(told) if told == inherited(mirror.harbour));
    assert_eq!(picture(s, w.ours).await, before);
}

pub async fn taking_away_from_what_is_not_there_is_refused(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.assign(w.ours, w.house, &[w.cem], w.ada, w.at(1)).await.unwrap();
    let before = picture(s, w.ours).await;
    refused!(s.unassign(w.ours, TaskId(999), &[w.cem], w.ada, w.at(2)).await, StoreError::NotFound(_));
    refused!(s.unassign(w.ours, w.house, &[w.cem, PersonId(999)], w.ada, w.at(2)).await, StoreError::NotFound(_));
    assert_eq!(picture(s, w.ours).await, before);
}

// P5
pub async fn a_deactivated_persons_assignment_can_be_taken_away(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.assign(w.ours, w.house, &[w.cem], w.ada, w.at(1)).await.unwrap();
    s.deactivate(w.ours, w.cem, w.ada, w.at(2)).await.unwrap();
    s.unassign(w.ours, w.house, &[w.cem], w.ada, w.at(3)).await.unwrap();
    assert_eq!(s.assigned_to(w.ours, w.house).await.unwrap(), []);
}

// P1
pub async fn an_assignment_gives_everything_below_now_and_later(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.assign(w.ours, w.kitchen, &[w.dee], w.ada, w.at(1)).await.unwrap();
    let oven = s.add_task(w.ours, Some(w.kitchen), &name("Oven"), w.ada, w.at(2)).await.unwrap();
    s.move_task(w.ours, w.garden, Some(oven), w.ada, w.at(3)).await.unwrap();

    let rows = s.access(w.ours, w.dee, true).await.unwrap();

    let via = [(w.kitchen, false)];
    assert_eq!(has(&rows), [(w.kitchen, &via[..]), (oven, &via), (w.garden, &via), (w.sink, &via)]);
    assert_eq!(rows[2].path, ["House", "Kitchen", "Oven", "Garden"].map(name));
    for task in [w.kitchen, oven, w.garden, w.sink] {
        assert!(s.task(w.ours, member_view(w.dee), task).await.unwrap().unwrap().trackable);
    }
    assert!(!s.task(w.ours, member_view(w.dee), w.house).await.unwrap().unwrap().trackable);
}

// P2
pub async fn access_tells_every_assignment_that_gives_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.northlight, &[w.bea], w.ada, w.at(10)).await.unwrap();
    s.assign(w.ours, mirror.draft, &[w.bea], w.ada, w.at(10)).await.unwrap();
    s.assign(w.ours, w.sink, &[w.bea], w.ada, w.at(10)).await.unwrap();

    let direct = s.access(w.ours, w.bea, false).await.unwrap();
    let effective = s.access(w.ours, w.bea, true).await.unwrap();

    let above = [(mirror.northlight, true), (mirror.northlight, false)];
    let draft = [(mirror.draft, false), above[0], above[1]];
    let sink = [(w.sink, false)];
    assert_eq!(has(&direct), [(w.sink, &sink[..]), (mirror.northlight, &above), (mirror.draft, &draft)]);
    assert_eq!(
        has(&effective),
        [
            (w.sink, &sink[..]),
            (mirror.northlight, &above),
            (mirror.harbour, &above),
            (mirror.website, &above),
            (mirror.draft, &draft),
            (mirror.review, &above),
            (mirror.internal, &above),
        ]
    );
    assert_eq!(effective[4].path, ["Toggl", "Northlight", "Harbour", "Website", "Draft"].map(name));
    assert_eq!(s.access(w.ours, PersonId(999), true).await.unwrap(), []);
    assert_eq!(s.access(w.ours, w.dee, true).await.unwrap(), []);
}

// P1, I9
pub async fn archived_tasks_are_in_nobodys_effective_access(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.internal, &[w.dee], w.ada, w.at(4)).await.unwrap();
    s.assign(w.ours, w.house, &[w.dee], w.ada, w.at(4)).await.unwrap();
    s.archive_task(w.ours, w.kitchen, w.ada, w.at(5)).await.unwrap();
    let mut source = toggl();
    project_of(&mut source, INTERNAL).active = false;
    sync(s, w.ours, w.ada, &source, w.at(10)).await;

    let effective = s.access(w.ours, w.dee, true).await.unwrap();
    let direct = s.access(w.ours, w.dee, false).await.unwrap();

    assert_eq!(effective.iter().map(|row| row.task).collect::<Vec<_>>(), [w.house]);
    assert_eq!(direct.iter().map(|row| row.task).collect::<Vec<_>>(), [w.house, mirror.internal]);
    assert!(!s.task(w.ours, manager(w.dee), mirror.internal).await.unwrap().unwrap().trackable);
}

// P8
pub async fn automatic_assignments_turn_manual_but_for_the_roots(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.northlight, &[w.bea], w.bea, w.at(4)).await.unwrap();
    s.unassign(w.ours, mirror.southwind, &[w.cem], w.ada, w.at(4)).await.unwrap();
    let theirs = picture(s, w.theirs).await;

    assert_eq!(s.adopt_assignments(w.ours, w.ada, w.at(10)).await.unwrap(), 2);

    let state = s.sync_state(w.ours).await.unwrap();
    assert_eq!(state.current.automatic, [Grant { person: w.ada, task: mirror.root }].into());
    assert_eq!(state.current.suppressions, [Grant { person: w.cem, task: mirror.southwind }].into());
    assert_eq!(s.assigned_to(w.ours, mirror.northlight).await.unwrap(), [by_hand(w.ada), by_hand(w.bea)]);
    let facts = s.task_facts(w.ours, mirror.northlight).await.unwrap();
    let since: Vec<_> = facts.standings.iter().map(|fact| (fact.person, fact.manual_since)).collect();
    assert_eq!(since, [(w.ada, Some((w.at(10), w.ada))), (w.bea, Some((w.at(4), w.bea)))]);
    assert_eq!(picture(s, w.theirs).await, theirs);
    assert_eq!(s.adopt_assignments(w.ours, w.ada, w.at(11)).await.unwrap(), 0);
    // Nobody who gives up a seat in Toggl loses anything.
    let mut source = toggl();
    members_of(&mut source, NORTHLIGHT).clear();
    sync(s, w.ours, w.ada, &source, w.at(12)).await;
    assert_eq!(s.assigned_to(w.ours, mirror.northlight).await.unwrap(), [by_hand(w.ada), by_hand(w.bea)]);
}

// W1
pub async fn a_task_tells_how_everybody_stands_to_it_and_since_when(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let fay = s.add_people(w.ours, &[new_person("fay", Role::Member)], w.ada, w.at(4)).await.unwrap()[0].id;
    s.assign(w.ours, mirror.northlight, &[w.bea, w.dee], w.ada, w.at(5)).await.unwrap();
    s.unassign(w.ours, mirror.northlight, &[w.ada], w.bea, w.at(6)).await.unwrap();

    let facts = s.task_facts(w.ours, mirror.northlight).await.unwrap();

    let told: Vec<_> =
        facts.standings.iter().map(|fact| (fact.person, fact.standing, fact.automatic_since, fact.manual_since)).collect();
    let none = Standing::default();
    let by_ada = Some((w.at(5), w.ada));
    assert_eq!(
        told,
        [
            (w.ada, Standing { suppressed: true, ..none }, None, None),
            (w.bea, Standing { automatic: true, manual: true, ..none }, Some((w.at(3), Some(mirror.run))), by_ada),
            (w.dee, Standing { manual: true, ..none }, None, by_ada),
            (fay, Standing { automatic: true, ..none }, Some((w.at(4), None)), None),
        ]
    );
}
