//! Lists in display order, part by part, while others change what they are made of (T4).

use std::collections::BTreeSet;

use tallyport_domain::{Place, TaskId};

use super::tree::{add, numbers};
use super::world::{Fresh, manager, member_view, name};
use crate::{Listed, Page, TaskRow, Viewer, Wanted, Which};

fn after(place: Option<Place>, limit: u32) -> Page<Place> {
    Page { after: place, limit: Some(limit) }
}

async fn part(db: &Fresh, viewer: Viewer, wanted: Wanted, page: &Page<Place>) -> Listed<TaskRow, Place> {
    db.store.tree_page(db.world.ours, viewer, wanted, page).await.unwrap()
}

/// All parts of a tree, put together.
async fn together(db: &Fresh, viewer: Viewer, wanted: Wanted, limit: u32) -> Vec<TaskRow> {
    let (mut rows, mut next) = (Vec::new(), None);
    loop {
        let part = part(db, viewer, wanted, &after(next, limit)).await;
        assert!(part.rows.len() <= limit as usize && (part.next.is_none() || part.rows.len() == limit as usize));
        rows.extend(part.rows);
        next = part.next;
        if next.is_none() {
            return rows;
        }
    }
}

/// Numbers without any order, the same for a seed each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

// T4, P6
pub async fn the_parts_of_a_tree_are_the_tree(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    for text in ["Sink", "sink", "Task 9", "task 10"] {
        add(&db, Some(w.kitchen), text).await;
    }
    s.archive_task(w.ours, w.garden, w.ada, w.at(5)).await.unwrap();
    s.assign(w.ours, mirror.website, &[w.dee], w.ada, w.at(5)).await.unwrap();
    s.assign(w.ours, w.garden, &[w.dee], w.ada, w.at(5)).await.unwrap();
    for viewer in [manager(w.ada), member_view(w.dee)] {
        let (active, archived) = (s.tree(w.ours, viewer, false).await.unwrap(), s.tree(w.ours, viewer, true).await.unwrap());
        for (which, many) in
            [(Which::Active, active.len()), (Which::Archived, archived.len()), (Which::All, active.len() + archived.len())]
        {
            let whole = part(&db, viewer, which.into(), &Page::default()).await;
            assert_eq!((whole.rows.len(), whole.next), (many, None), "{which:?}");
            assert!(many > 0);
            for limit in 1..=3 {
                assert_eq!(together(&db, viewer, which.into(), limit).await, whole.rows, "{which:?} {limit}");
            }
        }
    }
}

// P6
pub async fn an_archived_task_stands_among_the_others_under_what_it_hangs_under(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.assign(w.ours, w.sink, &[w.dee], w.ada, w.at(1)).await.unwrap();
    s.archive_task(w.ours, w.sink, w.ada, w.at(2)).await.unwrap();
    let seen = async |which: Which| numbers(&part(&db, member_view(w.dee), which.into(), &Page::default()).await.rows);
    assert_eq!(seen(Which::Active).await, []);
    assert_eq!(seen(Which::Archived).await, [w.sink]);
    assert_eq!(seen(Which::All).await, [w.house, w.kitchen, w.sink]);
}

// P6
pub async fn what_hangs_under_a_task_is_listed_alone(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let stove = add(&db, Some(w.kitchen), "Stove").await;
    let bath = add(&db, Some(w.house), "Bath").await;
    s.archive_task(w.ours, bath, w.ada, w.at(2)).await.unwrap();
    s.assign(w.ours, w.sink, &[w.dee], w.ada, w.at(2)).await.unwrap();
    let under = |parent, which| Wanted { which, parent: Some(parent) };
    let all = async |viewer, wanted| numbers(&together(&db, viewer, wanted, 1).await);
    assert_eq!(all(manager(w.ada), under(w.house, Which::Active)).await, [w.kitchen]);
    assert_eq!(all(manager(w.ada), under(w.house, Which::All)).await, [bath, w.kitchen]);
    assert_eq!(all(manager(w.ada), under(w.kitchen, Which::Active)).await, [w.sink, stove]);
    assert_eq!(all(member_view(w.dee), under(w.kitchen, Which::Active)).await, [w.sink]);
    assert_eq!(all(manager(w.ada), under(stove, Which::All)).await, []);
    assert_eq!(all(manager(w.ada), under(TaskId(999), Which::All)).await, []);
    let found = async |parent, text: &str| {
        let wanted = under(parent, Which::All);
        numbers(&s.search_page(w.ours, manager(w.ada), text, wanted, &Page::default()).await.unwrap().rows)
    };
    assert_eq!(found(w.kitchen, "house").await, [w.sink, stove]);
    assert_eq!(found(w.kitchen, "stove").await, [stove]);
    assert_eq!(found(w.house, "stove").await, []);
}

// T4
pub async fn a_part_begins_at_its_place_whatever_became_of_the_task(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    for text in ["Bath", "Cellar", "Attic"] {
        add(&db, Some(w.house), text).await;
    }
    let all: Wanted = Which::Active.into();
    // Garden, House, Attic, Bath: the next one is the cellar.
    let first = part(&db, manager(w.ada), all, &after(None, 4)).await;
    let bath = first.rows[3].task.id;
    let rest = async || {
        let rows = part(&db, manager(w.ada), all, &after(first.next.clone(), 99)).await.rows;
        rows.iter().map(|row| row.task.name.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rest().await, ["Cellar", "Kitchen", "Sink"]);
    s.rename_task(w.ours, bath, &name("Zoo"), w.ada, w.at(2)).await.unwrap();
    assert_eq!(rest().await, ["Cellar", "Kitchen", "Sink", "Zoo"]);
    s.move_task(w.ours, bath, Some(w.garden), w.ada, w.at(3)).await.unwrap();
    assert_eq!(rest().await, ["Cellar", "Kitchen", "Sink"]);
    s.delete_task(w.ours, bath, w.ada, w.at(4)).await.unwrap();
    assert_eq!(rest().await, ["Cellar", "Kitchen", "Sink"]);
    // With what it hung under it went on to another place, which comes once more; what stayed is not missed.
    s.rename_task(w.ours, w.house, &name("Villa"), w.ada, w.at(5)).await.unwrap();
    add(&db, None, "Island").await;
    assert_eq!(rest().await, ["Island", "Villa", "Attic", "Cellar", "Kitchen", "Sink"]);
}

// T4
pub async fn nothing_that_stays_is_missed_or_comes_twice_while_others_change_the_tree(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mut tasks = vec![w.house, w.kitchen, w.sink, w.garden];
    let mut dice = Dice(1);
    let words = ["a", "A", "b", "task 9", "task 10", "z", "\u{e4}"];
    for _ in 0..40 {
        let parent = (dice.below(4) > 0).then(|| dice.one_of(&tasks));
        tasks.push(add(&db, parent, dice.one_of(&words)).await);
    }
    let (mut stayed, mut moved) = (0, 0);
    for seed in 0..25_u32 {
        let mut dice = Dice(seed.into());
        let before = numbers(&s.tree(w.ours, manager(w.ada), false).await.unwrap());
        let mut touched = BTreeSet::new();
        let (mut read, mut next) = (Vec::new(), None);
        loop {
            let part = part(&db, manager(w.ada), Which::Active.into(), &after(next, 1 + seed % 7)).await;
            read.extend(numbers(&part.rows));
            next = part.next;
            if next.is_none() {
                break;
            }
            for _ in 0..2 {
                let (task, what) = (dice.one_of(&tasks), dice.below(6));
                let concerned = concerned(&db, task, what == 4).await;
                // What cannot be done changes nothing: a move under itself or under what is archived, say.
                let (words, other) = (name(dice.one_of(&words)), dice.one_of(&tasks));
                let done = match what {
                    0 => s.rename_task(w.ours, task, &words, w.ada, w.at(1)).await,
                    1 => s.move_task(w.ours, task, Some(other), w.ada, w.at(1)).await,
                    2 => s.move_task(w.ours, task, None, w.ada, w.at(1)).await,
                    3 => s.archive_task(w.ours, task, w.ada, w.at(1)).await,
                    4 => s.restore_task(w.ours, task, w.ada, w.at(1)).await,
                    _ => s.add_task(w.ours, Some(task), &words, w.ada, w.at(1)).await.map(|new| {
                        touched.insert(new);
                        tasks.push(new);
                    }),
                };
                touched.extend(done.iter().flat_map(|()| concerned.clone()));
            }
        }
        for task in before.iter().filter(|task| !touched.contains(task)) {
            let came = read.iter().filter(|read| *read == task).count();
            assert_eq!(came, 1, "seed {seed}: task {task} stayed where it was and came {came} times");
            stayed += 1;
        }
        moved += touched.len();
    }
    assert!(stayed > 100 && moved > 100, "{stayed} tasks stayed, {moved} moved");
}

/// The tasks whose place, or whose being in a list, may change with one: it and all below it; all above it where it comes back.
async fn concerned(db: &Fresh, task: TaskId, comes_back: bool) -> Vec<TaskId> {
    let rows = part(db, manager(db.world.ada), Which::All.into(), &Page::default()).await.rows;
    let parent = |id: TaskId| rows.iter().find(|row| row.task.id == id).and_then(|row| row.task.parent);
    let up = |id: TaskId| std::iter::successors(Some(id), |id| parent(*id)).collect::<Vec<_>>();
    let above = up(task);
    let is_concerned = |id: &TaskId| up(*id).contains(&task) || (comes_back && above.contains(id));
    rows.iter().map(|row| row.task.id).filter(is_concerned).collect()
}

// T4
pub async fn a_deep_place_is_short_and_is_found_again(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let long = "\u{8cc7}\u{6599}".repeat(80);
    let mut chain = vec![w.garden];
    for depth in 0..30 {
        chain.push(add(&db, chain.last().copied(), &format!("{long} {depth}")).await);
    }
    let all: Wanted = Which::Active.into();
    let whole = part(&db, manager(w.ada), all, &Page::default()).await.rows;
    assert_eq!(together(&db, manager(w.ada), all, 4).await, whole);
    let first = part(&db, manager(w.ada), all, &after(None, 25)).await;
    let place = format!("{:?}", first.next);
    assert!(place.len() < 20_000, "{} bytes to show 25 names of 480 bytes", place.len());
    // Where something of the part that was cut off moved, some of it comes again, and nothing is missed.
    s.rename_task(w.ours, chain[24], &name("short"), w.ada, w.at(2)).await.unwrap();
    let rest = numbers(&part(&db, manager(w.ada), all, &after(first.next, 99)).await.rows);
    let expected = numbers(&whole);
    assert!(rest.len() > expected.len() - 25 && rest.len() < expected.len(), "{}", rest.len());
    assert_eq!(rest, expected[expected.len() - rest.len()..]);
}

// T4, P6
pub async fn the_parts_of_a_search_are_what_it_finds(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let fence = add(&db, Some(w.garden), "Garden fence").await;
    add(&db, Some(fence), "Paint").await;
    add(&db, Some(w.sink), "garden hose").await;
    s.archive_task(w.ours, fence, w.ada, w.at(5)).await.unwrap();
    s.assign(w.ours, w.garden, &[w.dee], w.ada, w.at(5)).await.unwrap();
    for viewer in [manager(w.ada), member_view(w.dee)] {
        for which in [Which::Active, Which::Archived, Which::All] {
            let find = async |page| s.search_page(w.ours, viewer, "GARDEN", which.into(), &page).await.unwrap();
            let whole = find(Page::default()).await;
            assert!(!whole.rows.is_empty() && whole.next.is_none());
            for limit in 1..=3 {
                let (mut rows, mut next) = (Vec::new(), None);
                loop {
                    let part = find(Page { after: next, limit: Some(limit) }).await;
                    rows.extend(part.rows);
                    next = part.next;
                    if next.is_none() {
                        break;
                    }
                }
                assert_eq!(rows, whole.rows, "{which:?} {limit}");
            }
        }
    }
    let first =
        s.search_page(w.ours, manager(w.ada), "garden", Which::All.into(), &Page { after: None, limit: Some(1) }).await.unwrap();
    assert_eq!(numbers(&first.rows), [w.garden]);
    s.delete_task(w.ours, w.garden, w.ada, w.at(6)).await.unwrap();
    let rest = s
        .search_page(w.ours, manager(w.ada), "garden", Which::All.into(), &Page { after: first.next, limit: None })
        .await
        .unwrap();
    assert_eq!(rest.rows.iter().map(|row| row.task.name.as_str()).collect::<Vec<_>>(), ["garden hose"]);
}

// P1
pub async fn the_parts_of_what_somebody_has_are_all_that_they_have(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    s.assign(w.ours, w.house, &[w.dee], w.ada, w.at(5)).await.unwrap();
    s.assign(w.ours, w.garden, &[w.dee], w.ada, w.at(5)).await.unwrap();
    for effective in [false, true] {
        let whole = s.access(w.ours, w.dee, effective).await.unwrap();
        assert_eq!(whole.len(), if effective { 4 } else { 2 });
        let (mut rows, mut next) = (Vec::new(), None);
        loop {
            let part = s.access_page(w.ours, w.dee, effective, &after(next, 1)).await.unwrap();
            rows.extend(part.rows);
            next = part.next;
            if next.is_none() {
                break;
            }
        }
        assert_eq!(rows, whole);
    }
}
