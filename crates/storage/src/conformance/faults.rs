//! [`Faulty`] itself: a fault before a call changes nothing, a fault after it loses nothing but the answer.

use std::sync::Arc;

use super::world::{Fresh, manager, name, picture};
use crate::{Faulty, Moment, PeopleStore, StoreError, TaskStore};

// E7; M2
pub async fn a_fault_before_a_call_changes_nothing(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let faulty = Faulty::over(Arc::clone(&db.store));
    let before = picture(s, w.ours).await;
    faulty.fail(Moment::Before, 1);
    refused!(faulty.rename_task(w.ours, w.house, &name("Home"), w.ada, w.at(1)).await, StoreError::Failed(_));
    assert_eq!(picture(s, w.ours).await, before);
    assert_eq!((faulty.calls(), faulty.injected()), (1, 1));
    faulty.rename_task(w.ours, w.house, &name("Home"), w.ada, w.at(1)).await.unwrap();
    assert_eq!((faulty.calls(), faulty.injected()), (2, 1));
}

// E7; M2
pub async fn a_fault_after_a_call_loses_its_answer_alone(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let faulty = Faulty::over(Arc::clone(&db.store));
    faulty.fail(Moment::After, 1);
    refused!(faulty.rename_task(w.ours, w.house, &name("Home"), w.ada, w.at(1)).await, StoreError::Unknown(_));
    let row = s.task(w.ours, manager(w.ada), w.house).await.unwrap().unwrap();
    assert_eq!(row.task.name, name("Home"));
    assert_eq!((faulty.calls(), faulty.injected()), (1, 1));
}

// M2
pub async fn a_fault_strikes_the_call_it_was_ordered_for_and_no_other(db: Fresh) {
    let w = db.world;
    let faulty = Faulty::over(Arc::clone(&db.store));
    faulty.people(w.ours).await.unwrap();
    faulty.fail(Moment::Before, 3);
    faulty.people(w.ours).await.unwrap();
    faulty.people(w.ours).await.unwrap();
    refused!(faulty.people(w.ours).await, StoreError::Failed(_));
    faulty.people(w.ours).await.unwrap();
    assert_eq!((faulty.calls(), faulty.injected()), (5, 1));
    faulty.fail(Moment::After, 1);
    assert!(faulty.relent());
    faulty.people(w.ours).await.unwrap();
    assert!(!faulty.relent());
    assert_eq!((faulty.calls(), faulty.injected()), (6, 1));
}
