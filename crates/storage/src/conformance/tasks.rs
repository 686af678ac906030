//! Native tasks as people make, move, archive, restore and delete them (T1, T2, T3).

use tallyport_domain::{Archived, Origin, Reason, TaskId};

use super::snapshot::{INTERNAL, project_of, toggl};
use super::tree::{add, found, numbers, shown, tree};
use super::world::{Fresh, manager, name, picture, sync};
use crate::StoreError;

async fn archived(db: &Fresh, id: TaskId) -> Option<Archived> {
    found(db, id).await.task.archived
}

// T1, T2
pub async fn a_native_task_is_added_where_it_is_told(db: Fresh) {
    let w = db.world;
    let shed = add(&db, Some(w.garden), "Shed \u{1f6d6} / \"x\"").await;
    let row = found(&db, shed).await;
    assert_eq!((row.task.parent, row.task.origin, row.task.archived), (Some(w.garden), Origin::Native, None));
    assert_eq!((row.task.color, row.task.billable, row.level), (None, None, 2));
    assert_eq!(row.path, ["Garden", "Shed \u{1f6d6} / \"x\""].map(name));
    assert_eq!(row.task.name, row.path[1]);
    assert!(shed > w.garden);
}

// T4
pub async fn a_deep_tree_is_told_whole(db: Fresh) {
    let w = db.world;
    let mut above = w.garden;
    for depth in 2..=150_u32 {
        above = add(&db, Some(above), &format!("level {depth}")).await;
    }
    let row = found(&db, above).await;
    assert_eq!((row.level, row.path.len()), (150, 150));
    assert_eq!(tree(&db, manager(w.ada)).await.len(), 153);
    db.store.archive_task(w.ours, w.garden, w.ada, w.at(2)).await.unwrap();
    assert!(archived(&db, above).await.is_some());
    db.store.restore_task(w.ours, above, w.ada, w.at(3)).await.unwrap();
    assert_eq!(archived(&db, w.garden).await, None);
}

// T2
pub async fn a_native_task_is_renamed(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.rename_task(w.ours, w.house, &name("A home"), w.bea, w.at(1)).await.unwrap();
    assert_eq!(found(&db, w.sink).await.path, ["A home", "Kitchen", "Sink"].map(name));
    assert_eq!(shown(&tree(&db, manager(w.ada)).await)[0], (1, "A home"));
    let theirs = s.task(w.theirs, manager(w.ada), w.house).await.unwrap().unwrap();
    assert_eq!(theirs.task.name, name("House"));
}

// T2
pub async fn a_native_task_is_moved_with_all_below_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.move_task(w.ours, w.kitchen, Some(w.garden), w.bea, w.at(1)).await.unwrap();
    assert_eq!(found(&db, w.sink).await.path, ["Garden", "Kitchen", "Sink"].map(name));
    s.move_task(w.ours, w.kitchen, None, w.bea, w.at(2)).await.unwrap();
    assert_eq!(found(&db, w.kitchen).await.task.parent, None);
    assert_eq!(found(&db, w.sink).await.level, 2);
    s.move_task(w.ours, w.house, Some(w.sink), w.bea, w.at(3)).await.unwrap();
    assert_eq!(found(&db, w.house).await.path, ["Kitchen", "Sink", "House"].map(name));
}

// T2
pub async fn no_move_makes_a_cycle(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let before = picture(s, w.ours).await;
    for under in [w.house, w.kitchen, w.sink] {
        refused!(s.move_task(w.ours, w.house, Some(under), w.ada, w.at(1)).await, StoreError::Cycle);
    }
    assert_eq!(picture(s, w.ours).await, before);
}

// T2
pub async fn of_two_moves_at_once_that_would_make_a_cycle_one_is_refused(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let (one, other) = tokio::join!(
        s.move_task(w.ours, w.house, Some(w.garden), w.ada, w.at(1)),
        s.move_task(w.ours, w.garden, Some(w.house), w.bea, w.at(1)),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    assert_eq!(tree(&db, manager(w.ada)).await.len(), 4);
}

// T2, I8
pub async fn archiving_takes_all_below_along_and_leaves_older_reasons(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let tap = add(&db, Some(w.sink), "Tap").await;
    s.archive_task(w.ours, w.sink, w.bea, w.at(5)).await.unwrap();
    let earlier = [archived(&db, w.sink).await, archived(&db, tap).await];
    assert_eq!(earlier[0], Some(Archived { reason: Reason::ArchivedHere, at: w.at(5) }));
    assert_eq!(earlier[1], Some(Archived { reason: Reason::ParentArchived, at: w.at(5) }));

    s.archive_task(w.ours, w.house, w.bea, w.at(6)).await.unwrap();

    assert_eq!(archived(&db, w.house).await, Some(Archived { reason: Reason::ArchivedHere, at: w.at(6) }));
    assert_eq!(archived(&db, w.kitchen).await, Some(Archived { reason: Reason::ParentArchived, at: w.at(6) }));
    assert_eq!([archived(&db, w.sink).await, archived(&db, tap).await], earlier);
    assert_eq!(archived(&db, w.garden).await, None);
    // Once more changes nothing.
    s.archive_task(w.ours, w.kitchen, w.bea, w.at(7)).await.unwrap();
    s.archive_task(w.ours, w.house, w.bea, w.at(7)).await.unwrap();
    assert_eq!(archived(&db, w.house).await, Some(Archived { reason: Reason::ArchivedHere, at: w.at(6) }));
    assert_eq!(archived(&db, w.kitchen).await, Some(Archived { reason: Reason::ParentArchived, at: w.at(6) }));
}

// T2
pub async fn restoring_takes_all_below_along_and_brings_back_what_is_above(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let tap = add(&db, Some(w.sink), "Tap").await;
    let stove = add(&db, Some(w.kitchen), "Stove").await;
    let bath = add(&db, Some(w.house), "Bath").await;
    let tub = add(&db, Some(bath), "Tub").await;
    s.archive_task(w.ours, tap, w.bea, w.at(4)).await.unwrap();
    s.archive_task(w.ours, stove, w.bea, w.at(5)).await.unwrap();
    s.archive_task(w.ours, w.house, w.bea, w.at(6)).await.unwrap();

    s.restore_task(w.ours, w.sink, w.bea, w.at(7)).await.unwrap();

    for id in [w.house, w.kitchen, w.sink, tap] {
        assert_eq!(archived(&db, id).await, None);
    }
    // What else hangs under those stays, as of then, with a reason that still holds.
    assert_eq!(archived(&db, stove).await, Some(Archived { reason: Reason::ArchivedHere, at: w.at(5) }));
    assert_eq!(archived(&db, bath).await, Some(Archived { reason: Reason::ArchivedHere, at: w.at(6) }));
    assert_eq!(archived(&db, tub).await, Some(Archived { reason: Reason::ParentArchived, at: w.at(6) }));
    s.restore_task(w.ours, w.house, w.bea, w.at(8)).await.unwrap();
    assert_eq!(s.tree(w.ours, manager(w.ada), true).await.unwrap(), []);
    // Once more changes nothing.
    s.restore_task(w.ours, w.house, w.bea, w.at(9)).await.unwrap();
    assert_eq!(tree(&db, manager(w.ada)).await.len(), 8);
}

// T2
pub async fn nothing_is_put_under_an_archived_task(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.archive_task(w.ours, w.house, w.ada, w.at(1)).await.unwrap();
    let before = picture(s, w.ours).await;
    for under in [w.house, w.sink] {
        let added = s.add_task(w.ours, Some(under), &name("New"), w.ada, w.at(2)).await;
        refused!(added, StoreError::ParentArchived);
        refused!(s.move_task(w.ours, w.garden, Some(under), w.ada, w.at(2)).await, StoreError::ParentArchived);
    }
    assert_eq!(picture(s, w.ours).await, before);
}

// T2
pub async fn what_is_archived_stays_archived_wherever_it_is_moved(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.archive_task(w.ours, w.house, w.ada, w.at(1)).await.unwrap();
    s.move_task(w.ours, w.kitchen, Some(w.garden), w.ada, w.at(2)).await.unwrap();
    assert_eq!(found(&db, w.sink).await.path, ["Garden", "Kitchen", "Sink"].map(name));
    assert_eq!(archived(&db, w.kitchen).await, Some(Archived { reason: Reason::ArchivedHere, at: w.at(1) }));
    assert_eq!(archived(&db, w.sink).await, Some(Archived { reason: Reason::ParentArchived, at: w.at(1) }));
    assert_eq!(archived(&db, w.garden).await, None);
}

// T2, I7
pub async fn deleting_takes_all_below_along_and_frees_no_number(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let shed = add(&db, Some(w.garden), "Shed").await;
    s.assign(w.ours, w.sink, &[w.cem], w.ada, w.at(1)).await.unwrap();
    s.archive_task(w.ours, shed, w.ada, w.at(1)).await.unwrap();
    s.delete_task(w.ours, w.house, w.ada, w.at(2)).await.unwrap();
    s.delete_task(w.ours, shed, w.ada, w.at(3)).await.unwrap();
    for id in [w.house, w.kitchen, w.sink, shed] {
        assert_eq!(s.task(w.ours, manager(w.ada), id).await.unwrap(), None);
        refused!(s.task_facts(w.ours, id).await, StoreError::NotFound(_));
    }
    assert_eq!(numbers(&tree(&db, manager(w.ada)).await), [w.garden]);
    assert_eq!(s.access(w.ours, w.cem, false).await.unwrap(), []);
    assert_eq!(s.assigned_to(w.ours, w.sink).await.unwrap(), []);
    assert!(add(&db, None, "New").await > shed);
    assert!(s.task(w.theirs, manager(w.ada), w.house).await.unwrap().is_some()); // A1
}

// T3
pub async fn what_is_imported_is_read_only(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    project_of(&mut source, INTERNAL).active = false;
    sync(s, w.ours, w.ada, &source, w.at(10)).await;
    let before = picture(s, w.ours).await;
    let now = w.at(11);
    for id in mirror.tasks() {
        refused!(s.rename_task(w.ours, id, &name("X"), w.ada, now).await, StoreError::ImportedReadOnly);
        refused!(s.move_task(w.ours, id, None, w.ada, now).await, StoreError::ImportedReadOnly);
        refused!(s.move_task(w.ours, id, Some(w.garden), w.ada, now).await, StoreError::ImportedReadOnly);
        refused!(s.archive_task(w.ours, id, w.ada, now).await, StoreError::ImportedReadOnly);
        refused!(s.restore_task(w.ours, id, w.ada, now).await, StoreError::ImportedReadOnly);
        refused!(s.delete_task(w.ours, id, w.ada, now).await, StoreError::ImportedReadOnly);
        refused!(s.add_task(w.ours, Some(id), &name("X"), w.ada, now).await, StoreError::ImportedReadOnly);
        refused!(s.move_task(w.ours, w.garden, Some(id), w.ada, now).await, StoreError::ImportedReadOnly);
    }
    assert_eq!(picture(s, w.ours).await, before);
}

pub async fn what_is_not_there_is_not_found(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let nothing = TaskId(999);
    let before = picture(s, w.ours).await;
    let now = w.at(1);
    assert_eq!(s.task(w.ours, manager(w.ada), nothing).await.unwrap(), None);
    refused!(s.add_task(w.ours, Some(nothing), &name("X"), w.ada, now).await, StoreError::NotFound(_));
    refused!(s.rename_task(w.ours, nothing, &name("X"), w.ada, now).await, StoreError::NotFound(_));
    refused!(s.move_task(w.ours, nothing, None, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.move_task(w.ours, w.sink, Some(nothing), w.ada, now).await, StoreError::NotFound(_));
    refused!(s.archive_task(w.ours, nothing, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.restore_task(w.ours, nothing, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.delete_task(w.ours, nothing, w.ada, now).await, StoreError::NotFound(_));
    refused!(s.task_facts(w.ours, nothing).await, StoreError::NotFound(_));
    assert_eq!(picture(s, w.ours).await, before);
}
