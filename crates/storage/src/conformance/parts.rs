//! Pages that outlive a spent quota and a dead process, and nothing else (I19).

use tallyport_domain::{Fate, Part, Selection};

use super::held::held;
use super::runs::failed;
use super::snapshot::{NORTHLIGHT, toggl, workspaces};
use super::world::{Fresh, application, begin_by, enable, open};
use crate::{BeginRun, Ended};

pub(super) fn part(db: &Fresh, list: &str, page: u32, bytes: &[u8]) -> Part {
    Part { list: list.to_owned(), page, read_at: db.world.at(10), bytes: bytes.to_vec() }
}

/// Parts come back in no particular order.
fn in_order(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by(|one, other| (&one.list, one.page).cmp(&(&other.list, other.page)));
    parts
}

// I19
pub async fn parts_are_kept_after_a_spent_quota_and_given_back_once(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, _, kept) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    assert_eq!(kept, []);
    let long = vec![7; 300_000];
    s.stage_parts(w.ours, &lease, &[part(&db, "projects", 1, b"old"), part(&db, "projects", 2, &long)]).await.unwrap();
    s.stage_parts(w.ours, &lease, &[part(&db, "projects", 1, b"new"), part(&db, "clients", 1, b"\0\xff")]).await.unwrap();
    s.end_run(w.ours, &lease, Ended { keep_parts: true, ..failed(&db, 11) }).await.unwrap();

    let (lease, _, kept) = open(s, w.ours, &begin_by(w.ada, w.at(70))).await;

    let all = [part(&db, "clients", 1, b"\0\xff"), part(&db, "projects", 1, b"new"), part(&db, "projects", 2, &long)];
    assert_eq!(in_order(kept), all);
    // They are this run's now: another spent quota keeps them, any other failure drops them.
    s.stage_parts(w.ours, &lease, &[part(&db, "tasks", 1, b"more")]).await.unwrap();
    s.end_run(w.ours, &lease, Ended { keep_parts: true, ..failed(&db, 71) }).await.unwrap();
    let (lease, _, kept) = open(s, w.ours, &begin_by(w.ada, w.at(130))).await;
    assert_eq!(kept.len(), 4);
    s.end_run(w.ours, &lease, failed(&db, 131)).await.unwrap();
    assert_eq!(open(s, w.ours, &begin_by(w.ada, w.at(140))).await.2, []);
}

// I19, I11
pub async fn parts_of_a_dead_process_are_given_to_the_next_run(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (dead, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    s.stage_parts(w.ours, &dead, &[part(&db, "projects", 1, b"one")]).await.unwrap();
    let over = BeginRun { over: Some(dead), ..begin_by(w.ada, w.at(10)) };
    let (_, _, kept) = open(s, w.ours, &over).await;
    assert_eq!(kept, [part(&db, "projects", 1, b"one")]);
    let (_, _, kept) = open(s, w.ours, &begin_by(w.ada, w.at(30))).await;
    assert_eq!(kept, [part(&db, "projects", 1, b"one")]);
}

// I19
pub async fn parts_are_dropped_when_a_run_ends_in_any_other_way(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    for minute in [10, 20, 30, 40] {
        let (lease, _, kept) = open(s, w.ours, &begin_by(w.ada, w.at(minute))).await;
        assert_eq!(kept, [], "before minute {minute}");
        s.stage_parts(w.ours, &lease, &[part(&db, "projects", 1, b"one")]).await.unwrap();
        let state = s.sync_state(w.ours).await.unwrap();
        match minute {
            10 => drop(s.end_run(w.ours, &lease, failed(&db, minute)).await.unwrap()),
            20 => drop(s.cancel_run(w.ours, None, w.at(minute)).await.unwrap()),
            30 => {
                let held = held(&db, minute).await;
                drop(s.hold(w.ours, &lease, held).await.unwrap());
            }
            _ => drop(s.apply(w.ours, &lease, application(&state, &toggl(), w.at(minute))).await.unwrap()),
        }
    }
    assert_eq!(open(s, w.ours, &begin_by(w.ada, w.at(50))).await.2, []);
}

// I3, I16, I19
pub async fn parts_read_for_another_selection_or_with_another_token_are_dropped(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    for minute in [10, 20, 30] {
        let (lease, _, kept) = open(s, w.ours, &begin_by(w.ada, w.at(minute))).await;
        assert_eq!(kept, [], "before minute {minute}");
        s.stage_parts(w.ours, &lease, &[part(&db, "projects", 1, b"one")]).await.unwrap();
        s.end_run(w.ours, &lease, Ended { keep_parts: true, ..failed(&db, minute) }).await.unwrap();
        let now = w.at(minute + 1);
        match minute {
            10 => s.select(w.ours, &Selection::Only([NORTHLIGHT].into()), &workspaces(), w.ada, now).await.unwrap(),
            20 => s.re_enable(w.ours, &enable(w.bea, now)).await.unwrap(),
            _ => {
                s.unlink(w.ours, Fate::Archive, w.ada, now).await.unwrap();
                s.re_enable(w.ours, &enable(w.ada, now)).await.unwrap();
            }
        }
    }
    assert_eq!(open(s, w.ours, &begin_by(w.ada, w.at(40))).await.2, []);
}
