//! Changes that are made where what is there is still as somebody saw it, and nowhere else.

use tallyport_domain::{Every, Person, Role, Selection, SettingsChange};

use super::snapshot::{email, workspaces};
use super::tree::found;
use super::world::{Fresh, begin_by, name, picture};
use crate::{Integration, PersonEdit, Save, Still, StoreError, TaskEdit, TaskRow, What};

/// Whatever is just as this.
fn as_seen<T: Clone + PartialEq + Send + Sync + 'static>(seen: &T) -> Still<T> {
    let seen = seen.clone();
    Still::new(move |there| *there == seen)
}

/// Edits that each take away what the others rest on.
fn task_edits(db: &Fresh) -> [TaskEdit; 3] {
    [TaskEdit::Name(name("Herb garden")), TaskEdit::Parent(Some(db.world.house)), TaskEdit::Parent(None)]
}

pub async fn a_task_is_edited_where_it_is_as_it_was_seen(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    for edit in task_edits(&db) {
        let seen = found(&db, w.garden).await;
        let edited = s.edit_task(w.ours, w.garden, &edit, w.ada, w.at(2), Some(as_seen(&seen))).await.unwrap();
        assert_eq!(edited, found(&db, w.garden).await);
        assert_ne!(edited, seen);
        let before = picture(s, w.ours).await;
        for late in task_edits(&db) {
            let late = s.edit_task(w.ours, w.garden, &late, w.bea, w.at(3), Some(as_seen(&seen))).await;
            refused!(late, StoreError::Changed);
        }
        assert_eq!(picture(s, w.ours).await, before);
    }
    let gone = s.edit_task(w.ours, tallyport_domain::TaskId(999), &task_edits(&db)[0], w.ada, w.at(4), None).await;
    refused!(gone, StoreError::NotFound(_));
}

// P7
pub async fn what_is_seen_of_a_task_is_all_that_is_told_of_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let edit = TaskEdit::Name(name("Basin"));
    let seen = found(&db, w.sink).await;
    s.rename_task(w.ours, w.house, &name("Villa"), w.bea, w.at(2)).await.unwrap();
    refused!(s.edit_task(w.ours, w.sink, &edit, w.ada, w.at(3), Some(as_seen(&seen))).await, StoreError::Changed);
    let seen = found(&db, w.sink).await;
    // It is told to who asks: what somebody else may do with it is another matter.
    s.assign(w.ours, w.sink, &[w.bea], w.ada, w.at(4)).await.unwrap();
    s.edit_task(w.ours, w.sink, &edit, w.ada, w.at(5), Some(as_seen(&seen))).await.unwrap();
}

pub async fn a_person_is_edited_where_they_are_as_they_were_seen(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let edits = || [PersonEdit::Role(Role::Manager), PersonEdit::Email(email("cemal")), PersonEdit::Role(Role::Member)];
    for edit in edits() {
        let seen = s.person(w.ours, w.cem).await.unwrap().unwrap();
        let edited = s.edit_person(w.ours, w.cem, &edit, w.ada, w.at(2), Some(as_seen(&seen))).await.unwrap();
        assert_eq!(Some(edited), s.person(w.ours, w.cem).await.unwrap());
        let before = picture(s, w.ours).await;
        for late in edits() {
            let late = s.edit_person(w.ours, w.cem, &late, w.ada, w.at(3), Some(as_seen(&seen))).await;
            refused!(late, StoreError::Changed);
        }
        assert_eq!(picture(s, w.ours).await, before);
    }
    let theirs = s.person(w.theirs, w.cem).await.unwrap().unwrap(); // A1
    assert_eq!(theirs.email, email("cem"));
}

// I3, I4, I11
pub async fn selection_and_settings_are_saved_where_they_are_as_they_were_seen(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let schedule = |text: &str| SettingsChange { schedule: Some(Some(Every::parse(text).unwrap())), ..SettingsChange::default() };
    let saves = || {
        let selection = What::Selection { selection: Selection::none(), seen: workspaces() };
        [selection, What::Settings(schedule("6h")), What::Settings(schedule("12h"))]
    };
    let save = async |what: What, minute, still: Option<Still<Integration>>| {
        s.save(w.ours, Save { still, ..Save::of(what, w.ada, w.at(minute)) }).await
    };
    for what in saves() {
        let seen = s.integration(w.ours).await.unwrap().unwrap();
        let saved = save(what, 10, Some(as_seen(&seen))).await.unwrap().now();
        assert_eq!(Some(saved.integration), s.integration(w.ours).await.unwrap());
        s.begin_run(w.ours, &begin_by(w.bea, w.at(11))).await.unwrap();
        let before = picture(s, w.ours).await;
        for late in saves() {
            refused!(save(late, 11, Some(as_seen(&seen))).await, StoreError::Changed);
        }
        assert_eq!(picture(s, w.ours).await, before, "the run under way goes on too");
    }
}

pub async fn of_many_who_saw_the_same_at_once_one_changes_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let seen: TaskRow = found(&db, w.garden).await;
    let names = ["A", "B", "C"].map(|text| TaskEdit::Name(name(text)));
    let edit = |at: usize| s.edit_task(w.ours, w.garden, &names[at], w.ada, w.at(2), Some(as_seen(&seen)));
    let (one, two, three) = tokio::join!(edit(0), edit(1), edit(2));
    assert_eq!([one, two, three].into_iter().flatten().count(), 1);

    let seen: Person = s.person(w.ours, w.cem).await.unwrap().unwrap();
    let roles = [Role::Administrator, Role::Manager].map(PersonEdit::Role);
    let edit = |at: usize| s.edit_person(w.ours, w.cem, &roles[at], w.ada, w.at(2), Some(as_seen(&seen)));
    let (one, two) = tokio::join!(edit(0), edit(1));
    assert_eq!([one, two].into_iter().flatten().count(), 1);
}
